"""Runs, as scripts name them: a folder, or what decoding gave."""

import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.plugins.registering import register_installed
from hexcli.python.table import Table
from hexcli.records import Generation
from hexcli.runs.ballots import Count, count, task_of, vote_of
from hexcli.runs.naming import names_in
from hexcli.runs.reading import Manifest, Run

if TYPE_CHECKING:
    from hexcli.voting.calibration import Calibration


class Generations(Table):
    """A run: a row a generation, with the answer that it votes for.

    path         the run folder
    manifest     run.json
    generations  the records, with tokens, steps and confidences
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        task = task_of(run)
        names = names_in(run, task.usual)
        rows = [
            {
                "problem": one.problem.id,
                "schedule": names[one.voter.expert],
                "prompt": one.prompt_name or task.usual,
                "seed": one.schedule.seed,
                "answer": vote_of(one, task).answer,
                "target": one.problem.target,
                "nfe": one.response.nfe,
                "text": one.response.text,
                "question": one.problem.question,
            }
            for one in run.generations
        ]
        super().__init__(rows, shown=("problem", "schedule", "seed", "answer", "target", "nfe", "text"))

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
        """The records, in the order they were finished."""
        return self._run.generations


# A run folder, or what `load`, `decode` and `sweep` return.
RunLike = str | Path | Generations


def load(run: RunLike) -> Generations:
    """The generations of a run folder. No model, no GPU, no network.

    Rows that cannot be read are left out with one warning. Raises hexcli.errors.UsageError where it is no run folder.
    """
    return Generations(read(run))


@cache
def plug_in() -> None:
    """Put what installed packages offer into the registries, as every command does."""
    register_installed(warn)


def read(run: RunLike) -> Run:
    """The run that is meant: a folder is read anew. Raises UsageError."""
    plug_in()
    return run._run if isinstance(run, Generations) else Run.read(Path(run), warn=warn)


def counted(
    run: RunLike, schedules: Sequence[str] | None, samples: int | None, prompts: Sequence[str] | None = None
) -> Count:
    """The votes of a run, of these schedules, first samples and wordings. Raises UsageError where that leaves none."""
    for what, said in (("schedules", schedules), ("prompts", prompts)):
        if isinstance(said, str):
            raise UsageError(f'{what} are a list of texts: ["{said}"], not "{said}"')
    return count(read(run), schedules=[str(one) for one in schedules or ()], samples=samples, prompts=prompts or ())


def calibrated(calibration: RunLike | None, found: Sequence[Count]) -> "Calibration | None":
    """What a calibration run tells of the schedules. Raises UsageError."""
    if calibration is None:
        return None
    from hexcli.scoring.calibrating import calibrate

    return calibrate(counted(calibration, None, None), found)


def warn(message: str) -> None:
    """A warning of Python's own."""
    warnings.warn(message, stacklevel=2)
