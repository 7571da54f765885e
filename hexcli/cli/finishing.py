"""How an unfinished run is finished, as the command that does it."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hexcli.runs.manifest import Manifest


def finishing(path: Path, manifest: "Manifest") -> str:
    """The command that finishes an unfinished run, and repeats a damaged one."""
    if manifest.sources:
        from hexcli.runs.reading import joining

        return f"finish the runs that it is of, then {joining(path, manifest.sources)} again"
    if "import" in manifest.recipe:
        return "the `hex import` that made it, with --overwrite, completes it"
    return f"`{resuming(path, manifest)}` finishes it"


def resuming(path: Path, manifest: "Manifest") -> str:
    """The command that goes on with a run that was decoded here."""
    certainty = manifest.certainty
    until = "" if certainty is None else " --until-decided" if certainty == 1 else f" --decide-at {certainty:g}"
    return f"hex sweep {shlex.quote(str(path))}{manifest.files_option}{until}"
