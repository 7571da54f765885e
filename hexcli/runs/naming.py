"""What the voters of a run are called."""

from collections.abc import Mapping
from typing import Any

from hexcli.keys import canonical_json
from hexcli.labels import FIELDS, expert, read
from hexcli.models.registry import DEFAULT_GEN_LENGTH, MODELS
from hexcli.runs.reading import Run
from hexcli.voter import DEFAULT, Voter, voter_names


def names_in(run: Run, usual: str = DEFAULT) -> dict[Voter, str]:
    """What the voters of a run are called: as its first recipe has them, or by what is not as it has it (labels).

    `usual` is what the task's own wording is called.

    The first recipe is the one that made the first row: rows are only ever added, so names stay when others join.
    """
    voters = [generation.voter for generation in run.generations]
    found: list[tuple[dict[str, Any], list[str]]] = []
    for asked in sorted(run.manifest.asked, key=lambda asked: canonical_json(dict(asked.recipe))):
        try:
            base, written = _base(asked.recipe), [str(text) for text in asked.recipe["schedules"]]
            if voters and voters[0].expert.schedule in {expert(read(text, base)) for text in written}:
                found.append((base, written))
        except (KeyError, TypeError, ValueError):  # of an import, or written by somebody else
            continue
    return voter_names(voters, *found[0], usual=usual) if found else voter_names(voters, usual=usual)


def _base(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a recipe gives to schedules which say nothing else. Raises KeyError where it is none."""
    entry = MODELS.get(recipe["model"])
    usual = entry.gen_length if entry else DEFAULT_GEN_LENGTH
    return {**{name: recipe[name] for name in FIELDS if name in recipe}, "gen_length": recipe["gen_length"] or usual}
