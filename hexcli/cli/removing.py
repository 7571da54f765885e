"""`hex runs rm`: which runs go, what cannot be read without them, and asking first."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hexcli.cli.asking import agreed
from hexcli.cli.options import outputs, votes
from hexcli.cli.output import print_json, warn
from hexcli.errors import UsageError, plural, sized
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from hexcli.runs.shelf import Kept


def remove(
    runs: votes.RunArguments,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove them without asking.")] = False,
    as_json: outputs.Json = False,
) -> None:
    """Remove runs; their generations stay in the cache.

    It says what would go, and asks; with --json it removes only if --yes is said. Files that hex did not write stay,
    with their folder. Rows that Python gave (data-HASH.jsonl beside the run) go with the last run that names them.
    """
    from hexcli.runs.data_files import remove_with_data

    if dry_run and yes:
        raise UsageError("--dry-run removes nothing, and --yes removes without asking: leave one out")
    found = _found(runs)
    lost = _lost(found)
    if yes or as_json:
        for line in lost:
            warn(line)
    else:
        _tell(found, lost)
    agreed = yes or (not as_json and not dry_run and _agreed(found))
    left = {one.path: remove_with_data(Path(one.path)) for one in found} if agreed else {}
    for stays, names in left.items():
        if names:
            warn(f"'{stays}' stays: it holds what hex did not write ({', '.join(names)})")
    if as_json:
        print_json({"chosen": [one.path for one in found], "removed": list(left)})
        if not (agreed or dry_run):
            raise UsageError("nothing is removed: --json asks nobody; say --yes to remove them, or --dry-run")
    elif dry_run:
        print(f"{plural(len(found), 'run')}, {sized(sum(one.bytes for one in found))}, would be removed")
    else:
        print(f"{plural(len(left), 'run')} removed")


def _found(runs: list[Path]) -> "list[Kept]":
    """The runs that are meant, each once. Raises UsageError on what is none."""
    from hexcli.runs.reading import find_runs
    from hexcli.runs.rows import MANIFEST
    from hexcli.runs.shelf import Kept

    for path in runs:
        if not (path / MANIFEST).is_file():
            find_runs([path])  # says what is wrong with it
            raise UsageError(f"'{path}' holds runs and is none: name those to remove, e.g. {path}/*")
    return [Kept.of(path) for path in {path.resolve(): path for path in runs}.values()]


def _lost(found: "list[Kept]") -> list[str]:
    """Which joint runs cannot be read without these, a line each."""
    from hexcli.runs.relying import joint_runs_of

    going = {Path(one.path).resolve() for one in found}
    lost = {
        joint.resolve(): f"joint run '{joint}' counts the votes of '{one.path}', and cannot be read without it"
        for one in found
        for joint in joint_runs_of(Path(one.path))
        if joint.resolve() not in going
    }
    return list(lost.values())


def _tell(found: "list[Kept]", lost: list[str]) -> None:
    """Show what would go, and what could not be read then (`lost`)."""
    for one in found:
        print(f"{visible(one.path)}: {plural(one.generations, 'generation')}, {sized(one.bytes)}", flush=True)
    for line in lost:
        print(f"{visible(line)}: join it with --copy before", flush=True)


def _agreed(found: "list[Kept]") -> bool:
    """Ask. Raises UsageError where nobody answers."""
    which = "this run" if len(found) == 1 else f"these {plural(len(found), 'run')}"
    size = sized(sum(one.bytes for one in found))
    stays = "Generations stay in the cache (to free them, afterwards: hex cache prune --in-no-run)."
    return agreed(
        f"remove {which}, {size}? {stays}",
        "nothing is removed: nobody answered; say --yes to remove them without asking",
    )
