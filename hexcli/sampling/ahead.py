"""What a step is going to do, found out while the device was asked about the one before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from torch import Tensor


@dataclass(slots=True, kw_only=False)
class Ahead:
    """Of the next step, bool [B, T] each: what it computes (None: whole rows), what may commit, and what is scored.

    widths  of each row, how much of `computing` there is; `scores`: of all rows, how much is `scored`
    """

    computing: Tensor | None
    allowed: Tensor
    scored: Tensor
    widths: list[int] = field(default_factory=list)
    scores: int = 0

    def counts(self) -> list[Tensor]:
        """What there is to be known, int each: to be asked of the device together with other things."""
        rows = [] if self.computing is None else [self.computing.sum(1)]
        return [*rows, self.scored.sum()[None]]

    def known(self, counts: Sequence[int]) -> None:
        """The answer."""
        *self.widths, self.scores = counts
