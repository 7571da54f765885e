"""In which order the open positions of a batch's rows commit: each row by the rule of its schedule."""

from collections.abc import Sequence

import torch
from torch import Tensor

from hexcli.sampling import remasking
from hexcli.sampling.candidates import Choice
from hexcli.sampling.origin import BEFORE
from hexcli.schedule import Schedule

# Rules that look at no probabilities but that of the chosen token.
OF_CONFIDENCE = ("low_confidence", "random", "sequential")


class Order:
    """The rules of B rows; `rule` int [B]: the place of each (see remasking).

    by_probs  whether one looks at the probabilities of all tokens
    """

    def __init__(self, schedules: Sequence[Schedule], rule: Tensor) -> None:
        def flags(values: list[bool]) -> Tensor | None:
            return torch.tensor(values, device=rule.device) if any(values) else None

        named = sorted({schedule.certainty for schedule in schedules})
        self.by_probs = any(name not in OF_CONFIDENCE for name in named)
        self.rules = {name: rule == remasking.place(name) for name in named}
        self._certain = {name: remasking.rule(name) for name in named}
        self._once = flags([schedule.alg == "origin" for schedule in schedules])
        self._leftmost = flags([schedule.certainty == "sequential" for schedule in schedules])
        heats = [schedule.alg_temp or 0.0 for schedule in schedules]
        self._heat = torch.tensor(heats, dtype=torch.float64, device=rule.device) if any(heats) else None

    def draw_step(self, step: Tensor, rows: Tensor) -> Tensor:
        """The step [N] whose noise orders positions: Dream's `origin` draws once."""
        return step if self._once is None else torch.where(self._once[rows], BEFORE, step)

    def certainty(self, choice: Choice, draws: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        """How certain each of N positions is, with uniform draws [N] -> [N]"""
        order = draws if self._leftmost is None else torch.where(self._leftmost[rows], -columns.double(), draws)
        found = draws
        for name, members in self.rules.items():
            if name == "low_confidence":
                certain = choice.confidence
            else:
                certain = self._certain[name](choice.probs, choice.tokens, order)
            found = certain if len(self.rules) == 1 else torch.where(members[rows], certain, found)
        if self._heat is not None:
            # Drawn without putting back, by softmax(certainty / heat): the greatest of the noised logits are such.
            heat, gumbel = self._heat[rows], -(-draws.log()).log()
            found = torch.where(heat > 0, found / heat.where(heat > 0, 1.0) + gumbel, found)
        return found
