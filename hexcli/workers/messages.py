"""What goes between the driver and a worker, as JSON values.

to a worker    rows (tasks), drop (keys nobody needs any more), end
from a worker  loading (a share), ready, stepped (forwards since the last one), done, failed, returned, wasted,
               error (it cannot go on)
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from hexcli.schedule import Schedule
from hexcli.workers.events import Done, Event, Failed, Returned, Task, Wasted

Message = dict[str, Any]


def rows_message(tasks: Iterable[Task]) -> Message:
    """Rows to decode."""
    return {
        "rows": [
            {
                "key": task.key,
                "prompt_ids": list(task.row.prompt_ids),
                "schedule": task.row.schedule.to_dict(),
                "noise_key": task.row.noise_key,
                "trained_block": task.row.trained_block,
            }
            for task in tasks
        ]
    }


def tasks_of(message: Mapping[str, Any]) -> list[Task]:
    """The tasks of a message with rows."""
    from hexcli.sampling.row import Row

    return [
        Task(
            row["key"],
            Row(
                prompt_ids=tuple(row["prompt_ids"]),
                schedule=Schedule.from_dict(row["schedule"]),
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

        canvas: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in message["canvas"].items()
        }
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
