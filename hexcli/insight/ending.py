"""Where a text ends, and whether that was settled before the text was written: the collapse of long blocks.

A model that sees the whole canvas is surest of end-of-text tokens at its far end, and commits them first; what it
then writes has to fit in front of them (arXiv 2510.05040, section 3; 29 to 56 % of LLaDA's outputs in one block).
"""

from collections.abc import Iterable

from hexcli.records import Generation


def end_position(generation: Generation) -> int | None:
    """The canvas position of the token that ends the text; None where it fills the canvas, or the run does not tell."""
    ends = generation.token_ends
    if ends is None or not generation.response.commit_step or len(ends) >= len(generation.response.commit_step):
        return None
    return len(ends)


def ends_early(generation: Generation) -> bool | None:
    """Whether the end of the text was committed while at least half of the text before it was still masked.

    An empty text counts: nothing of it was ever written. A text that fills the canvas has no end, and does not.
    None where the run does not tell (no tokens, as of generations made elsewhere).
    """
    steps = generation.response.commit_step
    if generation.token_ends is None or not steps:
        return None
    end = end_position(generation)
    if end is None:
        return False
    last = steps[end]
    masked = len([step for step in steps[:end] if step > last])
    return 2 * masked >= end


def early_share(generations: Iterable[Generation]) -> tuple[int, int]:
    """How many end early, and of how many it is known."""
    known = [early for generation in generations if (early := ends_early(generation)) is not None]
    return sum(known), len(known)
