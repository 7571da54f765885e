"""What a step is going to do, found out while the device was asked about the one before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from torch import Tensor

from hexcli.sampling.cached import Plan
from hexcli.sampling.places import where


@dataclass(slots=True, kw_only=False)
class Ahead:
    """Of the next step, bool [B, T] each: what it computes (None: whole rows), what may commit, and what is scored.

    plan    what its pass needs, where somebody made it
    widths  of each row, how much of `computing` there is; `scores`: of all rows, how much is `scored`
    """

    computing: Tensor | None
    allowed: Tensor
    scored: Tensor
    widths: list[int] = field(default_factory=list)
    scores: int = 0
    plan: Plan | None = None
    _where: tuple[Tensor, Tensor] | None = None

    def counts(self) -> list[Tensor]:
        """What there is to be known, int each: to be asked of the device together with other things."""
        rows = [] if self.computing is None else [self.computing.sum(1)]
        return [*rows, self.scored.sum()[None]]

    def known(self, counts: Sequence[int]) -> None:
        """The answer."""
        *self.widths, self.scores = counts

    def find(self) -> None:
        """Find out where it scores, before anybody knows how much that is."""
        self._where = where(self.scored, self.scored.numel())

    def where(self) -> tuple[Tensor, Tensor]:
        """Row and column of what is scored, rising: int [scores] each."""
        rows, columns = self._where or where(self.scored, self.scores)
        return rows[: self.scores], columns[: self.scores]
