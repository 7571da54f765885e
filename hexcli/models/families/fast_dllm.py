"""Fast-dLLM v2: Qwen2.5's layout, each position sees its block and those before, logits about the next position.

Source: modeling.py of Efficient-Large-Model/Fast_dLLM_v2_7B and _1.5B (arXiv 2509.26328, model_type "Fast_dLLM_Qwen"),
read in copies of it. Trained on blocks of `bd_size`, 32. Biases of queries, keys and values are not in the config.
"""

from collections.abc import Mapping
from typing import Any

from hexcli.errors import HexError
from hexcli.models.families.published import published_name, read_sizes
from hexcli.models.network.architecture import TransformerConfig

__all__ = ["published_name", "read_config"]

BLOCK_LENGTH = 32


def read_config(config: Mapping[str, Any]) -> TransformerConfig:
    """The transformer of a published config.json. Raises KeyError on a missing field, HexError on an unknown part."""
    if {*(config.get("layer_types") or ())} - {"full_attention"}:
        raise HexError("config.json has layer_types other than full_attention; not supported for Fast-dLLM v2")
    return read_sizes(
        config, "Fast-dLLM v2", qkv_bias=True, shifted=True, block_length=config.get("bd_size") or BLOCK_LENGTH
    )
