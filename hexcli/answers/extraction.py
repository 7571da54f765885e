"""Where a response says its answer: cut at its end, then a box, an answer tag, or what it says last.

Forgiving about form and strict about content: an unclosed box or a missing tag are read as a person would read
them, the echo of a template is no answer. Published harnesses lose points here: d1 and HEX take the whole text for
the answer where there is no box. Everything runs in linear time, on any text.
"""

import re
from itertools import chain

# End of turn or of text in the vocabularies of LLaDA (1 and 2), Qwen/Dream, Llama, Gemma, DeepSeek and gpt-oss, and
# what opens another turn.
_END = re.compile(
    r"<\|(?:eot_id|eom_id|endoftext|end_of_text|im_end|im_start|start_header_id|end|return|role_end)\|>"
    r"|<end_of_turn>|<start_of_turn>|</s>|<eos>|<\uff5cend\u2581of\u2581sentence\uff5c>"
)
_BARE = r"[-+]?\\?\$?\.?[0-9][0-9.,/]*"
_BRACE = re.compile(
    rf"\\fbox\s{{0,9}}\{{|(?:\\|(?<![a-zA-Z]))boxed\s{{0,9}}\{{|\\boxed\s{{0,9}}{_BARE}|\\.|[{{}}]", re.DOTALL
)
_BOX = re.compile(r"\\?(?:boxed|fbox)\s{0,9}")
_TAG = re.compile(r"</|<(?:answer|reasoning|think)\b")
_BREAK = re.compile(r"\n|\\[)\]]|>|(?<=.)\$")  # where a box that is never closed ends
_EMPTY_BOX = re.compile(r"\\?boxed\s{0,9}\{[\s.]{0,9}\}|\\boxed")
_ECHO = re.compile(
    r"[\[(<]?(?:\\text ?\{)?(?:\\[lc]?dots"
    r"|(?:(?:your|the|insert|a|one) )?(?:final |correct |single )?(?:answer|letter|number|choice|option|result|value)"
    r"(?: here| letter| choice)?)\}?[\])>]?",
    re.IGNORECASE,
)
_OPEN = re.compile(r"< ?answer ?>|(?<![\w/<])answer>", re.IGNORECASE)
_STATED = re.compile(r"\banswer(?: to [^.\n]{1,60}?)?(?: is\b:?|:) ?(?!\s*$)([^\n]{1,200})", re.IGNORECASE)
_MARK = re.compile(r"(</[^<>\n]{0,12}>?)|<(?:answer|reasoning|think)>")
_TRAILING = " \t\n.$"
_LONGEST = 1000  # characters of a last sentence
_STOP = re.compile(r"(?<=[^\s.])\.(?:\s|$)|\n")


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
        elif bare := _BOX.match(match[0]):  # without braces
            boxes.append((match.start(), match.start() + bare.end()))
            closed[match.start() + bare.end()] = match.end()
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


def stated(text: str) -> str | None:
    """What follows the last `answer is` or `answer:`, to the end of the sentence; None behind a `not`."""
    said = [_STOP.split(match[1], maxsplit=1)[0].strip() for match in _STATED.finditer(text)]
    said = [sentence for sentence in said if _holds_answer(sentence)]
    return said[-1] if said and not said[-1].startswith("not ") else None


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


def _holds_answer(content: str) -> bool:
    return any(map(str.isalnum, content)) and not _ECHO.fullmatch(content)
