"""What a response answers, and whether two answers are the same: shared by the tasks.

Extraction is forgiving about form and strict about content: an unclosed box, a missing tag, a unit or a comma
are read as a person would read them; a text that names no answer, or more than one, is an abstention (None).
Published harnesses lose points here: d1 and HEX read `\\boxed{1,000}` as 1, and take the whole text for the
answer where there is no box. Everything runs in linear time, on any text.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from hexcli.equality import math_key, same_math, value
from hexcli.latex import latex

__all__ = [
    "LETTERS", "answer_tag", "boxed", "choice", "latex", "letter", "math_key", "number", "response_text",
    "same_math",
]  # fmt: skip

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# End of turn or of text in the vocabularies of LLaDA, Qwen/Dream, Llama and Gemma, and what opens another turn.
_END = re.compile(
    r"<\|(?:eot_id|eom_id|endoftext|end_of_text|im_end|im_start|start_header_id|end)\|>"
    r"|<end_of_turn>|<start_of_turn>|</s>|<eos>"
)
_BRACE = re.compile(r"\\fbox\s{0,9}\{|(?:\\|(?<![a-zA-Z]))boxed\s{0,9}\{|\\.|[{}]", re.DOTALL)
_TAG = re.compile(r"</|<(?:answer|reasoning|think)\b")
_BREAK = re.compile(r"\n|\\[)\]]|>|(?<=.)\$")  # where a box that is never closed ends
_EMPTY_BOX = re.compile(r"\\?boxed\s{0,9}\{[\s.]{0,9}\}|\\boxed")
_ECHO = re.compile(
    r"(?:\\text ?\{)?(?:\\[lc]?dots|(?:(?:your|the|insert) )?(?:final |correct )?(?:answer|letter)(?: here)?)\}?",
    re.IGNORECASE,
)
_OPEN = re.compile(r"< ?answer ?>|(?<![\w/<])answer>", re.IGNORECASE)

_LONGEST = 4000  # characters of a number with the words around it
_MOST_DIGITS = 40  # of a terminating decimal; longer ones stay fractions
_WRAPPED = re.compile(r"\\(?:text|textbf|textrm|mathrm|mbox) ?\{([^{}]*)\}?")
_DRESS = re.compile(r"\\[$%,!;]|[$%]|\*\*|\^\{?\\circ\}?|°|(?<=[a-zA-Z]{2})\^\{?[23]\}?|(?<=[0-9]):00(?![0-9])")
_NO_BRACES = str.maketrans("{}", "  ")
_JOINED = re.compile(r",\s|;|\band\b")
_SHORT_UNIT = "mm|cm|km|kg|ft|in|lb|oz|hr|ml|am|pm|st|nd|rd|th"
_WORD = re.compile(
    r"(-?(?:[0-9]{1,4}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?)(?:/([0-9]+))?"
    rf"(?:-?[a-zA-Z]{{3,}}.*|{_SHORT_UNIT})?"
)

_LEAD = r"(?:(?:the )?(?:correct |final |best )?(?:answer|option|choice)(?: is)?:? )?"
_LETTER = re.compile(rf"{_LEAD}(?:[(\[]?([a-z])[)\]]?[.:]?|(?:\(([a-z])\)|([a-z])[.:)]) ?(\S.*))", re.IGNORECASE)
_ANOTHER = re.compile(r"(?:^|,|\band\b|\bor\b|[&/]) ?(?:\([A-Z]\)|[A-Z](?:[.)]|$))")


def response_text(text: str) -> str:
    """The response up to the first end-of-turn or end-of-text token."""
    end = _END.search(text)
    return text[: end.start()] if end else text


def boxed(text: str) -> str | None:
    r"""The content of the last `\boxed{...}` (or `\fbox{...}`) that holds an answer.

    Echoes of a template (`\boxed{}`, `\boxed{...}`) hold none. A box that is never closed ends with its line
    or at the next tag. `boxed{...}` counts too: models drop the backslash.
    """
    boxes: list[tuple[int, int]] = []  # where each box and its content start
    closed: dict[int, int] = {}  # start of a content -> its end
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
    limit = len(text)
    for box, start in reversed(boxes):
        # Up to the next box at most: no character is looked at twice, however deep the nesting.
        content = _TAG.split(text[start : min(closed.get(start, limit), limit)], maxsplit=1)[0].strip()
        if start not in closed:
            content = _BREAK.split(content, maxsplit=1)[0].strip()
        if _holds_answer(content):
            return content
        limit = box
    return None


def answer_tag(text: str) -> str | None:
    """The content of the last `<answer>...</answer>` that holds an answer, closed or not."""
    limit = len(text)
    for tag in reversed(list(_OPEN.finditer(text))):
        content = _EMPTY_BOX.sub("", _TAG.split(text[tag.end() : limit], maxsplit=1)[0]).strip()
        if _holds_answer(content):
            return content
        limit = tag.start()
    return None


def number(text: str) -> str | None:
    r"""The one number that a short answer names, in canonical form: `18`, `-0.5`, `1/3`.

    Reads `1,000`, `$18`, `18 dollars.`, `50\%`, `\frac{1}{2}`, `1 1/2`, `3.5e2`, `6 * 3 = 18`, `2:00 pm`.
    None where there is no number, or several, or something computed: `12 or 13`, `2k`, `\sqrt{2}`, `1,5`.
    """
    if len(text) > _LONGEST:
        return None
    found = value(latex(text))
    if found is None:
        numbers = set(_numbers(text))
        found = numbers.pop() if len(numbers) == 1 else None
    return None if found is None else _canonical(found)


def letter(text: str, n: int) -> str | None:
    r"""The one letter among the first `n` that a short answer names: `B`, `(b)`, `B. foo`, `\text{B}`.

    None where there is none or several, and for `A planet`, whose A is a word.
    """
    plain = " ".join(_DRESS.sub(" ", _WRAPPED.sub(r" \1 ", text[:_LONGEST])).split())
    match = _LETTER.fullmatch(plain)
    if not match or (match[4] and _ANOTHER.search(match[4])):
        return None
    found = (match[1] or match[2] or match[3]).upper()
    return found if found in LETTERS[:n] else None


def choice(text: str, options: Sequence[str]) -> str | None:
    """The letter of the option that a short answer names, by letter or by its whole text."""
    if found := letter(text, len(options)):
        return found
    said = _letters_and_digits(text[:_LONGEST])
    same = [label for label, option in zip(LETTERS, options, strict=False) if _letters_and_digits(option) == said]
    return same[0] if said and len(same) == 1 else None


def _holds_answer(content: str) -> bool:
    return any(map(str.isalnum, content)) and not _ECHO.fullmatch(content)


def _numbers(text: str) -> Iterator[Fraction | None]:
    """The numbers among the words of a text, or of its last right-hand side; None for what only looks like one."""
    if "=" in text and not _JOINED.search(text):
        text = text.rpartition("=")[2]
    text = re.sub(r"\\[dt]?frac ?\{([0-9]+)\}\{([0-9]+)\}", r"\1/\2", _WRAPPED.sub(r" \1 ", text))
    for word in _DRESS.sub("", text).translate(_NO_BRACES).split():
        if not word.strip("+-*/") or any(char in r"\^_!" for char in word):
            yield None
        elif any(char in "0123456789" for char in word):
            match = _WORD.fullmatch(word.strip(".,;:()[]<>?'\""))
            sound = match and match[1].strip("-") and int(match[2] or 1)
            yield Fraction(match[1].replace(",", "")) / int(match[2] or 1) if match and sound else None


def _canonical(number: Fraction) -> str:
    """An integer, a terminating decimal of reasonable length, or else a reduced fraction."""
    if number.denominator == 1:
        return str(number.numerator)
    for places in range(1, _MOST_DIGITS):
        scaled = number * 10**places
        if scaled.denominator == 1:
            digits = str(abs(scaled.numerator)).zfill(places + 1)
            return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return f"{number.numerator}/{number.denominator}"


def _letters_and_digits(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
