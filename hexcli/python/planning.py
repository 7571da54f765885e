"""What decoding would take, told before it, in Python."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack

from hexcli.python.asking import asked, parts_of
from hexcli.python.fields import Fields
from hexcli.python.loading import Generations, warn
from hexcli.python.public import public
from hexcli.python.rows import DataLike
from hexcli.python.running import How
from hexcli.python.said import SchedulesLike
from hexcli.python.table import Table
from hexcli.python.weights import ModelLike
from hexcli.python.written import Written
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.task import Task


class Plan(Table):
    """What a run would take: a row for each number that is known. Nothing is decoded or downloaded.

    frame        what `hex decode --dry-run --json` prints: every field below, the recipe and the costs
    path         the run folder that it would be in
    problems     problems; None where the dataset is not here and its size is not known
    generations  generations, of all problems under all schedules
    cached       generations that are there already; None where `unknown` says why nobody can tell
    to_decode    generations that are left
    nfe          forward passes of what is left, at most
    tokens       of all canvases
    unknown      what is not on this machine, so that something cannot be told; else None
    seconds      about how long what is left takes, from generations of this model on this device; None: unknown
    costs        seconds_a_pass (s), weight_bytes, row_bytes and free_bytes (memory), download_bytes, run_bytes,
        cache_bytes and disk_free (disk); None: unknown
    """

    def __init__(self, frame: Mapping[str, Any]) -> None:
        self.frame = dict(frame)
        self.path = Path(frame["run"])
        self.problems: int | None = frame["problems"]
        self.generations: int | None = frame["generations"]
        self.cached: int | None = frame["cached"]
        self.to_decode: int | None = frame["to_decode"]
        self.nfe: int | None = frame["nfe"]
        self.tokens: int | None = frame["tokens"]
        self.unknown: str | None = frame["unknown"]
        self.costs: dict[str, Any] = dict(frame["costs"] or {})
        self.seconds: float | None = self.costs.get("seconds")
        counts = ("problems", "generations", "cached", "to_decode", "nfe", "tokens", "not_needed", "unknown")
        known = {"run": frame["run"], **{name: frame[name] for name in counts}, **self.costs}
        rows = [{"what": name, "value": value, "unit": _unit(name)} for name, value in known.items()]
        super().__init__([row for row in rows if row["value"] is not None], shown=("what", "value", "unit"))


def _unit(name: str) -> str | None:
    return "bytes" if name.endswith(("_bytes", "_free")) else "s" if "seconds" in name else None


@public
def plan(
    prompt: str | None = None,
    *,
    task: str | Path | Task | None = None,
    model: ModelLike = "tiny",
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
    certainty: float | None = None,
    workers: int | None = None,
    **fields: Unpack[Fields],
) -> Plan:
    """What `decode` with these arguments would find and take, as `hex decode --dry-run`: time, memory, disk.

    prompt       as of `decode`
    task         as of `decode`
    model        as of `decode`; a named one need not be on this machine
    schedules    as of `decode`
    limit        as of `decode`
    samples      as of `decode`
    seed         as of `decode`
    temperature  as of `decode`
    gen_length   as of `decode`
    steps        as of `decode`
    data         as of `decode`; rows are written to their file
    prompts      as of `decode`
    fewshot      as of `decode`
    settings     as of `decode`
    output       as of `decode`
    device       as of `decode`: "cuda" on a machine without one tells what is known of it
    certainty    as of `decode`
    workers      as of `decode`
    fields       as of `decode`

    Raises hexcli.errors.UsageError where `decode` would.
    """
    arguments = locals()
    how = How(device=device, certainty=certainty, workers=workers)
    with Written() as written:
        found = asked(arguments, written)
        return _planned(found.recipe, found.path, found.problems, how)


@public
def plan_sweep(
    recipe: str | Path | Mapping[str, Any] | Generations,
    *,
    limit: int | str | None = None,
    settings: Mapping[str, Any] | None = None,
    output: str | Path | None = None,
    device: str = "auto",
    certainty: float | None = None,
    workers: int | None = None,
) -> list[Plan]:
    """What `sweep` with these arguments would find and take, as `hex sweep --dry-run`: a plan for each run.

    recipe     as of `sweep`
    limit      as of `sweep`
    settings   as of `sweep`
    output     as of `sweep`
    device     as of `plan`
    certainty  as of `decode`
    workers    as of `decode`

    Raises hexcli.errors.UsageError where `sweep` would.
    """
    how = How(device=device, certainty=certainty, workers=workers)
    with Written() as written:
        found = parts_of(recipe, limit, settings, output, written)
        return [_planned(one.recipe, one.path, one.problems, how) for one in found]


def _planned(recipe: Recipe, path: Path, problems: Sequence[Problem] | None, how: How) -> Plan:
    from hexcli.engine.previewing import preview

    how.checked()
    found = preview(
        recipe, path, device=how.device, certainty=how.certainty, crew=how.crew, warn=warn, problems=problems
    )
    return Plan(found.to_dict())
