"""A recipe -> a run folder: plan, take up what is there, decode the rest, and say that it is complete."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from hexcli.engine.deciding import Polls
from hexcli.engine.decoding import Outcome, decode
from hexcli.engine.job import Job
from hexcli.engine.manifest import manifest_of
from hexcli.engine.planning import Warn, planned
from hexcli.engine.watching import Watcher
from hexcli.errors import HexError, plural
from hexcli.recipe.recipe import Recipe
from hexcli.records import Generation, Problem
from hexcli.runs.failed import add_failed, forget_failed, read_failed
from hexcli.runs.lock import RunBusyError
from hexcli.runs.manifest import Manifest
from hexcli.runs.place import other_settings, require_place
from hexcli.runs.reading import read_manifest
from hexcli.runs.rows import MANIFEST, Name, read_rows
from hexcli.runs.writing import RunWriter, require_same
from hexcli.store.store import open_store
from hexcli.tasks.registry import get_task
from hexcli.workers.crew import ALONE, Crew

Keep = Callable[[Generation], None]
Fail = Callable[[Job, str], None]
WAIT_SECONDS = 60.0  # for another process to leave the run folder, when all is in the cache


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
    task = get_task(recipe.task)
    require_place(path, task.name, task.definition, recipe.to_dict())
    if added := other_settings(path, recipe.to_dict()):
        watcher.note(added)
    with open_store(warn=warn) as store:
        if store.database.read_only is not None and not len(store):
            store.require_writable()  # a cache of nothing in which nothing can be put: no need of a model
        device, plan = planned(
            recipe, device, problems, warn, trust_remote_code=trust_remote_code, note=watcher.note, crew=crew
        )
        manifest = manifest_of(plan, path.name, device, created, certainty, vote_order, own=problems)
        wanted = [(job.problem.id, job.voter) for job in plan.jobs]

        def bring(done: Collection[Name], keep: Keep, fail: Fail, failed: Mapping[Name, str]) -> Outcome:
            held = () if certainty is None else read_rows(path, light=True).generations
            return decode(
                plan,
                store=store,
                done=done,
                keep=keep,
                watcher=watcher,
                device=device,
                batch_size=batch_size,
                crew=crew,
                polls=None if certainty is None else Polls(plan, certainty, held, vote_order),
                failed=failed,
                fail=fail,
            )

        shared, missed = Outcome(), dict[Name, str]()
        try:
            writer = RunWriter.open(path, manifest, warn=warn, wanted=wanted)
        except RunBusyError as busy:
            watcher.note(f"{busy}: its work is shared, by way of the cache")
            shared, missed = _shared(path, manifest, bring)
            writer = RunWriter.open(path, manifest, warn=warn, wanted=wanted, wait=WAIT_SECONDS)
        with writer:
            failed = {**missed, **({} if retry_failed and not missed else read_failed(path))}
            outcome = _written(path, writer, bring, failed)
    return outcome.after(shared)


def _written(path: Path, writer: RunWriter, bring: Callable[..., Outcome], failed: Mapping[Name, str]) -> Outcome:
    """Decode what is not in the folder yet; what fails is noted there, and it is complete where nothing has."""

    def fail(job: Job, reason: str) -> None:
        add_failed(path, job.problem, job.voter, reason)

    outcome = bring(frozenset(writer.done), writer.append, fail, failed)
    forget_failed(path, writer.done)
    if not outcome.failed:
        writer.finish(outcome.not_needed)
    return outcome


def _shared(path: Path, manifest: Manifest, bring: Callable[..., Outcome]) -> tuple[Outcome, dict[Name, str]]:
    """Decode, into the cache, what nobody else is at, while another process writes the folder; and what failed."""
    if (path / MANIFEST).exists():
        require_same(path, read_manifest(path), manifest)
    missed: dict[Name, str] = {}

    def fail(job: Job, reason: str) -> None:
        missed[job.problem.id, job.voter] = reason

    return bring(read_rows(path, hold=False).names, lambda generation: None, fail, {}), missed


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
    """The generations of problems that belong to no run (a prompt of one's own), cached like any other.

    Raises HexError where one failed, and as `plan_run` and `decode` do.
    """
    device, plan = planned(
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
        many = f"{outcome.failed} of {plural(len(plan.jobs), 'generation')} failed"
        raise HexError(f"{many}: {outcome.reason}; try --dtype float32")
    return generations
