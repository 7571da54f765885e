"""Decoding, in Python: into the cache and a run folder, as the commands do."""

import io
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from hexcli.engine.plan import check_recipe
from hexcli.engine.running import run_recipe
from hexcli.errors import UsageError, plural
from hexcli.plugins.registering import register_rules, register_task
from hexcli.python.loading import Generations, load, plug_in, warn
from hexcli.python.said import (
    DataLike,
    SchedulesLike,
    check_prompt,
    data_file,
    mapping_said,
    names_said,
    path_said,
    require_count,
    schedules_of,
    short,
)
from hexcli.recipe.file import expand, load_recipes
from hexcli.recipe.recipe import Recipe
from hexcli.recipe.shipped import find_recipe
from hexcli.records import Problem
from hexcli.report.progress import Meter, meter
from hexcli.tasks.prompt import problem_of
from hexcli.workers.crew import Crew, check_count

RUNS = Path("runs")
FIRST_PROBLEMS = "50"


class _How(NamedTuple):
    """What is said about how to run, not about what; see `decode`."""

    device: str
    batch_size: int | None
    certainty: float | None
    trust_remote_code: bool
    progress: bool
    workers: int | None


def decode(
    prompt: str | None = None,
    *,
    task: str | None = None,
    model: str = "tiny",
    schedules: SchedulesLike = ("8", "16", "32"),
    limit: int | str | None = None,
    samples: int = 1,
    seed: int = 0,
    temperature: float = 0.0,
    gen_length: int | None = None,
    steps: int | None = None,
    data: DataLike | None = None,
    prompts: str | Sequence[str] = (),
    fewshot: int | None = None,
    settings: Mapping[str, Any] | None = None,
    output: str | Path | None = None,
    device: str = "auto",
    batch_size: int | None = None,
    certainty: float | None = None,
    trust_remote_code: bool = False,
    progress: bool = True,
    workers: int | None = None,
) -> Generations:
    """Decode a task, or one prompt, under several schedules, as `hex decode`: what is cached is not decoded again.

    prompt       one of your own, instead of a task
    task         a name, or the YAML file of a task; with neither prompt nor task, 50 problems of the embedded one
    model        a short name (`hex models`), a folder or a hub id
    schedules    block lengths, or schedules with fields of their own ("32@256:steps=64"): one, a list, or "8,16,32"
    limit        problems: the first so many, or "A-B" counted from 0
    samples      generations a schedule; they need a temperature, or another rule that draws
    seed         of the first sample; the others have the next ones
    temperature  0: the likeliest token; the paper has 0.9 with 5 samples
    gen_length   response canvas in tokens; None: the model's own
    steps        denoising steps; None: half of the canvas, and all of it under a threshold
    data         a file with the task's rows, instead of its own dataset; or the rows, a list of mappings or a data
        frame, which are written beside the run to data-<hash>.jsonl
    prompts      wordings of the prompt, by name, or YAML files of your own; each votes by itself
    fewshot      examples before the question, from the task's training split
    settings     any other field of a recipe: {"remasking": "entropy", "kv_cache": "dual", "model_args": {...}}
    output       the run folder; None: runs/<task>-<model>-<recipe>, as the command has it
    device       "auto", "cpu", "cuda:0", ...
    batch_size   rows decoded together; None: what the memory takes
    certainty    stop each problem where its vote is decided (1), or likely so (above 0.5)
    trust_remote_code  whether a checkpoint whose architecture hex does not know may run its own Python code
    progress     whether stderr shows how it goes
    workers      processes that decode, as `--workers`; None: this one. They run nothing of yours, so that a script
        needs no `if __name__ == "__main__"` and a notebook may ask for them

    Returns every generation of the run folder, also of earlier calls. Raises hexcli.errors.UsageError where the
    settings do not fit, HexError where model or dataset cannot be had.
    """
    check_prompt(prompt)
    if prompt is not None and not (task is data is limit is None):
        raise UsageError("a prompt of your own is the only problem: leave out task, data and limit")
    named = {
        "model": model,
        "task": task or ("sums" if prompt is None else "prompt"),
        "schedules": schedules_of(schedules),
        "samples": samples,
        "seed": seed,
        "temperature": temperature,
        "gen_length": gen_length,
        "steps": steps,
        "data": None,
        "prompts": names_said("prompts", prompts),
        "fewshot": fewshot,
        "limit": FIRST_PROBLEMS if task is prompt is limit is None else limit,
    }
    folder = RUNS if output is None else path_said("output", output)
    settings = mapping_said("settings", settings)
    if twice := sorted({*named} & {*settings}):
        raise UsageError(f"said twice, in settings and by itself: {', '.join(twice)}")
    _plug_in(task, settings)
    named["data"] = data_file(data, RUNS if output is None else folder.parent)
    recipes = expand({**named, **settings})
    if len(recipes) > 1:
        raise UsageError(f"lists in settings mean {plural(len(recipes), 'run')}: hexcli.sweep takes them")
    problems = None if prompt is None else [problem_of(prompt)]
    how = _How(device, batch_size, certainty, trust_remote_code, progress, workers)
    return _run(recipes[0], folder, output is None, problems, how)


def sweep(
    recipe: str | Path | Mapping[str, Any],
    *,
    settings: Mapping[str, Any] | None = None,
    output: str | Path = RUNS,
    device: str = "auto",
    batch_size: int | None = None,
    certainty: float | None = None,
    trust_remote_code: bool = False,
    progress: bool = True,
    workers: int | None = None,
) -> list[Generations]:
    """Decode every run of a recipe, as `hex sweep`: a list in it means one run for each value.

    recipe       a YAML file, the name of one that ships with hex ("demo"), or its fields as a mapping
    settings     fields that replace those of the recipe
    output       the folder of the run folders
    device       as of `decode`
    batch_size   as of `decode`
    certainty    as of `decode`
    trust_remote_code  as of `decode`
    progress     as of `decode`
    workers      as of `decode`

    Raises as `decode`; all runs are checked before one begins.
    """
    settings, folder = mapping_said("settings", settings), path_said("output", output)
    _plug_in(None, settings)
    if isinstance(recipe, Mapping):
        _plug_in(recipe.get("task"), recipe)
        recipes = expand({**recipe, **settings})
    else:
        recipes = load_recipes(find_recipe(path_said("recipe", recipe)), settings)
    for one in recipes:
        check_recipe(one)
    how = _How(device, batch_size, certainty, trust_remote_code, progress, workers)
    return [_run(one, folder, True, None, how) for one in recipes]


def _plug_in(task: Any, settings: Mapping[str, Any] | None) -> None:
    """What is named as `mine.py:name` is run: scripts name it themselves."""
    plug_in()
    register_task(task if isinstance(task, str) else None)
    register_rules([(settings or {}).get("remasking")])


def _check(how: _How) -> None:
    """Raises UsageError on what is said about how to run and is of another kind."""
    require_count("batch_size", how.batch_size)
    require_count("workers", how.workers)
    sure = how.certainty
    if sure is not None and (isinstance(sure, bool) or not isinstance(sure, int | float) or not 0.5 < sure <= 1):
        raise UsageError(f"certainty is a number above 0.5, at most 1, not {short(sure)}")
    if not isinstance(how.device, str):
        raise UsageError(f"device is a text, 'auto', 'cpu' or 'cuda:0', not {short(how.device)}")


def _run(recipe: Recipe, path: Path, among: bool, problems: list[Problem] | None, how: _How) -> Generations:
    """Decode a recipe into a folder, or into one of its own `among` others, and load it."""
    _check(how)
    check_count(how.workers, ())
    folder = recipe.folder(path) if among else path
    with meter() if how.progress else nullcontext(Meter(io.StringIO())) as watcher:
        run_recipe(
            recipe,
            folder,
            device=how.device,
            batch_size=how.batch_size,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            watcher=watcher,
            warn=warn,
            problems=problems,
            trust_remote_code=how.trust_remote_code,
            certainty=how.certainty,
            crew=Crew(count=how.workers),
        )
    return load(folder)
