"""A problem's recording, in the format that its file name asks for."""

from collections.abc import Sequence
from pathlib import Path

from hexcli.errors import UsageError
from hexcli.files import write_atomically
from hexcli.insight.inspection import Inspection
from hexcli.report.motion.frames import chain, replayable
from hexcli.report.motion.gif import gif
from hexcli.report.motion.html import html
from hexcli.report.motion.svg import svg
from hexcli.report.showing import why

FORMATS = (".svg", ".gif", ".html")
MARK = "recorded by hex"  # by which a recording of ours is known


def check_name(path: Path) -> None:
    """Raises UsageError where the name asks for no format that there is, or its folder does not exist."""
    if path.is_dir():
        raise UsageError(f"'{path}' is a folder: name a file in it, --record {path / 'decoding.svg'}")
    if path.suffix.lower() not in FORMATS:
        stem = path.stem if path.stem.strip("-") and path.stem.lower() not in FORMATS else "decoding"
        better = path.with_name(stem).with_suffix(".gif" if path.suffix else ".svg")
        raise UsageError(f"--record writes {', '.join(FORMATS)}, not '{path.name}': --record {better}")
    if not path.parent.is_dir():
        raise UsageError(f"no folder '{path.parent}' to record into: make it, or choose another file")


def record(path: Path, inspection: Inspection, *, by: str = "step") -> None:
    """Write the recording of one problem: its canvases filling step by step, then the majority.

    `by`: what colours a token (filling.canvas_text). Raises UsageError where the run does not tell when tokens came.
    """
    check_name(path)
    ballot = inspection.ballot
    replayable(ballot.generations)
    chains = [
        chain(generation, inspection.label(vote), vote.answer, inspection.graded(vote.answer))
        for vote, generation in zip(ballot.votes, ballot.generations, strict=True)
    ]
    title, verdict = " ".join(ballot.problem.question.split()), _verdict(inspection)
    if path.suffix.lower() == ".gif":
        content = gif(title, chains, verdict, by=by, mark=MARK)
    elif path.suffix.lower() == ".svg":
        content = _marked(svg(title, chains, verdict, by=by))
    else:
        texts: Sequence[str] = [generation.response.text for generation in ballot.generations]
        content = _marked(html(title, chains, verdict, texts, by=by))
    write_atomically(path, [content])


def _marked(text: str) -> bytes:
    return f"{text.rstrip()}\n<!-- {MARK} -->\n".encode()


def _verdict(inspection: Inspection) -> str:
    decision = inspection.decisions["majority"]
    if decision.answer is None:
        return "majority: no answer"
    right = {True: ", right", False: ", wrong", None: ""}[inspection.graded(decision.answer)]
    return f"majority: {decision.answer}{right}  ({why(decision)})"
