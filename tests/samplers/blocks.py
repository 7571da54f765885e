"""Loops of models whose blocks see earlier blocks only: SDAR, LLaDA2.x, dllm's bd3lm, Fast-dLLM v2."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from tests.samplers.parts import (
    Draw,
    LogitsOf,
    as_topk,
    best_first,
    dllm_shares,
    entropy_of,
    even_shares,
    greatest,
    nucleus,
    softmax,
)


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
