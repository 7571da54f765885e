"""Dream and DiffuCoder: Qwen2's layout, every position sees every other, logits about the next position.

Source: Dream-org/Dream-v0-Instruct-7B config.json, modeling_dream.py and generation_utils.py (model_type "Dream";
apple/DiffuCoder-7B-* are the same architecture).
"""

from collections.abc import Mapping
from typing import Any

from hexcli.errors import HexError
from hexcli.models.families.published import published_name, read_sizes, require
from hexcli.models.network.architecture import TransformerConfig

__all__ = ["published_name", "read_config"]


def read_config(config: Mapping[str, Any]) -> TransformerConfig:
    """The transformer of a published config.json. Raises KeyError on a missing field, HexError on an unknown part."""
    require(config, "Dream", {"use_mrope": False})
    if config.get("block_size"):
        raise HexError("config.json has a block_size: a block-wise relative of Dream, which hex does not know")
    # The biases are not in the config: DreamAttention always has them.
    return read_sizes(config, "Dream", qkv_bias=True, shifted=True)
