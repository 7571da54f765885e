"""A dry run: what a recipe would find and cost, without decoding or downloading anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.engine.costs import Costs, costs_of
from hexcli.engine.deciding import Polls
from hexcli.engine.decoding import count_cached
from hexcli.engine.estimating import Manner
from hexcli.engine.manifest import manifest_of
from hexcli.engine.plan import check_recipe
from hexcli.engine.planning import Warn, planned
from hexcli.engine.unseen import costs_without
from hexcli.errors import NotDownloadedError, plural
from hexcli.models.cards import refuse_index
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.runs.place import place_note
from hexcli.runs.reading import read_manifest
from hexcli.runs.rows import MANIFEST, Rows, read_rows
from hexcli.runs.writing import require_same
from hexcli.store.store import open_store
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.registry import get_task
from hexcli.workers.crew import ALONE, Crew


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a dry run tells. `cached` and `nfe` are None where `unknown` says why they cannot be told.

    nfe         forward passes of what is left to decode, at most: a text may end early, a threshold commit more a step
    not_needed  generations whose problem is decided by those that are there
    tokens      of all canvases of the generations
    may_stop    whether even fewer generations may turn out to be needed, as votes decide
    costs       what they take about: time, memory, disk
    """

    recipe: Recipe
    path: Path
    problems: int | None
    generations: int | None
    cached: int | None
    nfe: int | None
    not_needed: int = 0
    may_stop: bool = False
    unknown: str | None = None
    tokens: int | None = None
    costs: Costs | None = None

    @property
    def at_most(self) -> bool:
        """Whether `nfe` is a bound: always, where there are passes to take."""
        return bool(self.nfe)

    @property
    def to_decode(self) -> int | None:
        """Generations that are neither there nor known not to be needed."""
        if self.generations is None or self.cached is None:
            return None
        return self.generations - self.cached - self.not_needed

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `--dry-run --json`."""
        return {
            "run": str(self.path),
            "old_name": self.recipe.old_run_name,  # of the folder, which is taken up where it is there
            "recipe": self.recipe.to_dict(),
            "problems": self.problems,
            "generations": self.generations,
            "cached": self.cached,
            "to_decode": self.to_decode,
            "nfe": self.nfe,
            "tokens": self.tokens,
            "not_needed": self.not_needed,
            "at_most": self.at_most,
            "may_stop": self.may_stop,
            "unknown": self.unknown,
            "costs": None if self.costs is None else self.costs.to_dict(),
        }


def preview(
    recipe: Recipe,
    path: Path,
    *,
    device: str,
    warn: Warn,
    problems: Sequence[Problem] | None = None,
    trust_remote_code: bool = False,
    certainty: float | None = None,
    vote_order: Sequence[str] = (),
    batch_size: int | None = None,
    crew: Crew = ALONE,
) -> Preview:
    """What running the recipe would find and cost, without decoding or downloading anything.

    Raises UsageError as the run itself would. Where the model or the dataset is not on this machine, the
    counts come from the task's known size.
    """
    refuse_index(device)
    check_recipe(recipe)
    task = get_task(recipe.task)
    if (note := place_note(path, task.name, task.definition, recipe.to_dict())) is not None:
        warn(note)
    how = Manner(batch_size=batch_size, certainty=certainty, crew=crew)
    try:
        device, plan = planned(
            recipe, device, problems, warn, trust_remote_code=trust_remote_code, download=False, crew=crew, dry=True
        )
    except NotDownloadedError as error:
        return _unseen(recipe, path, problems, str(error).split(": ")[0], device=device, how=how)
    rows = Rows()
    if (path / MANIFEST).exists():
        require_same(path, read_manifest(path), manifest_of(plan, path.name, device, "", certainty, vote_order))
        rows = read_rows(path, light=True, hold=certainty is not None)
    polls = None if certainty is None else Polls(plan, certainty, rows.generations, vote_order)
    with open_store(warn=warn) as store:
        counts = count_cached(plan, store, rows.names, polls)
        left = len(plan.jobs) - counts.there - counts.not_needed
        costs = costs_of(plan, store, path, device=device, generations=left, nfe=counts.nfe, how=how)
    return Preview(
        recipe=recipe,
        path=path,
        problems=len(plan.problems),
        generations=len(plan.jobs),
        cached=counts.there,
        nfe=counts.nfe,
        not_needed=counts.not_needed,
        may_stop=certainty is not None,
        tokens=sum(job.schedule.gen_length for job in plan.jobs),
        costs=costs,
    )


def _size(recipe: Recipe) -> tuple[int | None, str]:
    """How many problems there are before a limit, and what tells it: a file of rows that is here, or what is known of
    the task."""
    task = get_task(recipe.task)
    if recipe.data is not None or (task.file is not None and Path(task.file).exists()):
        rows = len(load_problems(task, recipe.data).problems)
        return rows, f"{plural(rows, 'row')} of {recipe.data or task.file}"
    return task.size, f"{plural(task.size, 'problem')} {recipe.task} is known to have" if task.size else ""


def _unseen(
    recipe: Recipe, path: Path, problems: Sequence[Problem] | None, unknown: str, *, device: str, how: Manner
) -> Preview:
    """Where model or dataset is not on this machine: what the task's known size tells."""
    schedules = check_recipe(recipe)
    size, of = _size(recipe) if problems is None else (len(problems), "")
    count = None if size is None else len(recipe.taken(range(size)))
    asked = None if count is None else count * max(len(recipe.prompts), 1)
    total = None if asked is None else asked * len(schedules)
    nfe = None if asked is None else asked * sum(schedule.nfe for schedule in schedules)
    if of:
        unknown += f"; counted as if nothing were cached, by the {of}"
    costs = costs_without(
        recipe, path, device=device, schedules=schedules, generations=total or 0, nfe=nfe or 0, how=how
    )
    return Preview(
        recipe=recipe,
        path=path,
        problems=count,
        generations=total,
        cached=None,
        nfe=nfe,
        may_stop=how.certainty is not None,
        unknown=unknown,
        tokens=None if asked is None else asked * sum(schedule.gen_length for schedule in schedules),
        costs=costs,
    )
