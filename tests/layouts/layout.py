"""How a published checkpoint is laid out: its config, its weights' shapes, its tokenizer."""

from dataclasses import dataclass, field
from typing import Any

TEMPLATE = (
    "{%- for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] }}"
    "{{ '<|im_end|>\\n' }}{%- endfor %}{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{%- endif %}"
)
SPECIAL = ("<|endoftext|>", "<|mask|>", "<|im_start|>", "<|im_end|>")
VOCABULARY = 264  # four special tokens, 256 bytes, and four that mean nothing, as padding to a round number
END, MASK = 0, 1


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A family's config.json, the shapes of its tensors by published name, and its special tokens."""

    config: dict[str, Any]
    shapes: dict[str, tuple[int, ...]]
    special: tuple[str, ...] = SPECIAL
    names: dict[str, str] = field(default_factory=lambda: {"eos_token": "<|endoftext|>", "mask_token": "<|mask|>"})
    tokenizer_json: bool = True


def sizes(model_type: str, architecture: str, **fields: Any) -> dict[str, Any]:
    """The fields that transformers' Llama-like configs share."""
    return {
        "architectures": [architecture],
        "model_type": model_type,
        "hidden_act": "silu",
        "hidden_size": 32,
        "initializer_range": 0.02,
        "intermediate_size": 40,
        "max_position_embeddings": 512,
        "num_attention_heads": 4,
        "num_hidden_layers": 2,
        "num_key_value_heads": 2,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "vocab_size": VOCABULARY,
        **fields,
    }


def llama_shapes(config: dict[str, Any], *, biases: str = "", qk_norm: bool = False) -> dict[str, tuple[int, ...]]:
    """transformers' names: embedding, head, and every layer with a plain MLP. `biases`: of which projections."""
    width, inner = config["hidden_size"], config["intermediate_size"]
    head = config.get("head_dim") or width // config["num_attention_heads"]
    rows = dict.fromkeys("kv", config["num_key_value_heads"] * head) | {"q": config["num_attention_heads"] * head}
    shapes: dict[str, tuple[int, ...]] = {
        "model.embed_tokens.weight": (VOCABULARY, width),
        "model.norm.weight": (width,),
    }
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (VOCABULARY, width)
    for index in range(config["num_hidden_layers"]):
        layer = f"model.layers.{index}"
        for letter in "qkv":
            shapes[f"{layer}.self_attn.{letter}_proj.weight"] = (rows[letter], width)
        shapes[f"{layer}.self_attn.o_proj.weight"] = (width, rows["q"])
        for letter in biases:
            shapes[f"{layer}.self_attn.{letter}_proj.bias"] = (width if letter == "o" else rows[letter],)
        if qk_norm:
            shapes[f"{layer}.self_attn.q_norm.weight"] = shapes[f"{layer}.self_attn.k_norm.weight"] = (head,)
        shapes |= mlp_shapes(f"{layer}.mlp", width, inner)
        shapes[f"{layer}.input_layernorm.weight"] = shapes[f"{layer}.post_attention_layernorm.weight"] = (width,)
    return shapes


def mlp_shapes(prefix: str, width: int, inner: int) -> dict[str, tuple[int, ...]]:
    return {
        f"{prefix}.gate_proj.weight": (inner, width),
        f"{prefix}.up_proj.weight": (inner, width),
        f"{prefix}.down_proj.weight": (width, inner),
    }


def with_experts(shapes: dict[str, tuple[int, ...]], layer: str, width: int, inner: int, count: int) -> None:
    """A layer's plain MLP replaced by a router and experts."""
    for name in mlp_shapes(f"{layer}.mlp", width, inner):
        del shapes[name]
    shapes[f"{layer}.mlp.gate.weight"] = (count, width)
    for expert in range(count):
        shapes |= mlp_shapes(f"{layer}.mlp.experts.{expert}", width, inner)
