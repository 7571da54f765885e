"""Names and what is to be said of each, a line or more."""

import textwrap
from collections.abc import Iterable

from hexcli.report.terminal import visible

GAP = 2


def facts(rows: Iterable[tuple[str, object]], width: int) -> str:
    """Each name with its text behind it, folded to the width; what belongs to a name stands under its text."""
    told = [(visible(name), visible(text)) for name, text in rows]
    room = max((len(name) for name, _ in told), default=0) + GAP
    lines = []
    for name, text in told:
        head = name.ljust(room)
        lines += textwrap.wrap(
            text, max(width, room + 20), initial_indent=head, subsequent_indent=" " * room, break_on_hyphens=False
        ) or [head.rstrip()]
    return "\n".join(lines)
