"""What goes between the driver and a worker, as JSON values.

to a worker    rows (tasks, and their schedules), drop (keys nobody needs any more), end
from a worker  loading (a share), ready, stepped (forwards since the last one, and seconds spent so far), done, failed,
               returned, wasted, error (it cannot go on)
"""

import base64
import dataclasses
import sys
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

from hexcli.schedule import Schedule
from hexcli.workers.events import Done, Event, Failed, Returned, Task, Wasted

Message = dict[str, Any]
# A number a token, packed as little-endian bytes: written and read in a third of the time that JSON numbers take.
_PACKED = {"token_ids": "i", "commit_step": "i", "commit_confidence": "d"}


def rows_message(tasks: Iterable[Task]) -> Message:
    """Rows to decode. A schedule is said once for all that have it: to read one takes longer than all else."""
    place: dict[Schedule, int] = {}
    rows = [
        {
            "key": task.key,
            "prompt_ids": list(task.row.prompt_ids),
            "schedule": place.setdefault(task.row.schedule, len(place)),
            "noise_key": task.row.noise_key,
            "trained_block": task.row.trained_block,
        }
        for task in tasks
    ]
    return {"rows": rows, "schedules": [schedule.to_dict() for schedule in place]}


def tasks_of(message: Mapping[str, Any]) -> list[Task]:
    """The tasks of a message with rows."""
    from hexcli.sampling.row import Row

    schedules = [Schedule.from_dict(fields) for fields in message["schedules"]]
    return [
        Task(
            row["key"],
            Row(
                prompt_ids=tuple(row["prompt_ids"]),
                schedule=schedules[row["schedule"]],
                noise_key=row["noise_key"],
                trained_block=row["trained_block"],
            ),
        )
        for row in message["rows"]
    ]


def event_message(event: Event) -> Message:
    """What a worker says of a row."""
    match event:
        case Done():
            fields = {field.name: getattr(event.canvas, field.name) for field in dataclasses.fields(event.canvas)}
            fields |= {name: _pack(kind, fields[name]) for name, kind in _PACKED.items()}
            return {"done": event.key, "canvas": fields, "device": event.device}
        case Failed():
            return {"failed": event.key, "reason": event.reason}
        case Returned():
            return {"returned": list(event.keys), "why": event.why}
        case Wasted():
            return {"wasted": event.nfe}
        case _:
            raise ValueError(f"{event} is nothing that a worker says")


def event_of(message: Mapping[str, Any]) -> Event | None:
    """The event in a message; None where it holds none."""
    if "done" in message:
        from hexcli.sampling.decoded import Decoded

        canvas: dict[str, Any] = dict(message["canvas"])
        canvas |= {name: _unpack(kind, canvas[name]) for name, kind in _PACKED.items()}
        if canvas.get("drafts") is not None:
            canvas["drafts"] = tuple((step, tuple(tokens)) for step, tokens in canvas["drafts"])
        return Done(message["done"], Decoded(**canvas), message["device"])
    if "failed" in message:
        return Failed(message["failed"], message["reason"])
    if "returned" in message:
        return Returned(tuple(message["returned"]), message["why"])
    if "wasted" in message:
        return Wasted(message["wasted"])
    return None


def _pack(kind: str, values: Iterable[float]) -> str:
    numbers = array(kind, values)
    if sys.byteorder == "big":
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode("ascii")


def _unpack(kind: str, packed: str) -> tuple[Any, ...]:
    numbers = array(kind, base64.b64decode(packed))
    if sys.byteorder == "big":
        numbers.byteswap()
    return tuple(numbers)
