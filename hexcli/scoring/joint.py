"""A joint election beside the elections of the runs that it is of: all its votes, and as many forward passes.

A joint run has more votes than any of its sources, so that it should be better; whether it pays to *mix* is another
question. So each source is also met by ensembles of the joint run that cost what the source costs.
"""

import math
from collections.abc import Sequence
from typing import Any

from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Grades
from hexcli.scoring.curves import choices, leaders
from hexcli.scoring.paired import paired
from hexcli.stats import wilson
from hexcli.voter import Voter, in_cast_order

ENSEMBLES = 16  # of the joint run at a source's cost, at most
_TENTHS = 10  # an ensemble may have a part of a vote: it is cast in so many tenths of the cases


def beside_sources(counted: Count, grades: Grades) -> list[dict[str, Any]] | None:
    """A row for each source of a joint run that the others add votes to; None where there is none.

    All ballots must have a target. `versus` is the joint majority minus the source's own, both with all their votes,
    on the problems that the source has votes of. `at_equal_nfe` is the same with ensembles of the joint run that take
    as many forward passes as the source: its voters in turn (one of each expert, then the second of each, ...),
    beginning at each of `ensembles` places, each voter whose mean cost over the problems still fits. What is left is
    spent on one vote more, cast in as many tenths of the cases as it pays for.
    """
    joined = counted.run.joined
    if joined is None:
        return None
    voters = _in_turn({vote.voter for ballot in counted.ballots for vote in ballot.votes})
    table = [_Problem(counted, grades, place, voters) for place in range(len(counted.ballots))]
    rows = []
    for source, names in zip(counted.run.manifest.sources, joined.members, strict=True):
        own = [{place for place, voter in enumerate(voters) if (one.name, voter) in names} for one in table]
        pairs = [(one, mine) for one, mine in zip(table, own, strict=True) if mine & one.nfe.keys()]
        if not pairs or not any(one.nfe.keys() - mine for one, mine in pairs):
            continue
        rows.append({"name": source.name, "who": source.who, **_row(pairs, len(voters))})
    if not rows:
        return None
    best = max(row["accuracy"] for row in rows)
    return [{**row, "best": row["accuracy"] == best} for row in rows]


class _Problem:
    """One problem: what each vote costs (`nfe`, by the place of its voter in turn), and who wins with which votes."""

    def __init__(self, counted: Count, grades: Grades, place: int, voters: Sequence[Voter]) -> None:
        ballot = counted.ballots[place]
        self.name = ballot.problem.id
        places = {voter: number for number, voter in enumerate(voters)}
        self.nfe = {
            places[vote.voter]: generation.response.nfe
            for vote, generation in zip(ballot.votes, ballot.generations, strict=True)
        }
        self._order = [places[voter] for voter in in_cast_order(voters)]
        self._chosen, self._good = choices(ballot, in_cast_order(voters), grades)

    def right(self, cast: set[int]) -> float:
        """Whether the majority of these votes is right, 0 or 1."""
        order = [number for number, place in enumerate(self._order) if place in cast and place in self.nfe]
        winner = leaders(order, self._chosen, len(self._good))[-1] if order else -1
        return float(winner >= 0 and self._good[winner])


def _row(pairs: Sequence[tuple[_Problem, set[int]]], voters: int) -> dict[str, Any]:
    everyone = set(range(voters))
    alone = [one.right(mine) for one, mine in pairs]
    all_of_it = [one.right(everyone) for one, _ in pairs]
    cost = _mean([sum(one.nfe.get(place, 0) for place in mine) for one, mine in pairs])
    equal, nfe, votes, ensembles = _at_cost([one for one, _ in pairs], voters, cost)
    return {
        "votes": max(len(mine & one.nfe.keys()) for one, mine in pairs),
        "problems": len(pairs),
        **_accuracy(alone),
        "nfe_per_problem": round(cost, 6),
        "joint": {
            "votes": max(len(one.nfe) for one, _ in pairs),
            **_accuracy(all_of_it),
            "nfe_per_problem": round(_mean([sum(one.nfe.values()) for one, _ in pairs]), 6),
        },
        "versus": paired([a - b for a, b in zip(all_of_it, alone, strict=True)]).to_dict(),
        "at_equal_nfe": {
            "votes": round(votes, 2),
            "ensembles": ensembles,
            **_accuracy(equal),
            "nfe_per_problem": round(nfe, 6),
            "versus": paired([a - b for a, b in zip(equal, alone, strict=True)]).to_dict(),
        },
    }


def _at_cost(problems: Sequence[_Problem], voters: int, cost: float) -> tuple[list[float], float, float, int]:
    """Of ensembles at this mean cost: how often each problem is right, their own mean cost, their votes, how many."""
    starts = sorted({voters * number // ENSEMBLES for number in range(ENSEMBLES)})
    each = [_mean([one.nfe.get(place, 0) for one in problems]) for place in range(voters)]
    shares, spent, votes = [0.0] * len(problems), 0.0, 0.0
    for start in starts:
        turn = [(start + number) % voters for number in range(voters)]
        cast, left = set[int](), cost + 1e-9
        for place in turn:
            if each[place] <= left:
                cast.add(place)
                left -= each[place]
        last = next((place for place in turn if place not in cast), None)
        part = 0.0 if last is None else round(_TENTHS * left / each[last]) / _TENTHS
        for number, one in enumerate(problems):
            shares[number] += (1 - part) * one.right(cast) if part < 1 else 0.0
            shares[number] += part * one.right({*cast, last}) if part and last is not None else 0.0
        spent += cost + 1e-9 - left + (part * each[last] if last is not None else 0.0)
        votes += len(cast) + part
    count = len(starts)
    return [share / count for share in shares], spent / count, votes / count, count


def _in_turn(voters: set[Voter]) -> list[Voter]:
    """One of every expert in cast order, then the second sample of each, ..."""
    samples: dict[Voter, list[Voter]] = {}
    for voter in in_cast_order(voters):
        samples.setdefault(voter.expert, []).append(voter)
    rounds = max(map(len, samples.values()), default=0)
    return [own[number] for number in range(rounds) for own in samples.values() if number < len(own)]


def _accuracy(correct: Sequence[float]) -> dict[str, Any]:
    total = round(math.fsum(correct), 12)
    return {"accuracy": total / len(correct), "ci95": list(wilson(total, len(correct)))}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
