"""Two chains of one problem side by side: where they part, and what each says from there on."""

import difflib
import re
from typing import TYPE_CHECKING

from hexcli.insight.inspection import Inspection
from hexcli.records import Generation
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

# Pairs of words to compare: beyond them only the place where the texts part is marked.
MOST_PAIRS = 4_000_000
_WORDS = re.compile(r"\s*\S+|\s+$")


def parting_view(inspection: Inspection, first: int, second: int) -> "Group":
    """The texts of the votes at two places: what they share dim, what only one says underlined."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    votes = inspection.ballot.votes
    pair = [inspection.ballot.generations[place] for place in (first, second)]
    texts = [generation.response.text for generation in pair]
    names = [f"block {visible(inspection.label(votes[place]))}" for place in (first, second)]
    place = parting(*texts)
    parts: list[Group | Padding | Text | str] = [Text(where(pair[0], pair[1], place), style="bold")]
    for name, text in zip(names, _marked(*texts), strict=True):
        parts += ["", Text(name, style="bold"), Padding(text, (0, 0, 0, 4))]
    return Group(*parts)


def parting(one: str, other: str) -> int | None:
    """The first character in which two texts differ; None where they are the same."""
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return None if len(one) == len(other) else min(len(one), len(other))


def where(one: Generation, other: Generation, place: int | None) -> str:
    """Where two texts part, in characters and, where the run tells, in tokens and the steps that made them."""
    if place is None:
        return "the two texts are the same"
    said = f"they part at character {place} of {len(one.response.text)} and {len(other.response.text)}"
    tokens = [_token(generation, place) for generation in (one, other)]
    if None in tokens:
        return said
    steps = [
        generation.response.commit_step[token]
        for generation, token in zip((one, other), tokens, strict=True)
        if token is not None and token < len(generation.response.commit_step)
    ]
    made = f", made at step {steps[0]} and {steps[1]}" if len(steps) == 2 else ""
    return f"{said}: token {tokens[0]} and {tokens[1]}{made}"


def _token(generation: Generation, place: int) -> int | None:
    """The token that holds a character of the text."""
    if generation.token_ends is None:
        return None
    return sum(end <= place for end in generation.token_ends)


def _marked(one: str, other: str) -> "tuple[Text, Text]":
    from rich.text import Text

    words = _WORDS.findall(one), _WORDS.findall(other)
    if len(words[0]) * len(words[1]) > MOST_PAIRS:
        place = parting(one, other) or 0
        return _halves(one, place), _halves(other, place)
    texts = Text(), Text()
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    for kind, start, stop, from_, to in matcher.get_opcodes():
        style = "dim" if kind == "equal" else "bold underline"
        texts[0].append(visible("".join(words[0][start:stop]), lines=True), style=style)
        texts[1].append(visible("".join(words[1][from_:to]), lines=True), style=style)
    return texts


def _halves(text: str, place: int) -> "Text":
    from rich.text import Text

    same, other = (visible(part, lines=True) for part in (text[:place], text[place:]))
    return Text.assemble((same, "dim"), (other, "bold underline"))
