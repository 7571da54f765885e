"""A canvas as text that is being filled in: what is masked is a shade, a token has the colour of its step or its
confidence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.records import Canvas
from hexcli.report.strip import colour
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.text import Text

MASKED = "░"


def canvas_text(canvas: Canvas, by: str) -> "Text":
    """The canvas in colour; `by`: step, or confidence. The text's end is where nothing but masks and ends follow."""
    from rich.text import Text

    text = Text()
    last = max(canvas.schedule.steps - 1, 1)
    end = _shown(canvas.pieces)
    for piece, step, confidence in zip(
        canvas.pieces[:end], canvas.commit_step[:end], canvas.confidence[:end], strict=True
    ):
        if piece is None:
            text.append(MASKED, style="dim")
        else:
            text.append(visible(piece, lines=True), style=colour(step / last if by == "step" else confidence))
    if left := sum(piece is None for piece in canvas.pieces[end:]):
        text.append(f" {MASKED} x {left}", style="dim")
    return text


def _shown(pieces: Sequence[str | None]) -> int:
    """How many tokens are shown one by one: up to the last that is there and has text, and a few masks behind it."""
    written = [place for place, piece in enumerate(pieces) if piece]
    return min((written[-1] + 1 if written else 0) + 8, len(pieces))
