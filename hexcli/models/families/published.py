"""What published config.json files have in common, and how to read them without guessing.

Most families write their sizes as transformers does for Llama (`hidden_size`, `num_attention_heads`, ...), and a
field that changes the computation in a way ours does not know must never be passed over.
"""

from collections.abc import Mapping
from typing import Any

from hexcli.errors import HexError
from hexcli.models.network.architecture import TransformerConfig


def require(config: Mapping[str, Any], family: str, values: Mapping[str, Any]) -> None:
    """Raises HexError on a field of another value than ours computes with; one that is absent or null is fine."""
    for field, value in values.items():
        if config.get(field, value) not in (value, None):
            raise HexError(f"config.json has {field} = {config[field]!r}; only {value!r} is supported for {family}")


def read_sizes(config: Mapping[str, Any], family: str, **parts: Any) -> TransformerConfig:
    """The transformer of a config.json with transformers' field names; `parts` are the family's own.

    Raises KeyError on a missing field, HexError on one we would compute wrongly.
    """
    require(config, family, {"hidden_act": "silu", "use_sliding_window": False})
    if "rotary_fraction" not in parts and (fraction := rotary_fraction(config)) not in (None, 1):
        raise HexError(f"config.json has partial_rotary_factor = {fraction}; only 1 is supported for {family}")
    return TransformerConfig(
        **{
            "vocab_size": config["vocab_size"],
            "width": config["hidden_size"],
            "layers": config["num_hidden_layers"],
            "heads": config["num_attention_heads"],
            "kv_heads": config.get("num_key_value_heads") or config["num_attention_heads"],
            "mlp_width": config.get("intermediate_size") or 0,
            "context": config["max_position_embeddings"],
            "rope_theta": rope_theta(config, family),
            "norm_eps": config["rms_norm_eps"],
            "head_dim": config.get("head_dim"),
            "rotary_float32": False,
            "tied": bool(config.get("tie_word_embeddings")),
            **parts,
        }
    )


def rope_theta(config: Mapping[str, Any], family: str) -> float:
    """The base of the rotary embedding: inside `rope_parameters` since transformers 5, which counts before the
    `rope_theta` beside it. Raises HexError on an embedding that is scaled, KeyError where there is neither."""
    for said in (config.get("rope_scaling") or {}, config.get("rope_parameters") or {}):
        kind = said.get("rope_type") or said.get("type") or "default"
        if kind != "default":
            raise HexError(
                f"config.json has a rotary embedding of type {kind!r}; only plain ones are supported ({family})"
            )
    rules = _rope_rules(config)
    return float(rules["rope_theta"] if "rope_theta" in rules else config["rope_theta"])


def rotary_fraction(config: Mapping[str, Any]) -> float | None:
    """The share of a head that is rotated, `partial_rotary_factor`, as nested as `rope_theta`; None: not said."""
    said = _rope_rules(config).get("partial_rotary_factor", config.get("partial_rotary_factor"))
    return None if said is None else float(said)


def _rope_rules(config: Mapping[str, Any]) -> dict[str, Any]:
    """What config.json nests about the rotary embedding, under its old name and its new one."""
    return {**(config.get("rope_scaling") or {}), **(config.get("rope_parameters") or {})}


def published_name(name: str) -> str:
    """`layers.3.mlp.up_proj.weight` (ours) -> `model.layers.3.mlp.up_proj.weight` (transformers')."""
    return name if name.startswith("lm_head.") else f"model.{name}"
