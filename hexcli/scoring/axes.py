"""What each axis of a run pays: votes over its values against as many of one value. The terms: docs/axes.md."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.runs.counting import Count
from hexcli.runs.mistakes import no_targets
from hexcli.runs.traits import traits
from hexcli.scoring.contestants import Grades
from hexcli.scoring.contests import Bench, Contest, Pools, Side
from hexcli.scoring.correlating import correlations
from hexcli.scoring.draws import ENOUGH, mean
from hexcli.scoring.grids import Grid, everything, grids
from hexcli.scoring.paired import holm, paired
from hexcli.stats import wilson
from hexcli.voter import DEFAULT

SAMPLE = "sample"


def axes_frame(counted: Count) -> dict[str, Any]:
    """What `hex score --axes --json` prints of a run. Raises UsageError where no problem has a target."""
    with counted.grading() as undecided:
        everything, counted = counted, counted.labelled
        if not counted.ballots:
            raise no_targets(counted.run.path, counted.run.manifest.recipe, "score")
        found = axes(Bench.of(counted, Grades(counted)), counted.task.usual)
    return {
        **{key: value for key, value in counted.frame([]).items() if key != "rows"},
        "settings": traits(counted),
        "without_target": len(everything.ballots) - len(counted.ballots),
        "undecided": len(undecided),
        "axes": found,
    }


def axes(bench: Bench, usual: str = DEFAULT) -> dict[str, Any]:
    """What `--json` has as `axes`: every axis with its gains and correlations; what cannot be told, and why.

    Every p-value has one beside it that is corrected for how many there are (Holm). `usual`: the task's own wording.
    """
    experts = list(bench.names)
    found, untold = grids(experts, usual)
    if len(found) + len(untold) > 1:
        found.append(everything(experts, list(bench.names.values())))
    rows = []
    for grid in [*found, *_sampled(bench)]:
        if (row := _row(grid, bench)) is None:
            untold[grid.axis] = "no problem has all of its votes"
        else:
            rows.append(row)
    compared = _comparisons(rows)
    for versus, corrected in zip(compared, holm([one["p_value"] for one in compared]), strict=True):
        versus["p_holm"] = corrected
    return {"rows": rows, "untold": untold, "comparisons": len(compared)}


def _sampled(bench: Bench) -> list[Grid]:
    """The axis of the seed: voters with several samples."""
    drawn = [voter for voter, samples in bench.samples.items() if samples > 1 and not voter.schedule.deterministic]
    lines = tuple((voter,) for voter in drawn)
    return [Grid(axis=SAMPLE, following=(), values=("one",), lines=lines, voters=len(bench.samples))] if lines else []


def _row(grid: Grid, bench: Bench) -> dict[str, Any] | None:
    voters = [voter for line in grid.lines for voter in line]
    drawn = [bench.samples[voter] for voter in voters if not voter.schedule.deterministic]
    samples = min(drawn, default=1)
    rival = "samples" if drawn and samples >= ENOUGH else "one vote" if drawn else "copies"
    if grid.axis == SAMPLE:
        rival = "copies"
    each = samples if rival == "samples" or grid.axis == SAMPLE else 1
    problems = bench.problems(voters, each)
    if not problems:
        return None
    right = [{voter: problem.right_of(voter) for voter in voters} for problem in problems]
    shares = {voter: {one[voter][0] / one[voter][1] for one in right} for voter in voters}
    return {
        "axis": grid.axis,
        "following": list(grid.following),
        "values": [_one_vote(grid, place, bench, problems) for place in range(len(grid.values))],
        "lines": len(grid.lines),
        "voters": {
            "compared": len(voters),
            "of": grid.voters,
            "constant": sum(own in ({0.0}, {1.0}) for own in shares.values()),
        },
        "problems": len(problems),
        "samples": samples,
        "rival": rival,
        "fixed": _fixed(grid, bench, problems, each, rival),
        "together": _together(grid, bench, problems, each),
        "correlation": correlations(grid, right),
    }


def _one_vote(grid: Grid, place: int, bench: Bench, problems: Sequence[Pools]) -> dict[str, Any]:
    """What one vote of a value is worth, and costs: the mean over the lines."""
    side = bench.side(tuple((line[place],) for line in grid.lines), 1)
    return {"value": grid.values[place], **_side([side], [side.on(problem) for problem in problems])}


def _fixed(grid: Grid, bench: Bench, problems: Sequence[Pools], each: int, rival: str) -> dict[str, Any] | None:
    """Everything but the axis fixed: a contest a line, and the mean over the lines. None with two votes."""
    mixed, alone = (each, each) if rival == "samples" else (len(grid.values), 1)
    if grid.axis == SAMPLE:
        mixed = each
    if mixed < ENOUGH:
        return None
    contests = [
        Contest(bench.side((line,), mixed), tuple(bench.side(((voter,),), alone) for voter in line))
        for line in grid.lines
    ]
    at_votes = _met(grid, contests, problems)
    if rival == "samples":
        return {"equal_votes": at_votes, "equal_nfe": _at_equal_nfe(grid, contests, problems, at_votes)}
    # More passes of one value buy its vote once more: what it answers stays. Of one sample nobody knows.
    return {"equal_votes": at_votes, "equal_nfe": at_votes if rival == "copies" else None}


def _together(grid: Grid, bench: Bench, problems: Sequence[Pools], each: int) -> dict[str, Any] | None:
    """The lines vote, too: as many votes of all of them, once with every value of the axis and once with one."""
    votes = each * len(grid.lines)
    if len(grid.lines) < 2 or votes < ENOUGH or grid.axis == SAMPLE:
        return None
    by_value = [tuple((line[place],) for line in grid.lines) for place in range(len(grid.values))]
    contests = [Contest(bench.side(grid.lines, votes), tuple(bench.side(lines, votes) for lines in by_value))]
    at_votes = _met(grid, contests, problems)
    return {"equal_votes": at_votes, "equal_nfe": _at_equal_nfe(grid, contests, problems, at_votes)}


def _at_equal_nfe(
    grid: Grid, contests: Sequence[Contest], problems: Sequence[Pools], at_votes: dict[str, Any]
) -> dict[str, Any] | None:
    """The same at equal NFE; the same object where all values cost the same."""
    priced = [contest.at_equal_nfe() for contest in contests]
    there = [contest for contest in priced if contest is not None]
    if len(there) < len(contests):
        return None
    return at_votes if there == contests else _met(grid, there, problems)


def _met(grid: Grid, contests: Sequence[Contest], problems: Sequence[Pools]) -> dict[str, Any]:
    """The contests on all problems: accuracies, and the mixed votes against the mean and the best of the values."""
    mixed = [mean([contest.mixed.on(problem) for contest in contests]) for problem in problems]
    places = range(len(grid.values))
    alone = [
        [mean([contest.alone[place].on(problem) for contest in contests]) for problem in problems] for place in places
    ]
    best = max(places, key=lambda place: round(math.fsum(alone[place]), 9))
    means = [mean(own) for own in zip(*alone, strict=True)]
    return {
        **_side([contest.mixed for contest in contests], mixed),
        "values": [
            {"value": grid.values[place], **_side([contest.alone[place] for contest in contests], alone[place])}
            for place in places
        ],
        "over_mean": _versus(mixed, means),
        "over_best": {"value": grid.values[best], **_versus(mixed, alone[best])} if len(places) > 1 else None,
    }


def _side(sides: Sequence[Side], correct: Sequence[float]) -> dict[str, Any]:
    total = min(math.fsum(correct), len(correct))
    return {
        "votes": round(mean([side.votes for side in sides]), 6),
        "nfe_per_problem": round(mean([side.votes * side.nfe for side in sides]), 6),
        "accuracy": total / len(correct),
        "ci95": list(wilson(total, len(correct))),
    }


def _versus(one: Sequence[float], other: Sequence[float]) -> dict[str, Any]:
    """A comparison, problem by problem; the test takes as long as there are different values: to a thousandth."""
    exact = [a - b for a, b in zip(one, other, strict=True)]
    return {**paired([round(value, 3) for value in exact]).to_dict(), "difference": mean(exact)}


def _comparisons(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every comparison once, where equal votes are equal NFE, too."""
    parts = [part for row in rows for part in (row["fixed"], row["together"]) if part is not None]
    met = {id(one): one for part in parts for one in (part["equal_votes"], part["equal_nfe"]) if one is not None}
    return [versus for one in met.values() for versus in (one["over_mean"], one["over_best"]) if versus is not None]
