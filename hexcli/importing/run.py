"""`hex import` in one function: files -> samples -> generations -> run folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.importing.gathering import gather
from hexcli.importing.reading import read_file
from hexcli.importing.sample import SampleFile
from hexcli.importing.writing import write_import
from hexcli.runs.reading import Manifest
from hexcli.schedule import Schedule
from hexcli.tasks.data.local import Loaded, load_problems
from hexcli.tasks.registry import get_task

HUB = "hub"  # as --data: the task's own dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did. `written` is False where the folder held the very same already."""

    path: Path
    written: bool
    problems: int
    generations: int
    schedules: Sequence[Schedule]
    warnings: Sequence[str]

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `--json`."""
        return {
            "run": str(self.path),
            "written": self.written,
            "problems": self.problems,
            "generations": self.generations,
            "schedules": [schedule.to_dict() for schedule in self.schedules],
            "warnings": list(self.warnings),
        }


def import_files(
    paths: Sequence[Path],
    output: Path,
    *,
    task: str,
    format: str | None,
    data: str | None,
    model: str | None,
    given: Mapping[str, Any],
    created: str,
    overwrite: bool,
) -> Imported:
    """Make a run folder of the generations in `paths`; see `gather` for `given`.

    `data` is a file with rows of the task's dataset, or HUB, to match questions with. Raises UsageError or HexError,
    in one line, and then nothing is written.
    """
    chosen = get_task(task)
    files = [read_file(path, format) for path in paths]
    _refuse_copies(files)
    source = _model(files, model)
    known = Loaded([]) if data is None else load_problems(chosen, None if data == HUB else data)
    gathered = gather(files, chosen, known.problems, given)
    generations = gathered.generations
    manifest = Manifest(
        name=output.name,
        created=created,
        recipe={"import": [_about(file) for file in files], "task": task, "data": data, "schedule": dict(given)},
        task=chosen.name,
        task_version=chosen.version,
        model=source,
        model_identity=f"imported:{source}",
        dtype="unknown",
        expected=len(generations),
        complete=True,
        generations=len(generations),
        data=known.data,
        definition=chosen.definition,
    )
    schedules = {generation.schedule.with_seed(0): None for generation in generations}
    return Imported(
        path=output,
        written=write_import(output, manifest, generations, overwrite=overwrite),
        problems=len({generation.problem.id for generation in generations}),
        generations=len(generations),
        schedules=sorted(schedules, key=lambda schedule: schedule.cast_order),
        warnings=gathered.warnings,
    )


def _refuse_copies(files: Sequence[SampleFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        if file.sha256 in seen:
            raise UsageError(f"{seen[file.sha256]} and {file.name} are one and the same: its votes would count twice")
        seen[file.sha256] = file.name


def _model(files: Sequence[SampleFile], model: str | None) -> str:
    """The one model of all files. Raises UsageError where they name several, or another than `model`."""
    names = sorted({file.model for file in files if file.model is not None})
    if model is not None and model not in names and names:
        raise UsageError(f"the files are of {', '.join(names)}, not of {model}: leave --model out")
    if len(names) > 1:
        raise UsageError(f"the files are of several models ({', '.join(names)}): import each into its own run")
    return model or (names[0] if names else "unknown")


def _about(file: SampleFile) -> dict[str, Any]:
    return {
        "file": file.name,
        "format": file.format,
        "sha256": file.sha256,
        "generations": len(file.samples),
        "header": dict(file.header),
    }
