"""When enough votes are cast: the majority cannot change any more, or is most unlikely to."""

import math
from collections.abc import Collection

from hexcli.voter import Voter
from hexcli.voting.votes import Election

CERTAIN = 1.0
# Aggregators whose answers cannot change once a problem is decided; where that is not certain, only the first of them.
STEADY = ("first", "majority")


def decided(
    election: Election, remaining: Collection[Voter], *, certainty: float = CERTAIN, merging: bool = False
) -> bool:
    """Whether the votes of `remaining` voters need not be cast: `election` holds those that are.

    certainty  1: no remaining vote can change what `majority` or `first` answers (see `settled`). Less: it is
               enough that the leader leads with this posterior probability (see `ahead`)
    merging    whether a vote can make one candidate of two: False only where equal answers are equal texts

    At certainty 1 never before the vote that is the first in cast order is there: `first` reads no other, and it is
    also what breaks most ties.
    """
    if not remaining:
        return True
    if _likely(*_leading(election), certainty):
        return True
    if not election.votes or min(one.cast_order for one in remaining) < election.votes[0].voter.cast_order:
        return False
    return settled(election, remaining, merging=merging)


def settled(election: Election, remaining: Collection[Voter], *, merging: bool) -> bool:
    """Whether `majority` gives the same answer, letter for letter, whatever the remaining votes are.

    Let the leader have n votes, any other answer m, and let r votes remain (m = 0: an answer nobody gave yet).
    Every remaining vote is an abstention, a vote for the leader, or one for another answer, which thus ends with
    m + k votes, k <= r, while the leader has n or more.

    Candidates that cannot merge (two answers are equal if their texts are). The leader wins against every other
    answer if n > m + r. If n = m + r, there is a tie only where all r votes went to that answer; then the first
    cast vote decides: the leader's is known, the other's is the earlier one of its own first vote and of the
    remaining ones. If n < m + r, the r votes may all go there, and the leader loses; so the rule is exact: a
    problem that it does not call settled has a completion with another winner.

    Candidates that can merge (the groups are connected components of the task's equality, so that one vote may
    join any of them, and never parts one). In the worst case all other candidates become one: the leader's votes
    stay together, and win if n is more than all other cast votes and r. The answer is the most frequent spelling
    in the winner: it stays the one it is if it has more votes than any other spelling, in whatever candidate,
    would have with the r remaining ones. This is sufficient, not necessary.

    With fewer than the r votes, too, the answer is the same: all bounds only become wider. So votes that were on
    their way when the problem was settled do no harm.
    """
    if not remaining:
        return True
    if not election.candidates:
        return False
    leader, *others = sorted(election.candidates, key=lambda one: (-len(one.votes), one.first))
    own, left = len(leader.votes), len(remaining)
    if merging:
        spellings = [vote.answer for vote in election.votes if vote.answer is not None]
        most_alike = max((spellings.count(other) for other in {*spellings} - {leader.answer}), default=0)
        return own > len(spellings) - own + left and spellings.count(leader.answer) > most_alike + left
    most = max((len(one.votes) for one in others), default=0) + left
    rivals_first = [one.votes[0].voter.cast_order for one in others if len(one.votes) + left == most]
    earliest = min([one.cast_order for one in remaining] + rivals_first)
    return own > most or (own == most and leader.votes[0].voter.cast_order < earliest)


def ahead(leader: int, runner_up: int) -> float:
    """The posterior probability that the leader's share is above the runner-up's, from their votes a and b.

    Adaptive-Consistency's Beta criterion (arXiv 2305.11860): of the votes for one of the two, a share p is for the
    leader; with a uniform prior, p given the votes is Beta(a + 1, b + 1) distributed, and the leader leads if
    p > 1/2. The parameters are whole, so that the integral is a binomial sum, exact here up to one rounding:

        P(p > 1/2) = sum of C(n, k) for k = 0 ... a, over 2^n, where n = a + b + 1

    It takes votes for independent draws. Those of one model are not quite: it is a rule to stop by, not a promise.
    """
    trials = leader + runner_up + 1
    return sum(math.comb(trials, k) for k in range(leader + 1)) / (1 << trials)


def votes_needed(election: Election, remaining: Collection[Voter], *, certainty: float = CERTAIN) -> int:
    """Votes that an undecided problem needs at least, at best all for its leader; so many are never cast in vain."""
    left = len(remaining)
    leader, runner_up = _leading(election)
    for more in range(1, left):
        if leader + more >= runner_up + left - more or _likely(leader + more, runner_up, certainty):
            return more
    return left


def _likely(leader: int, runner_up: int, certainty: float) -> bool:
    """Whether a certainty below 1 is reached. With many votes `ahead` is 1 but for rounding, which is not proof."""
    return certainty < CERTAIN and ahead(leader, runner_up) >= certainty


def _leading(election: Election) -> tuple[int, int]:
    """The votes of the two largest candidates; 0 for one that there is not."""
    counts = sorted((len(candidate.votes) for candidate in election.candidates), reverse=True)
    leader, runner_up, *_ = [*counts, 0, 0]
    return leader, runner_up
