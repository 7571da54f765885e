"""`hex import` in one function: files -> samples -> generations -> run folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.importing.gathering import Gathered, gather
from hexcli.importing.ids import with_ids
from hexcli.importing.lacking import require_all, unread
from hexcli.importing.reading import read_file
from hexcli.importing.refusing import refuse_copies, refuse_overruled, refuse_same_rows, refuse_unused
from hexcli.importing.sample import SampleFile
from hexcli.importing.sources import Source
from hexcli.importing.writing import addable, write_import
from hexcli.labels import expert
from hexcli.runs.ballots import task_of
from hexcli.runs.manifest import Manifest
from hexcli.runs.reading import Run
from hexcli.schedule import Schedule
from hexcli.task import Task
from hexcli.tasks.data.local import Loaded, load_problems
from hexcli.tasks.registry import get_task

HUB = "hub"  # as --data: the task's own dataset
UNKNOWN = "unknown"  # the model, or the dtype, of files that do not tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did. `written` is False where the folder held the very same already.

    new     generations that were not there before
    files   the files that each of `schedules` has generations of
    assumed  what nobody states of each
    notes   how files were read
    """

    path: Path
    written: bool
    problems: int
    generations: int
    new: int
    schedules: Sequence[Schedule]
    files: Mapping[Schedule, Sequence[str]]
    assumed: Mapping[Schedule, Sequence[str]]
    warnings: Sequence[str]
    notes: Sequence[str] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `--json`."""
        return {
            "run": str(self.path),
            "written": self.written,
            "problems": self.problems,
            "generations": self.generations,
            "new": self.new,
            "schedules": [
                {**one.to_dict(), "files": list(self.files[one]), "assumed": list(self.assumed.get(one, ()))}
                for one in self.schedules
            ],
            "notes": list(self.notes),
            "warnings": list(self.warnings),
        }


def import_files(
    files: Sequence[Source],
    output: Path | None,
    *,
    task: str | None,
    format: str | None,
    data: str | None,
    model: str | None,
    given: Mapping[str, Any],
    created: str,
    overwrite: bool = False,
    add: bool = False,
    fields: Mapping[str, str] | None = None,
    typed: Sequence[str] = ("hex", "import"),
) -> Imported:
    """Make a run folder of the generations in `files`, or `add` them to an import that is there.

    See `gather` for `given`, `naming` for `fields`, `lacking` for `typed`; `data` is a file with rows of the task's
    dataset, or HUB, to match questions with. Raises UsageError or HexError, in one line, and then nothing is written.
    """
    chosen = None if task is None else get_task(task)
    read = with_ids([read_file(source, format, fields) for source in files])
    refuse_unused(read, files, fields or {})
    refuse_copies(read)
    output = require_all(read, task=task, output=output, given=given, typed=typed)
    refuse_overruled(read, given)
    chosen = _task_of(read, chosen)
    refuse_same_rows(read, files, output)
    before = addable(output, chosen) if add else None
    old = None if before is None else before.manifest
    fresh = read if old is None else [file for file in read if not _there(file, old, given)]
    who = _model(fresh, model, old)
    known = _known(chosen, data)
    there = () if before is None else before.generations
    gathered = gather(fresh, chosen, known.problems, given, there)
    said: dict[str, Any] = {"task": task or chosen.name, "data": data, "schedule": dict(given)}
    said |= {"fields": dict(fields)} if fields else {}
    manifest = _manifest(output.name, created, chosen, who, len(gathered.generations))
    manifest = _behind(
        old, replace(manifest, recipe={"import": [_about(f, given, gathered) for f in fresh], **said}, data=known.data)
    )
    generations = gathered.generations
    schedules = {expert(generation.schedule): None for generation in generations}
    written = bool(fresh) and write_import(output, manifest, generations, overwrite=overwrite or add)
    return Imported(
        path=output,
        written=written,
        problems=len({generation.problem.id for generation in generations}),
        generations=len(generations),
        new=len(generations) - len(there) if written else 0,
        schedules=sorted(schedules, key=lambda schedule: schedule.cast_order),
        files=gathered.files,
        assumed=_assumed(gathered, old),
        warnings=[*unread(fresh, given), *gathered.warnings],
        notes=[note for file in fresh for note in file.notes],
    )


def _assumed(gathered: Gathered, old: Manifest | None) -> dict[Schedule, Sequence[str]]:
    """What nobody states of each schedule, those included that are there from before."""
    before = {about.get("file"): about.get("assumed", ()) for about in (old.recipe["import"] if old else ())}
    names = {one: {name for file in files for name in before.get(file, ())} for one, files in gathered.files.items()}
    return {one: gathered.assumed.get(one) or sorted(names[one]) for one in gathered.files}


def _known(task: Task, data: str | None) -> Loaded:
    """The problems that questions are matched with; a custom task's own, where its file is there."""
    if data is None and (task.file is None or not Path(task.file).exists()):
        return Loaded([])
    return load_problems(task, None if data == HUB else data)


def _manifest(name: str, created: str, task: Task, who: tuple[str, str, str], count: int) -> Manifest:
    """run.json, but for what was imported. `who` is what _model gives."""
    return Manifest(
        name=name,
        created=created,
        recipe={},
        task=task.name,
        task_version=task.version,
        model=who[0],
        model_identity=who[1],
        dtype=who[2],
        expected=count,
        complete=True,
        generations=count,
        definition=task.definition,
    )


def _behind(old: Manifest | None, new: Manifest) -> Manifest:
    """The run.json of an import that others were added to: it keeps what it said of its first files."""
    if old is None:
        return new
    recipe = {
        **new.recipe,
        "import": [*old.recipe["import"], *new.recipe["import"]],
        "data": new.recipe["data"] or old.recipe.get("data"),
    }
    return replace(new, created=old.created, recipe=recipe, data=new.data or old.data)


def _there(file: SampleFile, before: Manifest, given: Mapping[str, Any]) -> bool:
    """Whether the file is in the run already. Raises UsageError where it is, under another schedule."""
    for about in before.recipe["import"]:
        if about.get("sha256") == file.sha256:
            was, now = about.get("schedule", before.recipe.get("schedule")), {**given, **file.given}
            if was != now:
                raise UsageError(
                    f"{file.name} is in '{before.name}' already, as {_in_words(was)}: --overwrite makes it anew"
                )
            return True
    return False


def _in_words(schedule: Any) -> str:
    """What was said of a schedule, as it is written behind a file."""
    said = schedule if isinstance(schedule, Mapping) else {}
    return ",".join(f"{name}={value}" for name, value in said.items()) or "nothing was said of its schedule"


def _task_of(files: Sequence[SampleFile], task: Task | None) -> Task:
    """The task that all files are of, as far as they tell. Raises UsageError where they tell another, or nothing."""
    for file in files:
        if file.run is None:
            continue
        if task is None:
            task = task_of(Run(path=Path(file.name), manifest=file.run, generations=()))
        elif file.run.task != task.name:
            out = "leave one out" if len(files) > 1 else "leave --task out"
            raise UsageError(f"{file.name} is of task {file.run.task}, not of {task.name}: {out}")
    if task is None:
        raise UsageError(f"{files[0].name} does not tell its task: name the --task")
    return task


def _model(files: Sequence[SampleFile], model: str | None, before: Manifest | None) -> tuple[str, str, str]:
    """The one model of all files, its identity and its dtype; with those of the run that they are added to.

    Raises UsageError where they name several, or another than `model`.
    """
    runs = [run for run in (before, *(file.run for file in files)) if run is not None]
    names = sorted(
        {name for name in (*(file.model for file in files), *(run.model for run in runs)) if name} - {UNKNOWN}
    )
    if model is not None and model not in names and names:
        raise UsageError(f"the files are of {', '.join(names)}, not of {model}: leave --model out")
    if len(names) > 1:
        raise UsageError(
            f"the files are of several models ({', '.join(names)}): import each into its own run, "
            "then hex vote RUN RUN --together"
        )
    name = model or (names[0] if names else UNKNOWN)
    found = {(run.model_identity, run.dtype) for run in runs if not run.model_identity.startswith("imported:")}
    if len(found) > 1:
        listed = ", ".join(sorted(" in ".join(identity) for identity in found))
        raise UsageError(f"the files are of several checkpoints of {name} ({listed}): import each into its own run")
    identity, dtype = found.pop() if found else (f"imported:{name}", UNKNOWN)
    return name, identity, dtype


def _about(file: SampleFile, given: Mapping[str, Any], gathered: Gathered) -> dict[str, Any]:
    assumed = {
        name for one, files in gathered.files.items() if file.name in files for name in gathered.assumed.get(one, ())
    }
    return {
        "file": file.name,
        "format": file.format,
        "sha256": file.sha256,
        "generations": len(file.samples),
        "schedule": {**given, **file.given},
        "header": dict(file.header),
        **({"assumed": sorted(assumed)} if assumed else {}),
    }
