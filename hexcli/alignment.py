"""Schedules for block-causal models: blocks lie on the grid that the model was trained on.

Such a model (SDAR, LLaDA2.0) sees at each position its own trained block and those before it. Blocks are counted
from the start of the sequence, prompt included, so the first one may be part prompt, part canvas; and the canvas
is filled up with masked tokens to the end of the last one. Both as in their published loops (JetAstra/SDAR
generate.py; `generate` of modeling_llada2_moe.py). dllm's bd3lm sampler counts them from the end of the prompt: here a
length of trained blocks is negative where they are counted from the end of the row, which is the same on a canvas of
whole blocks.
"""

from hexcli.schedule import Schedule
from hexcli.steps import Commit, counts, nfe


def why_not(schedule: Schedule, trained: int) -> str | None:
    """Why a model trained on blocks of `trained` tokens cannot be decoded so; None where it can."""
    length, from_end = schedule.blocks[0], trained < 0
    trained = abs(trained)
    if from_end and schedule.gen_length % trained:
        return f"its blocks of {trained} tokens begin behind the prompt, and {schedule.gen_length} are not whole ones"
    if not schedule.even:
        return f"its blocks of {trained} tokens are counted from the start of the prompt, and uneven blocks cross them"
    if length > trained:
        return (
            f"it was trained on blocks of {trained} tokens, each seeing only those before it: a block of {length} "
            f"would fill in positions whose predecessors are still masked"
        )
    if trained % length:
        return f"blocks of {length} do not divide the blocks of {trained} tokens that it was trained on"
    return None


def tail_length(schedule: Schedule, prompt_length: int, trained: int) -> int:
    """Masked tokens behind the canvas that complete the last trained block."""
    return 0 if trained < 0 else -(prompt_length + schedule.gen_length) % trained


def aligned_commits(schedule: Schedule, prompt_length: int, trained: int) -> tuple[Commit, ...]:
    """The steps of an even schedule on the grid; together they commit canvas and tail once.

    Every block takes the token counts of a whole one until it is full: the first, cut by the prompt, needs fewer
    steps (Dream's and dllm's counts are of what is masked: as many steps). Raises ValueError where `why_not` has a
    reason.
    """
    if (reason := why_not(schedule, trained)) is not None:
        raise ValueError(reason)
    if trained < 0:
        return schedule.commits()
    length = schedule.blocks[0]
    end = schedule.gen_length + tail_length(schedule, prompt_length, trained)
    out: list[Commit] = []
    start = 0
    while start < end:
        stop = start + length - (prompt_length + start) % length
        left = stop - start
        for count in counts(schedule, length, left):
            if (taken := min(count, left)) > 0:
                out.append(Commit(start, stop, taken))
                left -= taken
        start = stop
    return tuple(out)


def aligned_nfe(schedule: Schedule, prompt_length: int, trained: int) -> int:
    """Forward passes one generation takes on the grid; see Schedule.nfe."""
    return nfe(schedule, aligned_commits(schedule, prompt_length, trained))
