"""What people call models, and which short name they mean."""

import difflib
import re

from hexcli.errors import UsageError
from hexcli.models.registry import MODELS

# Sizes and words that names are told with or without.
_LOOSE = re.compile(r"[-_.]?(\d+(\.\d+)?b|instruct|chat|v0|hf|mdlm)\b")

_NO_CHECKPOINTS = (".gguf", ".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".onnx")


def unknown_model(name: str) -> UsageError:
    """The error for a model that there is none of: `llada-8b`, `LLaDA_8B_Instruct` and the like name theirs."""
    if name.lower().endswith(_NO_CHECKPOINTS):
        return UsageError(f"unknown model '{name}': a model is a folder (config.json, *.safetensors), no single file")
    if "," in name:
        return UsageError(f"'{name}' are several models, and a run is of one: hex sweep takes model: [{name}]")
    spellings = {text: one for one, entry in MODELS.items() for text in (_plain(entry.source), _plain(one))}
    wanted = _plain(name)
    near = spellings.get(wanted)
    if near is None:
        close = difflib.get_close_matches(wanted, spellings, n=1, cutoff=0.5)
        near = spellings[close[0]] if close else None
    if near is None:
        return UsageError(
            f"unknown model '{name}': hex models lists those that have a short name; of another masked diffusion model "
            "give the folder, or the hub id (org/name)"
        )
    return UsageError(f"unknown model '{name}': did you mean '{near}'? hex models lists all")


def _plain(name: str) -> str:
    """Lower case, without the organisation and what is said or not."""
    text = name.rpartition("/")[2].lower().replace("_", "-")
    return _LOOSE.sub("", text).strip("-.")
