"""Dream's loop, and Fast-dLLM's for Dream."""

from typing import Any

import torch
from torch import Tensor

from tests.samplers.parts import Draw, LogitsOf, as_topk, best_first, entropy_of, greatest, nucleus, softmax


def dream(
    logits_of: LogitsOf,
    prompt: list[int],
    *,
    gen_length: int,
    steps: int,
    mask_id: int,
    alg: str,
    eps: float = 1e-3,
    top_p: float | None = None,
    top_k: int | None = None,
    temperature: float = 0.0,
    draw: Draw | None = None,
) -> list[int]:
    """`diffusion_generate` without alg_temp; logits_of is about the position itself."""
    x = torch.tensor([prompt + [mask_id] * gen_length])
    times = torch.linspace(1, eps, steps + 1)
    for i in range(steps):
        masked = [p for p in range(len(prompt), x.shape[1]) if int(x[0, p]) == mask_id]
        logits = logits_of(x)[0].double()
        certain, chosen = {}, {}
        for position in masked:
            values = logits[position] / temperature if temperature > 0 else logits[position]
            values = greatest(nucleus(values, top_p), top_k)
            probs = softmax(values)
            if draw is not None and temperature > 0:
                token = draw(i, position - len(prompt), values)
            else:
                token = max(range(len(probs)), key=lambda t: probs[t])
            chosen[position] = token
            ranked = sorted(probs, reverse=True)
            certain[position] = {
                "maskgit_plus": probs[token],
                "topk_margin": ranked[0] - ranked[1],
                "entropy": -entropy_of(probs, 1e-10),
            }[alg]
        count = torch.tensor(len(masked)) / 1
        number = int(count * (1 - times[i + 1] / times[i])) if i < steps - 1 else int(count)
        for position in as_topk(certain, 0, x.shape[1], number):
            x[0, position] = chosen[position]
    return x[0, len(prompt) :].tolist()


def fast_dream(
    model: Any,
    prompt: list[int],
    *,
    blocks: int,
    block_length: int,
    steps: int,
    mask_id: int,
    alg: str,
    dual: bool,
    threshold: float = 0.9,
    eps: float = 1e-3,
    top_p: float | None = None,
    top_k: int | None = None,
) -> tuple[list[int], int]:
    """Fast-dLLM's `_sample` for Dream (generation_utils_block.py), at temperature 0.

    `model(ids, past, first)`: raw logits of `ids` at positions `first` and on, about the next position each, and all
    keys and values, theirs put into `past`.
    """
    x = prompt + [mask_id] * (blocks * block_length)
    per_block = steps // blocks
    times = torch.linspace(1, eps, per_block + 1)
    nfe = 0

    def moved(logits: Tensor) -> Tensor:
        return torch.cat([logits[:1], logits[:-1]])

    def candidates(logits: Tensor) -> tuple[int, list[float]]:
        probs = softmax(greatest(nucleus(logits.double(), top_p), top_k))
        return max(range(len(probs)), key=lambda t: probs[t]), probs

    for block in range(blocks):
        start = len(prompt) + block * block_length
        end = start + block_length
        logits, past = model(x, None, 0)
        nfe += 1
        x[start] = candidates(moved(logits)[start])[0]
        i = 1  # the prefix's cache ends where the window begins, which overwrites what is behind it
        while mask_id in x[start:end]:
            window = x[start:end] if dual else x[start:]
            found, fresh = model(window, past, start)
            nfe += 1
            if dual:
                past = fresh
            logits = moved(found)
            sure, tokens = {}, {}
            for place in range(block_length):
                if x[start + place] == mask_id:
                    tokens[place], probs = candidates(logits[place])
                    sure[place] = probs[tokens[place]] if alg == "confidence_threshold" else -entropy_of(probs, 1e-10)
            order = best_first(sure)
            if alg == "confidence_threshold":
                commits = [place for rank, place in enumerate(order) if rank == 0 or not sure[place] < threshold]
            else:
                count = torch.tensor(len(order)) / 1
                share = 1 - times[i + 1] / times[i] if i < per_block - 1 else torch.tensor(1.0)
                number = int(count * share)
                commits = as_topk(sure, 0, block_length if dual else len(x) - start, number)
                i += 1
            for place in commits:
                x[start + place] = tokens[place]
    return x[len(prompt) :], nfe
