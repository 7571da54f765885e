"""Credit decoding: a token that was the likeliest at a position in earlier steps is likelier now.

Source: CreditThresholdParallelDecoder of inclusionAI/dInfer, python/dinfer/decoding/parallel_strategy.py. There a
matrix of the vocabulary is kept for every position of the block; here the likeliest token of each step: all it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from hexcli.schedule import Schedule


@dataclass(slots=True, kw_only=True, eq=False)
class Credit:
    """What the positions of a row's current block have had as their likeliest tokens, one column a step."""

    alpha: float
    gamma: float
    beta: float
    block: int = -1
    tokens: Tensor = field(default_factory=lambda: torch.empty(0, 0, dtype=torch.int64))
    values: Tensor = field(default_factory=lambda: torch.empty(0, 0))

    @classmethod
    def of(cls, schedule: Schedule) -> "Credit | None":
        """A row's, before its first step."""
        if schedule.credit_alpha is None:
            return None
        return cls(alpha=schedule.credit_alpha, gamma=schedule.boost_gamma, beta=schedule.decay_beta)

    def begin(self, block: int, stop: int, device: torch.device) -> None:
        """A step begins, of the block between these canvas positions."""
        if block != self.block:
            self.block = block
            self.tokens = torch.empty(stop - block, 0, dtype=torch.int64, device=device)
            self.values = torch.empty(stop - block, 0, device=device)
        self.tokens = torch.cat([self.tokens, self.tokens.new_zeros(len(self.tokens), 1)], 1)
        self.values = torch.cat([self.values * self.beta, self.values.new_zeros(len(self.values), 1)], 1)

    def added(self, logits: Tensor, places: Tensor) -> Tensor:
        """Logits [n, V] of canvas positions `places` [n] in the block, with their credit."""
        own = places - self.block
        likeliest = logits.float().softmax(1).max(1)
        self.tokens[own, -1], self.values[own, -1] = likeliest.indices, likeliest.values**self.gamma
        credit = self.values.new_zeros(logits.shape).scatter_add_(1, self.tokens[own], self.values[own])
        return logits + self.alpha * credit.log1p()


def credited(logits: Tensor, credits: Mapping[int, Credit], rows: Tensor, places: Tensor) -> Tensor:
    """Logits [N, V] with the credit of those rows that have one; rows and canvas positions `places`: [N]."""
    for row, credit in credits.items():
        mine = ((rows == row) & (places >= credit.block)).nonzero().squeeze(1)
        added = credit.added(logits[mine], places[mine])
        logits = logits.to(added.dtype).index_copy(0, mine, added)
    return logits
