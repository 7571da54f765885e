"""LoRA adapters as peft saves them (d1 and others publish such): added to the weights as they are read.

Source: arXiv 2106.09685, equation 3, and peft's file format: adapter_config.json with `r` and `lora_alpha`, and
adapter_model.safetensors with `base_model.model.<module>.lora_A.weight` [r, in] and `lora_B.weight` [out, r]. The
merged weight is W + alpha / r * B A (alpha / sqrt(r) where `use_rslora` is set), computed in float32.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from hexcli.errors import HexError
from hexcli.json_file import read_json

_KEY = re.compile(r"base_model\.model\.(.+)\.lora_(A|B)(?:\.default)?\.weight")
# Fields that make more of an adapter than B A; absent, null, false and empty mean that they do not.
_UNSUPPORTED = (
    "use_dora",
    "fan_in_fan_out",
    "modules_to_save",
    "rank_pattern",
    "alpha_pattern",
    "lora_bias",
    "layer_replication",
    "target_parameters",
    "trainable_token_indices",
    "alora_invocation_tokens",
    "arrow_config",
    "use_qalora",
    "use_bdlora",
    "megatron_config",
)
# How B A may have begun, by peft's LoraConfig: these leave the base weights as they are. Of the others PiSSA, OLoRA,
# CorDA, LoftQ and LoRA-GA take their start out of them, so that B A belongs onto what is left; peft saves neither
# what is left nor the start, unless it is told to convert to a plain LoRA.
_INIT = (None, True, False, "gaussian", "eva", "orthogonal")
_INIT_NAMES = {
    "pissa": "PiSSA",
    "olora": "OLoRA",
    "corda": "CorDA",
    "loftq": "LoftQ",
    "lora_ga": "LoRA-GA",
    "loraga": "LoRA-GA",
}


class Adapter:
    """A LoRA adapter: what it adds to which published weight."""

    def __init__(self, path: Path) -> None:
        """Read the adapter in folder `path`. Raises HexError where it is damaged, or more than a plain LoRA."""
        config = _config(path)
        rank, alpha = config["r"], config["lora_alpha"]
        self.path = path
        self.scale: float = alpha / (rank**0.5 if config.get("use_rslora") else rank)
        self.halves: dict[str, dict[str, Tensor]] = {}
        file = path / "adapter_model.safetensors"
        try:
            tensors = load_file(file)
        except (SafetensorError, OSError) as error:
            raise HexError(f"cannot read {file}: {error} (is the download complete?)") from None
        for key, tensor in tensors.items():
            match = _KEY.fullmatch(key)
            if match is None:
                raise HexError(f"{file} has a weight that is no LoRA matrix: {key}")
            self.halves.setdefault(f"{match[1]}.weight", {})[match[2]] = tensor
        for name, halves in self.halves.items():
            if len(halves) != 2 or halves["A"].shape[0] != rank or halves["B"].shape[1:] != (rank,):
                raise HexError(f"{file}: lora_A and lora_B of {name} do not make a matrix of rank {rank}")

    def check(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Raises HexError unless every matrix fits one of the model's published weights."""
        for name, halves in self.halves.items():
            made = (halves["B"].shape[0], halves["A"].shape[1])
            if shapes.get(name) != made:
                what = "has no such weight" if name not in shapes else f"has it as {list(shapes[name])}"
                raise HexError(f"{self.path} does not fit the model: it changes {name} {list(made)}, the model {what}")

    def merged(self, name: str, weight: Tensor) -> Tensor:
        """The published weight `name` with what the adapter adds; itself where it adds nothing."""
        halves = self.halves.get(name)
        if halves is None:
            return weight
        low, high = halves["A"].to(weight.device).float(), halves["B"].to(weight.device).float()
        return torch.addmm(weight.float(), high, low, alpha=self.scale)


def _config(path: Path) -> dict[str, Any]:
    file = path / "adapter_config.json"
    try:
        config = read_json(file)
    except (OSError, ValueError) as error:
        raise HexError(f"cannot read {file}: {error}") from None
    if not isinstance(config, dict) or config.get("peft_type") != "LORA":
        raise HexError(f"{file} is not of a LoRA adapter")
    for field in _UNSUPPORTED:
        if config.get(field):
            raise HexError(f"{file} has {field} = {config[field]!r}, which hex cannot merge: merge it with peft first")
    _check_init(file, config.get("init_lora_weights"))
    if config.get("bias", "none") != "none":
        raise HexError(f"{file} has bias = {config['bias']!r}, which hex cannot merge: merge it with peft first")
    for field in ("r", "lora_alpha"):
        if isinstance(config.get(field), bool) or not isinstance(config.get(field), int | float) or config[field] <= 0:
            raise HexError(f"{file} has {field} = {config.get(field)!r}, not a positive number")
    return config


def _check_init(file: Path, init: Any) -> None:
    """Raises HexError where the adapter was begun by changing the base weights, or in a way that may have."""
    if init in _INIT:
        return
    plain = str(init).lower().replace("-", "_")
    named = next((name for key, name in _INIT_NAMES.items() if plain.startswith(key)), None)
    what = f"{named} changes the base weights before it trains" if named else "it may change the base weights"
    raise HexError(
        f"{file} has init_lora_weights = {init!r}: {what}, so its matrices do not fit the published ones; convert "
        "it to a plain LoRA with peft (path_initial_model_for_weight_conversion of save_pretrained), or merge it there"
    )
