"""What is likely to be left out of the forward passes that a run may take, as measured on the embedded model."""

from collections.abc import Sequence
from typing import NamedTuple

from hexcli.schedule import Schedule


class Expected(NamedTuple):
    """Forward passes that were taken of those that might have been, what the published loop takes, and their source."""

    taken: int
    allowed: int
    published: int
    source: str

    @property
    def said(self) -> str:
        """`296 of 1600 NFE, where the published loop takes 800`."""
        other = f", where the published loop takes {self.published}" if self.published != self.allowed else ""
        return f"{self.taken} of {self.allowed} NFE{other}"

    @property
    def share(self) -> float:
        return self.taken / self.allowed


_ALL, _TEN = "docs/speed.md#what-to-choose", "docs/speed.md#the-frontier-in-one-run"
# (votes a problem at least, with --fast, certainty at most) -> forward passes a problem of the task `sums`; allowed is
# a token a step with --fast, else two.
_MEASURED = (
    (20, True, 0.87, Expected(57, 1600, 800, _ALL)),
    (20, False, 0.87, Expected(125, 800, 800, _ALL)),
    (8, True, 0.87, Expected(36, 640, 320, _TEN)),
    (8, False, 0.87, Expected(94, 320, 320, _TEN)),
    (8, False, 0.95, Expected(145, 320, 320, _TEN)),
    (8, False, 1.0, Expected(160, 320, 320, _TEN)),
)
_FAST = Expected(296, 1600, 800, "docs/speed.md#what-it-loses")


def expected(schedules: Sequence[Schedule], certainty: float | None) -> Expected | None:
    """Of a problem's votes under these schedules, stopped at this certainty; None: nothing like it was measured."""
    fast = all(one.kv_cache in ("open", "likely") and one.threshold is not None for one in schedules)
    if not schedules or (certainty is None and not fast):
        return None
    known = [_of_steps(_FAST, schedules, 1)] if fast else []
    for votes, quick, surely, found in _MEASURED:
        if certainty is not None and len(schedules) >= votes and fast >= quick and certainty <= surely:
            known.append(_of_steps(found, schedules, 1 if quick else 2))
            break
    return min(known, key=lambda one: one.share, default=None)  # to stop early beside --fast takes no more than --fast


def _of_steps(found: Expected, schedules: Sequence[Schedule], a_step: int) -> Expected:
    """What was taken, of the passes that these schedules allow, which may commit more tokens a step.

    Where each step commits what it must, it is the share of votes that counts, however many steps they take.
    """
    if a_step > 1 and not any(one.adaptive for one in schedules):
        return found
    tokens = sum(one.gen_length / one.steps for one in schedules) / len(schedules)
    return found._replace(allowed=max(round(found.allowed * a_step / tokens), found.taken))
