"""In which order votes are decoded, where some may not be needed: the most different experts first.

Votes of one expert err alike, and those of neighbours nearly so: two experts far apart that agree tell more. What is
decoded first has nothing to do with cast order, which breaks ties.
"""

from collections.abc import Iterable, Sequence

from hexcli.voter import Voter, in_cast_order


def in_turn(voters: Iterable[Voter], labels: Sequence[str] = ()) -> list[Voter]:
    """The first sample of every expert, then the second ones, ...

    `labels`: the experts in their order, by label; those it leaves out come behind, as `most_different_first` has them.
    """
    samples: dict[Voter, list[Voter]] = {}
    for voter in in_cast_order(voters):
        samples.setdefault(voter.expert, []).append(voter)
    order = most_different_first(samples)
    place = {label: number for number, label in enumerate(labels)}
    order.sort(key=lambda one: place.get(one.schedule.label, len(place)))
    rounds = max(map(len, samples.values()), default=0)
    return [samples[one][number] for number in range(rounds) for one in order if number < len(samples[one])]


def most_different_first(experts: Iterable[Voter]) -> list[Voter]:
    """From the longest blocks down every other expert, then those between: two in a row are far apart, and the ones
    that take the fewest steps come first."""
    down = in_cast_order(experts)[::-1]
    return [*down[::2], *down[1::2]]
