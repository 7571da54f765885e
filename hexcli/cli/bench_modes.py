"""The modes that `hex bench` compares, of those named or of all that can be; and what has no effect beside others."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hexcli.cli.bench_workers import counts_of
from hexcli.errors import UsageError, unknown

if TYPE_CHECKING:
    from hexcli.bench.modes import Mode


UNUSUAL = (
    *("published-llada", "parallel", "parallel-until-decided"),
    *("open", "open-until-decided", "open-float8", "likely", "likely-until-decided"),
)  # only where they are named


def refuse(said: Mapping[str, object], reason: str) -> None:
    """Raise UsageError naming the first of these options that was said."""
    for name, value in said.items():
        if value is not None:
            raise UsageError(f"{name} {reason}: leave it out")


def check_names(modes: Sequence[str], shape: str | None, task: str | None, workers: str | None) -> None:
    """Refuse names that there are none of, before torch is imported (seconds). Raises UsageError."""
    from hexcli.bench.names import MODES, SHAPES
    from hexcli.plugins.held import register_task
    from hexcli.tasks.registry import get_task

    if task is not None:
        register_task(task)
        get_task(task)
    if workers is not None:
        counts_of(workers)

    for name in modes:
        if name not in MODES:
            raise unknown("mode", name, MODES)
    if shape is not None and shape not in SHAPES and not Path(shape).exists() and not shape.endswith(".json"):
        raise unknown("shape", shape, [*SHAPES, "or the config.json of a model"])


def settings(mode: Sequence[str] | None) -> "dict[str, Mode]":
    """Those of --frontier. Raises UsageError where modes are named."""
    if mode:
        raise UsageError("--frontier has settings of its own: leave --mode out")
    from hexcli.bench.frontier import SETTINGS

    return SETTINGS


def modes_of(named: Sequence[str], shape: str | None, device: str, dtype: str) -> "dict[str, Mode]":
    """The modes named, or every one that can be; those that count votes have none to count of a shape."""
    from hexcli.bench.modes import MODES, get_mode

    usual = [name for name in MODES if name not in UNUSUAL]
    modes = {name: get_mode(name) for name in dict.fromkeys(named or usual)}
    if shape is None:
        said = {f"--mode {name}": modes[name].float8 or None for name in named}
        refuse(said, "belongs to --shape; of problems say --dtype float8")
        return {name: mode for name, mode in modes.items() if not mode.float8}
    if not named:
        from hexcli.bench.machine import has_float8
        from hexcli.bench.shapes import find_shape

        causal = find_shape(shape).config.block_length is not None
        alike = ("published", "published-unpadded") if causal else ("published-unpadded",)  # prompts of one length
        eight = dtype != "float8" and has_float8(device)
        modes = {name: mode for name, mode in modes.items() if name not in alike and (eight or not mode.float8)}
    refuse({f"--mode {name}": modes[name].counts or None for name in named}, "counts votes; a shape has none")
    return {name: mode for name, mode in modes.items() if not mode.counts}
