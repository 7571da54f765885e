"""What a key of a recipe file may be set to: YAML values -> those of a Recipe's field, each of its type."""

import math
import re
from collections.abc import Collection
from typing import Any

from hexcli.blocks import parted
from hexcli.errors import UsageError
from hexcli.recipe.spellings import SPELLED
from hexcli.rules import OFF

_TYPES: dict[str, tuple[type, ...]] = {
    "model": (str,),
    "task": (str,),
    "data": (str,),
    "fewshot": (int,),
    "fewshot_data": (str,),
    "fewshot_seed": (int,),
    "gen_length": (int,),
    "steps": (int,),
    "remasking": (str,),
    "temperature": (int, float),
    "cfg_scale": (int, float),
    "kv_cache": (str,),
    "refresh": (int, str),
    "threshold": (int, float),
    "prompt_refresh": (int, str),
    "samples": (int,),
    "seed": (int,),
    "limit": (int, str),
    "shard": (str,),
    "dtype": (str,),
    **dict.fromkeys(("eps", "alg_temp", "top_p", "entropy_threshold", "eb_threshold", "factor"), (int, float)),
    **dict.fromkeys(("credit_alpha", "boost_gamma", "decay_beta", "editing_threshold"), (int, float)),
    "block_add_threshold": (int, float),
    **dict.fromkeys(("top_k", "max_post_steps", "early_ban_steps"), (int,)),
    **dict.fromkeys(("sampler", "alg", "confidence_dtype"), (str,)),
    **dict.fromkeys(("logits_eos_inf", "confidence_eos_eot_inf", "full_canvas", "record_steps"), (bool,)),
    "suppress_tokens": (int, str),
}
_KINDS: dict[type, str] = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
_NULLABLE = {
    "data",
    "fewshot",
    "fewshot_data",
    "gen_length",
    "steps",
    "refresh",
    "threshold",
    "prompt_refresh",
    "limit",
    "shard",
}
_NULLABLE |= {name for name, default in OFF.items() if default is None}


def values_of(name: str, value: Any) -> list[Any]:
    """The values a field sweeps over; one where it is not a list. Raises UsageError on what the field cannot be."""
    if name == "schedules":
        if not isinstance(value, list):
            value = [value]
        ensembles = value if any(isinstance(item, list) for item in value) else [value]
        return [_ensemble(ensemble) for ensemble in ensembles]
    if name == "prompts":
        items = value if isinstance(value, list) else [] if value is None else [value]
        return (
            [_prompts(item) for item in items] if any(isinstance(item, list) for item in items) else [_prompts(items)]
        )
    if name == "model_args":
        return [_model_args(item) for item in (value if isinstance(value, list) else [value])]
    values = value if isinstance(value, list) else [value]
    if not values:
        raise UsageError(f"{name} is an empty list")
    return [_scalar(name, item) for item in values]


def _ensemble(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, bool) or not isinstance(item, int | str):
            raise UsageError(f"schedules must be block lengths (32) or lengths in order (198+58), not {item!r}")
        _require_text("schedules", str(item))
    return tuple(part.strip() for item in items for part in parted(str(item)).split(","))


def _prompts(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if not isinstance(item, str) or not item.strip():
            raise UsageError(f"prompts must be names of wordings (plain) or YAML files, not {item!r}")
        _require_text("prompts", item)
    return tuple(part.strip() for item in items for part in item.split(","))


def _model_args(value: Any) -> tuple[tuple[str, Any], ...]:
    if value is None:
        return ()
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise UsageError(f"model_args must be a mapping (adapter: PATH), not {value!r}")
    for key, setting in value.items():
        _require_text("model_args", key)
        _require_text(f"model_args {key}", str(setting))
        if isinstance(setting, list | dict) or setting is None:
            raise UsageError(f"model_args {key} must be one value, not {setting!r}; a sweep is a list of mappings")
    return tuple(sorted(value.items()))


def _scalar(name: str, value: Any) -> Any:
    if value is None and name in _NULLABLE:
        return None
    kinds = _TYPES[name]
    if isinstance(value, bool) != (kinds == (bool,)) or not isinstance(value, kinds):
        hint = _comma(name, value, kinds) if isinstance(value, str) and "," in value else ""
        said = [_KINDS[kind] for kind in kinds if kind is not int or float not in kinds]
        raise UsageError(f"{name} must be {' or '.join(said)}, not {value!r}{hint}")
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{name} must be a finite number, not {value}")
    if isinstance(value, str):
        _require_text(name, value)
    if name == "limit":
        return str(value)
    if name in SPELLED:
        return SPELLED[name](str(value))
    if float in kinds:
        return float(str(value))
    return value


def _comma(name: str, value: str, kinds: Collection[type]) -> str:
    """What to say of a text with a comma where a number is meant: one of a decimal, or several values."""
    several = f"several values are a list, {name}=[{value}]"
    decimal = float in kinds and re.fullmatch(r"\s*-?\d+,\d+\s*", value)
    return f": decimals have a point, {value.strip().replace(',', '.')}; {several}" if decimal else f": {several}"


def _require_text(name: str, value: str) -> None:
    """Raises UsageError on text that no file name, no request and no run.json can hold."""
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise UsageError(f"{name} is not valid UTF-8 text")
    if "\0" in value:
        raise UsageError(f"{name} holds a NUL character")
