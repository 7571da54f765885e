"""What a custom prompt asks: a template whose `{name}` stands for the question, the options, or a field of the row.

Braces that hold no name are left alone (`{1}`, `{"a": 5}`), as are the arguments of LaTeX commands (`\\boxed{answer}`);
`{{name}}` writes `{name}`.
"""

import difflib
import re
from collections.abc import Mapping
from typing import Any

_NAME = r"[^\W\d]\w*(?:[ .-]\w+)*"
_PLACE = re.compile(
    rf"\\[a-zA-Z]+(?: ?\{{[^{{}}]*\}})+|\{{\{{(?P<literal>{_NAME})\}}\}}|\{{(?P<name>{_NAME})\}}"  # the first matches
)


def places(template: str) -> tuple[str, ...]:
    """The names that a template has in braces, each once, in their order."""
    return tuple(dict.fromkeys(match["name"] for match in _PLACE.finditer(template) if match["name"]))


def filled(template: str, parts: Mapping[str, str]) -> str:
    """The template with every name replaced by its part; names without one are left as they are."""

    def part(match: re.Match[str]) -> str:
        if match["literal"]:
            return f"{{{match['literal']}}}"
        return parts.get(match["name"] or "", match[0])

    return _PLACE.sub(part, template)


def asked(names: tuple[str, ...], columns: Mapping[str, str], row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a row has for these names: of the field that `columns` says, else of the field of that name.

    Numbers are written out, a list of texts has a line for each, null is nothing. Raises ValueError naming the field.
    """
    return tuple((name, _text(name, columns.get(name, name), row)) for name in names)


def _text(name: str, column: str, row: Mapping[str, Any]) -> str:
    if column not in row:
        near = difflib.get_close_matches(name, list(map(str, row)), n=1, cutoff=0.5)
        hint = f"did you mean {{{near[0]}}}? " if near else ""
        raise ValueError(
            f"the prompt's {{{name}}} is no field of its rows: {hint}they have {', '.join(map(str, row))}; "
            f"a literal {{{name}}} is written {{{{{name}}}}}"
        )
    value = row[column]
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"field '{column}' must be text or a number to stand in the prompt, not {value!r:.60}")
    return str(value)
