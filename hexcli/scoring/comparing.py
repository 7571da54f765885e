"""Two voters on the same problems: runs, models, schedules or aggregators, paired problem by problem."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.errors import HexError, UsageError, unknown
from hexcli.runs.ballots import Ballot
from hexcli.runs.counting import Count
from hexcli.runs.mistakes import no_targets
from hexcli.runs.traits import differing, phrase, traits
from hexcli.scoring.contestants import Contestant, Grades, aggregator, schedules
from hexcli.scoring.needed import problems_needed
from hexcli.scoring.paired import LEVEL, paired
from hexcli.stats import wilson
from hexcli.voter import Voter, meant
from hexcli.voting.aggregators import AGGREGATORS
from hexcli.voting.calibration import Calibration
from hexcli.voting.rules import MissingSignalError

Key = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A schedule (`expert`) or an aggregator of a run: on each labelled problem its answers, and the share of them that
    is right.

    A schedule has an answer a sample, an aggregator one; problems of which it has no vote are not in it.
    """

    counted: Count
    kind: str
    name: str
    correct: Mapping[Key, float]
    answers: Mapping[Key, Sequence[str | None]]
    partial: bool
    expert: Voter | None = None

    @property
    def label(self) -> str:
        """What people call it."""
        return f"block {self.name}" if self.kind == "schedule" else self.name

    def to_dict(self, keys: Sequence[Key]) -> dict[str, Any]:
        """The JSON object of a side, scored on the problems compared."""
        total = round(math.fsum(self.correct[key] for key in keys), 12)
        return {
            "run": self.counted.run.name,
            "path": str(self.counted.run.path),
            "model": self.counted.run.manifest.model,
            "kind": self.kind,
            "name": self.name,
            "correct": int(total) if total.is_integer() else total,
            "accuracy": total / len(keys),
            "ci95": list(wilson(total, len(keys))),
            "partial": self.partial,
        }


def side(counted: Count, who: str, calibration: Calibration | None = None) -> Side:
    """The schedule (by its name) or aggregator `who` of a run.

    Raises UsageError where the run has neither, or no problem with a target, and HexError where the aggregator cannot
    vote on it.
    """
    everything, labelled = counted, counted.labelled
    if not labelled.ballots:
        raise no_targets(counted.run.path, counted.run.manifest.recipe, "compare")
    grades = Grades(labelled)
    experts = meant(who.removeprefix("block "), labelled.names, counted.task.usual)
    if len(experts) > 1:
        several = ", ".join(labelled.names[one] for one in experts)
        raise UsageError(f"'{who}' means several schedules of {counted.run.path}: name one of {several}")
    if experts:
        found = next((one for one in schedules(labelled, grades) if one.expert == experts[0]), None)
        if found is None:
            raise UsageError(f"schedule {who} of {counted.run.path} has no problem with a target")
        return _side(labelled, found, [_of_schedule(ballot, experts[0]) for ballot in labelled.ballots])
    if who not in AGGREGATORS:
        if who == "all":
            raise UsageError("all is no schedule and no aggregator: name one; hex compare RUN has every pair")
        if who == "oracle":
            raise UsageError("the oracle knows the targets, and is no vote: hex score has it in a row of its own")
        if re.fullmatch(r"\d+(,\d+)+", who):
            first, second, *_ = who.split(",")
            where = counted.run.path
            raise UsageError(f"{who} is a list: two of it are hex compare {where}:{first} {second}, all -s {who}")
        if who[:1].isdigit():
            raise UsageError(f"{counted.run.path} has no schedule '{who}': it has {_schedules(labelled)}")
        of = f" of {counted.run.path}, and no run"
        raise unknown("schedule or aggregator", who, [*labelled.names.values(), *AGGREGATORS], of=of)
    try:
        decisions = everything.decide(who, calibration)
    except MissingSignalError as error:
        raise HexError(f"{who} cannot vote on {counted.run.path}: {error}") from None
    pairs = zip(everything.ballots, decisions, strict=True)
    own = [decision for ballot, decision in pairs if ballot.problem.target is not None]
    return _side(labelled, aggregator(labelled, grades, who, own), [[decision.answer] for decision in own])


def _schedules(counted: Count) -> str:
    """The names of a run's schedules, and what goes without saying in them."""
    found = traits(counted)
    named = ", ".join(counted.names.values())
    return f"{named}, at T {found['T']} on a canvas of {found['canvas']} with {phrase('steps', found['steps'])}"


def every_schedule(counted: Count) -> list[Side]:
    """Every schedule of a run that has a problem with a target. Raises UsageError where none has."""
    labelled = counted.labelled
    if not labelled.ballots:
        raise no_targets(counted.run.path, counted.run.manifest.recipe, "compare")
    return [
        _side(labelled, one, [_of_schedule(ballot, one.expert) for ballot in labelled.ballots])
        for one in schedules(labelled, Grades(labelled))
        if one.expert is not None
    ]


def compare(a: Side, b: Side) -> dict[str, Any]:
    """What `hex compare --json` prints: the difference a - b with its interval and p-value, and who won which problem.

    Problems are the same where id, question and target are. Raises UsageError where the runs share none.
    """
    if a.counted.task.name != b.counted.task.name:
        names = f"{a.counted.task.name} and {b.counted.task.name}"
        raise UsageError(
            f"runs of different tasks cannot be compared: {names}; hex runs --where task={a.counted.task.name} lists "
            "others of the first; rows asked in two ways are one task with two prompts (prompts:, docs/own-tasks.md)"
        )
    keys = [key for key in a.correct if key in b.correct]
    if not keys:
        paths = f"{a.counted.run.path} and {b.counted.run.path}"
        there = "; ".join(f"{one.counted.run.name} has {_problems_of(one)}" for one in (a, b))
        raise UsageError(
            f"{paths} share no problem with a target, and nothing can be paired: {there}; hex runs lists others"
        )
    differences = [a.correct[key] - b.correct[key] for key in keys]
    found = paired(differences)
    listed = list(zip(keys, differences, strict=True))
    return {
        "task": a.counted.task.name,
        "a": a.to_dict(keys),
        "b": b.to_dict(keys),
        "differ": _differ(a, b),
        "problems": len(keys),
        "only_in_a": len(a.correct) - len(keys),
        "only_in_b": len(b.correct) - len(keys),
        **{name: value for name, value in found.to_dict().items() if name not in ("won", "lost", "problems")},
        "problems_needed": None if found.p_value < LEVEL else problems_needed(differences),
        "won": [_problem(key, a, b) for key, difference in listed if difference > 0],
        "lost": [_problem(key, a, b) for key, difference in listed if difference < 0],
    }


def _problems_of(side: Side) -> str:
    names = sorted(name for name, *_ in side.correct)
    return f"{len(names)}, {names[0]} to {names[-1]}" if len(names) > 1 else f"{names[0]} alone"


def _differ(a: Side, b: Side) -> dict[str, list[str]]:
    """The settings in which two runs, or schedules of one, differ: name -> of each; not which problems."""
    own, other = (traits(side.counted, side.expert) for side in (a, b))
    told = ("limit", "schedules") if a.counted.run.path == b.counted.run.path else ("limit",)
    both = (own, other)
    return {name: [one.get(name, "none") for one in both] for name in differing(both) if name not in told}


def _side(counted: Count, contestant: Contestant, answers: Sequence[Sequence[str | None]]) -> Side:
    there = [
        (_key(ballot), correct, own)
        for ballot, correct, own in zip(counted.ballots, contestant.correct, answers, strict=True)
        if correct is not None
    ]
    return Side(
        counted=counted,
        kind=contestant.kind,
        name=contestant.name,
        correct={key: correct for key, correct, _ in there},
        answers={key: own for key, _, own in there},
        expert=contestant.expert,
        partial=contestant.short and not (counted.complete and contestant.name in counted.steady),
    )


def _key(ballot: Ballot) -> Key:
    return ballot.problem.id, ballot.problem.question, ballot.problem.target


def _of_schedule(ballot: Ballot, expert: Voter) -> list[str | None]:
    return [vote.answer for vote in ballot.votes if vote.expert == expert]


def _problem(key: Key, a: Side, b: Side) -> dict[str, Any]:
    name, question, target = key
    return {
        "problem_id": name,
        "question": question,
        "target": target,
        "a": {"answers": list(a.answers[key]), "correct": a.correct[key]},
        "b": {"answers": list(b.answers[key]), "correct": b.correct[key]},
    }


def answers_text(answers: Sequence[str | None]) -> str:
    """Answers for people: `17`, or of several samples `17 x3, 5, none`."""
    counts = Counter("none" if answer is None else answer for answer in answers)
    return ", ".join(f"{answer} x{number}" if number > 1 else answer for answer, number in counts.most_common())
