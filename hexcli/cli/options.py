"""Options that several commands share, declared once, and what they mean."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hexcli.errors import HexError, UsageError, unknown
from hexcli.schedule import FAST, KV_CACHES

if TYPE_CHECKING:
    from hexcli.ballots import Count
    from hexcli.voting import Calibration

RunsArgument = Annotated[list[Path] | None, typer.Argument(help="Run folders, or folders of them.", metavar="RUNS...")]
Aggregators = Annotated[
    list[str] | None, typer.Option("--aggregator", "-a", help="Aggregator to use, repeatable; default: every one.")
]
TaskFilter = Annotated[str | None, typer.Option("--task", "-t", help="Only runs of this task.")]
OnlySchedules = Annotated[
    str | None,
    typer.Option("--schedules", help="Only votes of these schedules, e.g. 8,32 or 32@256; nothing is saved."),
]
OnlySamples = Annotated[
    int | None,
    typer.Option("--samples", min=1, help="Only the first K samples of each schedule; nothing is saved."),
]
CalibrationRun = Annotated[
    Path | None,
    typer.Option("--calibration", help="Run on labelled problems of another split, for schedule-weighted."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Device = Annotated[str, typer.Option("--device", help="auto, cpu, cuda, cuda:1, ...")]
BatchSize = Annotated[
    str, typer.Option("--batch-size", help="Rows decoded together, or auto (shrinks when memory runs out).")
]
FAST_OPTIONS = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in FAST.items())
Fast = Annotated[bool, typer.Option("--fast", help=f"Faster, with measured loss: {FAST_OPTIONS}.")]
KvCache = Annotated[
    str | None,
    typer.Option(
        "--kv-cache",
        help=f"Keep keys and values outside the current block ({', '.join(KV_CACHES)}); lossy.",
        show_default="none",
    ),
]
Refresh = Annotated[
    int | None,
    typer.Option(
        "--refresh",
        help="With --kv-cache: compute everything anew after N committed tokens.",
        metavar="N",
        show_default="where a block begins",
    ),
]
Threshold = Annotated[
    float | None,
    typer.Option(
        "--threshold", help="Commit every token of the block that has this probability; lossy.", show_default="off"
    ),
]
ModelArgs = Annotated[
    list[str] | None,
    typer.Option(
        "--model-arg",
        "-M",
        metavar="KEY=VALUE",
        help="Option of loading the model, repeatable: adapter, attn_implementation, block_length, chat_template, "
        "device_map, dtype, mask_id, revision.",
    ),
]
TrustRemoteCode = Annotated[
    bool,
    typer.Option(
        "--trust-remote-code",
        help="Run the Python code of a checkpoint whose architecture hex does not know. Only if you trust its author.",
    ),
]
UntilDecided = Annotated[
    bool,
    typer.Option(
        "--until-decided",
        help="Stop each problem where no vote that is left can change its majority. "
        "Without it, the same command decodes the others.",
    ),
]
DecideAt = Annotated[
    float | None,
    typer.Option(
        "--decide-at",
        metavar="P",
        help="Stop each problem earlier, where its leading answer leads with this posterior probability, e.g. 0.95.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say what is cached, what is to do, and its NFE. Downloads nothing.")
]
Data = Annotated[
    str | None,
    typer.Option(
        "--data", help="File with the task's rows (.jsonl, .json, .csv, .parquet) instead of its own dataset."
    ),
]
Limit = Annotated[
    str | None,
    typer.Option("--limit", "-n", help="Problems: the first N, or A-B counted from 0.", metavar="N|A-B"),
]


def warn(message: str) -> None:
    """A warning, in one line on stderr."""
    print(f"hex: warning: {message}", file=sys.stderr, flush=True)


def now() -> str:
    """The time as run.json keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def split(labels: str | None) -> tuple[str, ...]:
    """The parts of a comma-separated option."""
    return tuple(part.strip() for part in (labels or "").split(",") if part.strip())


def batch_size(text: str) -> int | None:
    """The value of --batch-size; None means auto. Raises typer.BadParameter."""
    if text == "auto":
        return None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise typer.BadParameter(f"--batch-size must be auto or at least 1, not '{text}'")


def certainty(until_decided: bool, decide_at: float | None) -> float | None:
    """What --until-decided and --decide-at ask of a vote; None: that all are cast. Raises typer.BadParameter."""
    if decide_at is None:
        return 1.0 if until_decided else None
    if 0.5 < decide_at <= 1:
        return decide_at
    raise typer.BadParameter(f"--decide-at must be above 0.5 and at most 1 (certain), not {decide_at:g}")


def shortcuts(fast: bool, kv_cache: str | None, refresh: int | None, threshold: float | None) -> dict[str, Any]:
    """The recipe's fields of decoding faster. Raises UsageError where --fast contradicts one of its parts."""
    said = {"kv_cache": kv_cache, "refresh": refresh, "threshold": threshold}
    named = {name: value for name, value in said.items() if value is not None}
    for name, value in named.items():
        if fast and value != FAST[name]:
            option = f"--{name.replace('_', '-')} {value}"
            raise UsageError(f"--fast means {FAST_OPTIONS}, which {option} contradicts: give the parts without --fast")
    return dict(FAST) if fast else named


def print_json(value: object) -> None:
    """JSON on stdout."""
    import json

    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def counted(
    runs: list[Path] | None,
    aggregators: list[str] | None,
    task: str | None,
    schedules: str | None,
    samples: int | None,
) -> tuple[list["Count"], list[str]]:
    """The runs that vote and score work on, votes counted, and the aggregators to use.

    A run that cannot be read is left out with a warning where there are others. Raises UsageError where none is
    left, or one that was named itself cannot be used.
    """
    from hexcli.ballots import count
    from hexcli.runs import Run, find_runs, read_manifest
    from hexcli.tasks import TASKS
    from hexcli.voting import AGGREGATORS, get_aggregator

    names = aggregators or list(AGGREGATORS)
    for name in names:
        get_aggregator(name)
    named = runs or [Path("runs")]
    found: list[Count] = []
    others: set[str] = set()
    failure: UsageError | None = None
    for path in find_runs(named):
        try:
            manifest = read_manifest(path)
            if task not in (None, manifest.task):
                others.add(manifest.task)
                continue
            found.append(count(Run.read(path, warn=warn), schedules=split(schedules), samples=samples))
        except UsageError as error:
            if path in named:
                raise
            failure = error
            warn(f"left out: {error}")
    if not found and task is not None and task not in {*TASKS, *others}:
        raise unknown("task", task, sorted({*TASKS, *others}))
    if not found:
        raise failure or UsageError(f"no run of task {task}: the runs here are of {', '.join(sorted(others))}")
    for counting in found:
        run = counting.run
        if not counting.complete:
            warn(
                f"run '{run.path}' is unfinished: {len(run.generations)} of {run.manifest.expected} generations; "
                "the same `hex decode` command finishes it"
            )
    return found, names


def calibrated(path: Path | None, found: "Sequence[Count]") -> "Calibration | None":
    """What the run at `path` tells of the schedules, to weigh the votes of the runs found. Raises UsageError."""
    if path is None:
        return None
    from hexcli.ballots import count
    from hexcli.runs import Run
    from hexcli.scoring import calibrate

    calibration = count(Run.read(path, warn=warn))
    if calibration.run.manifest.not_needed:
        warn(f"'{path}' stopped where its majority was decided: its schedules are judged by the votes there are")
    for run in found:
        if run.run.manifest.model_identity != calibration.run.manifest.model_identity:
            warn(f"'{path}' calibrates '{run.run.path}', and is of another model")
    return calibrate(calibration, found)


def fail_on_skipped(frames: "Sequence[Mapping[str, Any]]", aggregators: list[str] | None) -> None:
    """Where aggregators were asked for by name, and a run's votes lack what they go by: HexError.

    After the results are out, so that those of the others are not lost.
    """
    for frame in frames if aggregators else ():
        for skipped in frame["skipped"]:
            raise HexError(f"{skipped['name']} cannot vote on {frame['run']}: {skipped['reason']}")


def save(write: Callable[[Path, Any], None], path: Path, value: object) -> None:
    """Write a result into its run folder; where that cannot be, warn: it is on stdout all the same."""
    try:
        write(path, value)
    except OSError as error:
        warn(f"cannot write '{path}': {error.strerror or error}")
