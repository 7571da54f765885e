"""Where a text says its answer, to mark it and to ask when it was settled."""

import re
from bisect import bisect_left, bisect_right

from hexcli.answers.confidence import answer_span
from hexcli.answers.response import response_text
from hexcli.records import Generation


def answer_place(text: str, answer: str | None) -> tuple[int, int] | None:
    """The characters (start, stop) of `text` that say the answer extracted from it; None where it does not say so.

    The content of the last box or answer tag; else the answer's own letters where they stand last, as a whole word.
    """
    return place_in(response_text(text), answer)


def place_in(said: str, answer: str | None) -> tuple[int, int] | None:
    """The same of a text that is cut at its end already."""
    if answer is None:
        return None
    start, stop = answer_span(said, answer)
    if (start, stop) != (0, len(said)) and start < stop:
        return start, stop
    for spelling in dict.fromkeys((answer, _with_commas(answer))):
        spans = [match.span() for match in re.finditer(rf"(?<![\w.]){re.escape(spelling)}(?!\w|[.,]\d)", said)]
        if answer and spans:
            return spans[-1]
    return None


def answer_tokens(generation: Generation, answer: str | None) -> tuple[int, int] | None:
    """The canvas positions (start, stop) of the tokens that spell the answer; None where the run does not tell."""
    place = answer_place(generation.response.text, answer)
    if place is None or generation.token_ends is None or not generation.response.commit_step:
        return None
    first = bisect_right(generation.token_ends, place[0])
    last = bisect_left(generation.token_ends, place[1])
    return (first, min(last + 1, len(generation.token_ends))) if first < len(generation.token_ends) else None


def _with_commas(answer: str) -> str:
    return f"{int(answer):,}" if re.fullmatch(r"-?[0-9]{4,30}", answer) else answer
