"""The steps of finished generations, side by side, from what their run keeps of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from hexcli.errors import UsageError
from hexcli.records import Canvas, Generation

# Columns of a canvas in a picture, and lines before the rest of a text is left out.
COLUMNS, MOST_LINES = 44, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a token on one line of a picture: its text at a line and column, the step (from 0) that made it."""

    text: str
    line: int
    column: int
    step: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One schedule's canvas in a picture.

    name    of the schedule; answer: what it voted for; right: whether that is right, None where unknown
    steps   that it took; lines: that its text takes; cut: whether more text is left out
    """

    name: str
    answer: str | None
    right: bool | None
    steps: int
    lines: int
    cut: bool
    pieces: tuple[Piece, ...]


def canvas_of(generation: Generation) -> Canvas:
    """The finished canvas of a generation, its tokens cut out of its text. See records.Canvas."""
    response, ends = generation.response, generation.token_ends or ()
    starts = (0, *ends)
    pieces = [response.text[start:end] for start, end in zip(starts, ends, strict=False)]
    return Canvas(
        problem_id=generation.problem.id,
        schedule=generation.schedule,
        prompt_name=generation.prompt_name,
        pieces=tuple(pieces) + ("",) * (len(response.commit_step) - len(pieces)),
        commit_step=response.commit_step,
        confidence=tuple(response.commit_confidence),
    )


def replayable(generations: Sequence[Generation]) -> None:
    """Raises UsageError where a generation does not tell when its tokens were committed."""
    for generation in generations:
        if not generation.response.commit_step or generation.token_ends is None:
            raise UsageError(
                f"{generation.problem.id} under {generation.schedule.label} does not tell when its tokens came "
                "(made elsewhere, or by an older version): it cannot be played again"
            )


def chain(generation: Generation, name: str, answer: str | None, right: bool | None, columns: int = COLUMNS) -> Chain:
    """The picture of one generation, its tokens laid out in lines of `columns`."""
    canvas = canvas_of(generation)
    pieces: list[Piece] = []
    line = column = 0
    for text, step, confidence in zip(canvas.pieces, canvas.commit_step, canvas.confidence, strict=True):
        for part in _parts(text or ""):
            if part == "\n":
                line, column = line + 1, 0
                continue
            if column and column + len(part) > columns:
                line, column = line + 1, 0
                part = part.lstrip(" ")
            for start in range(0, len(part), columns):  # a token longer than a line
                cut = part[start : start + columns]
                pieces.append(Piece(text=cut, line=line, column=column, step=max(step, 0), confidence=confidence))
                column += len(cut)
                if len(part) - start > columns:
                    line, column = line + 1, 0
    shown = tuple(piece for piece in pieces if piece.line < MOST_LINES)
    return Chain(
        name=name,
        answer=answer,
        right=right,
        steps=max(canvas.commit_step, default=0) + 1,
        lines=max((piece.line for piece in shown), default=0) + 1,
        cut=len(shown) < len(pieces),
        pieces=shown,
    )


def _parts(text: str) -> list[str]:
    """A token's text, its line breaks apart."""
    parts: list[str] = []
    for place, part in enumerate(text.split("\n")):
        parts += ["\n", part] if place else [part]
    return [part for part in parts if part]
