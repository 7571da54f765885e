"""From a recipe to a run folder: a plan, and doing it; no token is chosen here, and no vote is counted."""
