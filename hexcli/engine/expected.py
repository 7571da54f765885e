"""What is likely to be left out of the forward passes that a run may take, as measured on the embedded model."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from hexcli.errors import plural
from hexcli.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Forward passes that were taken of those that might have been, by a vote that nothing or a certainty stopped.

    votes      of a problem, where it was measured
    certainty  at which it stopped, None: not at all
    published  forward passes that the published loop takes
    source     where the measurement is
    way        how it was decoded, where that is not what --fast means now
    """

    taken: int
    allowed: int
    published: int
    votes: int
    source: str
    certainty: float | None = None
    way: str = ""

    @property
    def said(self) -> str:
        """`57 of 1600 NFE (25 votes stopped at 0.87), where the published loop takes 800`."""
        where = "once decided" if self.certainty == 1 else f"at {self.certainty}"
        stop = "" if self.certainty is None else f" stopped {where}"
        other = f", where the published loop takes {self.published}" if self.published != self.allowed else ""
        return f"{self.taken} of {self.allowed} NFE ({plural(self.votes, 'vote')}{self.way}{stop}){other}"

    @property
    def share(self) -> float:
        return self.taken / self.allowed


_ALL, _TEN, _OPEN = "docs/speed.md#what-to-choose", "docs/speed.md#the-frontier-in-one-run", " of --kv-cache open"


def _line(votes: int, certainty: float, taken: int, source: str, *, fast: bool = False, way: str = "") -> Expected:
    """A measurement on the task `sums`, of which published votes take 32 passes each, and --fast at most 64."""
    least = 32 * votes
    allowed = 2 * least if fast else least
    return Expected(
        taken=taken, allowed=allowed, published=least, votes=votes, source=source, certainty=certainty, way=way
    )


_WHOLE = Expected(taken=296, allowed=1600, published=800, votes=25, source="docs/speed.md#what-it-loses")
_STOPPED = {  # with --fast: by certainty
    True: (
        _line(25, 0.87, 57, _ALL, fast=True),
        _line(10, 0.87, 36, _TEN, fast=True, way=_OPEN),
        _line(10, 0.95, 58, _TEN, fast=True, way=_OPEN),
    ),
    False: (
        _line(25, 0.87, 125, _ALL),
        _line(10, 0.87, 94, _TEN),
        _line(10, 0.95, 145, _TEN),
        _line(10, 1.0, 160, _TEN),
    ),
}


def expected(schedules: Sequence[Schedule], certainty: float | None) -> Expected | None:
    """Of a problem's votes under these schedules, stopped at this certainty; None: nothing like it was measured.

    The rule: what was measured in the same way (with --fast or without) of about as many votes (25 are as 20 or more,
    10 as 8 to 19), at the certainty that is the least of those not below the one asked for. Where there is none, the
    vote is counted to its end: without a certainty.
    """
    if not schedules:
        return None
    fast = all(one.kv_cache in ("open", "likely") and one.threshold is not None for one in schedules)
    votes = 25 if len(schedules) >= 20 else 10 if len(schedules) >= 8 else 0
    known = [one for one in _STOPPED[fast] if one.votes == votes and certainty is not None and
             one.certainty is not None and certainty <= one.certainty]  # fmt: skip
    if known:
        return _of_steps(min(known, key=lambda one: one.certainty or 0.0), schedules, 1 if fast else 2)
    return _of_steps(_WHOLE, schedules, 1) if fast else None


def _of_steps(found: Expected, schedules: Sequence[Schedule], a_step: int) -> Expected:
    """What was taken, of the passes that these schedules allow, which may commit more tokens a step.

    Where each step commits what it must, it is the share of votes that counts, however many steps they take.
    """
    if a_step > 1 and not any(one.adaptive for one in schedules):
        return found
    tokens = sum(one.gen_length / one.steps for one in schedules) / len(schedules)
    return dataclasses.replace(found, allowed=max(round(found.allowed * a_step / tokens), found.taken))
