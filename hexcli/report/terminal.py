"""What files, models and names say, shown to people and never obeyed by their terminal."""

import re

# Unicode's controls (C0, DEL, C1), what reorders a line (UAX 9), what takes no width, and half surrogates.
HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # not the newline and the tab, which are judged apart
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks, embeddings, overrides and isolates of direction
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\u2028\u2029\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"  # separators, annotations, tags
    "\ud800-\udfff"
)
_IN_LINES = re.compile(f"[{HIDDEN}]")
_IN_A_LINE = re.compile(f"[\t\n{HIDDEN}]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def visible(text: object, *, lines: bool = False) -> str:
    """The text with every character that a terminal would obey, or not show, as an escape: `\\x1b`, `\\u202e`.

    A newline or tab is escaped too, so that a name cannot begin a line of its own, unless `lines` are meant: a
    response, a table. Nothing is taken away, and what is visible already stays as it is.
    """
    text = str(text)
    if lines:
        return _IN_LINES.sub(_escape, text.replace("\r\n", "\n"))
    return _IN_A_LINE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if match[0] in _SHORT:
        return _SHORT[match[0]]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
