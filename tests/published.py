"""Tiny random checkpoints in exactly the published layouts: config fields, key names, sharding, tokenizer files.

Everything here is written down from the published checkpoints, not taken from the code that reads them.
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from tests.checkpoints import byte_tokenizer
from tests.layouts.dense import a2d_llama, a2d_qwen2, a2d_qwen3, dream, fast_dllm_v2, illada, llada, sdar
from tests.layouts.experts import llada2, llada_moe, sdar_moe
from tests.layouts.layout import TEMPLATE, Layout

LAYOUTS = {
    "llada": llada,
    "illada": illada,
    "dream": dream,
    "a2d-qwen3": a2d_qwen3,
    "a2d-qwen2": a2d_qwen2,
    "a2d-llama": a2d_llama,
    "llada_moe": llada_moe,
    "sdar": sdar,
    "sdar_moe": sdar_moe,
    "llada2": llada2,
    "fast_dllm_v2": fast_dllm_v2,
}


def random_weights(shapes: dict[str, tuple[int, ...]], seed: int = 0) -> dict[str, Tensor]:
    """Weights of which every part shows in the logits; norms near 1; end and mask unlikely."""
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, shape in shapes.items():
        value = torch.randn(*shape, generator=generator)
        if "norm" in name or "ln_f" in name:
            value = 1 + 0.3 * value
        elif len(shape) == 2:
            value = value / shape[1] ** 0.5
        else:
            value = value * 0.3
        weights[name] = value
    for head in ("lm_head.weight", "model.transformer.ff_out.weight"):
        if head in weights:
            weights[head][:4] = 0
    return weights


def write_published(path: Path, family: str, *, seed: int = 0, shards: int = 2, dtype: str = "float32") -> Path:
    """A checkpoint folder of that family, its weights in `shards` files with an index."""
    layout = LAYOUTS[family]()
    path.mkdir(parents=True, exist_ok=True)
    (path / "config.json").write_text(json.dumps(layout.config, indent=2))
    weights = {key: value.to(getattr(torch, dtype)) for key, value in random_weights(layout.shapes, seed).items()}
    save_sharded(path, weights, shards)
    write_tokenizer(path, layout)
    return path


def save_sharded(path: Path, weights: dict[str, Tensor], shards: int) -> None:
    """The weights in order over so many files, and the index that names the file of each."""
    names = list(weights)
    where = {}
    for number in range(shards):
        file = f"model-{number + 1:05}-of-{shards:05}.safetensors"
        part = names[number * len(names) // shards : (number + 1) * len(names) // shards]
        save_file({name: weights[name] for name in part}, path / file, metadata={"format": "pt"})
        where |= dict.fromkeys(part, file)
    total = sum(value.numel() * value.element_size() for value in weights.values())
    index = {"metadata": {"total_size": total}, "weight_map": where}
    (path / "model.safetensors.index.json").write_text(json.dumps(index))


def write_tokenizer(path: Path, layout: Layout) -> None:
    """tokenizer.json, or what Dream ships: vocab.json, merges.txt and a class of its own."""
    tokenizer = byte_tokenizer(layout.special)
    config: dict[str, Any] = {
        "chat_template": TEMPLATE,
        "tokenizer_class": "PreTrainedTokenizerFast",
        **layout.names,
    }
    if layout.tokenizer_json:
        tokenizer.save(str(path / "tokenizer.json"))
    else:
        (path / "vocab.json").write_text(json.dumps(tokenizer.get_vocab()))
        (path / "merges.txt").write_text("#version: 0.2\n")
        config |= {
            "tokenizer_class": "DreamTokenizer",
            "auto_map": {"AutoTokenizer": ["tokenization_dream.DreamTokenizer", None]},
            "added_tokens_decoder": {
                str(tokenizer.token_to_id(token)): {"content": token, "special": True} for token in layout.special
            },
        }
    (path / "tokenizer_config.json").write_text(json.dumps(config))
