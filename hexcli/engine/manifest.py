"""What run.json says of a plan."""

import os
import platform
from collections.abc import Sequence
from typing import Any

from hexcli.engine.plan import Plan
from hexcli.records import Problem
from hexcli.runs.asked import Asked
from hexcli.runs.manifest import Manifest
from hexcli.voting.deciding import CERTAIN
from hexcli.voting.ordering import in_turn


def manifest_of(
    plan: Plan,
    name: str,
    device: str,
    created: str,
    certainty: float | None,
    vote_order: Sequence[str] = (),
    own: Sequence[Problem] | None = None,
) -> Manifest:
    """The manifest of a run that begins. `own`: problems that are not the task's, kept to repeat it with."""
    asked = Asked(
        recipe=plan.recipe.to_dict(),
        expected=len(plan.jobs),
        problems=tuple({"id": problem.id, "question": problem.question} for problem in own or ()),
    )
    return Manifest(
        name=name,
        created=created,
        recipe=plan.recipe.to_dict(),
        task=plan.task.name,
        task_version=plan.task.version,
        model=plan.checkpoint.name,
        model_identity=plan.checkpoint.identity,
        dtype=plan.dtype,
        hardware=hardware_of(device),
        expected=len(plan.jobs),
        data=plan.data,
        definition=plan.task.definition,
        until_decided=_until_decided(plan, certainty, vote_order),
        recipes=(asked,) if asked.problems else (),
        prompts={name: wording.to_dict() for name, wording in plan.wordings.items() if wording is not None},
    )


def _until_decided(plan: Plan, certainty: float | None, vote_order: Sequence[str]) -> dict[str, Any]:
    """What it says of stopping early; the order where the first vote in cast order is not the first in it."""
    if certainty is None:
        return {}
    order = in_turn(plan.voters, vote_order)
    apart = certainty < CERTAIN and order[0] != plan.voters[0]
    labels = list(dict.fromkeys(voter.schedule.label for voter in order))
    return {"certainty": certainty, "not_needed": 0} | ({"order": labels} if apart else {})


def hardware_of(device: str) -> dict[str, Any]:
    """What this machine is, and what computes on it."""
    import torch

    from hexcli.models.loading.loading import device_name

    return {
        "device": device_name(device),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "torch": str(torch.__version__),
    }
