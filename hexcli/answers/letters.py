"""The letter of an option that a short answer names.

A text that names no option, or more than one, is an abstention (None). Everything runs in linear time, on any text.
"""

import re
from collections.abc import Sequence

from hexcli.answers.extraction import claim

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_LONGEST = 4000  # characters of an answer with the words around it
_COMMAND = re.compile(r"\\(?:[a-zA-Z]+|.)|[{}$*`'\"<>]")
_LEAD = (
    r"(?:(?:most likely|likely|probably|clearly|definitely|simply|therefore|indeed),? )?"
    r"(?:(?:the |my )?(?:correct |final |best )?(?:answer|option|choice|letter)(?: is)?:? ?)?"
)
_TAIL = r"(?: (?:is|would be)(?: the)? (?:correct|right|best)(?: answer| option| choice| one)?\.?)?"
_LETTER = re.compile(
    rf"{_LEAD}(?:[(\[]?([a-z])[)\]]?[.:!]?{_TAIL}|(?:\(([a-z])\)|([a-z])[.:)]) ?(\S.*))", re.IGNORECASE
)
_ANOTHER = re.compile(r"(?:^|,|\band\b|\bor\b|[&/]) ?(?:\([A-Z]\)|[A-Z](?:[.)]|$))")
_ARTICLE = re.compile(r"(?:^|\s)a[.:!]?$")  # a bare small letter before a reason may be a word


def letter(text: str, n: int) -> str | None:
    r"""The one letter among the first `n` that a short answer names: `B`, `(b)`, `B. foo`, `\text{B}`, `B, since ...`.

    None where there is none or several, and for `A planet`, whose A is a word.
    """
    plain = _plain(text)
    found = _named(plain)
    if found is None and (before := claim(plain)) != plain and not _ARTICLE.search(before):
        found = _named(before)
    return found if found is not None and found in LETTERS[:n] else None


def choice(text: str, options: Sequence[str]) -> str | None:
    """The letter of the option that a short answer names: by letter, by its whole text, or by both."""
    labels = LETTERS[: len(options)]
    if (found := _named(_plain(text))) is not None and found in labels:
        return found
    if found := _option(text[:_LONGEST], options):
        return found
    return letter(text, len(options)) or _option(claim(_plain(text)), options)


def only_choice(text: str, options: Sequence[str]) -> str | None:
    """The same of a text that is nothing but the answer: a letter, an option, or both, and not a word besides."""
    plain = _plain(text)
    match = _LETTER.fullmatch(plain)
    named = match[1].upper() if match and match[1] else None
    if named is not None and named in (LETTERS[: len(options)] or LETTERS) and not _ARTICLE.fullmatch(plain):
        return named
    return _option(text[:_LONGEST], options) or _option(claim(plain), options)


def _plain(text: str) -> str:
    return " ".join(_COMMAND.sub(" ", text[:_LONGEST]).split())


def _named(plain: str) -> str | None:
    match = _LETTER.fullmatch(plain)
    if not match or (match[4] and _ANOTHER.search(match[4])):
        return None
    return str(match[1] or match[2] or match[3]).upper()


def _option(text: str, options: Sequence[str]) -> str | None:
    """The one option whose text this is, with its letter before it or not."""
    said = _letters_and_digits(text)
    labelled = list(zip(LETTERS, options, strict=False))
    same = {
        label for label, option in labelled for name in (option, label + option) if _letters_and_digits(name) == said
    }
    return same.pop() if said and len(same) == 1 else None


def _letters_and_digits(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
