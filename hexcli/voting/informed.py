"""Majority, its ties broken by what the generations tell of themselves. No labels, and no estimate of who is right.

Agreement among voters does not say who is right: it counts the errors that they share, and a rule that rewards it does
harm where voters are redundant. So the count of votes decides, and only where it does not, in this order:

1. copies: voters that give the same answer on nearly every disputed problem count once
2. finished + reached: votes whose text had room behind its end, and whose boxed answer stands in the text before
3. the share of a voter's generations that are finished, to one decimal: which canvas suffices
4. the first cast

2 and 3 are heard only where they mean something in this run: where votes that are finished or reached agree more often
with what most of the *other* votes say, by more than chance explains at 1 %. Signals that the votes lack say nothing.

Chosen on half of d1's published generations of LLaDA-8B-Instruct (canvases of 128, 256 and 512 tokens; 921 problems)
and on simulated voters; docs/aggregators.md has the numbers, and the fifteen rules that were tried.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, combinations

from hexcli.voter import Voter, in_cast_order
from hexcli.voting.calibration import Calibration
from hexcli.voting.rules import ROOM
from hexcli.voting.votes import Candidate, Decision, Election, Vote

# Copies: so large a share of the problems that both dispute, of at least so many.
_COPIED, _FEWEST = 0.95, 20
# 99 % quantile of the normal distribution: what chance explains in one case of a hundred.
_CHANCE = 2.3263478740408408


def informed(elections: Sequence[Election], calibration: Calibration | None) -> list[Decision]:
    """Most votes; a tie by the order above."""
    groups = copies(elections)
    heard = telling(elections)
    shares = finished_shares(elections) if heard else {}

    def prefer(candidate: Candidate) -> tuple[float, ...]:
        voters = candidate.votes
        distinct = float(len({groups[vote.voter] for vote in voters}))
        if not heard:
            return (distinct,)
        signs = float(sum(map(sign, voters)))
        return distinct, signs, sum(shares[vote.expert] for vote in voters) / len(voters)

    return [election.decide(lambda candidate: len(candidate.votes), prefer) for election in elections]


def sign(vote: Vote) -> int:
    """0 to 2: whether the vote's text is finished, and whether it reached its answer."""
    return _finished(vote) + bool(vote.reached)


def telling(elections: Sequence[Election]) -> bool:
    """Whether votes with more signs agree more often with the plurality of the others, by a test at 1 %.

    The test is that of a trend in proportions (Cochran 1954, Armitage 1955), one-sided, within each schedule: one that
    is right more often and finished more often is no evidence. The plurality of the others is no truth, but what a vote
    itself says has no part in it.
    """
    above, variance = 0.0, 0.0
    for pairs in _with_the_others(elections).values():
        count = len(pairs)
        agreed = sum(agrees for _, agrees in pairs) / count
        mean = sum(signs for signs, _ in pairs) / count
        above += sum((signs - mean) * (agrees - agreed) for signs, agrees in pairs)
        variance += agreed * (1 - agreed) * sum((signs - mean) ** 2 for signs, _ in pairs)
    return variance > 0 and above / math.sqrt(variance) > _CHANCE


def _with_the_others(elections: Sequence[Election]) -> dict[Voter, list[tuple[int, bool]]]:
    """For each schedule its votes' signs, and whether each says what most of the votes of other schedules do."""
    found: dict[Voter, list[tuple[int, bool]]] = {}
    for election in elections:
        own: dict[Voter, Counter[str]] = {}
        total: Counter[str] = Counter()
        for candidate in election.candidates:
            total[candidate.answer] = len(candidate.votes)
            for vote in candidate.votes:
                own.setdefault(vote.expert, Counter())[candidate.answer] += 1
        leaders = {expert: _leader(total - counts) for expert, counts in own.items()}
        for candidate in election.candidates:
            for vote in candidate.votes:
                if (leader := leaders[vote.expert]) is not None:
                    found.setdefault(vote.expert, []).append((sign(vote), candidate.answer == leader))
    return found


def _leader(counts: "Counter[str]") -> str | None:
    """The answer with the most votes; None where two have as many, or nobody voted."""
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def finished_shares(elections: Sequence[Election]) -> dict[Voter, float]:
    """For each schedule (without its seed) the share of its generations that are finished, to one decimal."""
    counts: Counter[Voter] = Counter()
    done: Counter[Voter] = Counter()
    for election in elections:
        for vote in election.votes:
            counts[vote.expert] += 1
            done[vote.expert] += _finished(vote)
    return {expert: round(done[expert] / count, 1) for expert, count in counts.items()}


def copies(elections: Sequence[Election]) -> Mapping[Voter, Voter]:
    """For each voter (schedule and seed) the first of those that it is a copy of, itself where it is none."""
    voters = in_cast_order({vote.voter for one in elections for vote in one.votes})
    places = {voter: place for place, voter in enumerate(voters)}
    agreed: Counter[tuple[int, int]] = Counter()
    together: Counter[tuple[int, ...]] = Counter()  # who voted on a disputed problem
    for election in elections:
        if len(election.candidates) < 2:
            continue
        groups = [sorted(places[vote.voter] for vote in one.votes) for one in election.candidates]
        together[tuple(sorted(chain.from_iterable(groups)))] += 1
        for group in groups:
            agreed.update(combinations(group, 2))
    disputed: Counter[tuple[int, int]] = Counter()
    for cast, count in together.items():
        for pair in combinations(cast, 2):
            disputed[pair] += count
    first = list(range(len(voters)))
    for pair in combinations(range(len(voters)), 2):
        if disputed[pair] >= _FEWEST and agreed[pair] >= _COPIED * disputed[pair]:
            first[pair[1]] = first[pair[0]]
    return {voter: voters[first[place]] for voter, place in places.items()}


def _finished(vote: Vote) -> bool:
    return vote.room is not None and vote.room >= ROOM
