"""Votes on answers that are there already, without a run, a model or a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import mean
from typing import Any

from hexcli.errors import HexError, UsageError, place
from hexcli.plugins.failures import told
from hexcli.python.public import public
from hexcli.python.rows import rows_of
from hexcli.python.said import short
from hexcli.schedule import Schedule
from hexcli.voting.aggregators import get_aggregator
from hexcli.voting.rules import MissingSignalError
from hexcli.voting.votes import Decision, Election, Vote, remembered

# Which of two answers are the same: a task's name, whose rule it is, or a function of two texts.
EqualLike = str | Callable[[str, str], bool]

ALIKE = "math"  # the task whose rule is taken where nobody names one
_PROBLEM = ("problem_id", "problem", "id", "question_id", "question")
_ANSWER = ("answer", "prediction", "pred", "output")
_VOTER = ("schedule", "voter", "model", "block_length")
PLAIN = Schedule(blocks=(1,), gen_length=1, steps=1)  # of votes whose schedule nobody asks for


@public
def majority(answers: Iterable[str | int | float | None], *, equal: EqualLike = ALIKE) -> str | None:
    """The answer that most of some answers give, `majority(["4", "5", "4"])`; None where there is none.

    answers  texts or numbers in the order in which they are cast, a tie goes to the first; None and "" abstain
    equal    whose rule says which answers are the same, "math" (1/2 is 0.5), "gsm8k", ...; or a function of two texts

    Raises hexcli.errors.UsageError where answers are no list of texts and numbers.
    """
    return Election.of(_votes(answers), equality(equal)).decide(lambda candidate: len(candidate.votes)).answer


def equality(equal: EqualLike) -> Callable[[str, str], bool]:
    """The rule of a task, or a function itself. Raises UsageError."""
    from hexcli.plugins.held import register_task
    from hexcli.tasks.registry import get_task

    if callable(equal):
        return remembered(_guarded(equal))
    if not isinstance(equal, str):
        raise UsageError(f"equal is a task's name or a function of two answers, not {short(equal)}")
    register_task(equal)
    return remembered(get_task(equal).equal)


def _guarded(equal: Callable[[str, str], bool]) -> Callable[[str, str], bool]:
    """A function of the user's own, whose failure is one line."""

    def same(one: str, other: str) -> bool:
        try:
            return bool(equal(one, other))
        except Exception as error:  # whatever code of others raises, said and not hidden
            raise HexError(f"equal(answer, answer) failed{place(error, equal)}: {told(error)}") from error

    return same


def _votes(answers: object) -> list[Vote]:
    """A vote an answer. Raises UsageError."""
    if isinstance(answers, str | bytes | Mapping) or not isinstance(answers, Iterable):
        raise UsageError(f"answers are a list, ['4', '5', '4'], not {short(answers)}")
    return [_vote(one, "") for one in answers]


def _vote(answer: object, voter: str) -> Vote:
    rows = ": hexcli.vote(rows) takes rows" if isinstance(answer, Mapping) else ""
    if answer is not None and (isinstance(answer, bool) or not isinstance(answer, str | int | float)):
        raise UsageError(f"an answer is a text, a number or None, not {short(answer)}{rows}")
    if isinstance(answer, float) and answer.is_integer():
        answer = int(answer)  # as data frames have whole numbers where one is missing
    said = None if answer is None or answer != answer or not str(answer).strip() else str(answer).strip()
    return Vote(answer=said, schedule=PLAIN, model=voter)


def elections_of(rows: Any, equal: EqualLike) -> dict[str, Election]:
    """The election of each problem of some rows, in their order. Raises UsageError."""
    found = rows_of(rows, "the rows")
    problem, answer = _column(found, _PROBLEM), _column(found, _ANSWER)
    voter = next((name for name in _VOTER if name in found[0]), None)
    votes: dict[str, list[Vote]] = {}
    for row in found:
        who = "" if voter is None else str(row.get(voter) or "")
        votes.setdefault(str(row.get(problem)), []).append(_vote(row.get(answer), who))
    same = equality(equal)
    return {name: Election.of(own, same) for name, own in votes.items()}


def _column(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    for name in names:
        if name in rows[0]:
            return name
    has = ", ".join(map(str, rows[0])) or "none"
    texts = "" if names is _PROBLEM else "; texts that answers are still to be read from are hexcli.import_(rows, ...)"
    raise UsageError(f"rows of answers have a column {names[0]} (or {', '.join(names[1:])}): these have {has}{texts}")


def decided(
    elections: Mapping[str, Election], aggregators: Sequence[str]
) -> tuple[dict[str, list[Decision]], list[dict[str, str]]]:
    """The decisions of each aggregator, and those that lack a signal in plain answers, with the reason."""
    found: dict[str, list[Decision]] = {}
    skipped = []
    for name in aggregators:
        try:
            found[name] = get_aggregator(name)(list(elections.values()), None)
        except MissingSignalError as error:
            skipped.append({"name": name, "reason": str(error)})
    return found, skipped


def frames(
    elections: Mapping[str, Election], aggregators: Sequence[str]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What `hexcli.vote` tells of rows: the frame with a row an aggregator, and a row a problem and aggregator."""
    found, skipped = decided(elections, aggregators)
    rows = [
        {
            "name": name,
            "voted": sum(one.answer is not None for one in own),
            "abstained": sum(one.answer is None for one in own),
            "ties": sum(one.tie for one in own),
            "agreement": mean([one.agreement for one in own if one.answer is not None] or [0.0]),
        }
        for name, own in found.items()
    ]
    details = [
        {
            "problem_id": problem,
            "aggregator": name,
            "answer": one.answer,
            "tie": one.tie,
            "agreement": one.agreement,
            "tallies": [{"answer": tally.answer, "votes": tally.votes} for tally in one.tallies],
        }
        for name, own in found.items()
        for problem, one in zip(elections, own, strict=True)
    ]
    return {"problems": len(elections), "rows": rows, "skipped": skipped}, details
