"""Scores as papers and other programs take them: Markdown, LaTeX (booktabs), CSV."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hexcli.errors import plural
from hexcli.report.comma import csv_text
from hexcli.report.heads import passes
from hexcli.report.joint import joint_lines, joint_papers
from hexcli.report.papers import Paper
from hexcli.report.terminal import visible

Frame = Mapping[str, Any]
Row = Mapping[str, Any]

# Columns of the CSV: of a run, of a row, and of its comparison with the best single schedule.
_RUN = ("run", "task", "model")
_ROW = (
    "kind", "name", "votes", "problems", "accuracy", "correct", "abstained", "ties", "nfe_per_problem",
    "tokens_per_problem",
)  # fmt: skip
_VERSUS = ("difference", "won", "lost", "p_value", "p_holm")
HEADS = (
    "",
    "accuracy, % [95 % interval]",
    "n",
    "votes",
    "NFE",
    "points more than {best} [95 % interval]",
    "p",
    "p (Holm)",
)


def written(frames: Sequence[Frame], format: str) -> str:
    """The score frames of runs in one of FORMATS."""
    return FORMATS[format](frames)


def markdown(frames: Sequence[Frame]) -> str:
    """A table a run, under a line that says what it is of."""
    return "\n".join(paper.markdown() for frame in frames for paper in _papers(frame))


def latex(frames: Sequence[Frame]) -> str:
    """A `table` a run, for `\\usepackage{booktabs}`."""
    return "\n".join(paper.latex() for frame in frames for paper in _papers(frame))


def _papers(frame: Frame) -> list[Paper]:
    return [_paper(frame), *joint_papers(frame, title(frame))]


def _paper(frame: Frame) -> Paper:
    rows = frame["rows"]
    return Paper(
        title=title(frame),
        heads=[head.format(best=_best(frame)) for head in HEADS],
        rows=[_cells(frame, row) for row in rows],
        note=_note(frame),
        sections=[place for place in range(1, len(rows)) if rows[place]["kind"] != rows[place - 1]["kind"]],
    )


def comma_separated(frames: Sequence[Frame]) -> str:
    """A line a row, all runs in one table; shares from 0 to 1."""
    heads = [*_RUN, *_ROW, "ci95_low", "ci95_high", "rival", *_VERSUS, "difference_low", "difference_high"]
    lines: list[Sequence[object]] = [heads]
    for frame in frames:
        for row in (*frame["rows"], *joint_lines(frame)):
            versus = _first_rival(row)
            difference = versus.get("ci95", ("", ""))
            lines.append(
                [
                    *(frame[name] for name in _RUN),
                    *(row.get(name, "") for name in _ROW),
                    *row["ci95"],
                    versus.get("name", ""),
                    *(versus.get(name, "") for name in _VERSUS),
                    *difference,
                ]
            )
    return csv_text(lines)


FORMATS: dict[str, Callable[[Sequence[Frame]], str]] = {
    "markdown": markdown,
    "latex": latex,
    "csv": comma_separated,
}


def _cells(frame: Frame, row: Row) -> list[str]:
    low, high = row["ci95"]
    versus = _first_rival(row)
    name = f"block {row['name']}" if row["kind"] == "schedule" else str(row["name"])
    name = "oracle (any vote right)" if row["kind"] == "oracle" else name
    return [
        f"{name} *" if row.get("partial") else name,
        f"{100 * row['accuracy']:.1f} [{100 * low:.1f}, {100 * high:.1f}]",
        str(row.get("problems", frame["problems"])),
        str(row["votes"]),
        passes(row["nfe_per_problem"]),
        _difference(versus) if versus else "",
        _p(versus["p_value"]) if versus else "",
        _p(versus["p_holm"]) if versus.get("p_holm") is not None else "",
    ]


def _first_rival(row: Row) -> Mapping[str, Any]:
    """The comparison with the best single schedule; empty for rows that have none."""
    versus: Sequence[Mapping[str, Any]] = row.get("versus") or ({},)
    return versus[0]


def _difference(versus: Mapping[str, Any]) -> str:
    low, high = versus["ci95"]
    return f"{100 * versus['difference']:+z.1f} [{100 * low:+z.1f}, {100 * high:+z.1f}]"


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else "<0.001"


def title(frame: Frame) -> str:
    """What a table is of."""
    unfinished = "" if frame["complete"] else ", unfinished"
    run, task, model = (visible(frame[name]) for name in _RUN)
    return f"{run}: {task}, {model}, {plural(frame['problems'], 'problem')}{unfinished}"


def _best(frame: Frame) -> str:
    return f"block {visible(frame['best_single'])}"


def _note(frame: Frame) -> str:
    """What a reader has to know to trust the table."""
    count = frame.get("comparisons", 0)
    compared = (
        f"; Holm's p corrects for all {plural(count, 'comparison')} with it and with majority" if count > 1 else ""
    )
    votes = "; * of the votes there are" if any(row.get("partial") for row in frame["rows"]) else ""
    return (
        "Accuracy with Wilson intervals; NFE: forward passes a problem; differences paired by problem, by a sign-flip "
        f"test, to the single schedule that turned out best (in hindsight){compared}{votes}."
    )
