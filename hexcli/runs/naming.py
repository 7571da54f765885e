"""What the schedules of a run are called."""

from collections.abc import Mapping
from typing import Any

from hexcli.keys import canonical_json
from hexcli.labels import FIELDS, expert, names, read
from hexcli.models.registry import DEFAULT_GEN_LENGTH, MODELS
from hexcli.runs.reading import Run
from hexcli.schedule import Schedule


def names_in(run: Run) -> dict[Schedule, str]:
    """What the schedules of a run are called: as its first recipe has them, or by what is not as it has it (labels).

    The first recipe is the one that made the first row: rows are only ever added, so names stay when others join.
    """
    schedules = [generation.schedule for generation in run.generations]
    found: list[tuple[dict[str, Any], list[str]]] = []
    for asked in sorted(run.manifest.asked, key=lambda asked: canonical_json(dict(asked.recipe))):
        try:
            base, written = _base(asked.recipe), [str(text) for text in asked.recipe["schedules"]]
            if schedules and expert(schedules[0]) in {expert(read(text, base)) for text in written}:
                found.append((base, written))
        except (KeyError, TypeError, ValueError):  # of an import, or written by somebody else
            continue
    return names(schedules, *found[0]) if found else names(schedules)


def _base(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a recipe gives to schedules which say nothing else. Raises KeyError where it is none."""
    entry = MODELS.get(recipe["model"])
    usual = entry.gen_length if entry else DEFAULT_GEN_LENGTH
    return {**{name: recipe[name] for name in FIELDS if name in recipe}, "gen_length": recipe["gen_length"] or usual}
