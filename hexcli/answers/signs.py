"""What a generation tells of itself, besides its answer: whether it had room, and whether it got to what it boxed."""

import math
import re

from hexcli.answers.boxes import last_box
from hexcli.answers.extraction import answer_tag
from hexcli.answers.response import response_text
from hexcli.records import Generation

_SMALLEST = 1e-12  # a probability that was rounded to 0
_END = re.compile(r"<\|(?:eot_id|eom_id|endoftext|end_of_text|im_end|role_end)\|>|<end_of_turn>|</s>|<eos>")


def room(generation: Generation) -> int | None:
    """The tokens of the canvas that stand behind the end of the text; None where the run does not tell.

    A reply that does not fit is squeezed into the last block: having an end says nothing, having room behind it does.
    Generations made elsewhere tell it where their texts keep the end tokens.
    """
    response = generation.response
    canvas = len(response.commit_confidence)
    if generation.token_ends is not None and canvas:
        return canvas - len(generation.token_ends)
    ends = len(_END.findall(response.text))
    return ends if ends and not canvas else None


def reached(text: str) -> bool | None:
    """Whether what is boxed (or tagged as the answer) stands in the reply before, too; None where nothing is boxed."""
    said = response_text(text)
    box = last_box(said)
    if box is not None:
        return box.content in said[: box.start]
    tagged = answer_tag(said)
    return None if tagged is None else tagged in said[: said.rfind(tagged)]


def path_logprob(generation: Generation) -> float | None:
    """The log-likelihood of the path that was taken: the sum over the tokens of the text of the log of the probability
    that each had when it was committed (path log-likelihood, arXiv 2602.03496). None where the run does not tell."""
    confidences, ends = list(generation.response.commit_confidence), generation.token_ends
    made = confidences if ends is None else confidences[: len(ends)]
    rest = [] if ends is None else confidences[len(ends) :]
    try:
        if not confidences or (any(rest) and not 0 <= min(rest) <= max(rest) <= 1):
            return None
        least = min(made, default=1.0)
        if not 0 <= least <= max(made, default=1.0) <= 1:
            return None
    except TypeError:  # a row of a stranger's
        return None
    if least > _SMALLEST:
        return math.fsum(map(math.log, made))
    return math.fsum(math.log(max(p, _SMALLEST)) for p in made)
