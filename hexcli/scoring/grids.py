"""In what the voters of a run differ: its axes, and of each the part of the run that is a full grid of it. Pure.

An axis is a field of the voters that has several values, under the name that schedules and recipes have for it.
`blocks` are told by their label (`block_length`), `steps` by how many tokens a step commits, shares of the canvas as
such: a longer canvas has more steps in any case. Seeds are no axis: votes that differ in the seed only are samples.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from hexcli.schedule import Schedule
from hexcli.shortcuts import SHARES
from hexcli.voter import DEFAULT, Voter

BLOCK = "block_length"
_NAMES = {"blocks": BLOCK}
_UNTOLD = ("seed",)
# The order in which axes are reported: the ones that people vote over, then the others as schedules have them.
_FIRST = ("model", "prompt", BLOCK, "gen_length", "temperature", "remasking", "steps")

Point = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The voters that are compared along an axis: `lines` of voters that differ in the axis only, each with all values.

    values     in the order in which they were first cast
    following  other fields that differ among these voters, and that each value of the axis has one value of: they
               cannot be told from it
    lines      line -> its voter of each value
    voters     how many have any value of the axis: all of the run
    """

    axis: str
    following: tuple[str, ...]
    values: tuple[str, ...]
    lines: tuple[tuple[Voter, ...], ...]
    voters: int


def point(voter: Voter, usual: str = DEFAULT) -> dict[str, str]:
    """The fields of a voter in words, those of axes and the others. `usual`: the task's own wording."""
    told = {"prompt": voter.prompt or usual, "model": voter.model}
    for each in dataclasses.fields(voter.schedule):
        if each.name not in _UNTOLD and each.compare:
            told[_NAMES.get(each.name, each.name)] = _word(voter.schedule, each.name)
    return {name: told[name] for name in sorted(told, key=_rank)}


def grids(voters: Sequence[Voter], usual: str = DEFAULT) -> tuple[list[Grid], dict[str, str]]:
    """The axes of these voters (in cast order, without seeds), and those that cannot be told, each with the reason."""
    points = [point(voter, usual) for voter in voters]
    told = dict.fromkeys(name for own in points for name in own)
    names = [name for name in told if len({own.get(name, "") for own in points}) > 1]
    found, left = [], {}
    for axis in names:
        if leader := _leader(axis, names, points):
            left[axis] = f"it changes only together with {leader}"
            continue
        following = tuple(other for other in names if other != axis and _decides(axis, other, points))
        grid = _grid(axis, following, voters, points)
        if grid is None:
            left[axis] = "no two voters differ in it alone"
        else:
            found.append(grid)
    return found, left


def everything(voters: Sequence[Voter], names: Sequence[str]) -> Grid:
    """All voters as the values of one axis: what voting over all that differs pays. `names`: of the voters."""
    return Grid(axis="all", following=(), values=tuple(names), lines=(tuple(voters),), voters=len(voters))


def _grid(axis: str, following: Sequence[str], voters: Sequence[Voter], points: Sequence[Point]) -> Grid | None:
    """The largest full grid: lines by values. Of equally large ones that with more values, then the first."""
    lines: dict[tuple[tuple[str, str], ...], dict[str, Voter]] = {}
    for voter, own in zip(voters, points, strict=True):
        rest = tuple((name, value) for name, value in own.items() if name != axis and name not in following)
        lines.setdefault(rest, {})[own[axis]] = voter
    sets = list(dict.fromkeys(frozenset(line) for line in lines.values()))
    sets += dict.fromkeys(one & other for one, other in combinations(sets, 2))
    order = list(dict.fromkeys(own[axis] for own in points))
    best: tuple[tuple[int, int], frozenset[str]] | None = None
    for values in sets:
        size = len(values) * sum(values <= line.keys() for line in lines.values())
        if len(values) > 1 and (best is None or (size, len(values)) > best[0]):
            best = ((size, len(values)), values)
    if best is None:
        return None
    kept = tuple(value for value in order if value in best[1])
    full = tuple(tuple(line[value] for value in kept) for line in lines.values() if best[1] <= line.keys())
    compared = [own for voter, own in zip(voters, points, strict=True) if any(voter in line for line in full)]
    changing = tuple(other for other in following if len({own.get(other) for own in compared}) > 1)
    return Grid(axis=axis, following=changing, values=kept, lines=full, voters=len(voters))


def _leader(axis: str, names: Sequence[str], points: Sequence[Point]) -> str:
    """The first other axis that decides this one; of two that decide each other the first leads. Empty: none."""
    for other in names:
        mutual = _decides(axis, other, points)
        if other != axis and _decides(other, axis, points) and not (mutual and names.index(other) > names.index(axis)):
            return other
    return ""


def _decides(axis: str, other: str, points: Sequence[Point]) -> bool:
    """Whether each value of the axis has one value of the other: so far as these voters show."""
    return len({(own.get(axis), own.get(other)) for own in points}) == len({own.get(axis) for own in points})


def _word(schedule: Schedule, name: str) -> str:
    value: Any = getattr(schedule, name)
    if name == "blocks":
        return schedule.label
    if name == "steps":
        return f"{schedule.gen_length / schedule.steps:g} a step"
    if name in SHARES and value is not None:
        return f"{value / schedule.gen_length:.2f} of the canvas"
    if value is None:
        return "off"
    if isinstance(value, tuple | list):
        return "+".join(map(str, value)) or "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _rank(name: str) -> tuple[int, str]:
    return (_FIRST.index(name), "") if name in _FIRST else (len(_FIRST), name)
