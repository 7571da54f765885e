"""Kinds of problems to look at: where all agree, where the vote ties, where it is wrong and a minority right, ..."""

import difflib
import re
from collections.abc import Mapping
from enum import StrEnum

from hexcli.errors import UsageError
from hexcli.runs.ballots import Ballot
from hexcli.scoring.contestants import Grades
from hexcli.voting.rules import majority
from hexcli.voting.votes import Decision, Election


class Kind(StrEnum):
    """A problem may be of several kinds; those that tell right from wrong need a target."""

    agree = "agree"
    tie = "tie"
    flip = "flip"
    wrong = "wrong"
    minority_right = "minority-right"
    no_vote_right = "no-vote-right"


# What only targets tell.
OF_TARGETS = frozenset({Kind.wrong, Kind.minority_right, Kind.no_vote_right})

MEANINGS: dict[Kind, str] = {
    Kind.agree: "every vote gives the same answer",
    Kind.tie: "two answers have as many votes: the first cast decides",
    Kind.flip: "aggregators answer differently",
    Kind.wrong: "the majority is wrong, or nothing was voted for",
    Kind.minority_right: "the majority is wrong, and some vote is right",
    Kind.no_vote_right: "no vote is right: no aggregator could be",
}


# What else people call them, or what comes nearest.
CALLED: dict[str, tuple[Kind, ...]] = {
    "oracle": (Kind.minority_right, Kind.no_vote_right),
    **dict.fromkeys(("oracle-right", "rescued", "recoverable", "lost"), (Kind.minority_right,)),
    **dict.fromkeys(("hard", "impossible", "unsolved", "none-right"), (Kind.no_vote_right,)),
    **dict.fromkeys(("incorrect", "error", "errors", "failed", "false", "abstain", "no-answer"), (Kind.wrong,)),
    **dict.fromkeys(("unanimous", "same", "consensus"), (Kind.agree,)),
    **dict.fromkeys(("disagree", "disagreement", "split", "differ", "mixed", "won"), (Kind.flip, Kind.minority_right)),
}
RIGHT = ("right", "correct", "true", "solved")  # of which there is no kind: it is all others


def kind_of(text: str, path: str) -> Kind:
    """The kind that `--where` names, in letters of any case. Raises UsageError, with what was meant."""
    plain = text.strip().lower().replace("_", "-").replace(" ", "-")
    if plain in list(Kind):
        return Kind(plain)
    several = [part for part in re.split(r"[,;+\s]", text.strip().lower()) if part]
    if len(several) > 1 and set(several) <= set(Kind):
        raise UsageError(f"--where lists one kind, not '{text}': --where {several[0]}")
    if plain in RIGHT:
        raise UsageError(
            f"no kind '{text}': hex score {path} --each problem > FILE.csv says of each whether it is right"
        )
    near = difflib.get_close_matches(plain, list(Kind), n=1, cutoff=0.58)
    found = CALLED.get(plain) or tuple(map(Kind, near))
    if found:
        meant = ", or ".join(f"--where {kind} ({MEANINGS[kind].partition(':')[0]})" for kind in found)
        raise UsageError(f"no kind '{text}': did you mean {meant}? hex show {path} lists all")
    raise UsageError(f"no kind '{text}': {', '.join(Kind)}; hex show {path} says what they mean")


def kinds(ballot: Ballot, decisions: Mapping[str, Decision], grades: Grades) -> frozenset[Kind]:
    """The kinds that a problem is of; `decisions` are what the aggregators made of it, by name."""
    election = ballot.election
    vote = majority(election)
    found = set()
    if len(election.candidates) == 1 and vote.cast == len(election.votes):
        found.add(Kind.agree)
    if vote.tie:
        found.add(Kind.tie)
    if len({candidate_of(election, decision.answer) for decision in decisions.values()}) > 1:
        found.add(Kind.flip)
    if ballot.problem.target is not None:
        any_right = any(grades.right(one.answer, ballot) for one in election.votes)
        if not grades.right(vote.answer, ballot):
            found |= {Kind.wrong, Kind.minority_right} if any_right else {Kind.wrong}
        if not any_right:
            found.add(Kind.no_vote_right)
    return frozenset(found)


def candidate_of(election: Election, answer: str | None) -> int:
    """The place of the candidate that an answer is for; -1 for none."""
    for place, candidate in enumerate(election.candidates):
        if answer == candidate.answer or any(vote.answer == answer for vote in candidate.votes):
            return place
    return -1
