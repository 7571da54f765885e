"""From a recipe to a run folder: what is to be done (plan), and doing it;
no tokens are chosen here, and no vote is counted.
"""
