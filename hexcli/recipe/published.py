"""Models that edit their tokens are decoded as their authors do, where a recipe says nothing of how."""

from collections.abc import Mapping
from typing import Any

from hexcli.labels import Said
from hexcli.models.families.editing import EDITING, edits
from hexcli.models.registry import MODELS
from hexcli.rules import ADAPTIVE

# To say one of these is to say how, be it what goes without saying: `sampler: llada` is LLaDA's loop.
_HOW = {"sampler", "alg", "threshold", *ADAPTIVE, "credit_alpha", "editing_threshold", "kv_cache"}


def as_published(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of one recipe, with those of LLaDA2.1's editing where it is the model and nothing is said of how."""
    found = dict(fields)
    model = str(found.get("model", ""))
    if _says_how(found) or not edits(MODELS[model].source if model in MODELS else model.partition("@")[0]):
        return found
    return {**found, **EDITING}


def _says_how(fields: Mapping[str, Any]) -> bool:
    if fields.get("remasking", "low_confidence") != "low_confidence" or _HOW & fields.keys():
        return True
    try:
        return any(_HOW & Said.of(label).fields.keys() for label in fields.get("schedules", ()))
    except ValueError:  # no schedule: said where they are made
        return True
