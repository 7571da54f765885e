"""d3LLM's loop, which decodes many blocks at once."""

import torch

from tests.samplers.parts import LogitsOf, entropy_of, softmax


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
