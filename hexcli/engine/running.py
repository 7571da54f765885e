"""A recipe -> a run folder: plan, take up what is there, decode the rest, and say that it is complete."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.engine.costs import Costs, costs_of, costs_without
from hexcli.engine.deciding import Polls
from hexcli.engine.decoding import Outcome, count_cached, decode
from hexcli.engine.manifest import manifest_of
from hexcli.engine.plan import Plan, check_recipe, plan_run
from hexcli.engine.watching import Watcher
from hexcli.errors import HexError, NotDownloadedError
from hexcli.recipe.recipe import Recipe
from hexcli.records import Generation, Problem
from hexcli.runs.failed import add_failed, forget_failed, read_failed
from hexcli.runs.reading import read_manifest
from hexcli.runs.rows import MANIFEST, Rows, read_rows
from hexcli.runs.writing import RunWriter, require_same
from hexcli.store.store import open_store
from hexcli.tasks.registry import get_task
from hexcli.workers.crew import ALONE, Crew, resolve

Warn = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a dry run tells. `cached` and `nfe` are None where `unknown` says why they cannot be told.

    nfe         forward passes of what is left to decode, at most: a text may end early, a threshold commit more a step
    not_needed  generations whose problem is decided by those that are there
    at_most     whether even fewer generations may turn out to be needed, as votes decide
    costs       what they take about: time, memory, disk
    """

    recipe: Recipe
    path: Path
    problems: int | None
    generations: int | None
    cached: int | None
    nfe: int | None
    not_needed: int = 0
    at_most: bool = False
    unknown: str | None = None
    costs: Costs | None = None

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
            "not_needed": self.not_needed,
            "at_most": self.at_most,
            "unknown": self.unknown,
            "costs": None if self.costs is None else self.costs.to_dict(),
        }


def run_recipe(
    recipe: Recipe,
    path: Path,
    *,
    device: str,
    batch_size: int | None,
    created: str,
    watcher: Watcher,
    warn: Warn,
    problems: Sequence[Problem] | None = None,
    trust_remote_code: bool = False,
    certainty: float | None = None,
    vote_order: Sequence[str] = (),
    retry_failed: bool = False,
    crew: Crew = ALONE,
) -> Outcome:
    """Bring the run folder at `path` to hold every generation of `recipe`, on its task's problems or those given.

    `certainty`: only as many as decide the vote of each problem (see voting.deciding); the next start without it
    decodes the others; `vote_order`: see voting.ordering.in_turn; `crew`: who decodes. See engine.decoding.decode.
    """
    device, plan = _plan(
        recipe, device, problems, warn, trust_remote_code=trust_remote_code, note=watcher.note, crew=crew
    )
    manifest = manifest_of(plan, path.name, device, created, certainty, vote_order, own=problems)
    wanted = [(job.problem.id, job.voter) for job in plan.jobs]
    with open_store(warn=warn) as store, RunWriter.open(path, manifest, warn=warn, wanted=wanted) as writer:
        outcome = decode(
            plan,
            store=store,
            done=frozenset(writer.done),
            keep=writer.append,
            watcher=watcher,
            device=device,
            batch_size=batch_size,
            crew=crew,
            polls=None
            if certainty is None
            else Polls(plan, certainty, read_rows(path, light=True).generations, vote_order),
            failed={} if retry_failed else read_failed(path),
            fail=lambda job, reason: add_failed(path, job.problem, job.voter, reason),
        )
        forget_failed(path, writer.done)
        if not outcome.failed:
            writer.finish(outcome.not_needed)
    return outcome


def decode_problems(
    recipe: Recipe,
    problems: Sequence[Problem],
    *,
    device: str,
    batch_size: int | None,
    watcher: Watcher,
    warn: Warn,
    trust_remote_code: bool = False,
    certainty: float | None = None,
    vote_order: Sequence[str] = (),
    crew: Crew = ALONE,
) -> list[Generation]:
    """The generations of problems that belong to no run (a prompt of one's own), cached like any other."""
    device, plan = _plan(
        recipe, device, problems, warn, trust_remote_code=trust_remote_code, note=watcher.note, crew=crew
    )
    generations: list[Generation] = []
    with open_store(warn=warn) as store:
        outcome = decode(
            plan,
            store=store,
            done=(),
            keep=generations.append,
            watcher=watcher,
            device=device,
            batch_size=batch_size,
            crew=crew,
            polls=None if certainty is None else Polls(plan, certainty, labels=vote_order),
        )
    if outcome.failed:
        many = f"{outcome.failed} of {len(plan.jobs)} generations failed"
        raise HexError(f"{many}: {outcome.reason}; try --dtype float32")
    return generations


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
    crew: Crew = ALONE,
) -> Preview:
    """What running the recipe would find and cost, without decoding or downloading anything.

    Raises UsageError as the run itself would. Where the model or the dataset is not on this machine, the
    counts come from the task's known size.
    """
    schedules = check_recipe(recipe)
    try:
        device, plan = _plan(
            recipe, device, problems, warn, trust_remote_code=trust_remote_code, download=False, crew=crew
        )
    except NotDownloadedError as error:
        size = get_task(recipe.task).size if problems is None else len(problems)
        count = None if size is None else len(range(size)[recipe.span()])
        asked = None if count is None else count * max(len(recipe.prompts), 1)
        total = None if asked is None else asked * len(schedules)
        nfe = None if asked is None else asked * sum(schedule.nfe for schedule in schedules)
        return Preview(
            recipe=recipe,
            path=path,
            problems=count,
            generations=total,
            cached=None,
            nfe=nfe,
            at_most=certainty is not None,
            unknown=str(error).split(": ")[0],
            costs=costs_without(recipe, path, device=device, schedules=schedules, generations=total or 0),
        )
    rows = Rows()
    if (path / MANIFEST).exists():
        require_same(path, read_manifest(path), manifest_of(plan, path.name, device, "", certainty, vote_order))
        rows = read_rows(path, light=True, hold=certainty is not None)
    polls = None if certainty is None else Polls(plan, certainty, rows.generations, vote_order)
    with open_store(warn=warn) as store:
        counts = count_cached(plan, store, rows.names, polls)
        left = len(plan.jobs) - counts.there - counts.not_needed
        costs = costs_of(plan, store, path, device=device, generations=left, nfe=counts.nfe)
    return Preview(
        recipe=recipe,
        path=path,
        problems=len(plan.problems),
        generations=len(plan.jobs),
        cached=counts.there,
        nfe=counts.nfe,
        not_needed=counts.not_needed,
        at_most=certainty is not None,
        costs=costs,
    )


def _silent(message: str) -> None:
    """A dry run loads nothing."""


def _plan(
    recipe: Recipe,
    device: str,
    problems: Sequence[Problem] | None,
    warn: Warn,
    *,
    trust_remote_code: bool,
    download: bool = True,
    note: Callable[[str], None] = _silent,
    crew: Crew = ALONE,
) -> tuple[str, Plan]:
    """The device it runs on, and the plan.

    `note` is told that the model is being loaded, before torch is (seconds), and once nothing that a user can get
    wrong is left but the device.
    """
    from hexcli.models.options import read_options

    if trust_remote_code:
        warn(f"--trust-remote-code: if hex does not know the architecture of {recipe.model}, its Python code runs here")
    found: list[str] = []

    def dtype() -> str:
        if device == "auto":
            note(f"loading {recipe.model} ...")
        from hexcli.models.loading.loading import pick_dtype

        found.append(resolve(crew, device, read_options(recipe.options).device_map))
        if device != "auto":
            note(f"loading {recipe.model} ...")
        return pick_dtype(recipe.dtype, found[0])

    plan = plan_run(recipe, dtype=dtype, problems=problems, download=download, trust_remote_code=trust_remote_code)
    for line in plan.notes:
        warn(line)
    return found[0], plan
