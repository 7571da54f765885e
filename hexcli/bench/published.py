"""The published decode loop, as it is run with the published code: what `hex bench` measures our engine against.

Written from the description of LLaDA's `generate` (ML-GSAI/LLaDA generate.py, with its attention mask for batches;
arXiv 2502.09992, Algorithms 4 and 5): even blocks, `low_confidence`, no guidance. HEX's and Fast-dLLM's loops take
the probabilities in float64, as LLaDA's did; LLaDA's own takes them in the logits' type since June 2025: `native`. It
shares nothing with our sampler
and is not improved: every step computes logits, float64 noise and float64 probabilities of the whole sequence, rows of
a batch share one schedule, padding goes left, and each row's commits are chosen in a Python loop.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

# ids [B, T], real bool [B, T] (False on padding; None: no padding) -> logits [B, T, vocabulary]
Forward = Callable[[Tensor, Tensor | None], Tensor]


class Decoding(NamedTuple):
    """The arguments of the published function, by its names."""

    gen_length: int
    block_length: int
    steps: int
    temperature: float
    mask_id: int
    native: bool = False


@torch.inference_mode()
def decode_batch(
    forward: Forward,
    prompts: Sequence[Sequence[int]],
    how: Decoding,
    generator: torch.Generator,
    on_step: Callable[[int], None] = lambda forwards: None,
) -> Tensor:
    """The canvases of prompts decoded together: int64 [B, gen_length].

    `generator` gives the noise, on the device to compute on; `on_step` hears the rows of each step. Raises ValueError
    where the canvas or the steps do not divide evenly.
    """
    blocks, uneven = divmod(how.gen_length, how.block_length)
    share, left = divmod(how.steps, max(blocks, 1))
    if uneven or left:
        raise ValueError(f"{how.steps} steps and blocks of {how.block_length} do not divide {how.gen_length} tokens")
    x, real = _padded(prompts, how, generator.device)
    first = x.shape[1] - how.gen_length
    for block in range(blocks):
        end = first + (block + 1) * how.block_length
        quotas = _quotas((x[:, end - how.block_length : end] == how.mask_id).sum(1), share)
        for step in range(share):
            logits = forward(x, real)
            proposal = _noisy(logits, how.temperature, generator).argmax(-1)
            probs = (logits if how.native else logits.double()).softmax(-1)
            certainty = probs.gather(-1, proposal[..., None])[..., 0].double()
            certainty[:, end:] = -torch.inf
            masked = x == how.mask_id
            certainty[~masked] = -torch.inf
            for row, quota in enumerate(quotas[:, step].tolist()):
                chosen = certainty[row].topk(quota).indices
                x[row, chosen] = proposal[row, chosen]
            on_step(len(x))
    return x[:, first:]


def _padded(prompts: Sequence[Sequence[int]], how: Decoding, device: torch.device) -> tuple[Tensor, Tensor | None]:
    """Prompts ending in one column, the masked canvas behind them; and where that is no padding, if any is."""
    length = max(map(len, prompts))
    filler = 0 if how.mask_id else 1
    rows = [[filler] * (length - len(prompt)) + list(prompt) + [how.mask_id] * how.gen_length for prompt in prompts]
    x = torch.tensor(rows, device=device)
    if all(len(prompt) == length for prompt in prompts):
        return x, None
    starts = torch.tensor([length - len(prompt) for prompt in prompts], device=device)
    return x, torch.arange(x.shape[1], device=device) >= starts[:, None]


def _quotas(masked: Tensor, steps: int) -> Tensor:
    """Tokens to commit at each step of a block: masked [B] -> [B, steps], the larger ones first."""
    order = torch.arange(steps, device=masked.device)
    return (masked // steps)[:, None] + (order < (masked % steps)[:, None])


def _noisy(logits: Tensor, temperature: float, generator: torch.Generator) -> Tensor:
    """Scores whose argmax is a draw at this temperature: exp(l) / (-ln U)^T, in float64 (arXiv 2409.02908)."""
    if temperature == 0:
        return logits
    wide = logits.double()
    noise = torch.rand(wide.shape, generator=generator, dtype=torch.float64, device=wide.device)
    return wide.exp() / (-noise.log()) ** temperature
