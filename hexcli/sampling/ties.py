"""Which of equally certain positions commit first, where the published loop leaves it to torch.topk.

Filters make equals: where top_p leaves one candidate, it has probability 1 at every such position. torch.topk orders
them as its algorithm happens to, always the same way on one device for one vector. So it is asked for the vector that
the published loop asks it for: the whole row in Dream's generation_utils.py, LLaDA's generate.py and dllm's mdlm.py,
the block where models see blocks (SDAR generate.py, modeling_llada2_moe.py, bd3lm.py) and under Fast-dLLM's caches.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from hexcli.sampling.row import Row

WHOLE = -1  # a vector of the whole row
TO_END = -2  # from where the block begins


def vector_of(row: Row) -> int | None:
    """Positions that the published loop ranks at once, up to the block's last one, 0 being as long as that is.

    None: equals go from left to right.
    """
    schedule = row.schedule
    apart = schedule.certainty in ("random", "sequential", "entropy_bounded") or schedule.alg_temp
    filters = schedule.sampler in ("dream", "sdar")
    if apart or schedule.sampler == "fast_dllm_v2" or not (filters or schedule.confidence_dtype == "model"):
        return None
    if schedule.opens_first:
        return TO_END if schedule.kv_cache == "prefix" else 0
    if schedule.sampler == "sdar" or row.trained_block is not None:
        return schedule.blocks[0] if schedule.even else 0
    return WHOLE


class Ties:
    """The vectors of a batch's rows, those that have one: `vectors` by row."""

    def __init__(self, rows: Sequence[Row]) -> None:
        found = {index: vector_of(row) for index, row in enumerate(rows)}
        self.vectors = {index: vector for index, vector in found.items() if vector is not None}
        self._narrow = {index for index, row in enumerate(rows) if row.schedule.confidence_dtype == "model"}
        self._lengths = [len(row.prompt_ids) + row.canvas_length for row in rows]
        self._canvas = [row.canvas_length for row in rows]

    def ordered(
        self, order: Tensor, ranking: Tensor, kind: torch.dtype, start: Tensor, stop: Tensor, least: Tensor
    ) -> Tensor:
        """`order` [B, T] with the `least` surest of each row as torch.topk has them.

        ranking [B, T], -inf where none is open; `kind`: the logits' type; start, stop: of the blocks in the canvas [B].
        """
        width = ranking.shape[1]
        numbers = torch.stack([start, stop, least, (ranking > -torch.inf).sum(1)], 1).tolist()
        order = order.clone()
        for index, vector in self.vectors.items():
            begins, ends, count, open_ = (int(number) for number in numbers[index])
            if not 0 < min(count, open_) < open_:
                continue
            canvas = width - self._canvas[index]
            last = width if vector < 0 else canvas + ends
            first = {WHOLE: width - self._lengths[index], TO_END: canvas + begins, 0: canvas + begins}.get(
                vector, canvas + ends - vector
            )
            asked = ranking[index, first:last]
            best = torch.topk(asked.to(kind) if index in self._narrow else asked, min(count, open_)).indices + first
            own = order[index]
            order[index] = torch.cat([best, own[~torch.isin(own, best)]])
        return order
