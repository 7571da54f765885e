"""Which open positions a step commits: commit rules, of rows ranked by certainty.

Sources: get_transfer_index and get_transfer_index_dynamic of NVlabs/Fast-dLLM llada/generate.py (threshold, factor);
get_transfer_index_entropy of czg1225/dParallel generate.py; JetAstra/SDAR generate.py and its engine (renewed shares,
entropy_bounded); `generate` of modeling_llada2_moe.py; CreditThresholdParallelDecoder of inclusionAI/dInfer.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from hexcli.schedule import Schedule

_NEAR = 1e-5  # dInfer: what is so near to the surest position is as sure


class Commits:
    """What the schedules of B rows say of how much commits. All grids are [B, T].

    by_entropy  whether some row asks for entropies
    """

    def __init__(self, schedules: Sequence[Schedule], device: torch.device) -> None:
        def numbers(name: str, off: float) -> Tensor:
            said = [getattr(schedule, name) for schedule in schedules]
            values = [off if value is None else value for value in said]
            return torch.tensor(values, dtype=torch.float64, device=device)

        self.threshold = numbers("threshold", torch.inf)
        self.entropy_threshold = numbers("entropy_threshold", -torch.inf)
        self.bound = numbers("eb_threshold", -torch.inf)
        self.factor = numbers("factor", torch.inf)
        self.renewed = torch.tensor([renews(schedule) for schedule in schedules], device=device)
        self.renewing = any(map(renews, schedules))
        self.near = torch.tensor([schedule.credit_alpha is not None for schedule in schedules], device=device)
        self.adaptive = any(schedule.adaptive for schedule in schedules)
        self.by_entropy = any(
            schedule.entropy_threshold is not None or schedule.eb_threshold is not None for schedule in schedules
        )

    def chosen(
        self,
        ranking: Tensor,
        confidence: Tensor | None,
        entropy: Tensor | None,
        least: Tensor,
        room: Tensor,
        ordered: Callable[[Tensor], Tensor] = lambda order: order,
    ) -> Tensor:
        """Which positions commit, bool: ranking and confidence -inf where none is open, entropy inf.

        `least` [B]: as many at least; `room` [B]: as many at most, under a rule that may commit more. `ordered` puts
        the surest of an order that leaves equals from left to right as the rows' loops do (ties.py).
        """
        order = ordered(ranking.argsort(dim=1, descending=True, stable=True))
        place = torch.arange(order.shape[1], device=order.device).expand_as(order)
        commit = place < least[:, None]
        if confidence is not None:
            sure = confidence.gather(1, order)
            unsure = None if entropy is None else entropy.gather(1, order)
            commit = self._more(commit, place, sure, unsure, room[:, None])
        commit = torch.zeros_like(commit).scatter_(1, order, commit)
        return commit & (ranking > -torch.inf)

    def _more(self, commit: Tensor, place: Tensor, sure: Tensor, unsure: Tensor | None, room: Tensor) -> Tensor:
        """`commit` in order of certainty, with what the rules add: `sure` and `unsure` are in that order, too."""
        threshold = self.threshold[:, None]
        nearly = sure.amax(1, keepdim=True) - _NEAR
        enough = sure >= torch.where(self.near[:, None], torch.minimum(nearly, threshold), threshold)
        above = sure > threshold
        if unsure is not None:
            below = unsure <= self.entropy_threshold[:, None]
            enough, above = enough | below, above | below
            held = (unsure.cumsum(1) < self.bound[:, None]).sum(1, keepdim=True).clamp(min=1)
            enough |= (place < held) & (self.bound[:, None] > -torch.inf)
        enough |= place < self._by_factor(place, sure)
        more = commit | (enough & (place < room))
        if not self.renewing:
            return more
        share = commit.sum(1, keepdim=True)
        return torch.where(self.renewed[:, None], torch.where(above.sum(1, keepdim=True) >= share, above, commit), more)

    def _by_factor(self, place: Tensor, sure: Tensor) -> Tensor:
        """How many the factor lets commit, [B, 1]; 0 without one.

        They go down as long as the n-th has 1 - factor / (n + 1). As published, the first is not asked, and where the
        one that fails is the last, it commits as well.
        """
        factor = self.factor[:, None]
        open_ = (sure > -torch.inf).sum(1, keepdim=True)
        fails = (sure < 1 - factor / (place + 2)) & (place > 0)
        held = torch.where(fails, place, place.shape[1]).amin(1, keepdim=True)
        held = torch.where(held >= open_ - 1, open_, held)
        return torch.where(torch.isinf(factor), 0, held)


def renews(schedule: Schedule) -> bool:
    """Whether every step of it commits its share, however much came before (SDAR, LLaDA2, Fast-dLLM v2)."""
    said = (schedule.threshold, schedule.entropy_threshold, schedule.editing_threshold)
    return schedule.sampler in ("sdar", "fast_dllm_v2") and any(value is not None for value in said)
