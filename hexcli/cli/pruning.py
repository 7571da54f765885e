"""`hex cache prune`: which generations go, what is lost with them, and asking first."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hexcli.cli.asking import agreed
from hexcli.cli.budget import duration
from hexcli.cli.identities import called, identities_of
from hexcli.cli.options import outputs, problems, votes
from hexcli.cli.options.choices import completing
from hexcli.cli.output import print_json, warn
from hexcli.cli.values import labels
from hexcli.errors import UsageError, plural, sized
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from hexcli.runs.owning import Owner
    from hexcli.schedule import Schedule
    from hexcli.store.upkeep import Part

SECONDS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}


def prune(
    run: votes.PrunedRuns = None,
    task: problems.PrunedTask = None,
    schedule: Annotated[
        list[str] | None,
        typer.Option(
            "--schedules", "--schedule", "-s", help="Only those of these schedules: 8,32:T=0.9.", metavar="LIST"
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            help="Only those of this model: short name, hub id, folder, or identity (see stats).",
            metavar="NAME",
            autocompletion=completing("models"),
        ),
    ] = None,
    older_than: Annotated[
        str | None, typer.Option(help="Only those older than this: 90m, 12h, 30d, 8w.", metavar="AGE")
    ] = None,
    in_no_run: Annotated[
        bool, typer.Option("--in-no-run", help="Only those that no run in runs/ has (see stats --by run).")
    ] = False,
    damaged: Annotated[bool, typer.Option("--damaged", help="Only those that verify refuses.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and delete nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete them without asking.")] = False,
    as_json: outputs.Json = False,
) -> None:
    """Delete the generations to which all the given options apply. Nothing else ever deletes one.

    It says first what would go, what decoding it took, and which other runs have it too, and asks. Run folders keep
    their own copies. With --json it deletes only if --yes is said.
    """
    if dry_run and yes:
        raise UsageError("--dry-run deletes nothing, and --yes deletes without asking: leave one out")
    from hexcli.store import upkeep as store_upkeep
    from hexcli.store.store import open_store

    if (run, task, schedule, model, older_than) == (None,) * 5 and not damaged and not in_no_run:
        raise UsageError(
            "say what to prune: --run, --task, --schedules, --model, --older-than, --in-no-run or --damaged"
        )
    if in_no_run and (run is not None or task is not None):
        raise UsageError("--in-no-run is what no run has, and --run or --task what some have: leave one out")
    before = None if older_than is None else time.time() - _seconds(older_than)
    wanted = None if schedule is None else _any_of(labels(schedule))
    own, others = _owners(run, task)
    keys = None if own is None else {key for owner in own for key in owner.keys}
    with open_store(warn=warn) as store:
        if in_no_run:
            known = {key for owner in others for key in owner.keys}
            keys = {entry.key for entry in store.database.entries() if entry.key is not None} - known
        models = None if model is None else identities_of(model, store_upkeep.stats(store).models)
        part = store_upkeep.chosen(store, models=models, before=before, damaged=damaged, keys=keys, schedule=wanted)
        shared = _shared(part, others)
        if in_no_run and part.entries:
            warn("only the runs in runs/ here are looked at: what runs of other folders have goes, too")
        if shared:
            warn(f"{'runs' if own is None else 'other runs'} have some of these, too ({_several(shared)}): {KEPT}")
        if part.entries and not (yes or as_json):
            _tell(part)
        agreed = yes or (part.entries and not dry_run and not as_json and _agreed(part))
        deleted = store_upkeep.delete(store, part) if agreed else 0
        left = len(store)
    if as_json:
        print_json({"chosen": len(part.entries), "models": part.models, "seconds": round(part.seconds, 3),
                    "bytes": part.bytes, "shared": shared, "deleted": deleted, "left": left})  # fmt: skip
        if part.entries and not (yes or dry_run):
            raise UsageError("nothing is deleted: --json asks nobody; say --yes to delete them, or --dry-run")
    elif dry_run:
        print(f"{plural(len(part.entries), 'generation')} would be deleted, {left - len(part.entries):,} left")
    else:
        print(f"{plural(deleted, 'generation')} deleted, {left:,} left")


KEPT = "their folders keep them, but a new decode takes them anew"
SHOWN = 4  # of the runs that have some, too


def _owners(runs: Sequence[Path] | None, task: str | None) -> "tuple[list[Owner] | None, list[Owner]]":
    """The runs whose generations are meant (None: all that the cache has), and others that may have some of them."""
    from hexcli.runs.choosing import of_task
    from hexcli.runs.folders import RUNS
    from hexcli.runs.owning import owners
    from hexcli.runs.reading import find_runs, read_manifest

    if runs is None and task is None:
        return None, owners()
    paths = None if runs is None else find_runs(runs)
    there = owners() if paths is None else _owners_of(paths)
    own = [owner for owner in there if task is None or of_task(read_manifest(owner.path), task)]
    if not own:
        tasks = ", ".join(sorted({owner.task for owner in there})) or "none"
        where = f"in {RUNS}/, which has" if runs is None else f"among {', '.join(map(str, runs))}, which have"
        hint = ": name a run, --run RUN" if runs is None else ""
        raise UsageError(f"no run of task '{task}' {where} the tasks {tasks}{hint}")
    if paths is None:
        return own, [owner for owner in there if owner not in own]
    return own, owners([RUNS, *(path.absolute().parent for path in paths)], but=[owner.path for owner in own])


def _owners_of(paths: Sequence[Path]) -> "list[Owner]":
    """What these runs have. Raises UsageError on one that cannot be read, or is joint; several are had without such."""
    from hexcli.runs.owning import Owner

    found = []
    for path in paths:
        try:
            found.append(Owner.of(path))
        except UsageError as error:
            if len(paths) == 1:
                raise
            warn(f"left out: {error}")
    return found


def _shared(part: "Part", others: "Sequence[Owner]") -> dict[str, int]:
    """How many of the rows other runs have, too, by the path of the run."""
    keys = {entry.key for entry in part.entries}
    counts = {str(owner.path): len(keys & owner.keys) for owner in others}
    return {path: count for path, count in counts.items() if count}


def _several(shared: Mapping[str, int]) -> str:
    most = sorted(shared.items(), key=lambda one: -one[1])
    more = [f"and {plural(len(most) - SHOWN, 'more run')}"] if len(most) > SHOWN else []
    return ", ".join([*(f"{path}: {rows:,}" for path, rows in most[:SHOWN]), *more])


def _any_of(texts: Sequence[str]) -> "Callable[[Schedule], bool]":
    """Whether a schedule is one of those named. Raises UsageError on a text that names none."""
    from hexcli.labels import Said

    try:
        said = [Said.of(text) for text in texts]
    except ValueError as error:
        raise UsageError(str(error)) from None
    if odd := next((one for one in said if not re.fullmatch(r"\d+(\+\d+)*", one.label)), None):
        raise UsageError(f"'{odd.label}' is no schedule: write 8, or 32:T=0.9 (hex cache stats --by schedule)")
    return lambda schedule: any(one.fits(schedule) for one in said)


def _tell(part: "Part") -> None:
    """Show what would go."""
    for model, rows in part.models.items():
        print(f"{rows:>11,}  {visible(called(model))}")
    first, last = (datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M") for at in (part.first, part.last))
    when = first if first == last else f"{first} to {last}"
    size = sized(part.bytes)
    print(f"put into the cache {when}; {size}; decoding them took {duration(part.seconds)}", flush=True)


def _agreed(part: "Part") -> bool:
    """Ask. Raises UsageError where nobody answers."""
    which = "this generation" if len(part.entries) == 1 else f"these {plural(len(part.entries), 'generation')}"
    return agreed(f"delete {which}?", "nothing is deleted: nobody answered; say --yes to delete them without asking")


def _seconds(age: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?) *(m|h|d|w|(?:min|minute|hour|day|week)s?)", age.strip())
    if match is None:
        hint = f": write {age}d for days" if age.isdecimal() else ""
        raise UsageError(f"an age is a number of minutes, hours, days or weeks (90m, 12h, 30d, 8w), not '{age}'{hint}")
    return float(match[1]) * SECONDS[match[2][0]]
