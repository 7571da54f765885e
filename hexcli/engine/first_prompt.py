"""The first problem's prompt, as the model gets it."""

from collections.abc import Sequence
from dataclasses import dataclass

from hexcli.engine.asking import shots_of
from hexcli.engine.plan import choose_problems
from hexcli.engine.planning import Warn, planned
from hexcli.errors import NotDownloadedError
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.tasks.prompts.choosing import choose_wordings
from hexcli.tasks.prompts.wording import examples_for, put
from hexcli.tasks.registry import get_task


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPrompt:
    """What is asked of one problem in one wording.

    tokens  of the prompt; None where the model's tokenizer is not here: `text` is then without its chat template
    """

    problem: str
    wording: str
    text: str
    tokens: int | None


def first_prompts(
    recipe: Recipe, problems: Sequence[Problem] | None, *, device: str, warn: Warn, trust_remote_code: bool
) -> list[FirstPrompt]:
    """The prompts of the first problem that a recipe takes, one a wording. Raises as a dry run; downloads nothing."""
    task = get_task(recipe.task)
    first = (choose_problems(recipe, task).problems if problems is None else problems)[0]
    try:
        _, plan = planned(recipe, device, [first], warn, trust_remote_code=trust_remote_code, download=False, dry=True)
    except NotDownloadedError:
        return _without_template(recipe, first)
    names = {job.prompt_name: job for job in plan.jobs}
    return [
        FirstPrompt(problem=first.id, wording=name or task.usual, text=job.prompt, tokens=len(job.prompt_ids))
        for name, job in names.items()
    ]


def _without_template(recipe: Recipe, problem: Problem) -> list[FirstPrompt]:
    task = get_task(recipe.task)
    found = []
    for name, wording in choose_wordings(task, recipe.prompts, shots_of(recipe)).items():
        asked = task.prompt(problem) if wording is None else put(wording, problem, task.hidden)
        turns = [] if wording is None else [text for turn in examples_for(wording, problem) for text in turn]
        system = [wording.system] if wording is not None and wording.system else []
        text = "\n\n".join([*system, *turns, asked.user, *([asked.prefill] if asked.prefill else [])])
        found.append(FirstPrompt(problem=problem.id, wording=name or task.usual, text=text, tokens=None))
    return found
