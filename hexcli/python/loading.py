"""Runs, as scripts name them: a folder, or what decoding gave."""

import dataclasses
import sys
import warnings
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexcli.errors import UsageError
from hexcli.plugins.held import register_task, register_task_object
from hexcli.plugins.registering import register_installed
from hexcli.python.columns import SHOWN, schedule_columns
from hexcli.python.public import public
from hexcli.python.rows import is_rows
from hexcli.python.said import SchedulesLike, names_said, path_said, require_count, require_flags, schedules_of, short
from hexcli.python.table import Table
from hexcli.python.wording import in_python
from hexcli.records import Generation
from hexcli.runs.ballots import task_of, vote_of
from hexcli.runs.counting import Count, count
from hexcli.runs.manifest import Manifest
from hexcli.runs.naming import names_in
from hexcli.runs.reading import Run
from hexcli.task import Task

if TYPE_CHECKING:
    from hexcli.runs.together import Together
    from hexcli.voting.calibration import Calibration


class Generations(Table):
    """A run: a row a generation, with the answer that it votes for; problem by problem, each problem's in the order in
    which votes are cast: the smallest block first, of one schedule the first seed.

    path         the run folder
    manifest     run.json
    generations  the records in the order of the rows, with tokens, steps and confidences
    """

    def __init__(self, run: Run) -> None:
        task = task_of(run)
        names = names_in(run, task.usual)
        ordered = sorted(run.generations, key=lambda one: (one.problem.id, one.voter.cast_order))
        self._run = dataclasses.replace(run, generations=tuple(ordered))
        rows = [
            {
                "problem_id": one.problem.id,
                "category": one.problem.category,
                "schedule": names[one.voter.expert],
                "prompt": one.prompt_name or task.usual,
                "seed": one.schedule.seed,
                **schedule_columns(one.schedule),
                "answer": vote_of(one, task).answer,
                "target": one.problem.target,
                "nfe": one.response.nfe,
                "seconds": one.response.seconds,
                "question": one.problem.question,
                "text": one.response.text,
            }
            for one in self._run.generations
        ]
        super().__init__(rows, shown=SHOWN)

    def of(self, problems: Collection[str]) -> "Generations":
        """Those of some problems, by their ids; the folder is the same.

        problems  their ids
        """
        kept = tuple(one for one in self.generations if one.problem.id in problems)
        return Generations(dataclasses.replace(self._run, generations=kept))

    @property
    def path(self) -> Path:
        """The run folder."""
        return self._run.path

    @property
    def manifest(self) -> Manifest:
        """run.json."""
        return self._run.manifest

    @property
    def generations(self) -> tuple[Generation, ...]:
        """The records, in the order of the rows."""
        return self._run.generations


# A run folder, or what `load`, `decode` and `sweep` return.
RunLike = str | Path | Generations


@public
def load(run: RunLike, *, task: str | Task | None = None) -> Generations:
    """The generations of a run folder. No model, no GPU, no network.

    run   the folder
    task  of a run whose task is Python code: its file, "mine.py:my_task", which is run, or the hexcli.task.Task itself

    Rows that cannot be read are left out with one warning. Raises hexcli.errors.UsageError where it is no run folder.
    """
    name = register_task_object(task) if isinstance(task, Task) else task
    register_task(name)
    found = read(run)
    if name not in (None, found.manifest.task):
        raise UsageError(f"{found.path} is of task '{found.manifest.task}', not of '{name}': leave task out")
    return Generations(found)


@cache
def plug_in() -> None:
    """Put what installed packages offer into the registries, as every command does."""
    register_installed(warn)


def read(run: RunLike) -> Run:
    """The run that is meant: a folder is read anew. Raises UsageError."""
    plug_in()
    return run._run if isinstance(run, Generations) else Run.read(Path(_folder(run)), warn=warn)


def _folder(run: object) -> str | Path:
    """A run's folder. Raises UsageError on what is no run."""
    if isinstance(run, str | Path):
        return run
    if isinstance(run, Mapping) or is_rows(run):
        raise UsageError(
            "rows are no run: hexcli.import_(rows, 'runs/mine', task='gsm8k') makes one of generations, and "
            "hexcli.vote(rows) votes on answers"
        )
    raise UsageError(f"a run is its folder ('runs/...') or what hexcli.decode and hexcli.load return, not {short(run)}")


def one_of(run: Any, together: bool) -> RunLike:
    """The run, or several as one: nothing is written. Raises UsageError where it is not said which."""
    require_flags(together=together)
    if isinstance(run, str | Path | Generations):
        if together:
            raise UsageError("together is of several runs: give a list of them")
        return run
    if not isinstance(run, list | tuple) or is_rows(run):
        return _folder(run)
    if not together:
        if len(run) == 1:
            only: RunLike = run[0]
            return only
        if not run:
            raise UsageError("the list of runs is empty: name one")
        if all(isinstance(one, str) and not Path(one).exists() for one in run):
            raise UsageError(f"{short(run)} are no run folders; answers are voted on by hexcli.majority([...])")
        raise UsageError(
            f"{len(run)} runs are a list: say together=True for one election of all, or take one at a time: "
            "[hexcli.score(run) for run in runs]"
        )
    found = _together(run)
    return Generations(found.run(Path(found.usual_name)))


def several(runs: RunLike | Sequence[RunLike]) -> list[RunLike]:
    """One run, or several, as a list. Raises UsageError where there is none."""
    if isinstance(runs, str | Path | Generations):
        return [runs]
    if not isinstance(runs, list | tuple):
        return [_folder(runs)]
    if not runs:
        raise UsageError("the list of runs is empty: name one")
    return list(runs)


@public
def join(runs: Sequence[RunLike], output: str | Path, *, copy: bool = False) -> Generations:
    """Make a joint run of several runs of one task, as `hex vote --together -o`: one election of all their votes.

    runs    folders, or what `decode`, `sweep` and `load` return
    output  its folder; a joint run that is there is replaced
    copy    whether it holds the generations; else it refers to the runs by what is in them

    What the runs lack of each other is a warning. Raises hexcli.errors.UsageError where they cannot be joined.
    """
    require_flags(copy=copy)
    folder = path_said("output", output)
    found = _together(runs)
    found.write(folder, copy=copy)
    return load(folder)


def _together(runs: Sequence[RunLike]) -> "Together":
    from hexcli.runs.together import together

    plug_in()
    if isinstance(runs, str | Path | Generations) or not isinstance(runs, Sequence):
        raise UsageError(f"runs are a list of at least two, not {short(runs)}")
    paths = [run.path if isinstance(run, Generations) else Path(_folder(run)) for run in runs]
    found = together(paths, created=datetime.now(UTC).isoformat(timespec="seconds"), warn=warn, light=False)
    for note in found.notes:
        warn(note)
    return found


def counted(
    run: RunLike, schedules: SchedulesLike | None, samples: int | None, prompts: str | Sequence[str] | None = None
) -> Count:
    """The votes of a run, of these schedules, first samples and wordings. Raises UsageError where that leaves none."""
    wanted = [str(one) for one in schedules_of(schedules if schedules is not None else ())]
    require_count("samples", samples)
    return count(read(run), schedules=wanted, samples=samples, prompts=names_said("prompts", prompts or ()))


def calibrated(calibration: RunLike | None, found: Sequence[Count]) -> "Calibration | None":
    """What a calibration run tells of the schedules. Raises UsageError."""
    if calibration is None:
        return None
    from hexcli.scoring.calibrating import calibrate

    return calibrate(counted(calibration, None, None), found)


def warn(message: str) -> None:
    """A warning of Python's own, about the line outside of hex that called it."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "hexcli":
        frame, level = frame.f_back, level + 1
    warnings.warn(in_python(message), stacklevel=level)
