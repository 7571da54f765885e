"""Where a response says its answer without a box: an answer tag, what it states, what it concludes, or all it says.

Forgiving about form and strict about content: a missing tag is read as a person would read it, the echo of a template
is no answer. Published harnesses lose points here: d1 and HEX take the whole text for the answer where there is no
box. Everything runs in linear time, on any text.
"""

import re
from itertools import chain
from typing import NamedTuple

TAG = re.compile(r"</|<(?:answer|reasoning|think)\b")
_EMPTY_BOX = re.compile(r"\\?boxed\s{0,9}\{[\s.]{0,9}\}|\\boxed")
_ECHO = re.compile(
    r"[\[(<]?(?:\\text ?\{)?(?:\\[lc]?dots"
    r"|(?:(?:your|the|insert|a|one) )?(?:final |correct |single )?(?:answer|letter|number|choice|option|result|value)"
    r"(?: here| letter| choice)?)\}?[\])>]?",
    re.IGNORECASE,
)
_OPEN = re.compile(r"< ?answer ?>|(?<![\w/<])answer>", re.IGNORECASE)
_WORDS = r"(?:answer|(?:correct|right|best) (?:option|choice|letter))(?: to [^.\n]{1,60}?)?"
_MARKER = re.compile(
    rf"\b{_WORDS}[*_]{{0,3}} ?(?:(?P<verb>is|would be|must be)\b[*_:]{{0,4}}|[:=][*_]{{0,3}})"
    r"|^[#*_ \t]{1,8}(?:Final |Correct )?Answer[*_# \t]{0,8}$",
    re.IGNORECASE | re.MULTILINE,
)
_SHORT_MARKER = re.compile(r"^[*_ \t]{0,4}A[*_]{0,3}:[*_]{0,3}", re.MULTILINE)
_LABEL = re.compile(r"^[*_ \t]{0,4}[B-PR-Z][*_]{0,3}:", re.MULTILINE)  # where there are others, A is one of them
_REASON = re.compile(
    r"(?:[,;:]|\s[-\u2013\u2014])?\s(?:since|because|(?<!as well )as(?! well)|which|due to|given that|i\.e\.|that is"
    r"|meaning|rather than)(?:\s|$)|[,;]\s(?:so|where|for|being|and not|but not|not)\s"
)
_MARK = re.compile(r"(</[^<>\n]{0,12}>?)|<(?:answer|reasoning|think)>")
_TRAILING = " \t\n.$"
_LONGEST = 1000  # characters of a last sentence
_FAR = 200  # characters of a stated answer
_STOP = re.compile(r"(?<=[^\s.])\.(?:\s|$)|\n")
_PROSE = re.compile(r"(?:[A-Za-z][\w'\u2019]*,?\s+){2}")
_MOST = 50  # statements that are looked at, the last ones
_EXPLAINED = re.compile(r"[#*_ ]{0,6}(?:explanation|reason(?:ing)?|rationale|justification|because)\b", re.IGNORECASE)


class _Statement(NamedTuple):
    """What stands behind a marker, to the end of its sentence; `end` is where that is in the text."""

    said: str
    end: int


def answer_tag(text: str) -> str | None:
    """The content of the last `<answer>...</answer>` that holds an answer, closed or not."""
    limit = len(text)
    if ">" not in text:
        return None
    for tag in reversed(list(_OPEN.finditer(text))):
        content = _EMPTY_BOX.sub("", TAG.split(text[tag.end() : limit], maxsplit=1)[0]).strip()
        if holds_answer(content):
            return content
        limit = tag.start()
    return None


def stated(text: str, *, numeric: bool = False) -> list[str]:
    """What follows each `answer is` or `answer:`, on its line or the next, to the end of the sentence; last one first.

    A statement of what the answer is not takes back the same one said before. With `numeric` there is `A:` too, and
    reasoning that only begins behind a marker (`Answer: He has 3 + 4 = 7. Then ...`) is no statement.
    """
    markers = [(match.span(), match["verb"] is None) for match in _MARKER.finditer(text)] if _may_state(text) else []
    if numeric and not _LABEL.search(text):
        markers = sorted([*markers, *((match.span(), True) for match in _SHORT_MARKER.finditer(text))])
    last_digit = max(map(text.rfind, "0123456789")) if markers else -1
    found: list[str] = []
    taken_back = set()
    limit = len(text)
    for (marker, start), label in reversed(markers[-_MOST:]):
        statement, limit = _statement(text, start, limit), marker
        if statement is None:
            continue
        said, end = statement
        if said.startswith("not "):
            taken_back.add(_core(said[4:]))
        elif numeric and label and _begins(said) and last_digit >= end:
            continue
        elif _core(said) not in taken_back:
            found.append(said)
    return found


def claim(sentence: str) -> str:
    """A sentence without the reason that it gives: `B, since fish swim in it` is `B`."""
    return _REASON.split(sentence, maxsplit=1)[0].strip()


def conclusion(text: str) -> str | None:
    r"""The last sentence of a reply that is finished, for want of an answer: `So he saved 36 - 30 = 6 dollars`.

    Finished means that it closed a tag; where a canvas ends in the middle of a thought there is no conclusion.
    """
    marks = list(_MARK.finditer(text))
    if not any(mark[1] for mark in marks):
        return None
    edges = [0, *chain.from_iterable(mark.span() for mark in marks), len(text)]
    for start, end in zip(edges[-2::-2], edges[-1::-2], strict=True):
        if start == end:
            continue
        said = _EMPTY_BOX.sub("", text[max(start, end - _LONGEST) : end]).rstrip(_TRAILING)
        while said.endswith((r"\)", r"\]")):
            said = said[:-2].rstrip(_TRAILING)
        sentence = _STOP.split(said)[-1].strip()
        if any(map(str.isalpha, sentence)):
            return sentence
    return None


def only_line(text: str) -> str | None:
    """The one line of a reply that is no more than its answer; an explanation may follow it."""
    lines = [line for part in _MARK.sub("\n", text[: 2 * _LONGEST]).splitlines() if (line := part.strip())]
    if not lines or len(text) > 2 * _LONGEST or len(lines[0]) > _FAR:
        return None
    alone = len(set(lines)) == 1 or _EXPLAINED.match(lines[1])
    return lines[0] if alone and holds_answer(lines[0]) and "boxed" not in lines[0] else None  # a box held no answer


def holds_answer(content: str) -> bool:
    """Whether a text is more than the echo of a template."""
    return any(map(str.isalnum, content)) and not _ECHO.fullmatch(content)


def _may_state(text: str) -> bool:
    """Whether the marker is worth looking for: most texts have a box, and none of its words."""
    return not text.isascii() or any(word in text.lower() for word in ("answer", "option", "choice", "letter"))


def _begins(said: str) -> bool:
    """Whether a sentence is the first of a calculation rather than an answer."""
    return "=" in said or _PROSE.match(said) is not None


def _statement(text: str, start: int, limit: int) -> _Statement | None:
    """The first sentence behind a marker that ends at `start`, up to the next marker; None where it says nothing."""
    window = text[start : min(limit, start + 2 * _FAR)]
    place = 0
    for line in window.split("\n")[:6]:
        sentence = _STOP.split(line[:_FAR].strip(), maxsplit=1)[0]
        said = _EMPTY_BOX.sub("", sentence).strip()
        if TAG.match(said):
            return None
        if holds_answer(said):
            return _Statement(said, start + place + line.index(sentence) + len(sentence))
        if any(map(str.isalnum, said)):  # an echo
            return None
        place += len(line) + 1
    return None


def _core(said: str) -> str:
    return "".join(filter(str.isalnum, said)).casefold()
