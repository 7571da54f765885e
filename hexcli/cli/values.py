"""What the values of options mean."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from hexcli.blocks import parted
from hexcli.cli.options.groups import DEFAULTS
from hexcli.cli.options.speed import as_options
from hexcli.errors import UsageError, unknown
from hexcli.models.cards import refuse_card
from hexcli.shortcuts import fast as fields_of_fast
from hexcli.workers.crew import ENGINES, RAY, Crew, check_count, device_list

ALL = "all"  # of -a: every aggregator, each in a row


def split(said: Iterable[str] | None) -> tuple[str, ...]:
    """The parts of an option that is a list, whether it is said once with commas, or several times.

    Raises UsageError where nothing stands between two commas.
    """
    found: list[str] = []
    for text in said or ():
        parts = [part.strip() for part in text.strip("[] \t").removesuffix(",").split(",")]  # [8,16] is how YAML has it
        if len(parts) > 1 and not all(parts):
            raise UsageError(f"'{text}' has nothing between two commas: write {','.join(filter(None, parts))}")
        found += parts if parts != [""] else []
    return tuple(found)


def aggregators(said: Iterable[str] | None) -> tuple[str, ...]:
    """`split` of aggregators, which are also taken with other signs between them where each is one (or `all`)."""
    from hexcli.voting.aggregators import AGGREGATORS

    found: list[str] = []
    for part in split(said):
        words = re.split(r"[\s;|/]+", part)
        found += words if {*words} <= {*AGGREGATORS, ALL} else [part]
    return tuple(found)


def labels(said: Iterable[str] | None) -> tuple[str, ...]:
    """`split` of schedules, which also takes other lists of numbers: "8 16", 8;16, (8,16), block 8."""
    return split(map(parted, said or ()))


def schedules(said: list[str] | None) -> list[str]:
    """The value of --schedules; the default where it is not given."""
    return list(values) if (values := labels(said)) or said else list(DEFAULTS.schedules)


def prompts(said: list[str] | None) -> list[str] | None:
    """The value of --prompt; None where it is not given. Raises UsageError where it names none."""
    if said is not None and not split(said):
        raise UsageError("--prompt names no wording: give names (hex tasks TASK shows them) or YAML files")
    return None if said is None else list(split(said))


def batch_size(text: str) -> int | None:
    """The value of --batch-size; None means auto. Raises UsageError."""
    if text == "auto":
        return None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise UsageError(f"--batch-size must be auto or at least 1, not '{text}'")


def certainty(until_decided: bool, decide_at: float | None) -> float | None:
    """What --until-decided and --decide-at ask of a vote; None: that all are cast. Raises UsageError."""
    if decide_at is None:
        return 1.0 if until_decided else None
    if until_decided:
        raise UsageError(f"--until-decided is --decide-at 1, and --decide-at {decide_at:g} is said too: leave one out")
    if 0.5 < decide_at <= 1:
        return decide_at
    raise UsageError(f"--decide-at must be above 0.5 and at most 1 (certain), not {decide_at:g}")


def vote_order(text: str | None, schedules: Sequence[str], stops: bool) -> tuple[str, ...]:
    """The labels of --vote-order. Raises UsageError on one that is not decoded, or where nothing is stopped."""
    order = labels([] if text is None else [text])
    if text is not None and not stops:
        raise UsageError("--vote-order has no effect without --until-decided or --decide-at: leave it out")
    for label in order:
        if label not in schedules:
            raise UsageError(f"--vote-order names {label}, which is none of the schedules {','.join(schedules)}")
    if len(set(order)) < len(order):
        raise UsageError(f"--vote-order names a schedule twice: {text}")
    return order


def shortcuts(fast: bool, temperature: float, **said: str | float | None) -> dict[str, Any]:
    """The recipe's fields of decoding faster, from the options of these names (None: not given).

    Raises UsageError where --fast contradicts one of its parts.
    """
    named = {name: _number(value) for name, value in said.items() if value is not None}
    meant = fields_of_fast(temperature)
    for name, value in named.items():
        if fast and value != meant.get(name):
            option = f"--{name.replace('_', '-')} {value}"
            raise UsageError(
                f"--fast means {as_options(meant)}, which {option} contradicts: give the parts without --fast"
            )
    return meant if fast else named


def rules(**said: Any) -> dict[str, Any]:
    """The recipe's fields of published samplers: those that are said. Raises UsageError where two contradict."""
    if said.get("sampler") not in (None, "dream") and said.get("alg") is not None:
        raise UsageError(f"--alg {said['alg']} is Dream's, and not of --sampler {said['sampler']}: leave one out")
    return {name: value for name, value in said.items() if value is not None and value is not False}


def _number(value: str | float) -> str | float:
    """A number of tokens as a number; a share of the canvas, and a name, as it is."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def now() -> str:
    """The time as run.json keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def crew_of(
    workers: int | None, engine: str, gpus: int | None, device: str, *, live: bool = False, dry: bool = False
) -> tuple[Crew, str]:
    """Who decodes, and the device of the run; of a `dry` one also a kind of GPU. Raises UsageError where the options
    contradict each other."""
    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES)
    devices = device_list(device)
    for named in () if dry else devices:
        refuse_card(named)
    check_count(workers, devices if len(devices) > 1 else ())
    if engine == RAY and len(devices) > 1:
        raise UsageError(f"with --engine ray, Ray places the workers: --device auto, cpu or cuda, not '{device}'")
    if gpus is not None and engine != RAY and devices[0] == "cpu":
        raise UsageError(f"--gpus-per-worker {gpus}, and the device is cpu: leave one out")
    crew = Crew(count=workers, engine=engine, devices=devices if len(devices) > 1 else (), gpus=gpus)
    if live and not crew.alone:
        raise UsageError("--live shows the batch of one process: leave out --workers and --engine, or --live")
    return crew, devices[0]
