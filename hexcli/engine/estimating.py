"""Memory and time of a run by the sizes of its model, before a generation of it is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.engine.expected import expected
from hexcli.engine.pace import seconds_a_pass
from hexcli.engine.room import on_gpu, room_of
from hexcli.models.cards import MEASURED_ON, Card, find_card, named_card
from hexcli.models.network.architecture import TransformerConfig
from hexcli.schedule import Schedule
from hexcli.workers.crew import ALONE, Crew

MEASURED = "an H100's measured passes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a run is to be decoded, as far as its costs depend on it: see engine.running.run_recipe."""

    batch_size: int | None = None
    certainty: float | None = None
    crew: Crew = ALONE


def card_of(device: str) -> Card | None:
    """The kind of GPU that a device is; of one that is not here and has no more name, the one that was measured."""
    from hexcli.models.loading.loading import device_name
    from hexcli.models.loading.placement import elsewhere

    if not on_gpu(device):
        return None
    return named_card(device) or find_card(device_name(device)) or (MEASURED_ON if elsewhere(device) else None)


def estimate(
    config: TransformerConfig | None,
    dtype: str,
    schedules: Sequence[Schedule],
    *,
    device: str,
    length: int,
    prompt: float,
    left: int,
    how: Manner,
) -> dict[str, Any]:
    """The fields of Costs about memory and a forward pass, of rows of at most `length` tokens.

    `config` None: the sizes of the model are not known. `prompt`: tokens of one; `left`: generations.
    """
    from hexcli.models.loading.memory import free_bytes

    found: dict[str, Any] = {"seconds_a_pass": None, "source": None}
    named, card = named_card(device), card_of(device)
    found["free_bytes"] = free_bytes(device) if named is None else None
    if config is None:
        return found
    room = room_of(
        config,
        dtype,
        schedules,
        length=length,
        device=device,
        card=card if named is not None or found["free_bytes"] is not None else None,
        batch_size=how.batch_size,
        left=left,
    )
    found |= {
        "asked_rows": how.batch_size,
        "weight_bytes": room.weights,
        "row_bytes": room.row,
        "rows": room.rows,
        "memory_bytes": room.together,
    }
    found["fits"] = room.fits
    if card is not None and left:
        a_pass = seconds_a_pass(config, schedules, card, dtype=dtype, prompt=prompt, rows=room.rows)
        by = ", within 24 %" if card is MEASURED_ON else f", scaled by {card.named}'s data sheet, not measured there"
        said = f"{MEASURED}{by} (docs/speed.md#what-it-takes)"
        found |= {"seconds_a_pass": a_pass, "source": None if a_pass is None else said}
    return found


def _least(schedules: Sequence[Schedule]) -> float:
    """The share of the passes allowed that none goes below: one a generation."""
    return len(schedules) / sum(one.nfe for one in schedules)


def spent(seconds: float | None, device: str, how: Manner, schedules: Sequence[Schedule]) -> dict[str, Any]:
    """The fields of Costs about time, of a run that takes one GPU these `seconds` at most."""
    if not on_gpu(device):
        return {"seconds": seconds}
    crew, likely = how.crew, expected(schedules, how.certainty)
    workers = crew.count or len(crew.devices) or 1
    gpus = workers * (crew.gpus or 1)
    if seconds is None:
        return {"gpus": gpus}
    found: dict[str, Any] = {"seconds": seconds / workers, "gpus": gpus, "gpu_hours": seconds / workers * gpus / 3600}
    if how.certainty is not None and (likely is None or likely.certainty is None):
        found["unmeasured"] = how.certainty
    if likely is not None and seconds:
        said = f"{likely.said}: {likely.source}"
        share = likely.share if likely.certainty is not None else max(likely.share, _least(schedules))
        found |= {"expected_seconds": found["seconds"] * share, "expected": said}
    return found
