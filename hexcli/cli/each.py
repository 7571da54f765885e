"""`hex score --each`: a line a problem or a generation, for a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hexcli.cli.output import print_json

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


def show_each(lines: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """CSV on stdout, or the same lines as JSON."""
    from hexcli.report.each import comma_separated

    if as_json:
        print_json(lines)
    else:
        print(comma_separated(lines), end="")
