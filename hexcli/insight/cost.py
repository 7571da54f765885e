"""What accuracy costs: forward passes, tokens computed, seconds; and what is not beaten at its price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.runs.counting import Count
from hexcli.voter import Voter

COSTS = ("nfe", "tokens", "seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A way to answer, and what it costs a problem.

    kind     schedule, aggregator, votes (a majority of so many votes, mean over ensembles) or oracle
    ci95     of the accuracy; None for `votes`
    tokens, seconds  None where the run does not tell, as of generations made elsewhere
    """

    kind: str
    name: str
    votes: int
    accuracy: float
    ci95: tuple[float, float] | None
    nfe: float
    tokens: float | None
    seconds: float | None

    def cost(self, name: str) -> float | None:
        """One of COSTS; None where it is not known. Raises ValueError for any other."""
        if name not in COSTS:
            raise ValueError(f"unknown cost '{name}': known: {', '.join(COSTS)}")
        cost: float | None = getattr(self, name)
        return cost


def points(counted: Count, frame: Mapping[str, Any]) -> list[Point]:
    """Every row of the run's score frame, and a majority of 2, 3, ... of its votes, with their costs a problem.

    `counted` holds the labelled ballots. Seconds are each row's share of its batches' time.
    """
    timed = all(
        generation.response.seconds > 0 or generation.cached
        for ballot in counted.ballots
        for generation in ballot.generations
    )
    seconds = _schedule_seconds(counted)
    found = []
    for row in frame["rows"]:
        own = seconds[row["name"]] if row["kind"] == "schedule" else _ensemble_seconds(counted, row["votes"])
        found.append(
            Point(
                kind=row["kind"],
                name=row["name"],
                votes=row["votes"],
                accuracy=row["accuracy"],
                ci95=(row["ci95"][0], row["ci95"][1]),
                nfe=row["nfe_per_problem"],
                tokens=row["tokens_per_problem"] or None,
                seconds=own if timed and own else None,
            )
        )
    return found + _fewer(found, frame)


def _fewer(found: Sequence[Point], frame: Mapping[str, Any]) -> list[Point]:
    """A majority of fewer votes than there are costs its share of all."""
    whole = next((point for point in found if point.kind == "oracle"), None)
    curve = frame["curves"]["majority"]
    if whole is None:
        return []
    return [
        Point(
            kind="votes",
            name=f"majority of {place['votes']}",
            votes=place["votes"],
            accuracy=place["accuracy"],
            ci95=None,
            nfe=whole.nfe * place["votes"] / len(curve),
            tokens=whole.tokens and whole.tokens * place["votes"] / len(curve),
            seconds=whole.seconds and whole.seconds * place["votes"] / len(curve),
        )
        for place in curve[1:-1]
    ]


def front(points: Sequence[Point], cost: str) -> list[Point]:
    """The Pareto front, cheapest first: points that no other equals in accuracy for less, or beats for as much.

    The oracle is no way to answer, and points of unknown cost are not on it.
    """
    rivals = [(value, point) for point in points if point.kind != "oracle" and (value := point.cost(cost)) is not None]
    found: list[Point] = []
    for _, point in sorted(rivals, key=lambda rival: (rival[0], -rival[1].accuracy)):
        if not found or point.accuracy > found[-1].accuracy:
            found.append(point)
    return found


def _schedule_seconds(counted: Count) -> dict[str, float]:
    """By the name of each schedule: seconds of one vote of it, the mean over its samples, a problem."""
    totals: dict[Voter, float] = dict.fromkeys(counted.names, 0.0)
    for ballot in counted.ballots:
        own: dict[Voter, list[float]] = {}
        for vote, generation in zip(ballot.votes, ballot.generations, strict=True):
            own.setdefault(vote.expert, []).append(generation.response.seconds)
        for expert, seconds in own.items():
            totals[expert] += sum(seconds) / len(seconds)
    return {name: totals[expert] / len(counted.ballots) for expert, name in counted.names.items()}


def _ensemble_seconds(counted: Count, votes: int) -> float:
    """Seconds of the first so many votes, a problem."""
    whole = sum(one.response.seconds for ballot in counted.ballots for one in ballot.generations[:votes])
    return whole / len(counted.ballots)
