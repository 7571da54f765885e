r"""What a response puts into `\boxed{...}`.

Forgiving about form and strict about content: an unclosed box is read as a person would read it, the echo of a
template is no answer. Several boxes that are joined by commas, `and` or `or` are one list. Everything runs in linear
time, on any text.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from hexcli.answers.extraction import TAG, holds_answer

_BARE = r"[-+]?\\?\$?\.?[0-9][0-9.,/]*"
_BRACE = re.compile(
    rf"\\fbox\s{{0,9}}\{{|(?:\\|(?<![a-zA-Z]))boxed\s{{0,9}}\{{|\\boxed\s{{0,9}}{_BARE}|\\.|[{{}}]", re.DOTALL
)
_BOX = re.compile(r"\\?(?:boxed|fbox)\s{0,9}")
_BREAK = re.compile(r"\n|\\[)\]]|>|(?<=.)\$")  # where a box that is never closed ends
_WRAPPED = re.compile(r"\\(?:text|mbox|textrm|textbf|mathrm) ?\{([^{}]{0,20})\}")
_SPACES = re.compile(r"\$|\\[()\[\],;:! ]|\\q?quad(?![a-zA-Z])|\*\*")
_NAME = r"(?:[a-zA-Z]|\\[a-zA-Z]{2,9})(?:_\{?[a-zA-Z0-9]{1,3}\}?)?(?:\([a-zA-Z]\))?"
_JOINT = re.compile(rf"(?P<by>[,;&]|(?:[,;] ?)?(?:and|or|and/or)\b)? ?(?:(?P<name>{_NAME}) ?=)?")
_NAMED = re.compile(rf"(?<![\w\\])(?P<name>{_NAME}) ?= ?$")
_LONGEST_JOINT = 60  # characters between two boxes of one list


class Box(NamedTuple):
    """The content of a box, or of several as a list, and the characters of the text from its first to its last."""

    content: str
    start: int
    stop: int


def boxed(text: str) -> str | None:
    r"""The content of the last `\boxed{...}` (or `\fbox{...}`) that holds an answer, with those that are joined to it.

    Echoes of a template (`\boxed{}`, `\boxed{...}`) hold none. A box that is never closed ends with its line
    or at the next tag. `boxed{...}` counts too: models drop the backslash. `$x=\boxed{3}$ or $x=\boxed{5}$` is `3, 5`,
    and with different names `x=3, y=5`.
    """
    box = last_box(text)
    return None if box is None else box.content


@lru_cache(maxsize=8)  # all that looks at one reply asks for it
def last_box(text: str) -> Box | None:
    """What `boxed` finds, and where in the text it stands."""
    boxes, closed = _found(text)
    limit = len(text)
    for place in range(len(boxes) - 1, -1, -1):
        box, start = boxes[place]
        # Up to the next box at most: no character is looked at twice, however deep the nesting.
        content = TAG.split(text[start : min(closed.get(start, limit), limit)], maxsplit=1)[0].strip()
        if start not in closed:
            content = _BREAK.split(content, maxsplit=1)[0].strip()
        if holds_answer(content):
            first = text.index(content, start)
            return _listed(text, boxes[:place], closed, box, Box(content, first, first + len(content)))
        limit = box
    return None


def _found(text: str) -> tuple[list[tuple[int, int]], dict[int, int]]:
    """Where each box and its content start, in order; and where the contents that are closed end."""
    boxes: list[tuple[int, int]] = []
    closed: dict[int, int] = {}
    braces: list[int] = []  # the open ones: where the content of a box starts, -1 for other braces
    for match in _BRACE.finditer(text):
        if match[0] == "}":
            if braces and (start := braces.pop()) >= 0:
                closed[start] = match.start()
        elif match[0] == "{":
            braces.append(-1)
        elif match[0].endswith("{") and match[0] != r"\{":
            boxes.append((match.start(), match.end()))
            braces.append(match.end())
        elif bare := _BOX.match(match[0]):  # without braces
            boxes.append((match.start(), match.start() + bare.end()))
            closed[match.start() + bare.end()] = match.end()
    return boxes, closed


def _listed(text: str, before: list[tuple[int, int]], closed: dict[int, int], box: int, last: Box) -> Box:
    """The last box with those before it that commas, `and` or `or` join to it."""
    contents, first = [last.content], last.start
    names: list[str | None] = []
    for earlier, start in reversed(before):
        stop = closed.get(start, len(text))
        between = text[stop:box].removeprefix("}") if stop <= box <= stop + _LONGEST_JOINT else "-"
        plain = " ".join(_SPACES.sub(" ", _WRAPPED.sub(r" \1 ", between)).split())
        joint, inside = _JOINT.fullmatch(plain), text[start:stop].strip()
        if joint is None or not (joint["by"] or "\n" not in between) or not holds_answer(inside):
            break
        contents.append(inside)
        names.append(joint["name"])
        box, first = earlier, start
    if len({" ".join(inside.split()) for inside in contents}) == 1:
        return last
    head = _NAMED.search(_SPACES.sub(" ", text[max(0, box - 40) : box]))
    names.append(head["name"] if head else None)
    pairs = list(zip(names, contents, strict=True))[::-1]
    if None not in names and len(set(names)) > 1:
        content = ", ".join(f"{name}={inside}" for name, inside in pairs)
    else:
        content = ", ".join(dict.fromkeys(" ".join(inside.split()) for _, inside in pairs))
    return Box(content, first, last.stop)
