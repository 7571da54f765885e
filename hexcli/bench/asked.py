"""How a bench is to decode: which schedules can be measured side by side, and what a report says of them."""

from collections.abc import Sequence
from typing import Any

from hexcli.errors import UsageError
from hexcli.labels import FIELDS
from hexcli.rules import OFF
from hexcli.schedule import Schedule


def how(schedules: Sequence[Schedule], batch_size: int) -> dict[str, Any]:
    """The part of a report that says how everything is decoded."""
    first = schedules[0]
    return {
        "schedules": list(dict.fromkeys(schedule.label for schedule in schedules)),
        "gen_length": first.gen_length,
        "steps": first.steps,
        "temperature": first.temperature,
        "batch_size": batch_size,
    }


def check_commits(schedules: Sequence[Schedule], commits: int) -> None:
    """A step commits within its block, so every block takes its own share of the steps. Raises UsageError beyond it."""
    for schedule in schedules:
        if not schedule.even:
            raise UsageError(f"--commits is for even blocks, not {schedule.label}")
        if commits < 1 or commits > min(schedule.blocks):
            raise UsageError(f"--commits {commits}: a step cannot commit so many tokens of a block of {schedule.label}")


def check_alike(schedules: Sequence[Schedule]) -> None:
    """The table has one canvas, and the published loop one way of decoding: only blocks (and seeds) may differ.

    Raises UsageError where more does.
    """
    ways = {tuple(getattr(one, name) for name in FIELDS) for one in schedules}
    if len(ways) > 1:
        raise UsageError(
            "hex bench compares blocks on one canvas: leave the fields of single schedules out, and say --gen-length "
            "or --temperature for all"
        )
    said = next((name for name, off in OFF.items() if getattr(schedules[0], name) != off), None)
    if said is not None:
        raise UsageError(f"hex bench measures LLaDA's loop, and {said} is of another: leave it out")


def check_published(schedules: Sequence[Schedule], block: int | None, name: str) -> None:
    """The published loop knows even blocks, and models that see the whole sequence. Raises UsageError for others."""
    for schedule in schedules:
        if not schedule.even:
            raise UsageError(f"the published loop knows even blocks only, not {schedule.label}: use --mode lossless")
    if block is not None:
        raise UsageError(
            f"the published loop is of models that see the whole sequence, and {name} sees blocks of {block}: "
            "use --mode lossless"
        )
