"""In which order votes are decoded, where some may not be needed: the most different experts first.

Votes of one expert err alike, and those of neighbours nearly so: two experts far apart that agree tell more. What is
decoded first has nothing to do with cast order, which breaks ties.
"""

from collections.abc import Iterable, Sequence

from hexcli.labels import expert
from hexcli.schedule import Schedule


def in_turn(schedules: Iterable[Schedule], labels: Sequence[str] = ()) -> list[Schedule]:
    """The first sample of every expert, then the second ones, ...

    `labels`: the experts in their order, by label; those it leaves out come behind, as `most_different_first` has them.
    """
    samples: dict[Schedule, list[Schedule]] = {}
    for schedule in sorted(schedules, key=lambda schedule: schedule.cast_order):
        samples.setdefault(expert(schedule), []).append(schedule)
    order = most_different_first(samples)
    place = {label: number for number, label in enumerate(labels)}
    order.sort(key=lambda one: place.get(one.label, len(place)))
    rounds = max(map(len, samples.values()), default=0)
    return [samples[one][number] for number in range(rounds) for one in order if number < len(samples[one])]


def most_different_first(experts: Iterable[Schedule]) -> list[Schedule]:
    """From the longest blocks down every other expert, then those between: two in a row are far apart, and the ones
    that take the fewest steps come first."""
    down = sorted(experts, key=lambda one: one.cast_order, reverse=True)
    return [*down[::2], *down[1::2]]
