"""LLaDA2.0: experts in groups chosen by sigmoid scores, half-rotated heads, blocks of 32.

Source: inclusionAI/LLaDA2.0-mini config.json and modeling_llada2_moe.py (arXiv 2512.15745). Queries, keys and
values are one published matrix, in that order.
"""

import re
from collections.abc import Mapping
from typing import Any

from hexcli.models.families.published import read_sizes, require, rotary_fraction
from hexcli.models.network.architecture import Experts, TransformerConfig

BLOCK_LENGTH = 32  # `generate` of modeling_llada2_moe.py; config.json does not name it

_NAMES = {
    r"^embed_tokens\.": "word_embeddings.",
    r"\.self_attn\.[qkv]_proj\.": ".attention.query_key_value.",
    r"\.self_attn\.o_proj\.": ".attention.dense.",
    r"\.self_attn\.q_norm\.": ".attention.query_layernorm.",
    r"\.self_attn\.k_norm\.": ".attention.key_layernorm.",
}
_REQUIRED: dict[str, Any] = {
    "norm_head": False,
    "norm_topk_prob": True,
    "score_function": "sigmoid",
    "use_linear_attention": False,
    "use_qk_norm": True,
}


def published_name(name: str) -> str:
    """`layers.3.self_attn.k_proj.weight` (ours) -> `model.layers.3.attention.query_key_value.weight`."""
    for ours, theirs in _NAMES.items():
        name = re.sub(ours, theirs, name)
    return name if name.startswith("lm_head.") else f"model.{name}"


def read_config(config: Mapping[str, Any]) -> TransformerConfig:
    """The transformer of a published config.json. Raises KeyError on a missing field, HexError on an unknown part."""
    require(config, "LLaDA2.0", _REQUIRED)
    experts = Experts(
        count=config["num_experts"],
        chosen=config["num_experts_per_tok"],
        width=config["moe_intermediate_size"],
        score="sigmoid",
        normalize=config["num_experts_per_tok"] > 1,
        scale=config["routed_scaling_factor"],
        groups=config["n_group"],
        chosen_groups=config["topk_group"],
        bias=True,
        shared_width=config["moe_intermediate_size"] * (config.get("num_shared_experts") or 0),
        dense_layers=config.get("first_k_dense_replace") or 0,
    )
    return read_sizes(
        config,
        "LLaDA2.0",
        qkv_bias=bool(config.get("use_qkv_bias")),
        output_bias=bool(config.get("use_bias")),
        qk_norm=True,
        rotary_fraction=_rotary_fraction(config),
        block_length=config.get("block_size") or BLOCK_LENGTH,
        experts=experts,
    )


def _rotary_fraction(config: Mapping[str, Any]) -> float:
    """The rotated share of a head; some configs give its width instead."""
    said = rotary_fraction(config)
    return float(config["rotary_dim"] / config["head_dim"]) if said is None else said
