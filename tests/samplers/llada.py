"""LLaDA's loop with the parts that others exchange, Fast-dLLM's with caches, dInfer's with credit."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from tests.samplers.parts import LogitsOf, best_first, entropy_of, softmax


def semi_autoregressive(
    logits_of: LogitsOf,
    prompt: list[int],
    *,
    blocks: list[int],
    mask_id: int,
    shares: Callable[[int], list[int]],
    picks: Callable[[dict[int, list[float]], dict[int, int], int], list[int]],
    banned: Callable[[int], set[int]] = lambda nfe: set(),
    confidence: Callable[[Tensor], Tensor] = lambda values: values,
) -> tuple[list[int], int]:
    """LLaDA's loop with the parts that others exchange: tokens a step (`shares`, of a block's length), which positions
    commit (`picks`, of probabilities, candidates and the share), candidates that are `banned` at a forward, counted
    from 1, and what is done to logits before they say how sure they are. Returns the canvas and forwards.
    """
    length = sum(blocks)
    x = torch.tensor([prompt + [mask_id] * length])
    nfe, end = 0, len(prompt)
    for block in blocks:
        end += block
        steps = shares(block)
        step = 0
        while mask_id in x[0, :end].tolist():
            nfe += 1
            logits = logits_of(x)[0].double()
            probs, tokens = {}, {}
            for position in range(len(prompt), end):
                if int(x[0, position]) == mask_id:
                    values = logits[position].clone()
                    values[list(banned(nfe))] = -torch.inf
                    tokens[position] = int(values.argmax())
                    probs[position] = softmax(confidence(logits[position].clone()))
            share = steps[step] if step < len(steps) else 1
            for position in picks(probs, tokens, share):
                x[0, position] = tokens[position]
            step += 1
    return x[0, len(prompt) :].tolist(), nfe


def pick_share(probs: dict[int, list[float]], tokens: dict[int, int], share: int) -> list[int]:
    return best_first({position: probs[position][tokens[position]] for position in probs})[:share]


def pick_by_entropy(threshold: float) -> Callable[..., list[int]]:
    """dParallel: the least entropy, and all that are not above the threshold."""

    def picks(probs: dict[int, list[float]], tokens: dict[int, int], share: int) -> list[int]:
        entropies = {position: entropy_of(values, 1e-12) for position, values in probs.items()}
        order = sorted(entropies, key=lambda position: (entropies[position], position))
        return [p for place, p in enumerate(order) if place == 0 or not entropies[p] > threshold]

    return picks


def pick_by_factor(factor: float) -> Callable[..., list[int]]:
    """Fast-dLLM's get_transfer_index_dynamic, with what it does at the last place."""

    def picks(probs: dict[int, list[float]], tokens: dict[int, int], share: int) -> list[int]:
        sure = {position: probs[position][tokens[position]] for position in probs}
        order = best_first(sure)
        thresholds = [-1.0] + [1 - factor / (n + 1) for n in range(2, len(order) + 1)]
        for place, threshold in enumerate(thresholds):
            if sure[order[place]] < threshold:
                break
        if place in (0, len(thresholds) - 1):
            place += 1
        return order[:place]

    return picks


def credit(
    logits_of: LogitsOf,
    prompt: list[int],
    *,
    blocks: list[int],
    mask_id: int,
    threshold: float,
    alpha: float = 0.7,
    gamma: float = 0.2,
    beta: float = 0.8,
) -> tuple[list[int], int]:
    """dInfer's CreditThresholdParallelDecoder, with its matrix of positions and vocabulary."""
    x = torch.tensor([prompt + [mask_id] * sum(blocks)])
    nfe, start = 0, len(prompt)
    for block in blocks:
        end = start + block
        matrix: dict[int, dict[int, float]] = {position: {} for position in range(start, end)}
        while mask_id in x[0, start:end].tolist():
            nfe += 1
            logits = logits_of(x)[0]
            sure, tokens = {}, {}
            for position in range(start, end):
                row = matrix[position]
                for token in row:
                    row[token] *= beta
                if int(x[0, position]) != mask_id:
                    continue
                probs = softmax(logits[position])
                top = max(range(len(probs)), key=lambda t: probs[t])
                row[top] = row.get(top, 0.0) + probs[top] ** gamma
                fused = logits[position].double().clone()
                for token, value in row.items():
                    fused[token] += alpha * math.log(value + 1)
                tokens[position] = int(fused.argmax())
                sure[position] = softmax(fused)[tokens[position]]
            edge = min(max(sure.values()) - 1e-5, threshold)
            for position, value in sure.items():
                if value >= edge:
                    x[0, position] = tokens[position]
        start = end
    return x[0, len(prompt) :].tolist(), nfe


def fast_llada(
    model: Any,
    prompt: list[int],
    *,
    blocks: int,
    block_length: int,
    mask_id: int,
    picks: Callable[..., list[int]],
    dual: bool,
) -> tuple[list[int], int]:
    """Fast-dLLM's generate_with_prefix_cache and generate_with_dual_cache (llada/generate.py), at temperature 0, with
    the commit rule `picks`. `model(ids, past, first)`: see fast_dream."""
    x = prompt + [mask_id] * (blocks * block_length)
    nfe = 0
    for block in range(blocks):
        start = len(prompt) + block * block_length
        end, past = start + block_length, None
        while mask_id in x[start:end]:
            first, last = (0, len(x)) if past is None else (start, end if dual else len(x))
            logits, fresh = model(x[first:last], past, first)
            past = fresh if dual or past is None else past  # the prefix's is overwritten behind where it ends
            nfe += 1
            places = [p for p in range(start, end) if x[p] == mask_id]
            probs = {p: softmax(logits[p - first]) for p in places}
            tokens = {p: int(logits[p - first].argmax()) for p in places}
            for p in picks(probs, tokens, 1):
                x[p] = tokens[p]
    return x[len(prompt) :], nfe
