"""The shapes of published models, to be filled with random weights: what a step costs does not depend on what they say.

`llada-8b`, `dream-7b`, `llada-moe` (7B-A1B), `llada2-mini` and `sdar-8b` are published masked diffusion models, the
last two block-causal. `13b` and `70b` are those of autoregressive models of
that size, whose positions here see each other: what a diffusion model trained from them would have.
"""

from dataclasses import dataclass
from pathlib import Path

import torch

from hexcli.errors import UsageError, unknown
from hexcli.files import read_json
from hexcli.models.families.reading import read_architecture
from hexcli.models.loading.random_weights import random_weights
from hexcli.models.network.architecture import Experts, TransformerConfig
from hexcli.models.network.transformer import MaskPredictor
from hexcli.models.options import ModelOptions

SHAPES: dict[str, TransformerConfig] = {
    # GSAI-ML/LLaDA-8B-Instruct config.json
    "llada-8b": TransformerConfig(
        vocab_size=126464,
        width=4096,
        layers=32,
        heads=32,
        kv_heads=32,
        mlp_width=12288,
        context=4096,
        rope_theta=500_000.0,
    ),
    # Dream-org/Dream-v0-Instruct-7B config.json
    "dream-7b": TransformerConfig(
        vocab_size=152064,
        width=3584,
        layers=28,
        heads=28,
        kv_heads=4,
        mlp_width=18944,
        context=131072,
        rope_theta=1_000_000.0,
        norm_eps=1e-6,
        qkv_bias=True,
        rotary_float32=False,
        shifted=True,
    ),
    # Llama 2 13B (arXiv 2307.09288; meta-llama/Llama-2-13b-hf config.json)
    "13b": TransformerConfig(
        vocab_size=32000,
        width=5120,
        layers=40,
        heads=40,
        kv_heads=40,
        mlp_width=13824,
        context=4096,
    ),
    # Llama 3 70B (arXiv 2407.21783, table 3; meta-llama/Meta-Llama-3-70B config.json)
    "70b": TransformerConfig(
        vocab_size=128256,
        width=8192,
        layers=80,
        heads=64,
        kv_heads=8,
        mlp_width=28672,
        context=8192,
        rope_theta=500_000.0,
    ),
    # inclusionAI/LLaDA-MoE-7B-A1B-Instruct config.json
    "llada-moe": TransformerConfig(
        vocab_size=157184,
        width=2048,
        layers=16,
        heads=16,
        kv_heads=16,
        mlp_width=0,
        context=8192,
        rope_theta=50_000.0,
        rotary_float32=False,
        qk_norm=True,
        experts=Experts(count=64, chosen=8, width=1024),
    ),
    # inclusionAI/LLaDA2.0-mini config.json
    "llada2-mini": TransformerConfig(
        vocab_size=157184,
        width=2048,
        layers=20,
        heads=16,
        kv_heads=4,
        mlp_width=5120,
        context=32768,
        rope_theta=600_000.0,
        norm_eps=1e-6,
        rotary_float32=False,
        rotary_fraction=0.5,
        qk_norm=True,
        block_length=32,
        experts=Experts(
            count=256,
            chosen=8,
            width=512,
            score="sigmoid",
            normalize=True,
            scale=2.5,
            groups=8,
            chosen_groups=4,
            bias=True,
            shared_width=512,
            dense_layers=1,
        ),
    ),
    # JetLM/SDAR-8B-Chat config.json
    "sdar-8b": TransformerConfig(
        vocab_size=151936,
        width=4096,
        layers=36,
        heads=32,
        kv_heads=8,
        mlp_width=12288,
        context=32768,
        rope_theta=1_000_000.0,
        norm_eps=1e-6,
        head_dim=128,
        rotary_float32=False,
        qk_norm=True,
        block_length=4,
    ),
}


BLOCKS = ("8", "16", "32", "64", "128")  # of the paper (arXiv 2510.05040)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A model without its weights. The last token of the vocabulary is the mask, where nothing says it."""

    name: str
    config: TransformerConfig
    mask_id: int

    @property
    def blocks(self) -> tuple[str, ...]:
        """Labels of schedules that it can be decoded under, where nobody chose."""
        if self.config.block_length is None:
            return BLOCKS
        return tuple(str(length) for length in (2, 4, 8, 16, 32, 64) if self.config.block_length % length == 0)


def find_shape(name: str) -> Shape:
    """The shape of that name, or of the config.json at that path.

    Raises UsageError where there is neither, HexError where the file is no known model.
    """
    path = Path(name)
    if name in SHAPES:
        return Shape(name=name, config=SHAPES[name], mask_id=SHAPES[name].vocab_size - 1)
    if not path.is_file():
        if path.suffix == ".json" or path.is_dir():
            raise UsageError(f"--shape {name} is no file: give the config.json of a model")
        raise unknown("shape", name, [*SHAPES, "or the config.json of a model"])
    try:
        config = read_json(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None
    if not isinstance(config, dict):
        raise UsageError(f"{path} is no config.json: it holds no JSON object")
    found = read_architecture(path.parent, config, ModelOptions())
    said = config.get("mask_token_id")
    last = found.vocab_size - 1
    return Shape(name=name, config=found, mask_id=said if isinstance(said, int) and 0 <= said <= last else last)


def random_model(shape: Shape, *, device: str, dtype: torch.dtype, length: int, canvas: int) -> MaskPredictor:
    """The model with random weights, made where it is to be: no copy of it is ever anywhere else.

    `length` and `canvas`: tokens of a row, for the memory it needs. Raises HexError where that is not there.
    """
    return random_weights(shape.config, shape.name, device=device, dtype=dtype, length=length, canvas=canvas)
