"""What the schedules of a run are called."""

from hexcli.labels import FIELDS, names
from hexcli.models.registry import DEFAULT_GEN_LENGTH, MODELS
from hexcli.runs.reading import Run
from hexcli.schedule import Schedule


def names_in(run: Run) -> dict[Schedule, str]:
    """What the schedules of a run are called: as its recipe has them, or shorter (see labels)."""
    schedules = [generation.schedule for generation in run.generations]
    recipe = run.manifest.recipe
    if not {"schedules", "gen_length", "temperature"} <= set(recipe):  # of an import
        return names(schedules)
    entry = MODELS.get(str(recipe.get("model")))
    usual = entry.gen_length if entry else DEFAULT_GEN_LENGTH
    base = {name: recipe[name] for name in FIELDS if name in recipe}
    try:
        return names(schedules, {**base, "gen_length": base["gen_length"] or usual}, list(recipe["schedules"]))
    except (TypeError, ValueError):  # written by somebody else
        return names(schedules)
