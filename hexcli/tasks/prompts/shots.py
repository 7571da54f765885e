"""Examples before the question: drawn from a task's training split or from a file, answered in the run's wording."""

import dataclasses
import random
from collections.abc import Sequence
from dataclasses import dataclass

from hexcli.errors import NotDownloadedError, UsageError, plural
from hexcli.records import Problem
from hexcli.task import Shot, Task, Wording, plain_solution
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.prompts.wording import answered, plain, put

MOST = 64  # examples: more fit no model's context, and are a slip of the finger


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: how many examples, from which file (None: the training split), drawn with which seed.

    count  None with a file: every row of it
    """

    count: int | None = None
    data: str | None = None
    seed: int = 0

    def check(self) -> None:
        """Raises UsageError where it is no such thing."""
        if self.count is not None and not 1 <= self.count <= MOST:
            raise UsageError(f"fewshot must be 1 to {MOST} examples, not {self.count}")
        if self.seed and not self:
            raise UsageError(f"fewshot_seed {self.seed} has no effect without fewshot or fewshot_data: leave it out")
        if self.seed < 0:
            raise UsageError(f"fewshot_seed must be 0 or more, not {self.seed}")

    def __bool__(self) -> bool:
        return self.count is not None or self.data is not None


def pool(task: Task, asked: Asked) -> list[Problem]:
    """The problems to draw from, each question once. Raises UsageError, HexError where they cannot be had."""
    if asked.data is not None and task.from_row is None:
        raise UsageError(f"task '{task.name}' makes its own problems: its examples come by --fewshot N, from no file")
    if asked.data is not None:
        found = load_problems(task, asked.data).problems
    elif task.train is None:
        key = ", or name their file in its YAML file: `train: FILE`" if task.file is not None else ""
        raise UsageError(
            f"task '{task.name}' has no training split to draw examples from: give some by --fewshot-data FILE{key}"
        )
    else:
        found = _training(task)
    return list({plain(one.question): one for one in found if one.target is not None}.values())


def _training(task: Task) -> Sequence[Problem]:
    assert task.train is not None
    try:
        return task.train()
    except NotDownloadedError as error:
        reason = str(error).split("; once")[0]
        raise NotDownloadedError(f"{reason}; or give examples in a file: --fewshot-data FILE") from None


def drawn(task: Task, asked: Asked) -> list[Problem]:
    """The examples, and one more where there is one, for the problem that is an example itself.

    Raises UsageError where there are not so many.
    """
    asked.check()
    problems = pool(task, asked)
    where = asked.data or f"the training split of '{task.name}'"
    if not problems:
        raise UsageError(f"{where} has no problem with a right answer: no example can be made of it")
    if asked.count is None:
        if len(problems) > MOST:
            raise UsageError(f"{where} has {plural(len(problems), 'example')}: say how many of them (--fewshot 4)")
        return problems
    if asked.count > len(problems):
        raise UsageError(f"fewshot {asked.count}: {where} has only {plural(len(problems), 'example')}")
    return random.Random(asked.seed).sample(problems, min(asked.count + 1, len(problems)))


def with_shots(wording: Wording, task: Task, examples: Sequence[Problem], count: int | None) -> Wording:
    """The wording with these problems, answered, before the question. Raises UsageError where it has examples already,
    or one cannot be asked in it."""
    if wording.examples:
        raise UsageError("it has examples of its own: leave out --fewshot and --fewshot-data")
    shots = []
    for problem in examples:
        _require_solution(wording, task, problem)
        try:
            asked, reply = put(wording, problem, task.hidden).user, answered(wording, *task.solved(problem))
        except ValueError as error:
            raise UsageError(f"example {problem.id} cannot be asked: {error}") from None
        shots.append(Shot(asked, reply, problem.question))
    return dataclasses.replace(wording, examples=tuple(shots), shown=count)


def _require_solution(wording: Wording, task: Task, problem: Problem) -> None:
    """Raises UsageError where somebody's own reply shows a `{solution}` and the rows of the task have none."""
    own = wording.reply != Wording().reply and (task.definition or wording not in task.prompts.values())
    if own and task.solved is plain_solution and "{solution}" in wording.reply and "solution" not in problem.row:
        fields = ", ".join(map(str, problem.row)) or "no other field"
        raise UsageError(f"the reply's {{solution}} is no field of its rows: they have {fields}")


def called(name: str, asked: Asked, count: int) -> str:
    """The name of a wording with examples: `plain+4shot`; with another seed than 0 `plain+4shot.7`."""
    return f"{name}+{count}shot" + (f".{asked.seed}" if asked.seed else "")
