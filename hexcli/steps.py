"""Step tables: how many tokens each denoising step commits, in which part of the canvas. Pure.

Sources: `get_num_transfer_tokens` of ML-GSAI/LLaDA generate.py, `generate_DynamicBlock` of HEX, `_sample` of Dream's
generation_utils.py, `get_num_transfer_tokens` of dllm's core/samplers/utils.py under its LinearAlphaScheduler.
"""

import struct
from typing import NamedTuple, Protocol

from hexcli.blocks import plus
from hexcli.rules import PIPELINED


class Commit(NamedTuple):
    """One denoising step: which part of the canvas is open, and how many `tokens` it commits.

    `start` and `stop` are canvas positions (0 = first response token) of the current block.
    """

    start: int
    stop: int
    tokens: int


class Paced(Protocol):
    """What steps are made of: a Schedule."""

    @property
    def blocks(self) -> tuple[int, ...]: ...
    @property
    def gen_length(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def even(self) -> bool: ...
    @property
    def sampler(self) -> str: ...
    @property
    def alg(self) -> str | None: ...
    @property
    def opens_first(self) -> bool: ...
    @property
    def eps(self) -> float: ...
    @property
    def editing_threshold(self) -> float | None: ...
    @property
    def max_post_steps(self) -> int: ...
    @property
    def cfg_scale(self) -> float: ...


def check(schedule: Paced) -> None:
    """Raises ValueError where the steps do not fit the blocks, or would have no effect."""
    blocks, steps, length = schedule.blocks, schedule.steps, schedule.gen_length
    if schedule.sampler == "dllm":
        return  # its blocks take ceil(steps / blocks) steps each, however many that makes
    if (schedule.even or schedule.sampler == "dream") and steps % len(blocks):
        raise ValueError(
            f"steps {steps} do not divide over {len(blocks)} blocks of {blocks[0]} "
            f"(gen_length {length}): use a multiple of {len(blocks)} steps{_near(steps, len(blocks), length)}, "
            "or longer blocks"
        )
    if schedule.opens_first and steps < 2 * len(blocks):
        raise ValueError(f"sampler dream with a kv_cache takes two steps a block at least, not {steps} in all")
    unpaced = {schedule.alg, schedule.sampler} & {"confidence_threshold", "fast_dllm_v2", *PIPELINED}
    if unpaced and steps != length:
        raise ValueError(f"steps {steps} have no effect with {unpaced.pop()}: leave them out")
    if schedule.even:
        return
    if schedule.sampler in PIPELINED:
        raise ValueError(f"sampler {schedule.sampler} takes blocks of one length, not {plus(blocks)}")
    if schedule.sampler != "dream" and length % steps:
        raise ValueError(f"uneven blocks {plus(blocks)} need steps that divide gen_length {length}; {steps} do not")


def _near(steps: int, blocks: int, length: int) -> str:
    """The multiples of the number of blocks beside some steps, up to the length of the canvas."""
    below = steps // blocks * blocks
    found = [str(one) for one in (below, below + blocks) if blocks <= one <= length]
    return f" ({' or '.join(found)})" if found else ""


def commits(schedule: Paced) -> tuple[Commit, ...]:
    """The steps of a schedule; together they commit every position of the canvas once.

    Even blocks share the steps equally, and a block's n tokens are spread over its S steps as n // S + (i < n % S)
    ([llada]). Uneven blocks commit gen_length // steps tokens a step, the last step of a block what is left ([hex]).
    Dream and dllm have counts of their own; with Dream's `origin` they are drawn, and these are the most steps that it
    takes. A step that commits nothing cannot change the result, so it is left out.
    """
    out: list[Commit] = []
    start = 0
    for length in schedule.blocks:
        out.extend(Commit(start, start + length, count) for count in counts(schedule, length, length) if count)
        start += length
    return tuple(out)


def counts(schedule: Paced, length: int, left: int) -> list[int]:
    """Tokens that each step of a block of `length` commits, of which `left` are masked when it begins: together at
    least those."""
    share = schedule.steps // len(schedule.blocks)
    if schedule.sampler == "dllm":
        return by_linear_alpha(left, -(-schedule.steps // len(schedule.blocks)))
    if schedule.alg == "origin":
        return [1] * min(left, share)
    if schedule.alg == "confidence_threshold":
        return [1] * left
    if schedule.opens_first:
        return [1, *by_timesteps(left - 1, share, schedule.eps, first=1)]
    if schedule.sampler == "dream":
        return by_timesteps(left, share, schedule.eps)
    if schedule.even and schedule.editing_threshold is None:
        return even(length, share)
    # LLaDA2.1 has num_to_transfer instead of steps: as many as `share` steps need.
    per_step = schedule.gen_length // schedule.steps if schedule.editing_threshold is None else -(-length // share)
    return [min(per_step, length - done) for done in range(0, length, per_step)]


def nfe(schedule: Paced, steps: tuple[Commit, ...]) -> int:
    """Forward passes that a schedule takes with these steps, at most where that depends on what the model says.

    Guidance doubles them: it also runs the unconditional row.
    """
    edits = 0 if schedule.editing_threshold is None else schedule.max_post_steps
    blocks = len({commit.start for commit in steps})
    return (len(steps) + edits * blocks) * (2 if schedule.cfg_scale > 0 else 1)


def usual_steps(gen_length: int, adaptive: bool) -> int:
    """The steps where nobody says how many: half the canvas, two tokens a step (arXiv 2510.05040, section 4); under a
    threshold one token a step, which it only adds to (arXiv 2505.22618)."""
    return gen_length if adaptive else max(gen_length // 2, 1)


def even(length: int, steps: int) -> list[int]:
    """Tokens that each step of a block commits: LLaDA's get_num_transfer_tokens, its zeros too."""
    return [length // steps + (step < length % steps) for step in range(steps)]


def timesteps(steps: int, eps: float) -> list[float]:
    """Dream's: from 1 to `eps` in steps + 1 values of float32, as torch.linspace makes them."""
    end = _single(eps)
    width = _single(_single(end - 1.0) / steps)
    half = (steps + 1) // 2
    return [
        _single(1.0 + width * step) if step < half else _single(end - width * (steps - step))
        for step in range(steps + 1)
    ]


def by_timesteps(left: int, steps: int, eps: float, first: int = 0) -> list[int]:
    """Tokens that each step from the `first` on commits of `left` masked ones: int(n (1 - s / t)), the last all."""
    times, counts = timesteps(steps, eps), []
    for step in range(first, steps - 1):
        share = _single(1.0 - _single(times[step + 1] / times[step]))
        counts.append(int(_single(left * share)))
        left -= counts[-1]
    return [*counts, left]


def by_linear_alpha(left: int, steps: int) -> list[int]:
    """The same of dllm: round(n (1 - s / t)), halves to even, where t and s go from 1 to 0 in `steps` (float32)."""
    counts = []
    for step in range(steps, 0, -1):
        masked = [_single(1.0 - _single(1.0 - _single(time / steps))) for time in (step - 1, step)]
        counts.append(min(round(left * (1.0 - _single(masked[0] / masked[1]))), left))
        left -= counts[-1]
        if not left:
            break
    return counts


def _single(value: float) -> float:
    """The float32 nearest to it: a double holds a sum, product or quotient of two well enough to round it once more."""
    rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    return rounded
