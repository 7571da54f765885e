"""What published loops have in common, written naively: filters, entropy, who comes first, tokens a step."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

LogitsOf = Callable[[Tensor], Tensor]
Draw = Callable[[int, int, Tensor], int]  # (step, canvas position, log-probabilities) -> token


def softmax(values: Tensor) -> list[float]:
    found: list[float] = values.double().softmax(-1).tolist()
    return found


def entropy_of(probs: list[float], eps: float) -> float:
    return -sum(p * math.log(p + eps) for p in probs)


def best_first(scores: dict[int, float]) -> list[int]:
    return sorted(scores, key=lambda position: (-scores[position], position))


def as_topk(scores: dict[int, float], first: int, last: int, count: int) -> list[int]:
    """What torch.topk takes of the positions from `first` to before `last`: it orders equals in its own way."""
    confidence = torch.tensor([scores.get(p, -math.inf) for p in range(first, last)], dtype=torch.float64)
    return [first + int(place) for place in torch.topk(confidence, min(count, len(scores))).indices]


def nucleus(values: Tensor, top_p: float | None) -> Tensor:
    """Tokens in order of probability until their sum is above top_p; the one that passes it stays."""
    if top_p is None or top_p >= 1:
        return values
    kept, total = [], 0.0
    probs = softmax(values)
    for token in sorted(range(len(probs)), key=lambda t: -probs[t]):
        kept.append(token)
        total += probs[token]
        if total > top_p:
            break
    out = torch.full_like(values, -torch.inf)
    out[kept] = values[kept]
    return out


def greatest(values: Tensor, top_k: int | None) -> Tensor:
    if top_k is None:
        return values
    edge = sorted(values.tolist())[-min(top_k, len(values))]
    return torch.where(values < edge, -torch.inf, values)


def even_shares(steps: int) -> Callable[[int], list[int]]:
    """LLaDA's tokens a step, `steps` a block."""
    return lambda block: [block // steps + (1 if i < block % steps else 0) for i in range(steps)]


def dllm_shares(steps: int) -> Callable[[int], list[int]]:
    """dllm's under its linear scheduler: what is masked times 1 - s / t, rounded; steps without tokens are left out."""

    def shares(block: int) -> list[int]:
        left, out = block, []
        for t, s in zip(range(steps, 0, -1), range(steps - 1, -1, -1), strict=True):
            one = torch.tensor(1.0)
            alpha_s, alpha_t = one - torch.tensor(s / steps), one - torch.tensor(t / steps)
            kept = ((one - alpha_s) / (one - alpha_t)).item()
            count = min(int(torch.round(torch.tensor(left, dtype=torch.float64) * (1 - kept))), left)
            out.append(count)
            left -= count
            if left == 0:
                break
        return [count for count in out if count > 0]

    return shares
