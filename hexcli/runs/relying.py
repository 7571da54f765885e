"""Which joint runs vote with the rows of a run, and cannot be read once it is gone; and which runs of one are gone."""

from contextlib import suppress
from pathlib import Path

from hexcli.errors import HexError
from hexcli.runs.folders import RUNS, runs_below
from hexcli.runs.reading import read_manifest
from hexcli.runs.rows import MANIFEST


def joint_runs_of(run: Path) -> list[Path]:
    """Joint runs beside a run, and in runs/, that hold no copy of its rows. What cannot be read is none."""
    found: dict[Path, Path] = {}
    beside = (manifest.parent for manifest in sorted(run.parent.glob(f"*/{MANIFEST}")))
    for joint in (*beside, *(runs_below(RUNS) if RUNS.is_dir() else ())):
        with suppress(HexError):
            own = [one for one in read_manifest(joint).sources if not one.copy]
            if any((joint / one.path).resolve() == run.resolve() for one in own):
                found.setdefault(joint.resolve(), joint)
    return list(found.values())


def gone_from(joint: Path) -> list[str]:
    """The names of the runs of a joint run that are neither copied nor where they stood; of what is unreadable none."""
    with suppress(HexError):
        return [one.name for one in read_manifest(joint).sources if not one.copy and not (joint / one.path).is_dir()]
    return []
