"""config.json -> the family that knows it, and what its transformer is made of. No torch."""

import dataclasses
import importlib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from hexcli.errors import HexError, UsageError
from hexcli.models.families.editing import refuse
from hexcli.models.network.architecture import Experts, TransformerConfig
from hexcli.models.options import ModelOptions
from hexcli.models.registry import FAMILIES


def family_name(config: Mapping[str, Any]) -> str | None:
    """The key of FAMILIES that a config.json belongs to; None where there is none."""
    kind = config.get("model_type")
    if kind == "llada" and "num_experts" in config:  # published like the dense models, and nothing like them
        kind = "llada_moe"
    return kind if isinstance(kind, str) and kind in FAMILIES else None


def family_module(config: Mapping[str, Any]) -> ModuleType:
    """The family's file: `read_config` and `published_name`. Raises HexError where a package's cannot be loaded."""
    name = family_name(config)
    if name is None:
        raise KeyError(config.get("model_type"))
    try:
        return importlib.import_module(FAMILIES[name])
    except (ImportError, SyntaxError) as error:  # of a package that is installed beside hex
        raise HexError(f"family '{name}' cannot be loaded from {FAMILIES[name]}: {error}") from error


def read_architecture(path: Path, config: Mapping[str, Any], options: ModelOptions) -> TransformerConfig:
    """What the checkpoint at `path` is made of, with what the user says about it.

    Raises HexError on an architecture that cannot be decoded by masking or computed here, UsageError on an option
    that has no effect on it.
    """
    refuse(path, config)
    if family_name(config) is None:
        raise HexError(_why_not(path, config))
    if config.get("quantization_config"):
        raise HexError(f"{path} holds quantized weights, which hex cannot read: give the model it was made from")
    try:
        found: TransformerConfig = family_module(config).read_config(config)
        _check_sizes(found)
    except KeyError as missing:
        raise HexError(f"{path / 'config.json'} has no field {missing}") from None
    except HexError as error:
        raise HexError(f"{path}: {error}") from None
    except (TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise HexError(f"{path / 'config.json'} does not describe a model: {error}") from None
    if options.shift_logits:
        raise UsageError(f"-M shift_logits has no effect: hex knows how {config['model_type']} shifts its logits")
    if options.block_length is not None:
        if found.block_length is None and not config["model_type"].startswith("a2d"):
            raise UsageError(
                f"-M block_length has no effect: {config['model_type']} was trained to see the whole sequence"
            )
        found = dataclasses.replace(found, block_length=options.block_length)
    if options.grid == "sampler":
        if found.block_length is None:
            raise UsageError(
                "-M grid=sampler has no effect: the model sees no blocks (or name them: -M block_length=32)"
            )
        found = dataclasses.replace(found, grid_from_end=True)
    return dataclasses.replace(found, attention=options.attn_implementation)


_SIZES = ("vocab_size", "width", "layers", "heads", "kv_heads", "context", "head_width", "rotary_width", "block_length")
# Beyond any model, and small enough to be counted and added up.
_LARGEST = {"layers": 1 << 12, "experts' count": 1 << 16, "context": 1 << 40}
_EXPERT_SIZES = ("count", "chosen", "width", "groups", "chosen_groups")


def _check_sizes(found: TransformerConfig) -> None:
    experts = found.experts
    sizes = {name: getattr(found, name) for name in _SIZES if name != "block_length" or found.block_length is not None}
    sizes |= {f"experts' {name}": getattr(experts, name) for name in _EXPERT_SIZES if experts}
    if experts is None or experts.dense_layers > 0:
        sizes["mlp_width"] = found.mlp_width
    for name, value in sizes.items():
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _LARGEST.get(name, 1 << 24):
            raise ValueError(f"{name} {value!r:.30} is no size")
    for name in ("rope_theta", "norm_eps"):
        if not isinstance(getattr(found, name), int | float) or not 0 < getattr(found, name) < float("inf"):
            raise ValueError(f"{name} {getattr(found, name)!r} is no positive number")
    if found.heads % found.kv_heads:
        raise ValueError(f"{found.heads} heads cannot share {found.kv_heads} key/value heads")
    if found.head_dim is None and found.width % found.heads:
        raise ValueError(f"width {found.width} does not divide into {found.heads} heads")
    if experts is not None and not _can_choose(experts):
        raise ValueError(
            f"{experts.chosen} of {experts.count} experts cannot be chosen from {experts.chosen_groups} of "
            f"{experts.groups} groups"
        )


def _can_choose(experts: Experts) -> bool:
    size, rest = divmod(experts.count, experts.groups)
    if rest or experts.chosen_groups > experts.groups or experts.chosen > size * experts.chosen_groups:
        return False
    return experts.groups == 1 or size >= 2  # a group is as good as its two best


def _why_not(path: Path, config: Mapping[str, Any]) -> str:
    kind, names = config.get("model_type"), config.get("architectures")
    name = str(names[0]) if isinstance(names, list) and names else ""
    known = ", ".join(FAMILIES)
    if config.get("auto_map"):
        return (
            f"{path} is of architecture {kind!r}, which hex does not know (it knows: {known}); "
            "if you trust the Python code it comes with, --trust-remote-code runs it"
        )
    if name.endswith(("ForCausalLM", "LMHeadModel")):
        return (
            f"{path} is an autoregressive model ({name}): it was trained to see only what stands before a position "
            "and to say what comes next, so it has no answer for a masked one; "
            f"hex decodes models trained by masking: {known}"
        )
    return f"{path} is of architecture {kind!r}, which hex cannot decode by masking; it knows: {known}"
