"""Recipe files: YAML <-> recipes. A list-valued field means a sweep.

    model: tiny
    task: sums
    schedules: [8, 16, 32]
    temperature: [0, 0.9]      # a list: one run for each value

`schedules` and `prompts` are the ensemble of one run, so they are lists already; a list of lists sweeps over ensembles.
A schedule may have a canvas, steps, ... of its own: `32@256:steps=64` (see labels).
"""

import dataclasses
import difflib
import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, unknown
from hexcli.models.options import read_options
from hexcli.recipe.faster import quickened
from hexcli.recipe.published import as_published
from hexcli.recipe.recipe import DTYPES, Recipe
from hexcli.recipe.shipped import shipped
from hexcli.recipe.size import MOST, require_size
from hexcli.recipe.spellings import KEYS, SPELLED
from hexcli.recipe.values import values_of
from hexcli.remasking import OFFERED, rule_name
from hexcli.shortcuts import FAST_SAMPLED
from hexcli.tasks.file_names import DATA_FILES, data_file
from hexcli.tasks.registry import TASKS, get_task
from hexcli.yaml_file import read_mapping

# What the command line says, and a recipe does not.
_OPTIONS = ("until_decided", "decide_at", "vote_order", "batch_size", "device", "workers", "engine", "output",
            "retry_failed", "trust_remote_code", "gpus_per_worker")  # fmt: skip


def load_recipes(
    path: Path, overrides: Mapping[str, Any] | None = None, most: int | None = MOST, *, fast: bool = False
) -> list[Recipe]:
    """Every run of a recipe file. Raises UsageError naming the file and what is wrong in it; `most`, `fast`: see
    `expand`."""
    if path.suffix.lower() in DATA_FILES:
        raise UsageError(f"{path} is no recipe but rows of data: hex decode --data {path}")
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name the recipe files in it, e.g. hex sweep {path / '*.yaml'}")
    if not path.exists():
        raise UsageError(_nowhere(path))
    fields = read_mapping(path, "recipe", "model, task, schedules, ...")
    if "extract" in fields or "fields" in fields or _of_task(fields):
        raise UsageError(f"{path} is a task, not a recipe: decode it with hex decode --task {path}")
    try:
        return expand({**fields, **(overrides or {})}, most, fast=fast, named=overrides or ())
    except UsageError as error:
        raise UsageError(f"{path}: {in_keys(str(error))}") from None


def _of_task(fields: Mapping[Any, Any]) -> bool:
    """Whether keys that no recipe has are a task's."""
    from hexcli.tasks.custom import KEYS as OF_TASK

    strange = {*fields} - {field.name for field in dataclasses.fields(Recipe)}
    return bool(strange) and strange <= {*OF_TASK}


def in_keys(message: str) -> str:
    """A message about a recipe, with the options that set one of its keys by those keys, which a sweep has."""
    if ".py:" in message:
        return message  # a file is named on the command line, and its code runs only then
    keys = {field.name for field in dataclasses.fields(Recipe)}

    def key(option: re.Match[str]) -> str:
        name = option[1].replace("-", "_")
        return name if name in keys else option[0]

    return re.sub(r"--([a-z][a-z-]*)", key, message)


def _nowhere(path: Path) -> str:
    """What to say of a recipe that is not there."""
    known = {one.name: one for one in shipped().values()}
    if (one := known.get(path.stem)) is not None:
        use = f"hex sweep {one.name}" if one.kind == "recipe" else f"hex decode --task {one.path}"
        return f"cannot read {path}: no such file; the {one.kind} '{one.name}' that comes with hex: {use}"
    if str(path) in TASKS:
        return f"'{path}' is a task, not a recipe: hex decode --task {path}"
    if len(parts := str(path).split(",")) > 1 and all(part in known or Path(part).is_file() for part in parts):
        return f"'{path}' are several recipes, which blanks part: hex sweep {' '.join(parts)}"
    if "=" in str(path):
        return f"'{path}' is no recipe: a key is changed by --set {path}"
    for ending in (".yaml", ".yml"):
        if (file := Path(f"{path}{ending}")).is_file():
            return f"no recipe '{path}': did you mean the file {file}?"
    there = [one for pattern in ("*.yaml", "*.yml") for one in sorted(path.parent.glob(pattern))]
    here = [str(one) for one in there if _is_recipe(one)]
    if near := difflib.get_close_matches(str(path), here, n=1):
        return f"cannot read {path}: no such file; did you mean {near[0]}?"
    recipes = [one.name for one in known.values() if one.kind == "recipe"]
    if path.suffix:
        return f"no recipe file {path}; those that come with hex: {', '.join(recipes)}"
    if "/" in str(path):
        return f"no recipe file and no run {path}; hex recipes lists those that come with hex, hex runs your runs"
    return f"{unknown('recipe', path.stem, recipes)}; or give a YAML file"


def _is_recipe(path: Path) -> bool:
    """Whether a YAML file that is beside the one meant may be a recipe: no prompt, task or map of files is one."""
    try:
        fields = read_mapping(path, "recipe", "model, task, schedules, ...")
    except UsageError:
        return True  # a broken one is told of when it is named
    known = {*KEYS, *(field.name for field in dataclasses.fields(Recipe))}
    return not known.isdisjoint(fields) and {"fields", "extract", "user"}.isdisjoint(fields)


def expand(
    fields: Mapping[str, Any],
    most: int | None = MOST,
    *,
    recorded: bool = False,
    fast: bool = False,
    named: Collection[str] = (),
) -> list[Recipe]:
    """One recipe for each combination of the list-valued fields, in their order.

    `recorded`: they are what a run was decoded by, and nothing goes without saying (see published.py). `fast`: with
    the shortcuts of --fast, `named` being the keys that the command says (see faster.py). Raises UsageError, also where
    they mean more than `most` generations in all.
    """
    known = [field.name for field in dataclasses.fields(Recipe)]
    for name in fields:
        if name not in known:
            raise _no_key(str(name), known)
    axes = {name: values_of(name, fields[name]) for name in known if name in fields}
    usual = Recipe()
    require_size({name: axes.get(name, [getattr(usual, name)]) for name in known}, most)
    cells = itertools.product(*axes.values())
    said = [dict(zip(axes, cell, strict=True)) for cell in cells]
    said = [quickened(one, named) for one in said] if fast else said
    return [_checked(Recipe(**(one if recorded else as_published(_asked(one))))) for one in said]


def _asked(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of one recipe, with the task that rows without one are: that of their dataset, or their own."""
    task, data = fields.get("task"), fields.get("data")
    from hexcli.tasks.known_rows import asked, refuse_no_file

    if task is not None and data is not None:
        refuse_no_file(str(task), str(data))
    if data_file(str(task)) is None and (task is not None or data is None):
        return fields
    task, data = asked(task, data)
    return {**fields, "task": task, "data": data}


def _no_key(name: str, known: Sequence[str]) -> UsageError:
    """What to say of a key that no recipe has: an option of the command line may be meant."""
    plain = name.replace("-", "_")
    if plain == "fast":
        parts = ", ".join(f"{key}: {value}" for key, value in FAST_SAMPLED.items())
        return UsageError(
            f"a recipe has no key 'fast': hex sweep --fast, or write its parts, {parts} (open at temperature 0)"
        )
    if plain in _OPTIONS:
        return UsageError(f"a recipe has no key '{name}': the command says it, hex sweep --{plain.replace('_', '-')}")
    if plain.lower() in KEYS:
        return UsageError(f"unknown recipe key '{name}': it is called {KEYS[plain.lower()]} here")
    said = str(unknown("recipe key", name, known))
    some = "e.g. model, task, schedules, temperature, samples, limit (all: docs/recipes.md; hex recipes --copy mine)"
    return UsageError(said if "did you mean" in said else f"{said.partition(': ')[0]}: {some}")


def _checked(recipe: Recipe) -> Recipe:
    recipe.taken(())
    if len(recipe.prompts) == 1 and recipe.prompts[0] == get_task(recipe.task).usual:
        recipe = dataclasses.replace(recipe, prompts=())  # one recipe, one run, however it is said
    options = recipe.options
    if (named := options.pop("dtype", None)) is not None:
        named = SPELLED["dtype"](str(named))
        # Another spelling of the field: one recipe, one run, however it is said.
        if recipe.dtype not in ("auto", named):
            raise UsageError(f"two dtypes: {recipe.dtype}, and {named} in the model's options")
        recipe = dataclasses.replace(recipe, dtype=str(named))
    if recipe.dtype not in DTYPES:
        raise unknown("dtype", recipe.dtype, DTYPES)
    read = read_options(options)
    if recipe.remasking in OFFERED:  # with the hash of its source: a changed rule is another run
        recipe = dataclasses.replace(recipe, remasking=rule_name(recipe.remasking))
    return dataclasses.replace(recipe, model_args=tuple((key, getattr(read, key)) for key in sorted(options)))
