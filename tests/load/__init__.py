"""How much it takes: made-up runs of 100,000 generations, and the seconds and bytes of commands on them."""
