"""Whether shards of a run are all there: read off the recipes that were asked of the runs joined."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.errors import plural
from hexcli.runs.asked import Asked

_MOST = 1_000_000  # problems that are counted one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What the shards of one recipe leave out.

    absent    `3/3`; where the runs were parted in several ways, what completes each: `2/2 or 2/3, 3/3`
    problems  of the recipe, and there = how many of them the shards take; both 0 where the recipe does not tell
    missing   generations left out, 0 where nobody can tell
    """

    absent: str
    problems: int
    there: int
    missing: int

    def __str__(self) -> str:
        one = re.fullmatch(r"[0-9]+/[0-9]+", self.absent)
        said = f"shard{'' if one else 's'} {self.absent} not here"
        if not self.problems:
            return f"{said}: the problems of {'it' if one else 'these'} are left out; decode and join all shards"
        return f"{said}: {self.there} of {plural(self.problems, 'problem')}; decode and join all shards"


def gaps(asked: Sequence[Asked]) -> Iterator[Gap]:
    """For each recipe of which there are shards, and not all problems, what is left out."""
    groups: dict[str, dict[tuple[int, int], Asked]] = {}
    for one in asked:
        rest = {name: value for name, value in one.recipe.items() if name != "shard"}
        groups.setdefault(repr(sorted(rest.items())), {}).setdefault(_shard(one.recipe), one)
    for group in groups.values():
        if (gap := _gap(group)) is not None:
            yield gap


def _gap(group: Mapping[tuple[int, int], Asked]) -> Gap | None:
    """Of shards (number, count) of one recipe; a run that is no shard is (1, 1)."""
    total = _problems(next(iter(group.values())).recipe)
    counts = sorted({count for _, count in group})
    span = total or math.lcm(*counts)  # beyond it the pattern repeats
    left = set(range(span)) if span <= _MOST else set()
    for number, count in group:
        left.difference_update(range(number - 1, span, count))
    absent = [
        [f"{number}/{count}" for number in range(1, min(count, total or count) + 1) if (number, count) not in group]
        for count in counts
    ]
    if not all(absent) or (span <= _MOST and not left):
        return None
    taken = {shard: len(range(shard[0] - 1, total, shard[1])) for shard in group}
    each = next((one.expected / taken[shard] for shard, one in group.items() if taken[shard]), 0)
    return Gap(
        absent=" or ".join(_some(names) for names in absent),
        problems=total,
        there=max(total - len(left), 0),
        missing=round(each * len(left)) if total else 0,
    )


def _shard(recipe: Mapping[str, Any]) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", str(recipe.get("shard")))
    number, count = (int(match[1]), int(match[2])) if match else (1, 1)
    return (number, count) if 1 <= number <= count else (1, 1)


def _problems(recipe: Mapping[str, Any]) -> int:
    """How many problems it takes without its shard; 0 where it does not tell: it takes all of its task."""
    match = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", str(recipe.get("limit")))
    if match is None:
        return 0
    count = int(match[2]) - int(match[1]) + 1 if match[2] else int(match[1])
    return count if 0 < count <= _MOST else 0


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f", ... ({len(names)})" if len(names) > 4 else "")
