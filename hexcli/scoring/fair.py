"""The fair rival of an ensemble: as many votes of the best schedule alone, where there are samples of it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from hexcli.runs.ballots import Ballot
from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Contestant, Grades
from hexcli.scoring.curves import choices, leaders
from hexcli.scoring.draws import ENOUGH
from hexcli.scoring.paired import paired
from hexcli.stats import wilson
from hexcli.voter import Voter

T = TypeVar("T")
Samples = Mapping[Voter, Sequence[int]]


def equal_votes(counted: Count, grades: Grades, best: Contestant) -> dict[str, Any] | None:
    """Majorities of equally many votes, once of all schedules and once of the `best` one, problem by problem.

    As many as there are samples of the best one, and not more than the ensemble casts. Each sample is used equally
    often: with S samples the mean over S ensembles, of which number r starts at sample r and at schedule r and takes
    one vote of every schedule in turn. None where there is one schedule only, or fewer than ENOUGH samples of the best:
    of two votes the first cast decides, so that a majority of two is one vote, the same one however they are drawn.
    """
    assert best.expert is not None
    held = [_samples(ballot) for ballot in counted.ballots]
    of_best = max(len(own.get(best.expert, ())) for own in held)
    votes = min(of_best, counted.voters)
    if votes < ENOUGH or len(counted.names) < 2:
        return None
    ours: list[float] = []
    theirs: list[float] = []
    nfe = [0.0, 0.0]
    for ballot, own in zip(counted.ballots, held, strict=True):
        if len(own.get(best.expert, ())) < of_best or len(ballot.votes) < votes:
            continue  # of an unfinished run
        chosen, good = choices(ballot, [vote.voter for vote in ballot.votes], grades)
        ensembles: list[Sequence[int]] = [_in_turn(own, turn, votes) for turn in range(of_best)]
        rivals = [_turned(own[best.expert], turn)[:votes] for turn in range(of_best)]
        for side, right, drawn in ((0, ours, ensembles), (1, theirs, rivals)):
            winners = [leaders(sorted(places), chosen, len(good))[-1] for places in drawn]
            right.append(sum(winner >= 0 and good[winner] for winner in winners) / of_best)
            costs = [ballot.generations[place].response.nfe for places in drawn for place in places]
            nfe[side] += sum(costs) / of_best
    if not ours:
        return None
    return {
        "votes": votes,
        "ensembles": of_best,
        "all_schedules": _row(ours, nfe[0]),
        "best_single": {"name": best.name, **_row(theirs, nfe[1])},
        **paired([a - b for a, b in zip(ours, theirs, strict=True)]).to_dict(),
    }


def _samples(ballot: Ballot) -> dict[Voter, list[int]]:
    """The places of the votes of each schedule, in cast order."""
    found: dict[Voter, list[int]] = {}
    for place, vote in enumerate(ballot.votes):
        found.setdefault(vote.expert, []).append(place)
    return found


def _in_turn(own: Samples, turn: int, votes: int) -> list[int]:
    """So many votes, one of every schedule in turn, until none has any left."""
    queues = [_turned(places, turn) for places in _turned(list(own.values()), turn)]
    rounds = range(max(map(len, queues)))
    return [queue[number] for number in rounds for queue in queues if number < len(queue)][:votes]


def _turned(items: Sequence[T], turn: int) -> Sequence[T]:
    start = turn % len(items)
    return [*items[start:], *items[:start]]


def _row(correct: Sequence[float], nfe: float) -> dict[str, Any]:
    total = round(math.fsum(correct), 12)
    return {
        "accuracy": total / len(correct),
        "ci95": list(wilson(total, len(correct))),
        "nfe_per_problem": round(nfe / len(correct), 6),
    }
