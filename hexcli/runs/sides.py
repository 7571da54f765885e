"""What the two words of a comparison mean: a run, a model's run, a schedule or an aggregator."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hexcli.errors import UsageError, beside
from hexcli.runs.choosing import of_task
from hexcli.runs.folders import RUNS, run_folder
from hexcli.runs.mistakes import RUN_FILES
from hexcli.runs.reading import find_runs, read_manifest
from hexcli.runs.rows import MANIFEST
from hexcli.voting.aggregators import AGGREGATORS


@dataclass(frozen=True, slots=True)
class Meant:
    """A run folder, and who in it; None where the word does not say."""

    run: Path | None
    who: str | None


def meant(a: str, b: str, *, task: str | None, default: str) -> tuple[tuple[Path, str], tuple[Path, str]]:
    """The runs and voters that two words mean. Raises UsageError.

    A word is a run folder (or its name in runs/), a model that one run in runs/ is of, or a schedule or aggregator;
    or a run or model with one of these behind a colon. Who is not named is `default`; a word without a run is of the
    other word's run, or of the only one in runs/.
    """
    one, other = word(a, task), word(b, task)
    shared = one.run or other.run or only_run(a, task)
    left = (one.run or shared, one.who or default)
    right = (other.run or shared, other.who or default)
    if left[0].resolve() == right[0].resolve() and left[1] == right[1]:
        raise UsageError(f"'{a}' and '{b}' are the same: {left[1]} of {left[0]}; name another schedule or aggregator")
    return left, right


def alone(text: str, *, task: str | None) -> Path:
    """The run that one word means. Raises UsageError where it means somebody in a run, who needs a rival."""
    found = word(text, task)
    if found.run is None and not names_somebody(text):
        raise UsageError(f"no run and no model of a run here is called '{text}': hex runs list says what there is")
    if found.run is None or found.who is not None:
        raise UsageError(
            f"'{text}' beside whom? Write hex compare {text} B; a run alone, hex compare RUN, compares its schedules"
        )
    return found.run


def names_somebody(text: str) -> bool:
    """Whether a word may be a schedule, which begins with a number, or an aggregator; any other was meant as a run."""
    return text[:1].isdigit() or text in AGGREGATORS or ".py:" in text


def word(text: str, task: str | None = None) -> Meant:
    """The run that one word means, and who in it. Raises UsageError on one that cannot be read, a slip, or a run that
    is not of `task`."""
    places = [len(text), *(place for place, letter in enumerate(text) if letter == ":")]
    for find in (_folder, lambda name: _of_model(name, task)):
        if (found := _split(text, places, find)) is not None:
            if task is not None and found.run is not None and not of_task(read_manifest(found.run), task):
                own = read_manifest(found.run).task
                raise UsageError(f"{found.run} is of task {own}, and --task says {task}: leave it out")
            return found
    name = text.partition(":")[0]
    _refuse_slips(name)
    if "/" in name or (name and Path(name).is_dir() and not name.isdecimal()) or name in RUN_FILES:
        read_manifest(Path(name))  # says what is wrong with it
    if name not in AGGREGATORS and (near := beside(RUNS / name, folders=True)):
        raise UsageError(f"no run '{name}'{near}")
    return Meant(None, text)


def _refuse_slips(name: str) -> None:
    """Raises UsageError on several runs in one word, on a run with a slash before who, and on a folder of runs."""
    if any(letter in name for letter in "*?[") or ("," in name and not name[:1].isdigit()):
        raise UsageError(f"'{name}' is one word, and two runs are two: hex compare A B (hex runs lists them)")
    path = Path(name)
    if "/" in name and not path.exists() and (run := run_folder(path.parent)) and (run / MANIFEST).is_file():
        raise UsageError(f"who is compared of a run stands behind a colon: {run}:{path.name}")
    if name and not path.is_dir() and (RUNS / name).is_dir():
        read_manifest(RUNS / name)  # it holds runs, and is none


def _split(text: str, places: list[int], find: Callable[[str], Path | None]) -> Meant | None:
    """The first way to read the text as a run, with or without a voter behind it."""
    for place in places:
        if (run := find(text[:place])) is not None:
            return Meant(run, text[place + 1 :].strip() or None)
    return None


def _folder(name: str) -> Path | None:
    found = run_folder(Path(name))
    return found if name and (found / MANIFEST).is_file() else None


def _of_model(name: str, task: str | None) -> Path | None:
    """The one run of a model among those in runs/. Raises UsageError where there are several."""
    runs = [path for path, model in _runs(task) if model == name]
    if len(runs) > 1:
        raise UsageError(f"several runs are of {name}: name one of {', '.join(map(str, runs))}, or give --task")
    return runs[0] if runs else None


def only_run(text: str, task: str | None = None) -> Path:
    """The only run in runs/, which a word without one is of. Raises UsageError where there are none, or more."""
    runs = [path for path, _ in _runs(task)]
    if len(runs) != 1:
        if not runs:
            raise UsageError(f"'{text}' is no run here, and there is none in {RUNS}/: make one with 'hex decode'")
        some = ", ".join(map(str, runs[:4])) + (", ..." if len(runs) > 4 else "")
        if not names_somebody(text):
            raise UsageError(f"no run, schedule or aggregator is called '{text}': there are the runs {some}")
        raise UsageError(f"'{text}' of which run? Write RUN:WHO, e.g. {runs[0]}:{text}; there are {some}")
    return runs[0]


def _runs(task: str | None) -> list[tuple[Path, str]]:
    """The runs in runs/, with their models."""
    if not RUNS.is_dir():
        return []
    found = []
    try:
        paths = find_runs([RUNS])
    except UsageError:
        return []
    for path in paths:
        try:
            manifest = read_manifest(path)
        except UsageError:  # not one to compare
            continue
        if task is None or of_task(manifest, task):
            found.append((path, manifest.model))
    return found
