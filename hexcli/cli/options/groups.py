"""The groups of `--help`, in their order, and what options default to."""

from hexcli.recipe.recipe import Recipe

DEFAULTS = Recipe()

PROBLEMS, MODEL, SCHEDULE, SAMPLING, SPEED, OUTPUT = "Problems", "Model", "Schedule", "Sampling", "Speed", "Output"
