"""One problem under all its schedules: who voted for what, who was right, and what every rule made of it."""

import dataclasses
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.insight.kinds import Kind, kinds
from hexcli.runs.ballots import Ballot
from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Grades
from hexcli.voter import DEFAULT, Voter, voter_names
from hexcli.voting.aggregators import AGGREGATORS
from hexcli.voting.rules import MissingSignalError
from hexcli.voting.votes import Decision, Tally, Vote

CALIBRATED = "schedule-weighted"
# Aggregators that decide one problem by the votes of all of them.
OF_THE_RUN = (CALIBRATED, "reliability", "informed")
UNCALIBRATED = "it needs labelled problems of another split: `hex vote {} --calibration OTHER`, then it is shown here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A problem with its votes and what was decided of them.

    usual      what the task's own wording of the prompt is called
    kinds      what makes it worth a look, by its majority
    right      answer -> whether it is right, of every answer voted for or decided; empty without a target
    decisions  aggregator -> its decision
    skipped    aggregator -> why it has none
    """

    ballot: Ballot
    names: Mapping[Voter, str]
    usual: str
    kinds: frozenset[Kind]
    right: Mapping[str, bool]
    decisions: Mapping[str, Decision]
    skipped: Mapping[str, str]

    def label(self, vote: Vote) -> str:
        """What a vote is called: its schedule and, where it samples, its seed."""
        name = self.names[vote.expert]
        return name if vote.schedule.deterministic else f"{name} seed {vote.schedule.seed}"

    def graded(self, answer: str | None) -> bool | None:
        """Whether an answer is right; an abstention is not, and without a target nothing is known."""
        return None if self.ballot.problem.target is None else self.right.get(answer or "", False)

    def places(self, answer: str | None) -> list[int]:
        """The votes of the candidate called `answer`, as places in cast order; of abstentions with None."""
        votes = self.ballot.votes
        if answer is None:
            return [place for place, vote in enumerate(votes) if vote.answer is None]
        spellings = {
            vote.answer for one in self.ballot.election.candidates if one.answer == answer for vote in one.votes
        }
        return [place for place, vote in enumerate(votes) if vote.answer in spellings]

    @property
    def learned(self) -> list[str]:
        """Those that were skipped because they learn from all problems, and need no calibration."""
        return [name for name in self.skipped if name in OF_THE_RUN and name != CALIBRATED]

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `hex show RUN PROBLEM --json`."""
        problem = self.ballot.problem
        pairs = zip(self.ballot.votes, self.ballot.generations, strict=True)
        return {
            "problem_id": problem.id,
            "question": problem.question,
            "choices": list(problem.choices),
            "category": problem.category,
            "target": problem.target,
            "kinds": sorted(self.kinds),
            "votes": [
                {
                    "schedule": self.names[vote.expert],
                    "prompt": generation.prompt_name or self.usual,
                    "seed": vote.schedule.seed,
                    "answer": vote.answer,
                    "class": next((tally for tally in self._classes() if place in self.places(tally)), None),
                    "correct": self.graded(vote.answer),
                    "confidence": vote.confidence,
                    "nfe": generation.response.nfe,
                    "text": generation.response.text,
                }
                for place, (vote, generation) in enumerate(pairs)
            ],
            "decisions": {
                name: {
                    "answer": decision.answer,
                    "correct": self.graded(decision.answer),
                    "tie": decision.tie,
                    "agreement": decision.agreement,
                    "tallies": [_tally(tally) for tally in decision.tallies],
                }
                for name, decision in self.decisions.items()
            },
            "skipped": dict(self.skipped),
        }

    def _classes(self) -> list[str]:
        return [candidate.answer for candidate in self.ballot.election.candidates]


def inspect(counted: Count, aggregators: Sequence[str], *, whole: bool = True) -> Iterator[Inspection]:
    """Every problem of a count, with what the aggregators decided of it.

    `whole`: the count has all problems of the run. Where it has not, those that learn from the votes of all of them
    are skipped, as is one whose signal the votes lack.
    """
    decided: dict[str, list[Decision]] = {}
    skipped: dict[str, str] = {}
    run = shlex.quote(str(counted.run.path))
    for name in aggregators:
        if not whole and name in OF_THE_RUN:
            skipped[name] = "it learns from all problems" if name != CALIBRATED else UNCALIBRATED.format(run)
            continue
        try:
            decided[name] = counted.decide(name)
        except MissingSignalError as error:
            skipped[name] = str(error)
    grades = Grades(counted)
    for place, ballot in enumerate(counted.ballots):
        decisions = {name: own[place] for name, own in decided.items()}
        yield Inspection(
            ballot=ballot,
            names=counted.names,
            usual=counted.task.usual,
            kinds=kinds(ballot, decisions, grades),
            right=_right(ballot, decisions.values(), grades),
            decisions=decisions,
            skipped=skipped,
        )


def ungraded(ballot: Ballot) -> Inspection:
    """What there is to see of a prompt of one's own, by its majority."""
    return Inspection(
        ballot=ballot,
        names=voter_names(vote.voter for vote in ballot.votes),
        usual=DEFAULT,
        kinds=frozenset(),
        right={},
        decisions={"majority": ballot.decide("majority")},
        skipped={},
    )


def _right(ballot: Ballot, decisions: Iterable[Decision], grades: Grades) -> dict[str, bool]:
    if ballot.problem.target is None:
        return {}
    answers: set[str | None] = {vote.answer for vote in ballot.votes}
    answers |= {candidate.answer for candidate in ballot.election.candidates}
    answers |= {decision.answer for decision in decisions}
    return {answer: grades.right(answer, ballot) for answer in answers if answer is not None}


def with_kept(inspection: Inspection, rows: Mapping[str, Mapping[str, Any]], counted: Count) -> Inspection:
    """The inspection with what votes.jsonl keeps of the aggregators that were skipped: `rows` by aggregator.

    Rows that were kept of other votes than these are not taken.
    """
    found = {name: _kept(rows.get(name, {}), inspection.ballot) for name in inspection.skipped}
    return _with(inspection, {name: one for name, one in found.items() if one is not None}, {}, counted)


def with_learned(inspection: Inspection, everything: Count) -> Inspection:
    """The inspection with what those decide that were skipped because they learn from all problems; `everything`: the
    count of all of them, with the same voters."""
    wanted = inspection.ballot.problem.id
    place = next(place for place, ballot in enumerate(everything.ballots) if ballot.problem.id == wanted)
    decisions, skipped = {}, {}
    for name in inspection.learned:
        try:
            decisions[name] = everything.decide(name)[place]
        except MissingSignalError as error:
            skipped[name] = str(error)
    return _with(inspection, decisions, skipped, everything)


def _with(inspection: Inspection, more: Mapping[str, Decision], why: Mapping[str, str], counted: Count) -> Inspection:
    """With more decisions, in the order of the aggregators, and better reasons for those that there are none of."""
    places = {name: place for place, name in enumerate(AGGREGATORS)}
    found = {**inspection.decisions, **more}
    decisions = dict(sorted(found.items(), key=lambda one: places.get(one[0], len(places))))
    skipped = {name: why.get(name, reason) for name, reason in inspection.skipped.items() if name not in more}
    right = _right(inspection.ballot, decisions.values(), Grades(counted))
    return dataclasses.replace(inspection, decisions=decisions, skipped=skipped, right=right)


def _kept(row: Mapping[str, Any], ballot: Ballot) -> Decision | None:
    """The decision that a row of votes.jsonl keeps, if it is of the votes of this ballot."""
    try:
        if [vote["answer"] for vote in row["votes"]] != [vote.answer for vote in ballot.votes]:
            return None
        tallies = tuple(
            Tally(answer=str(one["answer"]), votes=int(one["votes"]), support=float(one["support"]))
            for one in row["tallies"]
        )
        answer = None if row["answer"] is None else str(row["answer"])
        cast = sum(one.votes for one in tallies)
        tie, broken = bool(row["tie"]), tuple(map(str, row.get("broken", ())))  # earlier versions did not keep it
        return Decision(answer=answer, tie=tie, tallies=tallies, cast=cast, read=len(ballot.votes), broken=broken)
    except (KeyError, TypeError, ValueError):
        return None


def _tally(tally: Tally) -> dict[str, Any]:
    return {"answer": tally.answer, "votes": tally.votes, "support": tally.support}
