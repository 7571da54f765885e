"""How long a forward pass takes on a GPU, from the sizes of a model: no generation of it is needed, and no GPU.

A pass reads the weights, starts its kernels, and multiplies. What share of a card's peak its products reach was
measured on an H100 (docs/speed.md, What it takes), and is taken for others.
"""

from collections.abc import Sequence
from itertools import accumulate

from hexcli.models.cards import Card
from hexcli.models.network.architecture import TransformerConfig
from hexcli.schedule import Schedule

DENSE, MIXED, FLOAT8 = (
    0.63,
    0.51,
    0.98,
)  # of the peak in bfloat16: products of a plain model, of experts, in 8-bit floats
A_LAYER = 1e-4  # seconds to start what a layer does
SORTING = 1.2  # times as long where candidates are sorted (top_p, top_k)
BEFORE = 1.4  # times as many tokens where most of those that are scored do not follow each other
RECENT = 4  # steps whose tokens `open` and `likely` compute again
SMALL = 300_000_000  # a model of fewer parameters waits for its host, of which nothing is known


def seconds_a_pass(
    config: TransformerConfig, schedules: Sequence[Schedule], card: Card, *, dtype: str, prompt: float, rows: int
) -> float | None:
    """Of one row, of `rows` decoded together; None of a small model, or of a type that was not measured.

    `prompt`: tokens of one. Schedules count by the forward passes they take.
    """
    width, head = config.width, config.head_width
    per_layer = width * head * (2 * config.heads + 2 * config.kv_heads)
    parameters = config.layers * (per_layer + _mlp(config, every=True)) + config.vocab_size * width
    if parameters < SMALL or dtype not in ("bfloat16", "float16", "float8"):
        return None
    active = config.layers * (per_layer + _mlp(config, every=False))
    passes = sum(one.nfe for one in schedules)
    work = read = 0.0
    for one in schedules:
        seen, part = prompt + one.gen_length, one.nfe / passes
        token = 2 * active + 4 * seen * config.heads * head * config.layers
        computed = tokens_a_pass(one, prompt, config.block_length, shifted=config.shifted)
        work += part * token * computed * (SORTING if one.top_p or one.top_k else 1)
        if one.kv_cache != "none" or config.block_length is not None:
            read += part * seen * 4 * config.layers * config.kv_heads * head  # keys and values in 16 bits
    share = FLOAT8 if dtype == "float8" else MIXED if config.experts else DENSE
    weights = parameters * (1 if dtype == "float8" else 2)
    once = weights / (card.bandwidth * 1e9) + A_LAYER * config.layers
    return once / rows + read / (card.bandwidth * 1e9) + work / (share * card.teraflops * 1e12)


def tokens_a_pass(
    schedule: Schedule, prompt: float, trained_block: int | None = None, *, shifted: bool = False
) -> float:
    """Tokens that a forward pass of one row computes, the mean over those of a decode (see Schedule.kv_cache).

    `shifted`: a position needs the features of the one before it, which is computed too.
    """
    canvas, steps = schedule.gen_length, schedule.steps
    whole, a_step = prompt + canvas, canvas / steps
    if schedule.kv_cache == "none":
        return whole if trained_block is None else min(whole, whole / steps + 1.25 * abs(trained_block))
    window = sum(
        length / canvas * _window(schedule.kv_cache, length, canvas - start, a_step)
        for length, start in zip(schedule.blocks, accumulate((0, *schedule.blocks)), strict=False)
    )
    if shifted and schedule.kv_cache in ("open", "likely"):
        window *= BEFORE
    refreshes = len(schedule.blocks) if schedule.refresh is None else -(-canvas // schedule.refresh)
    share = min(refreshes / steps, 1.0)
    anew = whole
    if schedule.kv_cache == "likely":  # what is masked behind the block is left out, but the first time
        begun = sum(length * (start + length) for length, start in zip(
            schedule.blocks, accumulate((0, *schedule.blocks)), strict=False)) / canvas  # fmt: skip
        anew = prompt + begun + (whole - prompt - begun) / refreshes
    if schedule.prompt_refresh is not None:
        anew -= prompt * (1 - min(-(-canvas // schedule.prompt_refresh) / refreshes, 1.0))
    return window * (1 - share) + anew * share


def _window(kind: str, block: int, to_end: int, a_step: float) -> float:
    """Tokens computed between two refreshes, while this block is decoded."""
    if kind == "prefix":
        return to_end
    if kind == "dual":
        return block
    masked = (block + a_step) / 2
    if kind == "likely":
        masked = min(masked, max(block / 4, 8))
    return min(masked + RECENT * a_step, block)


def _mlp(config: TransformerConfig, *, every: bool) -> float:
    """Parameters of a layer besides attention, the mean over layers: all, or those that a token goes through."""
    experts = config.experts
    if experts is None:
        return 3 * config.width * config.mlp_width
    mixed = 3 * config.width * ((experts.count if every else experts.chosen) * experts.width + experts.shared_width)
    dense = experts.dense_layers / config.layers
    return dense * 3 * config.width * config.mlp_width + (1 - dense) * mixed
