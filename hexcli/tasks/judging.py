"""Why two answers are the same or not under a task: what is read of each, its tree, and who decided."""

from typing import Any

from hexcli.answers.equality import Verdict, described, readings, verdict
from hexcli.answers.grading import answer_tag, boxed
from hexcli.answers.judge.asking import equal_expressions
from hexcli.records import Problem
from hexcli.task import Task
from hexcli.tasks.math500 import MATH500
from hexcli.tasks.prompt import PROMPT


def judged(task: Task, gold: str, prediction: str, problem: Problem) -> dict[str, Any]:
    r"""Whether a prediction is right, and how that was found, as `hex grade --json` prints it.

    The gold goes through the task's `target`, as the right answers in data files do; the prediction through its
    `extract`, in a `\boxed{}` unless it has one (or an answer tag) itself: a whole reply may be given.
    """
    target = task.target(gold, problem)
    whole = boxed(prediction) is not None or answer_tag(prediction) is not None
    answer = task.extract(prediction if whole else rf"\boxed{{{prediction}}}", problem)
    found: dict[str, Any] = {"task": task.name, "equal": False, "by": "nothing to read", "steps": []}
    sides = {"gold": _side(gold, target), "prediction": _side(prediction, answer)}
    if target is not None and answer is not None:
        if task.grade in (MATH500.grade, PROMPT.grade):
            reached = verdict(answer, target, equal_expressions)
            found |= {"equal": reached.equal, "by": reached.by, "steps": list(reached.steps)}
            _add_trees(sides, reached)
        else:
            found |= {"equal": task.grade(answer, target), "by": "the form that is read"}
    return {**found, **sides}


def _side(text: str, read: str | None) -> dict[str, Any]:
    return {"text": text, "read": read, "trees": [], "unread": ""}


def _add_trees(sides: dict[str, dict[str, Any]], reached: Verdict) -> None:
    for side, trees, why in zip(("prediction", "gold"), reached.trees, reached.unread, strict=True):
        sides[side] |= {"trees": [described(tree) for tree in trees or readings(sides[side]["read"])], "unread": why}
