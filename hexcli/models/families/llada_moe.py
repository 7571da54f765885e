"""LLaDA-MoE: Llama's names, norms of queries and keys, and a mixture of experts in every layer.

Source: inclusionAI/LLaDA-MoE-7B-A1B-Instruct config.json and modeling_lladamoe.py (arXiv 2509.24389). Its
model_type is "llada", as that of the dense models; dllm's copies say "lladamoe".
"""

from collections.abc import Mapping
from typing import Any

from hexcli.errors import HexError
from hexcli.models.families.published import published_name, read_sizes, require, rotary_fraction
from hexcli.models.network.architecture import Experts, TransformerConfig

__all__ = ["published_name", "read_config"]

# The published router takes the softmax as it is, whatever norm_topk_prob, routed_scaling_factor,
# moe_router_score_function and router_num_group say: its code reads none of them, so neither does ours.
_REQUIRED: dict[str, Any] = {
    "clip_qkv": None,
    "moe_router_enable_expert_bias": False,
    "shared_expert_intermediate_size": None,
}


def read_config(config: Mapping[str, Any]) -> TransformerConfig:
    """The transformer of a published config.json. Raises KeyError on a missing field, HexError on an unknown part."""
    require(config, "LLaDA-MoE", _REQUIRED)
    if 0 in (config.get("moe_layer_freq") or []):
        raise HexError("config.json has layers without experts (moe_layer_freq); not supported for LLaDA-MoE")
    experts = Experts(
        count=config["num_experts"], chosen=config["num_experts_per_tok"], width=config["expert_intermediate_size"]
    )
    bias = bool(config.get("attention_bias"))
    return read_sizes(
        config,
        "LLaDA-MoE",
        qkv_bias=bias,
        output_bias=bias,
        qk_norm=bool(config.get("qk_layernorm")),
        rotary_fraction=1.0 if (fraction := rotary_fraction(config)) is None else fraction,
        experts=experts,
    )
