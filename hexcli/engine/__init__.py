"""From a recipe to generations: what is to be done (plan), and doing it (decoding)."""
