"""Blocks that are decoded at once: d3LLM's generate_multi_block, without its delayed cache.

The next block opens once a share of the last one is committed, at most one a step. A step commits what is below the
entropy threshold in all that are open, and in the first that is not full at least its surest position. Sources:
d3llm_llada_generate_util.py (there the surest of all commits in any case) and d3llm_dream_generate_util.py of d3LLM.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from hexcli.rules import PIPELINED
from hexcli.schedule import Schedule


def left_to_open(schedule: Schedule) -> int:
    """With so many masked positions left in the last block, the next one opens; -1: blocks come one after the other."""
    if schedule.sampler not in PIPELINED:
        return -1
    length = schedule.blocks[0]
    return max((left for left in range(length) if 1 - left / length >= schedule.block_add_threshold), default=0)


class Pipeline:
    """Which of B rows are decoded so; any: whether one is."""

    def __init__(self, schedules: Sequence[Schedule], device: torch.device) -> None:
        lengths = [schedule.blocks[0] if schedule.sampler in PIPELINED else 0 for schedule in schedules]
        self.any = any(lengths)
        self._lengths = torch.tensor(lengths, device=device)[:, None]

    def forced(self, commit: Tensor, ranking: Tensor, start: Tensor) -> Tensor:
        """`commit` bool [B, T], with the surest of each row's first block that is not full where none of it commits.

        ranking [B, T]: -inf where none is open; start [B]: where the canvases begin.
        """
        open_, columns = ranking > -torch.inf, torch.arange(ranking.shape[1], device=ranking.device)
        first = columns.where(open_, ranking.shape[1]).amin(1, keepdim=True) - start[:, None]
        length = self._lengths.clamp(min=1)
        begin = start[:, None] + first // length * length
        here = open_ & (columns >= begin) & (columns < begin + self._lengths)
        lacks = here.any(1) & ~(commit & here).any(1)
        best = ranking.masked_fill(~here, -torch.inf).argmax(1)
        return commit | (lacks[:, None] & (columns == best[:, None]))
