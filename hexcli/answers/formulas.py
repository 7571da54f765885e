"""The formula, or the number, that a sentence states without a box: `$4$`, `x = \\frac{3}{4}`, `12 cm`."""

import re

from hexcli.answers.extraction import claim

_IN_MATH_MODE = re.compile(
    r"(?:^|\b(?:is|are|equals):? )(?:\\[(\[]|\$)((?:[^$\\]|\\[^)\]]){1,100}?)(?:\\[)\]]|\$)?\.?$"
)
_LONGEST = 100  # characters; more, without a box, is prose and not an answer
_DELIMITERS = re.compile(r"\\[()\[\]]|\$|\*\*")
_GROUP = re.compile(r"\\(?:text|mbox|textrm|textbf|mathrm|operatorname) ?\{[^{}]*\}|\\begin\{[a-z]*\}|\\end\{[a-z]*\}")
_COMMAND = re.compile(r"\\[a-zA-Z]+|\\.")
_KNOWN = re.compile(r"\b(?:and|or|sin|cos|tan|cot|sec|csc|log|ln|exp|sqrt|pi|mod|min|max|gcd|lcm|infinity)\b")
_SAID = re.compile(
    r"(?:yes|no|true|false|even|odd|never|always|undefined|none|no (?:real )?solutions?|does not exist|infinity"
    r"|(?:all|any) real numbers?|all reals|infinitely many(?: solutions)?)",
    re.IGNORECASE,
)
_WITH_UNIT = re.compile(r"[-+]?\\?\$? ?[0-9][0-9.,/ ]*(?:\\?%|°)?(?: ?[a-zA-Z]+[./^0-9]*){0,3}")
_WORD = re.compile(r"[a-zA-Z]{2,}")
_SENTENCE = re.compile(r"[a-zA-Z$)}\]0-9]{2}[.:](?:\s+(?=[A-Z\\$])|\s*\n|$)")


def formula(sentence: str | None) -> str | None:
    """What a sentence ends with in math mode, behind `is` or at its start."""
    match = _IN_MATH_MODE.search(sentence or "")
    return match[1] if match else None


def bare_formula(sentence: str) -> str | None:
    """The whole of a short text that is mathematics and no prose, in math mode or not; None for any other."""
    text = " ".join(_DELIMITERS.sub(" ", sentence).split()).rstrip(" .")
    if not text or len(text) > _LONGEST:
        return None
    if _SAID.fullmatch(text) or _WITH_UNIT.fullmatch(text):
        return text
    rest = _KNOWN.sub(" ", _COMMAND.sub(" ", _GROUP.sub(" ", text)))
    if _WORD.search(rest) or not (any(map(str.isalnum, rest)) or _GROUP.search(text) or "\\" in text):
        return None
    return text


def stated_formula(sentence: str) -> str | None:
    """What a statement says the answer is: in math mode at its end, else all of it, without its reason."""
    return formula(sentence) or bare_formula(sentence) or formula(claim(sentence)) or bare_formula(claim(sentence))


def solution(text: str) -> bool:
    """Whether a text is prose that leads to an answer rather than the answer: sentences, or a long one."""
    plain = _GROUP.sub(" ", text).strip()
    words = len(_WORD.findall(_COMMAND.sub(" ", plain)))
    if len(_SENTENCE.findall(plain)) > 1 or (len(text) > _LONGEST and words > 5):
        return True
    return words > 2 and plain.endswith((".", ":")) and any(char.isdigit() or char in "$=" for char in plain)
