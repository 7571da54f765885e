"""Random checkpoints in LLaDA's published layout, for tests of loading and decoding."""

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from hexcli.models.families.llada import published_name, write_config
from hexcli.models.network.transformer import MaskPredictor, TransformerConfig

SPECIAL = ("<|endoftext|>", "<|mdm_mask|>", "<|user|>", "<|assistant|>")
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def byte_tokenizer(special: Sequence[str] = SPECIAL) -> Tokenizer:
    """The special tokens first, then one token a byte."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate([*special, *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in special])
    return tokenizer


def write_checkpoint(path: Path, *, seed: int = 0, kv_heads: int = 2, shards: int = 1) -> Path:
    """A LLaDA-layout checkpoint with random weights: width 32, 2 layers, 4 heads, bfloat16."""
    path.mkdir(parents=True, exist_ok=True)
    tokenizer = byte_tokenizer()
    config = TransformerConfig(
        vocab_size=tokenizer.get_vocab_size(),
        width=32,
        layers=2,
        heads=4,
        kv_heads=kv_heads,
        mlp_width=48,
        context=1024,
        rope_theta=500_000.0,
    )
    torch.manual_seed(seed)
    model = MaskPredictor(config)
    weights = {published_name(name): value.to(torch.bfloat16) for name, value in model.state_dict().items()}
    # Ids 0 and 1, end of text and mask, stay unlikely, so that responses are not empty.
    weights["model.transformer.ff_out.weight"][:2] = 0
    names = sorted(weights)
    for index in range(shards):
        part = {name: weights[name].contiguous() for name in names[index::shards]}
        file = "model.safetensors" if shards == 1 else f"model-{index + 1:05}-of-{shards:05}.safetensors"
        save_file(part, path / file, metadata={"format": "pt"})
    (path / "config.json").write_text(json.dumps(write_config(config, mask_id=1, end_id=0)))
    tokenizer.save(str(path / "tokenizer.json"))
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
        "mask_token": "<|mdm_mask|>",
        "chat_template": TEMPLATE,
    }
    (path / "tokenizer_config.json").write_text(json.dumps(tokenizer_config))
    return path
