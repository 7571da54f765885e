"""Votes and scores of runs, in Python."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError
from hexcli.plugins.registering import register_files, register_function
from hexcli.plugins.sources import SEPARATOR
from hexcli.python.answers import ALIKE, EqualLike, elections_of, frames
from hexcli.python.columns import DECIDED, GRADED, graded_columns, voted_columns, without_empty
from hexcli.python.loading import Generations, RunLike, calibrated, counted, one_of, plug_in, several
from hexcli.python.public import public
from hexcli.python.rows import RowsLike, is_rows
from hexcli.python.said import AggregatorLike, SchedulesLike, path_said, short
from hexcli.python.table import Table
from hexcli.scoring.frames import score_run, vote_frame
from hexcli.voting.aggregators import AGGREGATORS, get_aggregator

_ALL = "all"  # every aggregator that can vote, as the commands' -a all


class Votes(Table):
    """A row an aggregator: problems voted on and abstained, ties, mean agreement.

    frame      what `hex vote --json` prints of the run
    decisions  a row for each aggregator and problem: the answer, and which schedule voted for what (votes.jsonl), the
        question and the target; whether that is right is in `score`
    skipped    aggregators that these votes lack a signal for, with the reason
    """

    def __init__(self, frame: Mapping[str, Any], decisions: Sequence[Mapping[str, Any]]) -> None:
        self.frame = dict(frame)
        self.decisions = Table(decisions, shown=("problem_id", "aggregator", "answer", "tie", "agreement"))
        self.skipped: list[dict[str, Any]] = list(frame["skipped"])
        super().__init__(
            {"aggregator" if name == "name" else name: value for name, value in row.items()} for row in frame["rows"]
        )


class Scores(Table):
    """A row for each schedule, each aggregator and the oracle (`kind`), by `name`: accuracy (0 to 1), its 95 %
    interval, votes, NFE.

    frame        what `hex score --json` prints of the run: curves, paired tests, accuracy at equal votes
    generations  a row a generation: its question, text, answer, whether it is right, and its schedule's fields
    decisions    a row for each problem and aggregator: what it decided, and whether that is right
    graded       both in one (graded.jsonl, with questions, texts and schedules)
    skipped      aggregators that these votes lack a signal for, with the reason
    """

    def __init__(self, frame: Mapping[str, Any], graded: Iterable[Mapping[str, Any]]) -> None:
        self.frame = dict(frame)
        self.graded = Table(graded, shown=("row", *GRADED[:-1], "aggregator", "tie", "agreement"))
        own, decided = ([one for one in self.graded if one["row"] == kind] for kind in ("generation", "decision"))
        self.generations = Table(without_empty(own), shown=GRADED)
        self.decisions = Table(without_empty(decided), shown=DECIDED)
        self.skipped: list[dict[str, Any]] = list(frame["skipped"])
        super().__init__(
            frame["rows"],
            shown=("kind", "name", "accuracy", "ci95", "correct", "problems", "votes", "nfe_per_problem"),
        )


@public
def vote(
    run: RunLike | Sequence[RunLike] | RowsLike,
    aggregators: AggregatorLike | Sequence[AggregatorLike] | None = None,
    *,
    schedules: SchedulesLike | None = None,
    samples: int | None = None,
    prompts: str | Sequence[str] | None = None,
    calibration: RunLike | None = None,
    together: bool = False,
    equal: EqualLike | None = None,
) -> Votes:
    """Vote on the answers of a run, as `hex vote`: offline, and nothing is written.

    run          a folder, or what `decode`, `sweep`, `load` and `join` return; or rows of answers from anywhere, a list
        of mappings or a data frame with columns problem_id, answer and, for whose vote it is, schedule
    aggregators  names, also `mine.py:name`, or functions as in such a file; None or "all": all that the votes have a
        signal for
    schedules    only votes of these, by the names they are printed with
    samples      only the first so many of each schedule
    prompts      only votes asked in these wordings
    calibration  a run on labelled problems of another split, for schedule-weighted
    together     `run` is a list of runs of one task, and this their one election (docs/joint.md; `join` keeps it)
    equal        of rows: whose rule says which answers are the same, as of `majority`; a run has its task's own

    Raises hexcli.errors.UsageError on a name that is none, HexError where an aggregator that is named cannot vote.
    """
    names = names_of(aggregators)
    if is_rows(run) and not isinstance(run, Generations):
        if together or any(one is not None for one in (schedules, samples, prompts, calibration)):
            raise UsageError("of rows, vote takes aggregators and equal alone: choose the rows instead")
        votes = Votes(*frames(elections_of(run, equal or ALIKE), names))
        _require(votes.skipped, aggregators)
        return votes
    if equal is not None:
        raise UsageError(
            "equal is of rows of answers; a run's task says which of its answers are the same: leave it out"
        )
    found = counted(one_of(run, together), schedules, samples, prompts)
    frame, details = vote_frame(found, names, calibrated(calibration, [found]))
    votes = Votes(frame, without_empty(voted_columns(found, details)))
    _require(votes.skipped, aggregators)
    return votes


@public
def score(
    run: RunLike | Sequence[RunLike],
    aggregators: AggregatorLike | Sequence[AggregatorLike] | None = None,
    *,
    schedules: SchedulesLike | None = None,
    samples: int | None = None,
    prompts: str | Sequence[str] | None = None,
    calibration: RunLike | None = None,
    together: bool = False,
) -> Scores:
    """Score a run against its targets, as `hex score`: offline, and nothing is written.

    run          as of `vote`
    aggregators  as of `vote`
    schedules    as of `vote`
    samples      as of `vote`
    prompts      as of `vote`
    calibration  as of `vote`
    together     as of `vote`

    Raises hexcli.errors.UsageError where no problem has a target, and as `vote`.
    """
    names = names_of(aggregators)
    found = counted(one_of(run, together), schedules, samples, prompts)
    frame, graded = score_run(found, names, calibrated(calibration, [found]))
    scores = Scores(frame, graded_columns(found, graded))
    _require(scores.skipped, aggregators)
    return scores


@public
def report(
    runs: RunLike | Sequence[RunLike],
    output: str | Path = "report.html",
    aggregators: AggregatorLike | Sequence[AggregatorLike] | None = None,
    *,
    schedules: SchedulesLike | None = None,
    samples: int | None = None,
    prompts: str | Sequence[str] | None = None,
    calibration: RunLike | None = None,
) -> Path:
    """Write the report of one or several runs, as `hex report`: one HTML file. Its path.

    runs         one run, or several
    output       the file; a report that is there is replaced, no other file is
    aggregators  as of `vote`
    schedules    as of `vote`
    samples      as of `vote`
    prompts      as of `vote`
    calibration  as of `vote`

    Raises hexcli.errors.UsageError as `vote`, HexError where it cannot be written.
    """
    import time

    from hexcli.files import why, write_atomically
    from hexcli.insight.findings import Findings
    from hexcli.report.page.document import MARK, document
    from hexcli.report.target import check_target

    path = path_said("output", output)
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"a report is a page: output='{path.with_suffix('.html')}', not '{path.name}'")
    check_target(path, MARK)
    found = [counted(run, schedules, samples, prompts) for run in several(runs)]
    known = calibrated(calibration, found)
    findings = [Findings(one, names_of(aggregators), known) for one in found]
    created = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    try:
        write_atomically(path, (part.encode() for part in document(findings, created=created)))
    except OSError as error:
        raise HexError(f"cannot write the report '{path}': {why(error)}") from None
    return path


def names_of(aggregators: AggregatorLike | Sequence[AggregatorLike] | None) -> list[str]:
    """The aggregators meant, in the registry; where none is named all but the user's own, which are for calls that name
    them. Raises UsageError."""
    plug_in()
    asked = _asked(aggregators)
    named = [name for name in asked if name != _ALL]
    every = [name for name, one in AGGREGATORS.items() if not (getattr(one, "own", False) or SEPARATOR in name)]
    names = list(dict.fromkeys([*(every if _ALL in asked or not asked else ()), *named]))
    register_files(names)
    for name in names:
        get_aggregator(name)
    return names


def _asked(aggregators: AggregatorLike | Sequence[AggregatorLike] | None) -> list[str]:
    """The names that are said, with commas or in a list, and those of functions. Raises UsageError."""
    said: Any = () if aggregators is None else aggregators
    if isinstance(said, str) or callable(said):
        said = [said]
    if not isinstance(said, Iterable) or not all(isinstance(one, str) or callable(one) for one in said):
        raise UsageError(f'aggregators are a list of names or functions, ["majority"], not {short(said)}')
    if aggregators is not None and not said:
        raise UsageError("aggregators are an empty list: leave it out for all of them, or name one, 'majority'")
    found: list[str] = []
    for one in said:
        found += map(str.strip, one.split(",")) if isinstance(one, str) else [register_function(one)]
    return found


def _require(skipped: Sequence[Mapping[str, Any]], asked: AggregatorLike | Sequence[AggregatorLike] | None) -> None:
    """Raises HexError where an aggregator that was asked for by name cannot vote; of "all" those that can do."""
    named = _asked(asked)
    for one in skipped:
        if one["name"] in named:
            raise HexError(f"{one['name']} cannot vote on this run: {one['reason']}")
