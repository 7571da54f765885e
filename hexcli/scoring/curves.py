"""How accuracy grows with the number of votes, from the votes there are."""

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from operator import add
from typing import Any

from hexcli.runs.ballots import Ballot
from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Grades
from hexcli.stats import pass_at
from hexcli.voter import Voter, in_cast_order

ORDERS = 64  # orders of the votes tried; all there are, where there are no more
_SEED = 0


def curves(counted: Count, grades: Grades) -> dict[str, list[dict[str, Any]]]:
    """Accuracy of `majority`, and of the oracle (pass@k), at 1, 2, ... votes a problem.

    The voters of the run (schedule and seed) are put in seeded random orders, the same for all problems; k votes
    are the first k of an order. The oracle is exact: pass@k. `majority` is the mean over `ensembles` orders, `sd`
    their standard deviation; it is exact with one vote and with all (with up to 4 voters everywhere: all orders are
    tried), and a mean above the oracle, which is chance, is put down to it. Ties go to the first cast of the votes
    there are. Votes that are missing (an unfinished run) are passed over: a problem with fewer than k votes stands
    with those it has.
    """
    voters = in_cast_order({vote.voter for ballot in counted.ballots for vote in ballot.votes})
    orders = list(_orders(len(voters)))
    right = [[0] * len(voters) for _ in orders]
    oracle = [0.0] * len(voters)
    for ballot in counted.ballots:
        chosen, good = choices(ballot, voters, grades)
        is_right = [*good, False].__getitem__  # of -1, nobody, too
        here = {vote.voter for vote in ballot.votes} if len(ballot.votes) < len(voters) else voters
        for place, order in enumerate(orders):
            cast = order if here is voters else [voter for voter in order if voters[voter] in here]
            winners = leaders(cast, chosen, len(good))
            winners += winners[-1:] * (len(voters) - len(winners))
            right[place] = list(map(add, right[place], map(is_right, winners)))
        votes_right = sum(grades.right(vote.answer, ballot) for vote in ballot.votes)
        for number in range(len(voters)):
            oracle[number] += pass_at(len(ballot.votes), votes_right, min(number + 1, len(ballot.votes)))
    problems = len(counted.ballots)
    ceilings = [total / problems for total in oracle]
    spreads = [_spread([row[number] / problems for row in right]) for number in range(len(voters))]
    return {
        "majority": [
            {"votes": number, **spread, "accuracy": min(spread["accuracy"], ceiling) if number > 1 else ceiling}
            for number, (spread, ceiling) in enumerate(zip(spreads, ceilings, strict=True), start=1)
        ],
        "oracle": [{"votes": number, "accuracy": ceiling} for number, ceiling in enumerate(ceilings, start=1)],
    }


def _orders(voters: int) -> Iterator[Sequence[int]]:
    if math.factorial(voters) <= ORDERS:
        yield from itertools.permutations(range(voters))
        return
    generator = random.Random(_SEED)
    for _ in range(ORDERS):
        yield generator.sample(range(voters), voters)


def choices(ballot: Ballot, voters: Sequence[Voter], grades: Grades) -> tuple[list[int], list[bool]]:
    """For each voter the candidate it voted for (-1: none), and for each candidate whether it is right."""
    chosen = {
        vote.voter: place for place, candidate in enumerate(ballot.election.candidates) for vote in candidate.votes
    }
    good = [grades.right(candidate.answer, ballot) for candidate in ballot.election.candidates]
    return [chosen.get(voter, -1) for voter in voters], good


def leaders(order: Sequence[int], choices: Sequence[int], candidates: int) -> list[int]:
    """The majority's candidate (-1: none) after each vote of the order; voters are numbered in cast order."""
    counts, firsts = [0] * candidates, [len(choices)] * candidates
    out: list[int] = []
    leader, most, half = -1, 0, len(order) // 2
    for voter in order:
        choice = choices[voter]
        if choice >= 0:
            count = counts[choice] = counts[choice] + 1
            if voter < firsts[choice]:
                firsts[choice] = voter
            if choice == leader:
                most = count
            elif count > most or (count == most and firsts[choice] < firsts[leader]):
                leader, most = choice, count
            if most > half:  # nobody can catch up any more
                return out + [leader] * (len(order) - len(out))
        out.append(leader)
    return out


def _spread(accuracies: Sequence[float]) -> dict[str, Any]:
    mean = math.fsum(accuracies) / len(accuracies)
    variance = math.fsum((value - mean) ** 2 for value in accuracies) / len(accuracies)
    return {"accuracy": mean, "sd": math.sqrt(variance), "ensembles": len(accuracies)}
