"""What `decode` and `plan` are asked for: arguments -> a recipe, a folder, problems of one's own."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hexcli.engine.plan import check_recipe
from hexcli.engine.prompted import no_prompt
from hexcli.engine.repeating import Part, parts
from hexcli.errors import UsageError, plural
from hexcli.plugins.held import register_task, register_task_object
from hexcli.plugins.registering import register_rules
from hexcli.python.fields import as_recipe
from hexcli.python.loading import Generations, plug_in
from hexcli.python.said import check_prompt, mapping_said, names_said, path_said, plain, schedules_of, short
from hexcli.python.weights import is_pair
from hexcli.python.written import Written
from hexcli.recipe.file import expand
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.runs.folders import RUNS
from hexcli.runs.place import require_run_name
from hexcli.task import Task
from hexcli.tasks.prompt import problem_of
from hexcli.tasks.registry import get_task

FIRST_PROBLEMS = "50"


class Asked(NamedTuple):
    """A recipe, its run folder, and the problems that are not its task's; None: those of the task.

    reading  as what rows of one's own are read, where no task is named
    """

    recipe: Recipe
    path: Path
    problems: list[Problem] | None
    reading: str | None = None


# The arguments of `decode` and `plan` that say what is decoded.
WHAT = (
    *("task", "data", "limit", "prompts", "fewshot", "model", "schedules", "gen_length", "steps"),
    *("samples", "seed", "temperature", "output"),
)


def asked(arguments: Mapping[str, Any], written: Written) -> Asked:
    """What the arguments of `decode` and `plan` ask for, by their names; those on how to run say nothing here.

    Raises UsageError.
    """
    prompt, settings, fields = arguments["prompt"], arguments["settings"], arguments["fields"]
    named = {name: arguments[name] for name in WHAT}
    check_prompt(prompt)
    _refuse(prompt)
    task, limit, output = named["task"], named["limit"], named["output"]
    if prompt is not None and not (named["data"] is limit is None):
        raise UsageError("a prompt of your own is the only problem: leave out data and limit")
    folder = RUNS if output is None else path_said("output", output)
    if output is not None:
        require_run_name(folder)
    settings = mapping_said("settings", settings)
    said = {
        **{name: plain(value) for name, value in named.items() if name != "output"},
        "model": None,
        "task": task_said(task) or ("sums" if prompt is None else "prompt"),
        "schedules": schedules_of(named["schedules"]),
        "prompts": names_said("prompts", named["prompts"]),
        "limit": FIRST_PROBLEMS if task is prompt is limit is named["data"] is None else limit,
        "data": None,
    }
    given = as_recipe(said, {key: plain(value) for key, value in settings.items()}, fields)
    register(given["task"], given)
    place = RUNS if output is None else folder.parent
    given["data"] = written.file(named["data"], place)
    given["model"] = written.model(named["model"], place)
    if alone := task is prompt is None and given["data"] is not None:
        del given["task"]  # the rows tell it themselves
    recipes = expand(given)
    if len(recipes) > 1:
        raise UsageError(f"lists of values mean {plural(len(recipes), 'run')}: hexcli.sweep takes them")
    (recipe,) = recipes
    if prompt is None:
        reading = get_task(recipe.task).summary if alone else None
        return Asked(recipe, recipe.folder(folder) if output is None else folder, None, reading)
    problem = problem_of(prompt)  # each has a folder of its own, as the command keeps none
    name = f"{recipe.run_name()}-{problem.id.rpartition('-')[2]}"
    return Asked(recipe, folder / name if output is None else folder, [problem])


def _refuse(prompt: str | None) -> None:
    """Raises UsageError on a word that is no prompt, but a file, a task, a run or block lengths."""
    if prompt is not None and re.fullmatch(r"[\d+@,]+", prompt):
        raise UsageError(f"'{prompt}' is no prompt: block lengths are schedules='{prompt}'")
    if prompt is not None and (why := no_prompt(prompt)):
        why = why.replace(f'hex decode "$(cat {prompt})"', f"hexcli.decode(Path({prompt!r}).read_text())")
        why = re.sub(rf" {re.escape(prompt)}$", lambda _: f" {prompt!r}", why)
        raise UsageError(re.sub(r"(--task|--model) ([\w.-]+)\?", r"\1 '\2'?", why))


def parts_of(
    recipe: str | Path | Mapping[str, Any] | Generations,
    limit: int | str | None,
    settings: Mapping[str, Any] | None,
    output: str | Path | None,
    written: Written,
) -> list[Part]:
    """Every run that `sweep` is asked for, with its folder; rows in a recipe are written beside them.

    Raises UsageError.
    """
    folder = None if output is None else path_said("output", output)
    place = RUNS if folder is None else folder
    given = _fields("settings", settings, place, written)
    if limit is not None:
        given = as_recipe(given, {"limit": limit})
    register(given.get("task"), given)
    if isinstance(recipe, list | tuple):
        raise UsageError("a sweep is of one recipe: [hexcli.sweep(one) for one in ...] takes several")
    if not isinstance(recipe, Mapping):
        path = recipe.path if isinstance(recipe, Generations) else path_said("recipe", recipe)
        return parts([path], given, folder)
    if not recipe:
        raise UsageError("the recipe is empty: name its fields, {'schedules': [8, 16, 32], 'limit': 50}")
    fields = _fields("the recipe", recipe, place, written)
    register(fields.get("task"), fields)
    recipes = expand({**fields, **given})
    for one in recipes:
        check_recipe(one)
    return [Part(recipe=one, path=one.folder(place)) for one in recipes]


def _fields(what: str, fields: Mapping[str, Any] | None, folder: Path, written: Written) -> dict[str, Any]:
    """The fields of a recipe. Data that is no file, nor a list of files to sweep over, is written to one; so is a model
    in memory."""
    found = {name: plain(value) for name, value in mapping_said(what, fields).items() if name != "data"}
    if is_pair(model := mapping_said(what, fields).get("model")):
        found["model"] = written.model(model, folder)
    if isinstance(found.get("task"), Task):
        found["task"] = register_task_object(found["task"])
    data = mapping_said(what, fields).get("data")
    if isinstance(data, list | tuple) and data and all(isinstance(one, str | Path) for one in data):
        return {**found, "data": plain(data)}
    return found if data is None else {**found, "data": written.file(data, folder)}


def register(task: object, fields: Mapping[str, Any]) -> None:
    """What is named as `mine.py:name` is run: scripts name it themselves."""
    plug_in()
    register_task(task if isinstance(task, str) else None)
    register_rules([fields.get("remasking")])


def task_said(task: object) -> str | None:
    if isinstance(task, Task):
        return register_task_object(task)
    if isinstance(task, str | Path) and str(task).endswith(".py"):
        raise UsageError(f"'{task}' is a file: name the task in it, '{task}:NAME'")
    if task is None or isinstance(task, str | Path):
        return None if task is None else str(task)
    kinds = "a name ('gsm8k'), the YAML file of one, 'mine.py:NAME', or a hexcli.task.Task"
    raise UsageError(f"a task is {kinds}, not {short(task)}")
