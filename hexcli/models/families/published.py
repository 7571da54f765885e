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
    return TransformerConfig(
        **{
            "vocab_size": config["vocab_size"],
            "width": config["hidden_size"],
            "layers": config["num_hidden_layers"],
            "heads": config["num_attention_heads"],
            "kv_heads": config.get("num_key_value_heads") or config["num_attention_heads"],
            "mlp_width": config.get("intermediate_size") or 0,
            "context": config["max_position_embeddings"],
            "rope_theta": _rope_theta(config, family),
            "norm_eps": config["rms_norm_eps"],
            "head_dim": config.get("head_dim"),
            "rotary_float32": False,
            "tied": bool(config.get("tie_word_embeddings")),
            **parts,
        }
    )


def _rope_theta(config: Mapping[str, Any], family: str) -> float:
    """The base of the rotary embedding: `rope_theta`, or inside `rope_parameters` since transformers 5."""
    parameters = config.get("rope_parameters") or {}
    for rules in (config.get("rope_scaling") or {}, parameters):
        kind = rules.get("rope_type") or rules.get("type") or "default"
        if kind != "default":
            raise HexError(
                f"config.json has a rotary embedding of type {kind!r}; only plain ones are supported ({family})"
            )
    theta = config["rope_theta"] if "rope_theta" in config else parameters["rope_theta"]
    return float(theta)


def published_name(name: str) -> str:
    """`layers.3.mlp.up_proj.weight` (ours) -> `model.layers.3.mlp.up_proj.weight` (transformers')."""
    return name if name.startswith("lm_head.") else f"model.{name}"
