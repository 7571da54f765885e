"""SDAR: Qwen3's layout (dense and MoE), each position sees its block and those before.

Source: JetAstra/SDAR generate.py and modeling_sdar.py, modeling_sdar_moe.py (arXiv 2510.06303). The published
chat models were trained on blocks of 4; those named `-b8` to `-b64` on longer ones, which `-M block_length=`
says where config.json does not.
"""

from collections.abc import Mapping
from typing import Any

from hexcli.models.families.published import published_name, read_sizes, require
from hexcli.models.network.architecture import Experts, TransformerConfig

__all__ = ["published_name", "read_config"]

BLOCK_LENGTH = 4


def read_config(config: Mapping[str, Any]) -> TransformerConfig:
    """The transformer of a published config.json. Raises KeyError on a missing field, HexError on an unknown part."""
    bias = bool(config.get("attention_bias"))
    experts = None
    if config["model_type"] == "sdar_moe":
        require(config, "SDAR", {"decoder_sparse_step": 1, "mlp_only_layers": []})
        experts = Experts(
            count=config["num_experts"],
            chosen=config["num_experts_per_tok"],
            width=config["moe_intermediate_size"],
            normalize=bool(config.get("norm_topk_prob")),
        )
    return read_sizes(
        config,
        "SDAR",
        qkv_bias=bias,
        output_bias=bias,
        qk_norm=True,
        block_length=config.get("block_size") or BLOCK_LENGTH,
        experts=experts,
    )
