"""What `hex sweep` decodes: the grid of recipe files, and run folders to repeat or to finish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.engine.moved import files_said, with_files
from hexcli.engine.plan import check_recipe, require_limit
from hexcli.errors import UsageError
from hexcli.recipe.file import expand, in_keys, load_recipes
from hexcli.recipe.recipe import Recipe
from hexcli.recipe.shipped import find_recipe
from hexcli.recipe.size import MOST
from hexcli.records import Problem
from hexcli.runs.folders import RUNS, run_folder
from hexcli.runs.mistakes import require_no_part
from hexcli.runs.reading import read_manifest
from hexcli.runs.rows import MANIFEST, read_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One run to be, in its folder. `problems`: prompts of one's own, instead of the task's problems."""

    recipe: Recipe
    path: Path
    problems: tuple[Problem, ...] | None = None

    def check(self, said: Path) -> None:
        """Raises UsageError, naming what was said, where the recipe is none that can be decoded."""
        try:
            check_recipe(self.recipe)
        except UsageError as error:
            raise UsageError(f"{said}: {in_keys(str(error))}") from None


def parts(
    paths: Sequence[Path],
    overrides: Mapping[str, Any],
    output: Path | None,
    *,
    agreed: bool = False,
    fast: bool = False,
) -> list[Part]:
    """Every run of the recipe files and run folders, each once. Raises UsageError; `agreed`: not on account of size;
    `fast`: with the shortcuts of --fast.

    Recipes go into folders in `output` (runs/, where it is None); a run folder is its own, or repeated in `output`.
    """
    if output is not None and output.exists() and not output.is_dir():
        raise UsageError(f"'{output}' is a file: -o is the folder for the run folders")
    found: dict[tuple[Any, ...], Part] = {}
    for path in paths:
        if (run := _run(path)) is not None:
            own = _of_run(
                run,
                {**overrides, **({"fast": True} if fast else {})},
                run if output is None else output / run.resolve().name,
            )
        else:
            recipes = load_recipes(find_recipe(path), overrides, None if agreed else MOST, fast=fast)
            for recipe in recipes:
                require_limit(recipe)
            own = [Part(recipe=recipe, path=recipe.folder(output or RUNS)) for recipe in recipes]
        for part in own:
            part.check(path)
            found.setdefault((part.path.resolve(), part.recipe.run_name(), part.problems), part)
    return list(found.values())


def _run(path: Path) -> Path | None:
    """The run folder that is meant by a word; None: a recipe, as where one has the name of a run in runs/.

    Raises UsageError on a file in a run folder.
    """
    if (path / MANIFEST).is_file():
        return path
    require_no_part(path)
    run = run_folder(path)
    return run if find_recipe(path) == path and run != path and (run / MANIFEST).is_file() else None


def _of_run(path: Path, overrides: Mapping[str, Any], into: Path) -> list[Part]:
    """Every recipe that was asked of a run folder, with its files where `overrides` have them now; to name its own task
    changes nothing."""
    manifest = read_manifest(path)
    overrides = {name: value for name, value in overrides.items() if (name, value) != ("task", manifest.task)}
    files = files_said(manifest, overrides)
    if overrides := {name: value for name, value in overrides.items() if name not in files}:
        raise UsageError(
            f"'{path}' is a run folder, which is repeated as it was asked for: {', '.join(overrides)} cannot be set; "
            "give another recipe to `hex sweep`, or options to `hex decode`"
        )
    manifest.require_own(path, "it is repeated by way of its sources")
    if "import" in manifest.recipe:
        raise UsageError(f"'{path}' was imported, not decoded: repeat the `hex import` that made it")
    found = []
    for asked in manifest.asked:
        problems = tuple(Problem(id=one["id"], question=one["question"]) for one in asked.problems) or None
        if problems is None and asked.recipe.get("task") == "prompt":
            problems = _prompts(path)
        fields = asked.recipe if problems else with_files(path, manifest, asked.recipe, files)
        try:
            (recipe,) = expand(fields, None, recorded=True)  # it was agreed to
        except UsageError as error:
            raise UsageError(f"'{path}' cannot be repeated: its recipe has an {error}") from None
        found.append(Part(recipe=recipe, path=into, problems=problems))
    return found


def _prompts(path: Path) -> tuple[Problem, ...]:
    """The prompts of one's own in a run folder that does not list them: those of its rows."""
    return tuple({row.problem.id: row.problem for row in read_rows(path, light=True).generations}.values())
