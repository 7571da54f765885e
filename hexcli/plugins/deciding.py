"""What an aggregator of others returned, as decisions: a Decision a problem, or the answer that it is for."""

from collections.abc import Sequence

from hexcli.errors import plural
from hexcli.voting.rules import FailedRuleError
from hexcli.voting.votes import Candidate, Decision, Election

# How to make one; docs/adding.md.
_DECIDE = (
    "`election.decide(lambda candidate: len(candidate.votes))` makes the one for the candidate with the most votes"
)


def decided(found: Sequence[object], elections: Sequence[Election]) -> list[Decision]:
    """A Decision a problem. Raises FailedRuleError saying what there is instead."""
    for place, one in enumerate(found):
        empty = one is None and len(found) == len(elections) and not elections[place].candidates
        if not (empty or isinstance(one, Decision | Candidate | str)):
            raise FailedRuleError(f"it returned {one!r:.60}, which is no Decision: {_DECIDE}")
    if len(found) != len(elections):
        raise FailedRuleError(f"it returned {plural(len(found), 'Decision')} for {plural(len(elections), 'problem')}")
    return [_decision(one, election) for one, election in zip(found, elections, strict=True)]


def _decision(found: object, election: Election) -> Decision:
    """The Decision itself, or the one for a candidate that is named by its answer; None where there is none."""
    if isinstance(found, Decision):
        return found
    if found is None:
        return election.decide(lambda candidate: 0.0)
    answer = found.answer if isinstance(found, Candidate) else found
    answers = [candidate.answer for candidate in election.candidates]
    if answer not in answers:
        known = ", ".join(f"{one!r:.40}" for one in answers) or "none"
        raise FailedRuleError(
            f"it returned {answer!r:.60}, which is no answer of a candidate ({known:.200}): {_DECIDE}"
        )
    return election.decide(lambda candidate: float(candidate.answer == answer))
