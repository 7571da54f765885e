"""dllm's a2d models: Qwen3, Qwen2 and Llama checkpoints retrained by masking, layout unchanged.

Source: ZHZisZZ/dllm, dllm/pipelines/a2d (model_type "a2d-qwen3", "a2d-qwen2", "a2d-llama"): the causal mask is
gone, everything else is the class of transformers. Their bd3lm variants see blocks; config.json does not say so,
so `-M block_length=32` does. dllm's bd3lm sampler counts the blocks from the end of the prompt, which `-M grid=sampler`
says; the models were trained on blocks counted from the start of the text.
"""

from collections.abc import Mapping
from typing import Any

from hexcli.models.families.published import published_name, read_sizes, require
from hexcli.models.network.architecture import TransformerConfig

__all__ = ["published_name", "read_config"]


def read_config(config: Mapping[str, Any]) -> TransformerConfig:
    """The transformer of a published config.json. Raises KeyError on a missing field, HexError on an unknown part."""
    kind = config["model_type"]
    if kind == "a2d-qwen2":
        return read_sizes(config, kind, qkv_bias=True)
    require(config, kind, {"mlp_bias": False})
    bias = bool(config.get("attention_bias"))
    return read_sizes(config, kind, qkv_bias=bias, output_bias=bias, qk_norm=kind == "a2d-qwen3")
