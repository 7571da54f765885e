"""A sample of a run decoded again, from the prompts that it keeps and without the cache: what moves on this machine."""

import dataclasses
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.engine.decoding import decode
from hexcli.engine.job import jobs_of
from hexcli.engine.manifest import hardware_of
from hexcli.engine.plan import Plan, plan_run
from hexcli.engine.planning import remote_code
from hexcli.engine.watching import Watcher
from hexcli.errors import UsageError
from hexcli.recipe.file import expand
from hexcli.records import Generation
from hexcli.runs.ballots import cast, task_of
from hexcli.runs.reading import Run, read_manifest
from hexcli.store.store import open_store
from hexcli.task import Task

# What a recipe says of its prompts is in those that are recorded.
_RECORDED: dict[str, Any] = {"prompts": [], "fewshot": None, "fewshot_data": None, "fewshot_seed": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One problem, recorded and decoded again: answers that the majority found (None: no answer), and what moved.

    tokens   positions of all its canvases with another token, of `of_tokens`
    texts    generations with another text; answers = those that vote otherwise; both of `generations`
    """

    problem: str
    generations: int
    tokens: int
    of_tokens: int
    texts: int
    answers: int
    recorded: str | None
    again: str | None
    vote: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """What a sample of a run came to: its problems, and where and how they were decoded, then and now."""

    run: str
    seed: int
    problems: tuple[Moved, ...]
    hardware: dict[str, Any]
    recorded_hardware: dict[str, Any]
    batch_sizes: tuple[int, ...]
    recorded_batch_sizes: tuple[int, ...]

    @property
    def votes(self) -> int:
        """Problems whose majority answers otherwise."""
        return sum(one.vote for one in self.problems)

    def total(self, name: str) -> int:
        """The sum of a count over the problems: tokens, of_tokens, texts, answers, generations."""
        return sum(int(getattr(one, name)) for one in self.problems)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `hex reproduce --json`."""
        totals = {name: self.total(name) for name in ("generations", "tokens", "of_tokens", "texts", "answers")}
        fields = dataclasses.asdict(self)
        moved = fields.pop("problems")
        return {**fields, "sample": len(moved), **totals, "votes": self.votes, "problems": moved}


def reproduce(
    path: Path,
    *,
    sample: int,
    seed: int,
    device: str,
    batch_size: int | None,
    watcher: Watcher,
    warn: Callable[[str], None],
    trust_remote_code: bool = False,
) -> Reproduced:
    """Decode `sample` problems of a run again, chosen by `seed`, each with all its generations, and compare.

    Nothing is taken from the cache and nothing put there; the run is not changed. Raises UsageError where the run has
    no tokens to compare with, or the model is not the one that it is of; HexError as decoding does.
    """
    read_manifest(path).require_own(path, "it is reproduced by way of its sources")
    run = Run.read(path, warn=warn)
    if trust_remote_code:
        warn(remote_code(run.manifest.model))
    task, chosen = task_of(run), _sample(run, sample, seed)
    if device == "auto":
        watcher.note(f"loading {run.manifest.model} ...")
    from hexcli.models.loading.placement import pick_devices
    from hexcli.models.options import read_options

    again: list[Generation] = []
    recipe = run.manifest.asked[-1].recipe
    found = pick_devices(device, read_options(dict(recipe.get("model_args", {}))).device_map)[0]
    plan = _plan(run, chosen, trust_remote_code)
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder), warn=warn) as store:
        decode(
            plan, store=store, done=(), keep=again.append, watcher=watcher, device=found, batch_size=batch_size
        )  # fmt: skip
    now = {(one.problem.id, one.voter): one for one in again}
    moved = tuple(_moved(task, own, [now[one.problem.id, one.voter] for one in own]) for own in chosen)
    return Reproduced(
        run=run.name,
        seed=seed,
        problems=moved,
        hardware=hardware_of(found),
        recorded_hardware=dict(run.manifest.hardware),
        batch_sizes=_batch_sizes(again),
        recorded_batch_sizes=_batch_sizes([one for own in chosen for one in own]),
    )


def _sample(run: Run, sample: int, seed: int) -> list[list[Generation]]:
    """The generations of some problems, in the order of their ids; of all problems where the run has no more."""
    if "import" in run.manifest.recipe or any(not one.response.token_ids for one in run.generations):
        raise UsageError(f"'{run.path}' was imported: it was decoded elsewhere, and hex cannot decode it again")
    by_problem: dict[str, list[Generation]] = {}
    for one in run.generations:
        by_problem.setdefault(one.problem.id, []).append(one)
    if not by_problem:
        raise UsageError(f"'{run.path}' has no generations to decode again: finish it with `hex sweep {run.path}`")
    ids = sorted(by_problem)
    return [by_problem[name] for name in sorted(random.Random(seed).sample(ids, min(sample, len(ids))))]


def _plan(run: Run, chosen: Sequence[Sequence[Generation]], trust_remote_code: bool) -> Plan:
    """The jobs of the recorded prompts: no task and no dataset is asked, and a newer wording changes nothing."""
    manifest = run.manifest
    try:
        fields = {**manifest.asked[-1].recipe, "task": "prompt", "data": None, "limit": None, **_RECORDED}
        (recipe,) = expand(fields, None, recorded=True)
    except UsageError as error:
        raise UsageError(f"'{run.path}' cannot be decoded again: its recipe has an {error}") from None
    plan = plan_run(recipe, dtype=manifest.dtype, problems=(), trust_remote_code=trust_remote_code)
    if plan.checkpoint.identity != manifest.model_identity:
        raise UsageError(
            f"the model {manifest.model} here is not the one that '{run.path}' is of: {plan.checkpoint.identity}, "
            f"recorded {manifest.model_identity}"
        )
    block = plan.architecture.trained_block if plan.architecture else None
    jobs = [
        job
        for own in chosen
        for prompts in _by_prompt(own)
        for job in jobs_of(
            prompts[0].problem,
            prompts[0].prompt,
            tuple(plan.tokenizer.encode(prompts[0].prompt)),
            sorted((one.schedule for one in prompts), key=lambda schedule: schedule.cast_order),
            block,
            model=plan.checkpoint.identity,
            dtype=plan.dtype,
            prompt_name=prompts[0].prompt_name,
        )
    ]
    schedules = list(dict.fromkeys(job.schedule for job in jobs))
    return dataclasses.replace(plan, jobs=jobs, schedules=schedules, problems=[own[0].problem for own in chosen])


def _by_prompt(generations: Sequence[Generation]) -> list[list[Generation]]:
    """One problem's generations by the wording of their prompt."""
    found: dict[str, list[Generation]] = {}
    for one in generations:
        found.setdefault(one.prompt_name, []).append(one)
    return list(found.values())


def _moved(task: Task, recorded: Sequence[Generation], again: Sequence[Generation]) -> Moved:
    """One problem's generations compared, pair by pair, and the majority of either."""
    then, now = cast(recorded, task), cast(again, task)
    pairs = list(zip(then.generations, now.generations, strict=True))
    tokens = [zip(a.response.token_ids, b.response.token_ids, strict=True) for a, b in pairs]
    before, after = then.decide("majority").answer, now.decide("majority").answer
    votes = zip(then.votes, now.votes, strict=True)
    return Moved(
        problem=then.problem.id,
        generations=len(pairs),
        tokens=sum(a != b for pair in tokens for a, b in pair),
        of_tokens=sum(len(a.response.token_ids) for a, _ in pairs),
        texts=sum(a.response.text != b.response.text for a, b in pairs),
        answers=sum(not _same(task, a.answer, b.answer) for a, b in votes),
        recorded=before,
        again=after,
        vote=not _same(task, before, after),
    )


def _same(task: Task, a: str | None, b: str | None) -> bool:
    return a == b or (a is not None and b is not None and task.equal(a, b))


def _batch_sizes(generations: Sequence[Generation]) -> tuple[int, ...]:
    """The batch sizes that generations were decoded in, each once."""
    return tuple(sorted({one.response.batch_size for one in generations}))
