"""`hex score --each`: a line a problem or a generation, for a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexcli.cli.output import print_json
from hexcli.errors import UsageError

if TYPE_CHECKING:
    from hexcli.runs.counting import Count


class Each(StrEnum):
    """What has a line."""

    problem = "problem"
    generation = "generation"


def lines_of(
    counted: "Count", graded: Iterable[Mapping[str, Any]], each: Each, aggregators: Sequence[str]
) -> list[dict[str, Any]]:
    """The lines of a run, by what graded.jsonl says of it."""
    from hexcli.report.each import generation_lines, problem_lines

    if each is Each.generation:
        return list(generation_lines(counted, graded))
    return list(problem_lines(counted, graded, aggregators or ("majority",)))


def refuse_beside_each(
    each: Each,
    views: Mapping[str, bool],
    format: str | None,
    aggregators: Sequence[str] | None,
    calibration: Path | None,
) -> None:
    """Raises UsageError where something else is asked for that `--each` does not show."""
    others = [option for option, said in views.items() if said]
    others += [f"--format {format}"] if format not in (None, "csv", "json") else []
    if others:
        raise UsageError(f"--each {each.value} is CSV (or --json), a view of its own: leave out {others[0]}")
    option = "-a" if aggregators else "--calibration" if calibration else ""
    if option and each is Each.generation:
        raise UsageError(
            f"--each generation has what each text answers, before any vote: leave {option} out, or take --each problem"
        )
    if option == "--calibration":
        raise UsageError("--calibration is for schedule-weighted, and --each problem shows majority: add -a all")


def show_each(lines: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """CSV on stdout, or the same lines as JSON."""
    from hexcli.report.each import comma_separated

    if as_json:
        print_json(lines)
    else:
        print(comma_separated(lines), end="")
