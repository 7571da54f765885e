"""Which problem of the task a sample answers: matched by question, never by its place in a file."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.errors import UsageError
from hexcli.importing.sample import Sample
from hexcli.records import Problem
from hexcli.tasks import Task
from hexcli.tasks.rows import checked


class Matcher:
    """Gives each sample the id of its problem, and the problems when all samples were seen.

    Questions are one when their texts are, up to white space, and their options, where a sample has some. A problem
    that is not among the `known` ones is made of what its samples tell; its id is a hash of its question.
    """

    def __init__(self, task: Task, known: Sequence[Problem]) -> None:
        self._task = task
        self._known: dict[str, list[Problem]] = {}
        for problem in known:
            self._known.setdefault(_words(problem.question), []).append(problem)
        self._found: dict[str, Problem] = {}
        self._first: dict[str, str] = {}  # where the target of a problem comes from
        self._strange: list[str] = []  # questions that are not among the known ones
        self._unread: list[str] = []  # targets that are no answer of the task
        self._differ: list[str] = []  # targets that differ from the known one
        self._told = 0  # samples with a target

    def match(self, sample: Sample, where: str) -> str:
        """The id of the sample's problem. Raises ValueError, or UsageError where two samples contradict each other."""
        problem = self._told_by(sample, where)
        known = self._known_as(problem)
        if known is None:
            if self._known and problem.id not in self._found:
                self._strange.append(where)
            found = problem
        else:
            if not self._same(problem.target, known.target):
                self._differ.append(where)
            found = known if known.target is not None else dataclasses.replace(known, target=problem.target)
        before = self._found.get(found.id)
        if before is None or before.target is None:
            self._found[found.id] = found
            self._first[found.id] = where
        elif not self._same(found.target, before.target):
            raise UsageError(
                f"{where} and {self._first[found.id]} have one question and two targets: "
                f"{found.target} and {before.target}"
            )
        return found.id

    def problems(self) -> Mapping[str, Problem]:
        """Every problem that a sample answers, by id, in the order in which they were met."""
        if self._told and len(self._unread) == self._told:
            raise UsageError(f"{self._unread[0]}: its target is no answer of task {self._task.name}: is --task right?")
        return self._found

    def warnings(self) -> list[str]:
        """What to tell of the match, one line each."""
        found = []
        if self._unread:
            found.append(
                f"{len(self._unread)} targets are no answers of task {self._task.name} ({self._unread[0]}, ...)"
            )
        if self._differ:
            found.append(f"{len(self._differ)} targets differ from --data's, which are taken ({self._differ[0]}, ...)")
        if self._strange:
            found.append(f"{len(self._strange)} questions are not in --data ({self._strange[0]}, ...)")
        if missing := sum(problem.target is None for problem in self._found.values()):
            found.append(
                f"{missing} of {len(self._found)} problems have no target to score by: "
                "--data FILE, rows of the task's dataset, gives them"
            )
        return found

    def _same(self, one: str | None, other: str | None) -> bool:
        """Whether two targets are one, as far as they are known."""
        return one is None or other is None or one == other or self._task.equal(one, other)

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
                raise ValueError(f"its 'doc' is no row of task {self._task.name}: {error}") from None
        choices = tuple(sample.about.get("choices", ()))
        name = "\n".join([_words(sample.question), *choices])
        problem = Problem(
            id=sample.about.get("problem_id") or f"{self._task.name}-{hashlib.sha256(name.encode()).hexdigest()[:12]}",
            question=sample.question,
            choices=choices,
            category=sample.about.get("category"),
        )
        if sample.target is None:
            return problem
        self._told += 1
        target = self._task.target(sample.target, problem)
        if target is None:
            self._unread.append(where)
        return dataclasses.replace(problem, target=target)

    def _known_as(self, problem: Problem) -> Problem | None:
        alike = self._known.get(_words(problem.question), [])
        if problem.choices:
            alike = [one for one in alike if one.choices == problem.choices]
        if len(alike) > 1:
            raise ValueError(f"--data has its question {len(alike)} times ({', '.join(one.id for one in alike[:3])})")
        return alike[0] if alike else None


def _words(question: Any) -> str:
    return " ".join(question.split())
