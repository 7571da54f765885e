"""What a task is: dataset, prompt, answer extraction, equivalence and grading."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hexcli.records import Problem
from hexcli.voter import DEFAULT


class Prompt(NamedTuple):
    """What a task asks the model: the user turn, and the words put into its mouth (may be empty)."""

    user: str
    prefill: str = ""


class Shot(NamedTuple):
    """An example: what is asked, what is answered to it, and the question in it, by which it is told from a problem."""

    user: str
    reply: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way of putting the problems of a task to a model.

    user      the user turn: a template (tasks.prompts.template) whose `{name}` is the question, the options, or a field
              of the problem's row
    system    what is said before it; prefill = the words put into the model's mouth
    reply     how an example is answered, prefill included: `{solution}` and `{answer}` stand for what its row has
    examples  turns before the question; of more than `shown` those that are not the problem itself (None: all of them)
    """

    user: str = "{question}"
    system: str = ""
    prefill: str = ""
    reply: str = "{solution}\nThe answer is {answer}."
    examples: tuple[Shot, ...] = ()
    shown: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """What run.json keeps of it: the fields that are not empty."""
        fields = {"system": self.system, "user": self.user, "prefill": self.prefill, "shown": self.shown}
        shots = [{"user": shot.user, "reply": shot.reply} for shot in self.examples]
        return {name: value for name, value in {**fields, "examples": shots}.items() if value}


def plain_target(value: object, problem: Problem) -> str | None:
    """A target as text; a whole number in floating point (18.0) without its point."""
    if value is None or isinstance(value, bool | list | dict):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split()) or None


def plain_solution(problem: Problem) -> tuple[str, str]:
    """What the row has as `solution`, if anything, up to `####`; and the target."""
    solution = problem.row.get("solution", "")
    return solution.partition("####")[0].strip() if isinstance(solution, str) else "", problem.target or ""


def same_text(a: str, b: str) -> bool:
    """Canonical answers, letters or numbers, are equal when their texts are."""
    return a == b


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A benchmark, from its rows to the verdict. All functions are pure; only `load` reads anything.

    version   goes up when prompts, extraction or grading change: scores of different versions do not compare
    size      problems in the whole set, known without loading it (None where it depends on a file)
    load      all problems in their fixed order, targets canonical. Raises HexError where they cannot be had
    prompt    problem -> what to ask
    extract   (text, problem) -> the answer in it, canonical, or None: an abstention. Never sees the target
    equal     whether two answers are the same answer
    grade     (answer, target) -> whether it is right
    fields    what a row of its dataset holds (tasks.rows); from_row makes the problem of such a row, its index
              counted from 0, and raises ValueError where a field cannot be read. None for tasks that make their own
              problems
    target    (value, problem) -> the canonical target in what another program's file calls the right answer,
              None where it is none; by default the value as text
    credit    (answer, target) -> share of it that is right, 0 to 1, for tasks that are rarely solved whole
    check     (answer, problem without its target) -> whether the answer is possible by what the question itself says;
              None for tasks whose questions say no such thing. Never sees the target
    prompts   its wordings by name, the one that `prompt` asks in first; empty where it has only that one
    hidden    fields of a row that tell the right answer: no prompt may show them
    train     problems of its training split, for examples; None where it has none. Raises as `load`
    solved    problem -> the way to its answer and the answer, as an example shows them
    file, definition   of a custom task (tasks.custom): where its rows are, and what a run folder keeps of it
    """

    name: str
    version: int
    summary: str
    source: str
    size: int | None
    load: Callable[[], Sequence[Problem]]
    prompt: Callable[[Problem], Prompt]
    extract: Callable[[str, Problem], str | None]
    equal: Callable[[str, str], bool]
    grade: Callable[[str, str], bool]
    fields: Mapping[str, Any] = field(default_factory=dict)
    from_row: Callable[[Mapping[str, Any], int], Problem] | None = None
    target: Callable[[object, Problem], str | None] = plain_target
    credit: Callable[[str, str], float] | None = None
    check: Callable[[str, Problem], bool] | None = None
    prompts: Mapping[str, Wording] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    train: Callable[[], Sequence[Problem]] | None = None
    solved: Callable[[Problem], tuple[str, str]] = plain_solution
    file: str | None = None
    definition: Mapping[str, Any] = field(default_factory=dict)

    @property
    def usual(self) -> str:
        """What the wording of `prompt` is called."""
        return next(iter(self.prompts), DEFAULT)
