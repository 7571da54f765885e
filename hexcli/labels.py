"""Who votes in a run, and what they are called: as short as tells them apart. Pure."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from hexcli.schedule import Schedule


@lru_cache(maxsize=4096)
def expert(schedule: Schedule) -> Schedule:
    """The schedule without its seed: votes that differ in the seed only are samples of one expert."""
    return schedule.with_seed(0)


def names(schedules: Iterable[Schedule]) -> dict[Schedule, str]:
    """A name for each distinct schedule without its seed: its label where no other has it.

    Schedules with one label on canvases of different lengths are `32@128` and `32@256`. What else differs is
    spelled out behind: `32@256:steps=64`. In cast order.
    """
    experts = sorted({expert(schedule) for schedule in schedules}, key=lambda schedule: schedule.cast_order)
    found = {one: one.label for one in experts}
    for namesakes in _namesakes(found):
        if len({one.gen_length for one in namesakes}) > 1:
            found.update({one: f"{one.label}@{one.gen_length}" for one in namesakes})
    for namesakes in _namesakes(found):
        for field in dataclasses.fields(Schedule):
            if len({getattr(one, field.name) for one in namesakes}) > 1:
                for one in namesakes:
                    value = getattr(one, field.name)
                    found[one] += f":{field.name}={'off' if value is None else value}"
    return found


def matching(text: str, named: Mapping[Schedule, str]) -> list[Schedule]:
    """The schedules meant by `text`: one by its name, or all that have it as their label."""
    by_name = [schedule for schedule, name in named.items() if name == text]
    return by_name or [schedule for schedule in named if schedule.label == text]


def _namesakes(named: Mapping[Schedule, str]) -> list[Collection[Schedule]]:
    groups: dict[str, list[Schedule]] = {}
    for schedule, name in named.items():
        groups.setdefault(name, []).append(schedule)
    return [group for group in groups.values() if len(group) > 1]
