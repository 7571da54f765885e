"""What each axis pays as papers and other programs take it: Markdown, LaTeX (booktabs), CSV."""

from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.report.axes import EQUAL, MODES, Frame, correlation, each, name, notes, number, versus
from hexcli.report.comma import csv_text
from hexcli.report.formats import title
from hexcli.report.heads import passes
from hexcli.report.papers import Paper

_HEADS = ("axis", "all else", "at equal", "values", "votes", "NFE", "accuracy, %", "points more than the mean value")
HEADS = (*_HEADS, "p (Holm)", "points more than the best value, in hindsight", "best", "p (Holm)", "within", "across")
_CSV = (
    *("run", "task", "model", "axis", "all_else", "equal", "values", "lines", "problems", "rival", "votes", "nfe"),
    *("accuracy", "ci95_low", "ci95_high", "mean_difference", "mean_low", "mean_high", "mean_p", "mean_p_holm"),
    *("best", "best_difference", "best_low", "best_high", "best_p", "best_p_holm", "within", "across"),
)


def axes_written(frames: Sequence[Frame], format: str) -> str:
    """The axes of runs as markdown, latex or csv."""
    if format == "csv":
        return _comma_separated(frames)
    papers = map(_paper, frames)
    return "\n".join(paper.markdown() if format == "markdown" else paper.latex() for paper in papers)


def _paper(frame: Frame) -> Paper:
    lines: list[list[str]] = []
    sections: list[int] = []
    for row, mode, met, equal in each(frame["axes"]["rows"]):
        best = met["over_best"]
        cells = [name(row), MODES[mode], EQUAL[equal].removeprefix("equal "), str(len(row["values"]))]
        low, high = (100 * end for end in met["ci95"])
        cells += [number(met["votes"]), passes(met["nfe_per_problem"])]
        cells += [f"{100 * met['accuracy']:.1f} [{low:.1f}, {high:.1f}]", *versus(met["over_mean"])]
        points, p = versus(best) if best else ("", "")
        cells += [points, best["value"] if best else "", p]
        cells += [correlation(row["correlation"][which]) for which in ("within", "across")]
        if lines and lines[-1][0] != cells[0]:
            sections.append(len(lines))
        lines.append(cells)
    head, note = f"What each axis pays: {title(frame)}", ". ".join(notes(frame))
    return Paper(title=head, heads=HEADS, rows=lines, note=note, sections=sections)


def _comma_separated(frames: Sequence[Frame]) -> str:
    lines: list[Sequence[object]] = [_CSV]
    for frame in frames:
        for row, mode, met, equal in each(frame["axes"]["rows"]):
            best = met["over_best"]
            lines.append(
                [
                    *(frame[key] for key in ("run", "task", "model")),
                    *(name(row), mode, equal, ";".join(value["value"] for value in row["values"])),
                    *(row["lines"], row["problems"], row["rival"]),
                    *(met["votes"], met["nfe_per_problem"], met["accuracy"], *met["ci95"]),
                    *_numbers(met["over_mean"]),
                    *((best["value"], *_numbers(best)) if best else [""] * 6),
                    *(row["correlation"]["within"], row["correlation"]["across"]),
                ]
            )
    return csv_text(lines)


def _numbers(versus: Mapping[str, Any]) -> list[float]:
    return [versus["difference"], *versus["ci95"], versus["p_value"], versus["p_holm"]]
