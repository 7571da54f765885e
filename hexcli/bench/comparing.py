"""Modes on the same problems, in turn: what `hex bench --task` measures.

The problems go by in chunks. Every mode does a chunk before any does the next, and each chunk is begun by another
mode: so whatever else the machine does in the meantime meets all of them alike. Nothing is taken from the cache, and
nothing is reused from one mode to another. Only decoding is timed: not loading, not reading the answers.
"""

import copy
import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hexcli.bench import machine
from hexcli.bench.modes import Canvas, Mode, Stage, best_batch, row_of
from hexcli.bench.profiling import channels
from hexcli.bench.verdicts import Verdicts, agreement, same_tokens
from hexcli.engine.job import Job
from hexcli.engine.plan import Plan
from hexcli.sampling.sampler import Row

Note = Callable[[str], None]
INTERVAL = 5.0  # seconds between two lines on how it goes


@dataclass(slots=True)
class Result:
    """What a mode made of the problems, and what it took. `seconds` chunk by chunk.

    cpu_seconds  of this process, all threads: on a busy machine steadier than the clock
    """

    canvases: dict[Row, Canvas] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0
    peak: int | None = None


def compare(
    plan: Plan, stage: Stage, modes: dict[str, Mode], *, chunk: int, profile: bool, note: Note
) -> list[dict[str, Any]]:
    """A row for every mode: time, work, accuracy of the majority vote, what differs from the lossless vote.

    `chunk`: problems in a chunk; `note` hears how it goes. `profile`: the first chunk once more, channel by channel.
    """
    size = chunk * len(plan.schedules)
    chunks = [plan.jobs[first : first + size] for first in range(0, len(plan.jobs), size)]
    results = {name: Result() for name in modes}
    # Each mode finds out by itself what fits the memory.
    stages = {name: dataclasses.replace(stage, batch=copy.copy(stage.batch), wasted=[]) for name in modes}
    for name, mode in modes.items():
        note(f"{name}: warming up, untimed")
        if not mode.mixed and machine.on_gpu(stage.device):
            part, rows = _part(stages[name], plan, chunks[0])
            stages[name] = dataclasses.replace(stages[name], published_batch=best_batch(part, mode, rows))
        warm_up(mode, *_part(stages[name], plan, chunks[0]))
    for index, jobs in enumerate(chunks):
        for name in _rotated(list(modes), index):
            going = Going(f"chunk {index + 1} of {len(chunks)}, {name}", len(jobs), note)
            _turn(modes[name], *_part(stages[name], plan, jobs), results[name], going)
        times = ", ".join(f"{name} {results[name].seconds[-1]:.1f} s" for name in modes)
        note(f"chunk {index + 1} of {len(chunks)}: {times}")
    found = [
        {
            **_row(name, results, plan, sum(stages[name].wasted)),
            "batch_size": _batch_size(modes[name], stages[name]),
        }
        for name in modes
    ]
    if profile:
        for row in found:
            row["channels"] = channels(modes[row["name"]], *_part(stages[row["name"]], plan, chunks[0]))
    return found


def _part(stage: Stage, plan: Plan, jobs: list[Job]) -> tuple[Stage, list[Row]]:
    """Some jobs of the plan as modes take them."""
    return dataclasses.replace(stage, plan=dataclasses.replace(plan, jobs=jobs)), [row_of(job) for job in jobs]


def _batch_size(mode: Mode, stage: Stage) -> int:
    """The most rows that it decoded together, or would have, had there been as many."""
    return stage.batch.size if mode.mixed else stage.published_batch


def warm_up(mode: Mode, stage: Stage, rows: Sequence[Row]) -> None:
    """A batch of everything, untimed: the first time, kernels are chosen and memory is found."""
    by_schedule = sorted(rows, key=lambda row: row.schedule.cast_order)
    for _ in mode.decode(stage, by_schedule[: max(stage.batch.size, stage.published_batch)], lambda forwards: None):
        pass


def _rotated(names: list[str], by: int) -> Iterator[str]:
    """The names in order, another one first each time."""
    return (names[(place + by) % len(names)] for place in range(len(names)))


class Going:
    """Tells now and then how far a mode is in a chunk: a chunk of the published loop takes minutes."""

    def __init__(self, what: str, rows: int, note: Note, clock: Callable[[], float] = time.monotonic) -> None:
        self.what, self.rows, self.note, self.clock = what, rows, note, clock
        self.done = self.forwards = 0
        self.said = clock()

    def step(self, forwards: int) -> None:
        """So many rows went through the model."""
        self.forwards += forwards
        if self.clock() - self.said >= INTERVAL:
            self.said = self.clock()
            self.note(f"{self.what}: {self.done} of {self.rows} generations, {self.forwards} NFE")

    def counted(self, rows: Iterable[tuple[Row, Canvas]]) -> Iterator[tuple[Row, Canvas]]:
        """The rows, as they are done."""
        for row in rows:
            self.done += 1
            yield row


def _turn(mode: Mode, stage: Stage, rows: Sequence[Row], result: Result, going: Going) -> None:
    counted = machine.reset_peak(stage.device)
    machine.synchronize(stage.device)
    started, used = time.perf_counter(), time.process_time()
    result.canvases.update(going.counted(mode.decode(stage, rows, going.step)))
    machine.synchronize(stage.device)
    result.seconds.append(time.perf_counter() - started)
    result.cpu_seconds += time.process_time() - used
    peak = machine.peak_bytes(stage.device) if counted else None
    result.peak = None if peak is None else max(peak, result.peak or 0)


def _row(name: str, results: dict[str, Result], plan: Plan, wasted: int) -> dict[str, Any]:
    """The mode's row of `--json`."""
    own, full = results[name], results.get("lossless")
    published = [found for mode, found in results.items() if mode.startswith("published")]
    rival = min(published, key=lambda found: sum(found.seconds), default=None)
    seconds, problems = sum(own.seconds), len(plan.problems)
    verdicts = Verdicts.of(plan, own.canvases)
    exact = rival if all(schedule.deterministic for schedule in plan.schedules) else None
    return {
        "name": name,
        "seconds": seconds,
        "ratio": None if rival is None else sum(rival.seconds) / seconds,
        "chunk_seconds": own.seconds,
        "cpu_seconds": own.cpu_seconds,
        "problems_per_second": problems / seconds,
        "generations": len(own.canvases),
        "generations_per_second": len(own.canvases) / seconds,
        "nfe_per_problem": sum(canvas.nfe for canvas in own.canvases.values()) / problems,
        "tokens_per_problem": sum(canvas.tokens_computed for canvas in own.canvases.values()) / problems,
        "peak_bytes": own.peak,
        "nfe_wasted": wasted,
        **verdicts.scores(),
        **agreement(verdicts, None if full is None else Verdicts.of(plan, full.canvases)),
        **same_tokens(own.canvases, None if exact is None else exact.canvases, plan.tokenizer.end_ids),
    }
