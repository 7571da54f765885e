"""What there is to choose from, and where each comes from: the rows of `hex models`, `hex tasks`, `hex aggregators`."""

from collections.abc import Callable
from typing import Any

from hexcli.errors import HexError
from hexcli.models.checkpoint.hub import is_cached
from hexcli.models.registry import MODELS
from hexcli.plugins.registering import AGGREGATOR_GROUP, FAMILY_GROUP, TASK_GROUP, broken, where
from hexcli.task import Task
from hexcli.tasks.registry import TASKS, get_task
from hexcli.voting.aggregators import AGGREGATORS, SELF_VERIFIED
from hexcli.voting.words import words_of


def model_rows() -> list[dict[str, Any]]:
    """The models that have a short name."""
    return [
        {
            "name": name,
            "source": entry.source,
            "family": entry.family,
            "parameters": round(entry.parameters * 1e9),
            "memory_bytes": round(entry.memory),
            "mask_id": entry.mask_id,
            "block_length": entry.block_length,
            "gen_length": entry.gen_length,
            "licence": entry.licence,
            "cached": entry.embedded or is_cached(entry.source),
            "summary": entry.summary,
            "from": where(FAMILY_GROUP, entry.family),
        }
        for name, entry in MODELS.items()
    ]


def task_rows(warn: Callable[[str], None]) -> list[dict[str, Any]]:
    """The tasks that have a name. `warn` is told of those that cannot be loaded."""
    found = []
    for name in TASKS:
        try:
            found.append(task_row(get_task(name)))
        except HexError as error:
            warn(str(error))
    return found


def task_row(task: Task) -> dict[str, Any]:
    """A task."""
    return {
        "name": task.name,
        "version": task.version,
        "problems": task.size,
        "source": task.source,
        "summary": task.summary,
        "prompts": list(task.prompts) or [task.usual],
        "from": where(TASK_GROUP, task.name),
    }


def aggregator_rows(warn: Callable[[str], None]) -> list[dict[str, Any]]:
    """The aggregators, and what each decides by. `warn` is told of those that cannot be loaded."""
    found = []
    for name in AGGREGATORS:
        if (reason := broken(AGGREGATOR_GROUP, name)) is not None:
            warn(reason)
            continue
        package, decides = where(AGGREGATOR_GROUP, name), words_of(name).decides
        found.append({"name": name, "decides": decides, "from": package, "self_verified": name in SELF_VERIFIED})
    return found
