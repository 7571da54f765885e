"""Which runs and problems are the same ones seen again: a run's copy, a joint run of runs that are here, a problem that
several runs decoded. Seen twice, they would count as twice the evidence."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from hexcli.errors import HexError
from hexcli.runs.counting import Count
from hexcli.voting.votes import Vote

Key = tuple[str, str, str, str | None]


def distinct_runs(runs: Sequence[Count]) -> tuple[list[Count], list[dict[str, str]]]:
    """The runs whose votes no other one has, and of each one left out its `name` and the `reason`.

    Left out is a run with the very texts of one before it, and a joint run whose every source is here.
    """
    kept: list[Count] = []
    left_out: list[dict[str, str]] = []
    plain = [one for one in runs if not one.run.manifest.sources]
    for one in runs:
        same = next((other.run.name for other in kept if _same(one, other)), None)
        if sources := _sources_here(one, plain):
            left_out.append({"name": one.run.name, "reason": f"a joint run of {' and '.join(sources)}"})
        elif same is not None:
            left_out.append({"name": one.run.name, "reason": f"the same votes as {same}"})
        else:
            kept.append(one)
    return kept, left_out


def problem_keys(counted: Count) -> list[Key]:
    """Of every ballot what tells its problem from those of all runs: task, id, question, right answer."""
    problems = (ballot.problem for ballot in counted.ballots)
    return [(counted.run.manifest.task, one.id, one.question, one.target) for one in problems]


def _sources_here(one: Count, plain: Sequence[Count]) -> list[str]:
    """The names of the runs that a joint run is of, where all are here; else none."""
    found = []
    for source in one.run.manifest.sources:
        here = None
        with suppress(HexError):  # one that cannot be read is not known to be here
            here = next((other.run.name for other in plain if source.is_in(other.run.path)), None)
        if here is None:
            return []
        found.append(here)
    return found


def _same(one: Count, other: Count) -> bool:
    """Whether all votes are the same, signals and texts included."""
    if problem_keys(one) != problem_keys(other):
        return False
    return all(a == b for a, b in zip(_votes(one), _votes(other), strict=True))


def _votes(counted: Count) -> Iterator[list[tuple[Vote, bool, str]]]:
    for ballot in counted.ballots:
        pairs = zip(ballot.votes, ballot.generations, strict=True)
        yield [(vote, vote.said is None, one.response.text) for vote, one in pairs]
