"""How sure the model was of its answer: the commit confidence of the tokens that spell it. Needs no tokenizer."""

import math
from bisect import bisect_left, bisect_right

from hexcli.answers.boxes import last_box
from hexcli.answers.extraction import answer_tag
from hexcli.answers.response import response_text
from hexcli.records import Generation

_SMALLEST = 1e-12  # a probability that was rounded to 0


def answer_confidence(generation: Generation, answer: str) -> float | None:
    """The geometric mean of the answer tokens' commit confidence, in (0, 1]; None where the run does not tell.

    The answer's tokens are those that touch the content of the last box, else of the answer tag; where there is
    neither, those of the whole response. `answer` is what was extracted. Needs `token_ends`, which runs of older
    versions lack.
    """
    if generation.token_ends is None:
        return None
    start, stop = answer_span(response_text(generation.response.text), answer)
    ends, confidences = generation.token_ends, generation.response.commit_confidence
    first, last = bisect_right(ends, start), bisect_left(ends, stop)
    begins = [ends[first - 1] if first else 0, *ends[first:last]]
    touching = zip(confidences[first : last + 1], begins, ends[first : last + 1], strict=False)
    values = [confidence for confidence, begin, end in touching if begin < end]
    if not values or not all(isinstance(value, int | float) and 0 <= value <= 1 for value in values):
        return None
    return math.exp(math.fsum([math.log(max(value, _SMALLEST)) for value in values]) / len(values))


def answer_span(text: str, answer: str) -> tuple[int, int]:
    """Where the answer stands in the text, in characters: the last box, else the answer tag, else the whole text."""
    box = text.rfind("boxed{") + len("boxed{")
    if box >= len("boxed{") and text.startswith(answer + "}", box):
        return box, box + len(answer)  # as most do; no need to look for nested braces and echoes
    if (found := last_box(text)) is not None:
        return found.start, found.stop
    if (content := answer_tag(text)) and (start := text.rfind(content)) >= 0:
        return start, start + len(content)
    return 0, len(text)
