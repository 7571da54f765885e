"""The LLaDA family: published key names and config fields <-> ours.

Source: GSAI-ML/LLaDA-8B-Instruct config.json and modeling_llada.py (model_type "llada"). iLLaDA (arXiv 2606.25331) is
this layout with a tied head (`weight_tying`) and fewer key/value heads; the distilled dParallel and d3LLM are LLaDA-8B.
"""

import re
from collections.abc import Mapping
from typing import Any

from hexcli.models.families.published import require, rope_theta
from hexcli.models.network.architecture import TransformerConfig

_TOP = {
    "embed_tokens": "wte",
    "norm": "ln_f",
    "lm_head": "ff_out",
}
_BLOCK = {
    "self_attn.q_proj": "q_proj",
    "self_attn.k_proj": "k_proj",
    "self_attn.v_proj": "v_proj",
    "self_attn.o_proj": "attn_out",
    "mlp.gate_proj": "ff_proj",
    "mlp.up_proj": "up_proj",
    "mlp.down_proj": "ff_out",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ff_norm",
}
# What the published forward can do and ours does not: any other value would give silently wrong logits.
_REQUIRED: dict[str, Any] = {
    "activation_type": "silu",
    "alibi": False,
    "attention_layer_norm": False,
    "block_type": "llama",
    "include_bias": False,
    "include_qkv_bias": False,
    "input_emb_norm": False,
    "layer_norm_type": "rms",
    "rope": True,
    "scale_logits": False,
}


def published_name(name: str) -> str:
    """`layers.3.mlp.up_proj.weight` (ours) -> `model.transformer.blocks.3.up_proj.weight` (LLaDA's)."""
    layer = re.fullmatch(r"layers\.(\d+)\.(.+)\.weight", name)
    if layer:
        return f"model.transformer.blocks.{layer[1]}.{_BLOCK[layer[2]]}.weight"
    return f"model.transformer.{_TOP[name.removesuffix('.weight')]}.weight"


def read_config(config: Mapping[str, Any]) -> TransformerConfig:
    """The transformer of a published config.json. Raises KeyError on a missing field, HexError on an unknown part."""
    require(config, "LLaDA", _REQUIRED)
    return TransformerConfig(
        vocab_size=config.get("embedding_size") or config["vocab_size"],
        width=config["d_model"],
        layers=config["n_layers"],
        heads=config["n_heads"],
        kv_heads=config.get("n_kv_heads") or config["n_heads"],
        mlp_width=config["mlp_hidden_size"],
        context=config["max_sequence_length"],
        rope_theta=rope_theta(config, "LLaDA"),
        norm_eps=config["rms_norm_eps"],
        tied=bool(config.get("weight_tying")),
        rotary_float32=bool(config.get("rope_full_precision", True)),
    )


def write_config(config: TransformerConfig, *, mask_id: int, end_id: int) -> dict[str, Any]:
    """The published config.json of a model of these sizes (`end_id`: end of text, also the padding)."""
    return {
        "architectures": ["LLaDAModelLM"],
        "model_type": "llada",
        **_REQUIRED,
        "d_model": config.width,
        "n_layers": config.layers,
        "n_heads": config.heads,
        "n_kv_heads": config.kv_heads,
        "mlp_hidden_size": config.mlp_width,
        "vocab_size": config.vocab_size,
        "embedding_size": config.vocab_size,
        "max_sequence_length": config.context,
        "rope_theta": config.rope_theta,
        "rms_norm_eps": config.norm_eps,
        "weight_tying": config.tied,
        "mask_token_id": mask_id,
        "eos_token_id": end_id,
        "pad_token_id": end_id,
        "torch_dtype": "bfloat16",
    }
