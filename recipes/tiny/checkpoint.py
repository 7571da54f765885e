"""The trained model as a folder in LLaDA's published layout, with its card."""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizer import Encoder, save
from tokenizers import Tokenizer
from torch import Tensor

from hexcli.models.families.llada import published_name, write_config
from hexcli.models.network.transformer import TransformerConfig


def write(
    folder: Path, weights: Mapping[str, Tensor], config: TransformerConfig, tokenizer: Tokenizer, card: str
) -> None:
    """Write config.json, model.safetensors (bf16), tokenizer.json, tokenizer_config.json and README.md."""
    folder.mkdir(parents=True, exist_ok=True)
    encoder = Encoder(tokenizer)
    published = write_config(config, mask_id=encoder.mask, end_id=encoder.end)
    (folder / "config.json").write_text(json.dumps(published, indent=2) + "\n")
    tensors = {published_name(name): value.to("cpu", torch.bfloat16).contiguous() for name, value in weights.items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    save(tokenizer, folder, config.context)
    (folder / "README.md").write_text(card)
