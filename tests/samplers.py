"""The published samplers, written naively from their description: one row, lists, no batch, no cache.

Each function is one published loop at temperature 0, or, where a `draw` is given, with tokens drawn by it. They share
nothing with hexcli but the model. Files and commits: docs/families.md.
"""

import math
from collections.abc import Callable
from typing import Any

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


def block_diffusion(
    logits_of: LogitsOf,
    prompt: list[int],
    *,
    gen_length: int,
    block_length: int,
    denoising_steps: int,
    mask_id: int,
    strategy: str,
    threshold: float = math.inf,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    draw: Draw | None = None,
) -> tuple[list[int], int]:
    """SDAR's block_diffusion_generate and `generate` of LLaDA2.0: low_confidence_static, low_confidence_dynamic (both),
    sequential, entropy_bounded (SDAR's engine). No position behind the current block is seen. Where a share is more
    than is masked, all that is masked commits, as in LLaDA2.0; SDAR's script would write over the prompt.
    """
    blocks = -(-(len(prompt) + gen_length) // block_length)
    x = torch.full((1, blocks * block_length), mask_id)
    x[0, : len(prompt)] = torch.tensor(prompt)
    shares = even_shares(denoising_steps)(block_length)
    nfe = 0
    for block in range(len(prompt) // block_length, blocks):
        end = (block + 1) * block_length
        step = 0
        while True:
            masked = [p for p in range(end - block_length, end) if int(x[0, p]) == mask_id]
            if not masked:
                break
            logits = logits_of(x[:, :end])[0].double()
            sure, tokens, unsure = {}, {}, {}
            for position in masked:
                values = logits[position] / temperature if temperature > 0 else logits[position]
                values = nucleus(greatest(values, top_k), top_p)
                probs = softmax(values)
                if draw is not None and temperature > 0:
                    tokens[position] = draw(nfe, position - len(prompt), values)
                else:
                    tokens[position] = max(range(len(probs)), key=lambda t: probs[t])
                sure[position] = probs[tokens[position]]
                unsure[position] = entropy_of(probs, 1e-12)
            share = shares[min(step, len(shares) - 1)]
            high = [p for p in masked if sure[p] > threshold]
            if strategy == "sequential":
                commits = masked[:share]
            elif strategy == "entropy_bounded":
                order, total, commits = sorted(masked, key=lambda p: (unsure[p], p)), 0.0, []
                for position in order:
                    total += unsure[position]
                    if commits and total >= threshold:
                        break
                    commits.append(position)
            elif strategy == "low_confidence_dynamic" and len(high) >= share:
                commits = high
            else:
                commits = as_topk(sure, end - block_length, end, share)
            for position in commits:
                x[0, position] = tokens[position]
            step += 1
            nfe += 1
    return x[0, len(prompt) : len(prompt) + gen_length].tolist(), nfe


def bd3lm(
    logits_of: Callable[[Tensor, int], Tensor],
    prompt: list[int],
    *,
    gen_length: int,
    block_length: int,
    steps: int,
    mask_id: int,
) -> tuple[list[int], int]:
    """dllm's BD3LMSampler: the prompt is padded on the left to whole blocks, then block by block is appended.

    `logits_of`: ids [1, T] and the padding in front of them, which shifts the grid and is seen by nobody.
    """
    padding = -len(prompt) % block_length
    x = list(prompt)
    blocks = -(-gen_length // block_length)
    nfe = 0
    for block in range(blocks):
        length = min(block_length, gen_length - block * block_length)
        start = len(x)
        x += [mask_id] * length
        for share in dllm_shares(-(-steps // blocks))(length):
            logits = logits_of(torch.tensor([x]), padding)[0].double()
            nfe += 1
            sure, tokens = {}, {}
            for position in range(start, len(x)):
                if x[position] == mask_id:
                    tokens[position] = int(logits[position].argmax())
                    sure[position] = softmax(logits[position])[tokens[position]]
            for position in best_first(sure)[:share]:
                x[position] = tokens[position]
    return x[len(prompt) :], nfe


def editing(
    logits_of: LogitsOf,
    prompt: list[int],
    *,
    gen_length: int,
    block_length: int,
    mask_id: int,
    threshold: float,
    editing_threshold: float,
    max_post_steps: int = 16,
    num_to_transfer: int = 1,
    end_id: int | None = None,
) -> tuple[list[int], int]:
    """`generate` of LLaDA2.1. With an `end_id` it stops behind a full block that holds it, as under eos_early_stop."""
    blocks = -(-(len(prompt) + gen_length) // block_length)
    x = torch.full((1, blocks * block_length), mask_id)
    x[0, : len(prompt)] = torch.tensor(prompt)
    nfe = 0
    for block in range(len(prompt) // block_length, blocks):
        first, end = block * block_length, (block + 1) * block_length
        post_steps = 0
        while True:
            before = x[0, first:end].tolist()
            masked = [first + i for i, token in enumerate(before) if token == mask_id]
            if not masked:
                post_steps += 1
            if post_steps > max_post_steps:
                break
            logits = logits_of(x[:, :end])[0].double()
            nfe += 1
            sure, tokens = {}, {}
            for position in range(first, end):
                probs = softmax(logits[position])
                tokens[position] = max(range(len(probs)), key=lambda t: probs[t])
                sure[position] = probs[tokens[position]]
            high = [p for p in masked if sure[p] > threshold]
            commits = high
            if len(high) < num_to_transfer:
                commits = as_topk({p: sure[p] for p in masked}, first, end, num_to_transfer)
            edits = [
                position
                for position in range(max(first, len(prompt)), end)
                if position not in masked
                and sure[position] > editing_threshold
                and tokens[position] != int(x[0, position])
            ]
            for position in (*commits, *edits):
                x[0, position] = tokens[position]
            if not masked and not edits:
                break
        if end_id is not None and end_id in x[0, len(prompt) : end].tolist():
            break
    return x[0, len(prompt) : len(prompt) + gen_length].tolist(), nfe


def fields(**said: Any) -> dict[str, Any]:
    """Only what is said."""
    return {name: value for name, value in said.items() if value is not None}


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


def fast_dllm_v2(
    logits_of: LogitsOf,
    prompt: list[int],
    *,
    new_tokens: int,
    block_size: int,
    small_block_size: int,
    mask_id: int,
    threshold: float,
    temperature: float = 0.0,
    top_p: float | None = None,
    draw: Draw | None = None,
) -> tuple[list[int], int]:
    """`generate` of Fast-dLLM v2's modeling.py, without its block cache, for as many blocks as hold so many tokens.

    logits_of is about the position itself; behind a full block stands the likeliest token after it. The prompt is not
    exactly one block long: there the published loop loses it.
    """
    x, forwards = list(prompt), 0
    length = -(-(len(prompt) + new_tokens) // block_size) * block_size

    def append_next() -> None:  # a pass over what is there; nothing in it sees what is behind
        x.append(mask_id)
        x[-1] = int(logits_of(torch.tensor([x]))[0, -1].argmax())

    if len(prompt) % block_size == 0:
        append_next()
        forwards += 1
    while len(x) < length:
        begin = len(x) - len(x) % block_size
        x += [mask_id] * (begin + block_size - len(x))
        for start in range(begin, begin + block_size, small_block_size):
            here = range(start, start + small_block_size)
            while any(x[p] == mask_id for p in here):
                found = logits_of(torch.tensor([x]))[0].double()
                sure, tokens = {}, {}
                for p in here:
                    if x[p] != mask_id:
                        continue
                    values = nucleus(found[p] / temperature, top_p) if temperature > 0 else found[p]
                    probs = softmax(values)
                    if draw is not None and temperature > 0:
                        tokens[p] = draw(forwards, p - len(prompt), values)
                    else:
                        tokens[p] = max(range(len(probs)), key=lambda t: probs[t])
                    sure[p] = probs[tokens[p]]
                forwards += 1
                best = best_first(sure)[0]
                for p, token in tokens.items():
                    if p == best or sure[p] > threshold:
                        x[p] = token
        if len(x) < length:
            append_next()
            forwards += 1
    return x[len(prompt) : len(prompt) + new_tokens], forwards


def multi_block(
    logits_of: LogitsOf,
    prompt: list[int],
    *,
    new_tokens: int,
    block_size: int,
    mask_id: int,
    threshold: float,
    block_add_threshold: float,
    decoded_token_threshold: float,
    for_dream: bool,
) -> tuple[list[int], int]:
    """d3LLM's generate_multi_block at temperature 0, without cache and early stop, its states of blocks and all."""
    x = torch.tensor([prompt + [mask_id] * new_tokens])
    ends = [len(prompt) + block_size * (n + 1) for n in range(new_tokens // block_size)]
    masks, active, nfe = [block_size], [True], 0

    def progress(block: int) -> float:
        return 1.0 if block < 0 else 1 - masks[block] / block_size

    while mask_id in x[0].tolist() or len(masks) < len(ends):
        nfe += 1
        active = [on or progress(b - 1) >= decoded_token_threshold for b, on in enumerate(active)]
        if len(masks) < len(ends) and (progress(len(masks) - 1) >= block_add_threshold or masks[-1] == 0):
            active.append(progress(len(masks) - 1) >= decoded_token_threshold)
            masks.append(block_size)
        active_end = max(ends[b] for b in range(len(masks)) if active[b] or masks[b] > 0)
        logits = logits_of(x)[0].double()
        tokens, unsure = {}, {}
        for p in range(len(prompt), active_end):
            if int(x[0, p]) == mask_id:
                tokens[p] = int(logits[p].argmax())
                unsure[p] = entropy_of(softmax(logits[p]), 1e-12)
        order = sorted(unsure, key=lambda p: (unsure[p], p))
        commits = [p for place, p in enumerate(order) if unsure[p] <= threshold or (place == 0 and not for_dream)]
        first = next((b for b in range(len(masks)) if active[b] and masks[b] > 0), None)
        if first is not None:
            here = [p for p in order if ends[first] - block_size <= p < ends[first]]
            if not set(here) & set(commits):
                commits.append(here[0])
        for p in commits:
            x[0, p] = tokens[p]
            masks[(p - len(prompt)) // block_size] -= 1
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
