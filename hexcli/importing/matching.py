"""Which problem of the task a sample answers: matched by question, never by its place in a file."""

import dataclasses
import functools
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.errors import UsageError
from hexcli.importing.sample import Sample
from hexcli.records import Problem
from hexcli.task import Task
from hexcli.tasks.data.rows import checked
from hexcli.tasks.registry import TASKS, get_task

Question = tuple[str, tuple[str, ...]]  # its words and its options


class Matcher:
    """Gives each sample the id of its problem, and the problems when all samples were seen.

    Questions are one when their texts are, up to white space, and their options, where a sample has some. A problem
    that is not among the `known` ones is made of what its samples tell; unless they name it, its id is a hash of its
    question.
    """

    def __init__(self, task: Task, known: Sequence[Problem], there: Sequence[Problem] = ()) -> None:
        """`there` are the problems that the run has already."""
        self._task = task
        self._whole = bool(known)  # then a question that is not known is strange
        self._known: dict[str, list[Problem]] = {}
        self._found: dict[Question, Problem] = {}
        self._ids: dict[str, Question] = {}
        for problem in there:
            question = _words(problem.question), problem.choices
            self._found[question], self._ids[problem.id] = problem, question
            self._known.setdefault(_words(problem.question), []).append(problem)
        for problem in known:
            if (_words(problem.question), problem.choices) not in self._found:
                self._known.setdefault(_words(problem.question), []).append(problem)
        self._target_from: dict[Question, str] = {}
        self._strange: list[str] = []  # questions that are not among the known ones
        self._unread: list[str] = []  # targets that are no answer of the task
        self._first_unread: Any = None
        self._differ: list[str] = []  # targets that differ from the known one
        self._told = 0  # samples with a target
        self._known_met = bool(there)

    def match(self, sample: Sample, where: str) -> str:
        """The id of the sample's problem. Raises ValueError where there is none, or two samples contradict."""
        told = self._told_by(sample if sample.doc is not None or sample.question else self._asked_by_id(sample), where)
        question = _words(told.question), told.choices
        problem = self._found.get(question)
        if problem is None:
            problem = self._new(told, where)
            question = _words(problem.question), problem.choices
            weak = sample.doc is not None or sample.id_guessed
            if weak and self._ids.get(problem.id, question) != question:
                problem = dataclasses.replace(problem, id=self._id(problem))  # counted in its own file
            if self._ids.setdefault(problem.id, question) != question:
                raise ValueError(f"its problem_id '{problem.id}' is that of another question, too")
            problem = self._found.setdefault(question, problem)
            if problem is told and told.target is not None:
                self._target_from[question] = where
        if told.target is not None and problem.target is None:
            problem = self._found[question] = dataclasses.replace(problem, target=told.target)
            self._target_from[question] = where
        elif not self._same(told.target, problem.target):
            if question in self._target_from:
                first = self._target_from[question]
                raise ValueError(
                    f"its target is {told.target}, and in {first} it is {problem.target}: a question has one; "
                    "mend a row, or --fields target=none takes none"
                )
            self._differ.append(where)
        return problem.id

    def problems(self) -> Mapping[str, Problem]:
        """Every problem that a sample answers, by id, in the order in which they were met."""
        if self._told and len(self._unread) == self._told:
            raise UsageError(
                f"{self._unread[0]}: its target is no answer of task {self._task.name}: is --task right? "
                f"(the target is {self._first_unread!r:.80}; --task FILE, a CSV of questions and answers, reads any)"
            )
        return {problem.id: problem for problem in self._found.values()}

    @property
    def fits(self) -> bool:
        """Whether the samples look like the task's: known questions, rows of its dataset, targets that are answers."""
        return self._known_met or self._told > len(self._unread)

    def warnings(self) -> list[str]:
        """What to tell of the match, one line each."""
        found = [
            f"{what}: {len(rows)} (first: {rows[0]})"
            for what, rows in {
                f"targets that are no answer of task {self._task.name}": self._unread,
                "targets that differ from those of the task's rows, which are taken": self._differ,
                "questions that are not among the task's rows": self._strange,
            }.items()
            if rows
        ]
        if missing := sum(problem.target is None for problem in self._found.values()):
            found.append(
                f"problems without a target to score by: {missing} of {len(self._found)}; "
                "--data FILE, rows of the task's dataset, gives them"
            )
        return found

    def _same(self, one: str | None, other: str | None) -> bool:
        """Whether two targets are one, as far as they are known."""
        return one is None or other is None or one == other or self._task.equal(one, other)

    @functools.cached_property
    def _by_id(self) -> dict[str, Problem]:
        """The known problems, for samples that name theirs and ask nothing."""
        found: dict[str, Problem] = {}
        for alike in self._known.values():
            for problem in alike:
                found.setdefault(problem.id, problem)
        return found

    def _asked_by_id(self, sample: Sample) -> Sample:
        """The sample with the question of the known problem that it names. Raises ValueError where there is none."""
        name = sample.about["problem_id"]
        if (found := self._by_id.get(name)) is None:
            some = ", ".join(list(self._by_id)[:3])
            why = f"no row of the task has its id '{name}' (they have {some}, ...)" if some else "it has no question"
            raise ValueError(f"{why}: --task FILE, a CSV or JSONL of rows with that id and the question, tells it")
        about = {**sample.about, "choices": found.choices} if found.choices else sample.about
        return dataclasses.replace(sample, question=found.question, about=about)

    def _told_by(self, sample: Sample, where: str) -> Problem:
        """The problem as the sample tells it."""
        if sample.doc is not None:
            row, index = sample.doc
            if self._task.from_row is None:
                raise ValueError(f"task {self._task.name} has no dataset that its 'doc' could be a row of")
            try:
                self._told += 1
                return self._task.from_row(checked(row, self._task.fields), index)
            except ValueError as error:
                if alike := self._by_words(row):
                    return alike
                others = [name for name in read_by(row, index) if name != self._task.name]
                hint = f" (--task {' or '.join(others)} reads it)" if others else "; --task FILE names rows of your own"
                raise ValueError(f"its 'doc' is no row of task {self._task.name}: {error}{hint}") from None
        choices = tuple(sample.about.get("choices", ()))
        problem = Problem(
            id=sample.about.get("problem_id") or "",
            question=sample.question,
            choices=choices,
            category=sample.about.get("category"),
        )
        problem = problem if problem.id else dataclasses.replace(problem, id=self._id(problem))
        if sample.target is None:
            return problem
        self._told += 1
        target = self._task.target(sample.target, problem)
        if target is None:
            self._first_unread = self._first_unread if self._unread else sample.target
            self._unread.append(where)
        return dataclasses.replace(problem, target=target)

    def _by_words(self, row: Mapping[str, Any]) -> Problem | None:
        """The one known problem of a task of one's own that a row of another dataset asks, too."""
        asked = row.get(self._task.definition.get("fields", {}).get("question"))
        alike = self._known.get(_words(asked), []) if isinstance(asked, str) else []
        return alike[0] if len(alike) == 1 else None

    def _id(self, problem: Problem) -> str:
        """An id that is made of the question."""
        name = "\n".join([_words(problem.question), *problem.choices])
        return f"{self._task.name}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"

    def _new(self, told: Problem, where: str) -> Problem:
        """The known problem with that question, else the one told. Raises ValueError where several are known."""
        alike = self._known.get(_words(told.question), [])
        if told.choices:
            alike = [one for one in alike if one.choices == told.choices]
        if len(alike) > 1:
            raise ValueError(
                f"the task's rows have its question {len(alike)} times ({', '.join(one.id for one in alike[:3])})"
            )
        if not alike and self._whole:
            self._strange.append(where)
        self._known_met = self._known_met or bool(alike)
        return alike[0] if alike else told


def _words(question: Any) -> str:
    return " ".join(question.split())


def read_by(row: Mapping[str, Any], index: int) -> list[str]:
    """The tasks that take a row for one of their dataset."""
    return [name for name in TASKS if _reads(name, row, index)]


def _reads(name: str, row: Mapping[str, Any], index: int) -> bool:
    """Whether a task takes the row for one of its dataset."""
    task = get_task(name)
    if task.from_row is None:
        return False
    try:
        return task.from_row(checked(row, task.fields), index).target is not None
    except ValueError:
        return False
