"""A model that a script holds in memory, written to a folder: config.json, weights, tokenizer."""

import shutil
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.checkpoint.hub import MODEL_FILES
from hexcli.plugins.failures import said
from hexcli.python.said import short

# A short name, a folder or a hub id; or a model in memory, (network, tokenizer), see `save_model`.
ModelLike = str | Path | tuple[Any, Any]

WEIGHTS = "model.safetensors"


def is_pair(model: object) -> bool:
    """Whether it is a model in memory, and no name, nor a list of names to sweep over."""
    return isinstance(model, tuple) and len(model) == 2 and not isinstance(model[0], str | Path)


def save_model(model: tuple[Any, Any], folder: Path) -> None:
    """Write a model into an empty folder.

    model  (network, tokenizer): a transformers model and its tokenizer, which save themselves; or any torch module
        whose weights have the published names, and the checkpoint (name, folder, hub id) whose config.json it has.
        In place of a tokenizer, a checkpoint is whose tokenizer it is

    Raises UsageError where it is no such pair, HexError where it cannot be written.
    """
    network, tokenizer = model
    check(network, tokenizer)
    try:
        if isinstance(tokenizer, str | Path):
            _copy(find_checkpoint(str(tokenizer)).path, folder)
        else:
            tokenizer.save_pretrained(str(folder))
        if callable(getattr(network, "save_pretrained", None)):
            network.save_pretrained(str(folder))
        else:
            from safetensors.torch import save_model as save_weights  # a tied matrix is written once

            save_weights(network, str(folder / WEIGHTS))
    except HexError:
        raise
    except Exception as error:  # whatever code of others raises, said and not hidden
        raise HexError(f"the model in memory cannot be written to {folder.parent}: {said(error)}") from error
    if (folder / "adapter_config.json").is_file():
        raise UsageError(
            "the model in memory is a LoRA adapter on another: give model=(network.merge_and_unload(), tokenizer), or "
            "the one it was trained on and model_args={'adapter': FOLDER}"
        )
    if not (folder / "config.json").is_file():
        raise UsageError(f"the model in memory, {short(network)}, saves no config.json: {_PAIR}")


_PAIR = (
    "model=(network, tokenizer) is a transformers model and its tokenizer, or a torch module and the name or folder of "
    "the checkpoint that it was trained from, (network, 'llada')"
)


def check(network: object, tokenizer: object) -> None:
    """Raises UsageError where two things are no model in memory: nothing is written yet."""
    saves = callable(getattr(network, "save_pretrained", None))
    if not saves and not callable(getattr(network, "state_dict", None)):
        raise UsageError(f"{short(network)} is no model: {_PAIR}")
    if isinstance(tokenizer, str | Path):
        return
    if not callable(getattr(tokenizer, "save_pretrained", None)):
        raise UsageError(f"{short(tokenizer)} is no tokenizer: {_PAIR}")
    if not saves:
        raise UsageError(f"a torch module has no config.json of its own: {_PAIR}")


def _copy(checkpoint: Path, folder: Path) -> None:
    """All of a checkpoint but its weights."""
    for pattern in MODEL_FILES:
        for file in checkpoint.glob(pattern):
            if ".safetensors" not in file.name:
                shutil.copyfile(file, folder / file.name)
