"""What --fast makes of the fields of a recipe."""

from collections.abc import Collection, Mapping
from typing import Any

from hexcli.errors import UsageError
from hexcli.models.registry import DEFAULT_GEN_LENGTH, MODELS
from hexcli.shortcuts import OFF, fast
from hexcli.steps import usual_steps


def quickened(fields: Mapping[str, Any], named: Collection[str] = ()) -> dict[str, Any]:
    """The fields of one recipe, with those that --fast stands for at its temperature.

    Steps that are the usual half of the canvas become those that go without saying under a threshold, a token each, as
    --fast was measured; not where they are among `named`, the keys that the command says. Raises UsageError where the
    recipe says one of these fields otherwise.
    """
    found = dict(fields)
    meant = fast(found.get("temperature") or 0.0)
    for name in OFF:
        if name in found and found[name] != meant.get(name):
            raise UsageError(
                f"--fast sets {', '.join(meant)}, and the recipe says {name}: {found[name]}; leave one out"
            )
    entry = MODELS.get(str(found.get("model", "tiny")))
    canvas = found.get("gen_length") or (entry.gen_length if entry else DEFAULT_GEN_LENGTH)
    if "steps" not in named and found.get("steps") == usual_steps(canvas, adaptive=False):
        found["steps"] = None
    return {**found, **meant}
