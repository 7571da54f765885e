"""Dream's `origin`: each masked position commits by chance, whatever the model is certain of.

At a step from time t to s it commits with probability 1 - s / t, the rest at the last step (`_sample` of Dream's
generation_utils.py): so it is still masked at time s with probability s. One uniform number a position therefore says
at which step it commits, as if it were drawn anew each time: the step that passes it.
"""

import bisect
from collections.abc import Sequence

import torch
from torch import Tensor

from hexcli.sampling import noise
from hexcli.schedule import Commit, Schedule
from hexcli.steps import timesteps

BEFORE = -1  # the step that these numbers are of: none


def origin_commits(commits: Sequence[Commit], schedule: Schedule, noise_key: int) -> tuple[Commit, ...]:
    """The steps of a row: the blocks of `commits`, with as many tokens a step as its numbers say."""
    share = schedule.steps // len(schedule.blocks)
    times = timesteps(share, schedule.eps)[1:-1]
    rising = times[::-1]
    out: list[Commit] = []
    for start, stop in dict.fromkeys(commit[:2] for commit in commits):
        counts = [0] * share
        for number in draws(noise_key, start, stop).tolist():
            counts[len(times) - bisect.bisect_right(rising, number)] += 1
        out.extend(Commit(start, stop, count) for count in counts if count)
    return tuple(out)


def draws(noise_key: int, start: int, stop: int) -> Tensor:
    """The numbers of the canvas positions from `start` to before `stop`: those with the greatest commit first."""
    positions = torch.arange(start, stop)
    keys = noise.position_key(torch.tensor([noise_key]), torch.tensor([BEFORE]), positions)
    return noise.uniform(keys, noise.counters(1, first=0)).squeeze(1)
