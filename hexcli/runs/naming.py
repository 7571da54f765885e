"""What the voters of a run are called."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hexcli.keys import canonical_json
from hexcli.labels import FIELDS, base_of, expert, read
from hexcli.models.registry import DEFAULT_GEN_LENGTH, MODELS
from hexcli.runs.manifest import Manifest
from hexcli.runs.reading import Run
from hexcli.schedule import Schedule
from hexcli.voter import DEFAULT, Voter, voter_names


def names_in(run: Run, usual: str = DEFAULT) -> dict[Voter, str]:
    """What the voters of a run are called: as its first recipe has them, or by what is not as it has it (labels).

    `usual` is what the task's own wording is called.

    The first recipe is the one that made the first row: rows are only ever added, so names stay when others join.
    A joint run has no first one: see `joint_base`.
    """
    return names_of(run.manifest, [generation.voter for generation in run.generations], usual)


def names_of(manifest: Manifest, voters: Sequence[Voter], usual: str = DEFAULT) -> dict[Voter, str]:
    """As `names_in`, of the voters of a run's rows, in their order."""
    if manifest.sources:
        return voter_names(voters, joint_base(manifest, voters), usual=usual)
    for base, written in _asked(manifest):
        if voters and voters[0].expert.schedule in _schedules(base, written):
            return voter_names(voters, base, written, usual=usual)
    return voter_names(voters, usual=usual)


def joint_base(manifest: Manifest, voters: Iterable[Voter]) -> dict[str, Any]:
    """What goes without saying in the names of a joint run's voters: what all have, and where they differ the default
    (T 0, no cache). So names depend neither on the order of its runs nor on which problem is read: `voters` are those
    that were, and its recipes say who there is besides."""
    asked = [schedule for base, written in _asked(manifest) for schedule in _schedules(base, written)]
    return base_of({*asked, *(voter.expert.schedule for voter in voters)})


def _asked(manifest: Manifest) -> list[tuple[dict[str, Any], list[str]]]:
    """Of each recipe that was asked for: what goes without saying in it, and the schedules that it names."""
    found = []
    for asked in sorted(manifest.asked, key=lambda asked: canonical_json(dict(asked.recipe))):
        try:
            base, written = _base(asked.recipe), [str(text) for text in asked.recipe["schedules"]]
            _schedules(base, written)
        except (KeyError, TypeError, ValueError):  # of an import, or written by somebody else
            continue
        found.append((base, written))
    return found


def _schedules(base: Mapping[str, Any], written: Sequence[str]) -> set[Schedule]:
    return {expert(read(text, base)) for text in written}


def _base(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a recipe gives to schedules which say nothing else. Raises KeyError where it is none."""
    entry = MODELS.get(recipe["model"])
    usual = entry.gen_length if entry else DEFAULT_GEN_LENGTH
    return {**{name: recipe[name] for name in FIELDS if name in recipe}, "gen_length": recipe["gen_length"] or usual}
