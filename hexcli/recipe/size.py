"""How many generations a grid means, counted before any of it is built."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.errors import UsageError, plural
from hexcli.tasks.registry import TASKS, get_task

MOST = 1_000_000
_OWN_SAMPLES = re.compile(r":samples=([0-9]{1,18})")


def require_size(axes: Mapping[str, Sequence[Any]], most: int | None) -> None:
    """Raises UsageError where the values of a grid's fields mean more than `most` generations.

    Where the problems of a task are not counted without reading them, each run counts as one problem.
    """
    if most is None:
        return
    runs = math.prod(len(values) for values in axes.values())
    apart = {"schedules", "samples", "limit", "task", "data", "prompts"}
    count = math.prod(len(values) for name, values in axes.items() if name not in apart)
    problems = sum(
        _problems(task, data, limit) for task in axes["task"] for data in axes["data"] for limit in axes["limit"]
    )
    votes = sum(_votes(labels, samples) for labels in axes["schedules"] for samples in axes["samples"])
    wordings = sum(max(len(prompts), 1) for prompts in axes["prompts"])
    if runs > most or (total := count * problems * votes * wordings) > most:
        what = plural(runs, "run") if runs > most else f"{plural(total, 'generation')} in {plural(runs, 'run')}"
        raise UsageError(f"it means {what}, more than {plural(most, 'generation')}: say --yes, or give a smaller grid")


def _votes(labels: Sequence[str], samples: int) -> int:
    own = (_OWN_SAMPLES.search(label) for label in labels)
    return sum(max(samples if one is None else int(one[1]), 1) for one in own)


def _problems(task: str, data: str | None, limit: str | None) -> int:
    size = get_task(task).size if task in TASKS and data is None else None
    if size is None:
        return 1
    first, dash, last = (limit or "").partition("-")
    try:
        asked = size if not limit else int(last) - int(first) + 1 if dash else int(first)
    except ValueError:  # no limit at all: that is said elsewhere
        return 1
    return max(min(asked, size), 1)
