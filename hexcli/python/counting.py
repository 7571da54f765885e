"""Votes and scores of runs, in Python."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError
from hexcli.plugins.registering import register_files, register_function
from hexcli.python.loading import RunLike, calibrated, counted, one_of, plug_in, several
from hexcli.python.said import AggregatorLike, SchedulesLike, path_said, short
from hexcli.python.table import Table
from hexcli.scoring.frames import score_run, vote_frame
from hexcli.voting.aggregators import AGGREGATORS, get_aggregator


class Votes(Table):
    """A row an aggregator: problems voted on and abstained, ties, mean agreement.

    frame      what `hex vote --json` prints of the run
    decisions  a row for each aggregator and problem: the answer, and which schedule voted for what (votes.jsonl)
    skipped    aggregators that these votes lack a signal for, with the reason
    """

    def __init__(self, frame: Mapping[str, Any], decisions: Sequence[Mapping[str, Any]]) -> None:
        self.frame = dict(frame)
        self.decisions = Table(decisions, shown=("problem_id", "aggregator", "answer", "tie", "agreement"))
        self.skipped: list[dict[str, Any]] = list(frame["skipped"])
        super().__init__(frame["rows"])


class Scores(Table):
    """A row for each schedule, each aggregator and the oracle: accuracy (0 to 1), its 95 % interval, votes, NFE.

    frame    what `hex score --json` prints of the run: curves, paired tests, accuracy at equal votes
    graded   a row for each generation and each decision, with its target and whether it is right (graded.jsonl)
    skipped  aggregators that these votes lack a signal for, with the reason
    """

    def __init__(self, frame: Mapping[str, Any], graded: Iterable[Mapping[str, Any]]) -> None:
        self.frame = dict(frame)
        self.graded = Table(list(graded))
        self.skipped: list[dict[str, Any]] = list(frame["skipped"])
        super().__init__(
            frame["rows"],
            shown=("kind", "name", "accuracy", "ci95", "correct", "problems", "votes", "nfe_per_problem"),
        )


def vote(
    run: RunLike | Sequence[RunLike],
    aggregators: AggregatorLike | Sequence[AggregatorLike] | None = None,
    *,
    schedules: SchedulesLike | None = None,
    samples: int | None = None,
    prompts: str | Sequence[str] | None = None,
    calibration: RunLike | None = None,
    together: bool = False,
) -> Votes:
    """Vote on the answers of a run, as `hex vote`: offline, and nothing is written.

    run          a folder, or what `decode`, `sweep`, `load` and `join` return
    aggregators  names, also `mine.py:name`, or functions as in such a file; None: all that the votes have a signal for
    schedules    only votes of these, by the names they are printed with
    samples      only the first so many of each schedule
    prompts      only votes asked in these wordings
    calibration  a run on labelled problems of another split, for schedule-weighted
    together     `run` is a list of runs of one task, and this their one election (docs/joint.md; `join` keeps it)

    Raises hexcli.errors.UsageError on a name that is none, HexError where an aggregator that is named cannot vote.
    """
    names = names_of(aggregators)
    found = counted(one_of(run, together), schedules, samples, prompts)
    frame, details = vote_frame(found, names, calibrated(calibration, [found]))
    votes = Votes(frame, list(details))
    _require(votes.skipped, aggregators)
    return votes


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
    scores = Scores(*score_run(found, names, calibrated(calibration, [found])))
    _require(scores.skipped, aggregators)
    return scores


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
    output       the file; one that is there is replaced
    aggregators  as of `vote`
    schedules    as of `vote`
    samples      as of `vote`
    prompts      as of `vote`
    calibration  as of `vote`

    Raises hexcli.errors.UsageError as `vote`, OSError where it cannot be written.
    """
    import time

    from hexcli.files import write_atomically
    from hexcli.insight.findings import Findings
    from hexcli.report.page.document import document

    path = path_said("output", output)
    found = [counted(run, schedules, samples, prompts) for run in several(runs)]
    known = calibrated(calibration, found)
    findings = [Findings(one, names_of(aggregators), known) for one in found]
    created = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    write_atomically(path, (part.encode() for part in document(findings, created=created)))
    return path


def names_of(aggregators: AggregatorLike | Sequence[AggregatorLike] | None) -> list[str]:
    """The aggregators meant, all where none is named, in the registry. Raises UsageError."""
    plug_in()
    said: Any = AGGREGATORS if aggregators is None or aggregators == [] else aggregators
    if isinstance(said, str) or callable(said):
        said = [said]
    if not isinstance(said, Iterable) or not all(isinstance(one, str) or callable(one) for one in said):
        raise UsageError(f'aggregators are a list of names or functions, ["majority"], not {short(said)}')
    names = [one if isinstance(one, str) else register_function(one) for one in said]
    register_files(names)
    for name in names:
        get_aggregator(name)
    return names


def _require(skipped: Sequence[Mapping[str, Any]], asked: AggregatorLike | Sequence[AggregatorLike] | None) -> None:
    """Raises HexError where an aggregator that was asked for by name cannot vote."""
    for one in skipped if asked else ():
        raise HexError(f"{one['name']} cannot vote on this run: {one['reason']}")
