"""The one way to print with rich: what it styles is ours, what it is told to show is escaped."""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

# Columns where stdout is no terminal: wide enough that no cell is cut in a log.
PLAIN_WIDTH = 100


def console(stream: TextIO | None = None) -> "Console":
    """A console on `stream` (default: stdout), with its own width on a terminal, else that of $COLUMNS or a fixed one.

    Every text that comes out of it went through `visible`, whoever made the table: only rich's own colours and
    cursor movements are control characters, and no `[markup]` is read. Where width matters, names are made visible
    before.
    """
    from rich.console import Console
    from rich.segment import Segment

    class SafeConsole(Console):
        def render(self, renderable: "RenderableType", options: "ConsoleOptions | None" = None) -> "Iterable[Segment]":
            for segment in super().render(renderable, options):
                if segment.control:
                    yield segment
                else:
                    yield Segment(visible(segment.text, lines=True), segment.style)

    stream = stream or sys.stdout
    styled: Any = getattr(stream, "styled", stream)  # a Gate's way for what is escaped already
    width = None if stream.isatty() or os.environ.get("COLUMNS", "").isdecimal() else PLAIN_WIDTH
    return SafeConsole(file=styled, width=width, highlight=False, markup=False, emoji=False)
