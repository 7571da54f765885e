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


def published_block_decode(
    logits_of: Callable[[Tensor], Tensor],
    prompt: list[int],
    *,
    block_length: int,
    gen_length: int,
    denoising_steps: int,
    mask_id: int,
) -> list[int]:
    """Block diffusion at temperature 0, `low_confidence_static`: JetAstra/SDAR generate.py, without its cache.

    `denoising_steps` a block. The model sees only up to the end of the current block, which is filled up with
    masked tokens where the canvas ends inside it. Returns the canvas.
    """
    blocks = (len(prompt) + gen_length + block_length - 1) // block_length
    x = torch.full((1, blocks * block_length), mask_id)
    x[0, : len(prompt)] = torch.tensor(prompt)
    quotas = [block_length // denoising_steps] * denoising_steps
    for i in range(block_length % denoising_steps):
        quotas[i] += 1
    for block in range(len(prompt) // block_length, blocks):
        end = (block + 1) * block_length
        for quota in quotas:
            masked = [p for p in range(end - block_length, end) if int(x[0, p]) == mask_id]
            if not masked:
                break
            logits = logits_of(x[:, :end])[0]
            candidates = []
            for position in masked:
                token = int(logits[position].argmax())
                candidates.append((-float(logits[position].double().softmax(-1)[token]), position, token))
            for _, position, token in sorted(candidates)[:quota]:
                x[0, position] = token
    return x[0, len(prompt) : len(prompt) + gen_length].tolist()
