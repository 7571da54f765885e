"""Families of word problems: one function each, from dice to a plot of 2 to 5 steps; no wording of a task is here."""
