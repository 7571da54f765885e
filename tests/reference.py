"""The published decode loop, written naively from its description: the oracle of the equivalence tests.

One row, no batch, no padding, Python lists where possible; [llada] generate.py and, for uneven blocks, [hex]
generate_DynamicBlock. It shares nothing with hexcli's sampler but the model.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def tokens_per_step(block: int, blocks: list[int], gen_length: int, steps: int) -> list[int]:
    if len(set(blocks)) == 1:
        share = steps // len(blocks)
        return [block // share + (1 if i < block % share else 0) for i in range(share)]
    fixed = gen_length // steps
    full, rest = divmod(block, fixed)
    return [fixed] * full + ([rest] if rest else [])


def certainty(probs: Tensor, token: int, remasking: str) -> float:
    if remasking == "low_confidence":
        return float(probs[token])
    if remasking == "topk_margin":
        first, second = sorted(probs.tolist())[-2:][::-1]
        return first - second
    if remasking == "entropy":
        return sum(p * math.log(p) for p in probs.tolist() if p > 0)
    raise ValueError(remasking)


def published_decode(
    logits_of: Callable[[Tensor], Tensor],
    prompt: list[int],
    *,
    blocks: list[int],
    gen_length: int,
    steps: int,
    mask_id: int,
    remasking: str = "low_confidence",
    cfg_scale: float = 0.0,
) -> list[int]:
    """Temperature 0. `logits_of`: ids [1, T] -> logits [1, T, V]. Returns the canvas."""
    x = torch.tensor([prompt + [mask_id] * gen_length])
    end = len(prompt)
    for block in blocks:
        end += block
        for quota in tokens_per_step(block, blocks, gen_length, steps):
            logits = logits_of(x)
            if cfg_scale > 0:
                blind = x.clone()
                blind[0, : len(prompt)] = mask_id
                unconditional = logits_of(blind)
                logits = unconditional + (cfg_scale + 1) * (logits - unconditional)
            candidates = []
            for position in range(len(prompt), end):
                if int(x[0, position]) == mask_id:
                    probs = torch.softmax(logits[0, position].double(), dim=-1)
                    token = int(logits[0, position].argmax())
                    candidates.append((-certainty(probs, token, remasking), position, token))
            for _, position, token in sorted(candidates)[:quota]:
                x[0, position] = token
    return x[0, len(prompt) :].tolist()
