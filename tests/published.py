"""Tiny random checkpoints in exactly the published layouts: config fields, key names, sharding, tokenizer files.

Everything here is written down from the published checkpoints, not taken from the code that reads them.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from tests.checkpoints import byte_tokenizer

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


def llada() -> Layout:
    config = {
        "activation_type": "silu",
        "alibi": False,
        "architectures": ["LLaDAModelLM"],
        "attention_dropout": 0.0,
        "attention_layer_norm": False,
        "auto_map": {
            "AutoConfig": "configuration_llada.LLaDAConfig",
            "AutoModelForCausalLM": "modeling_llada.LLaDAModelLM",
            "AutoModel": "modeling_llada.LLaDAModelLM",
        },
        "bias_for_layer_norm": False,
        "block_group_size": 1,
        "block_type": "llama",
        "d_model": 32,
        "embedding_size": VOCABULARY,
        "eos_token_id": END,
        "flash_attention": False,
        "include_bias": False,
        "include_qkv_bias": False,
        "input_emb_norm": False,
        "layer_norm_type": "rms",
        "layer_norm_with_affine": True,
        "mask_token_id": MASK,
        "max_sequence_length": 512,
        "mlp_hidden_size": 40,
        "mlp_ratio": 4,
        "model_type": "llada",
        "multi_query_attention": None,
        "n_heads": 4,
        "n_kv_heads": 4,
        "n_layers": 2,
        "pad_token_id": END,
        "rms_norm_eps": 1e-05,
        "rope": True,
        "rope_full_precision": True,
        "rope_theta": 500000.0,
        "scale_logits": False,
        "vocab_size": VOCABULARY,
        "weight_tying": False,
    }
    top = "model.transformer"
    shapes: dict[str, tuple[int, ...]] = {
        f"{top}.wte.weight": (VOCABULARY, 32),
        f"{top}.ln_f.weight": (32,),
        f"{top}.ff_out.weight": (VOCABULARY, 32),
    }
    for index in range(2):
        block = f"{top}.blocks.{index}"
        shapes |= {f"{block}.{name}.weight": (32, 32) for name in ("q_proj", "k_proj", "v_proj", "attn_out")}
        shapes |= {f"{block}.{name}.weight": (40, 32) for name in ("ff_proj", "up_proj")}
        shapes |= {f"{block}.{name}.weight": (32,) for name in ("attn_norm", "ff_norm")}
        shapes[f"{block}.ff_out.weight"] = (32, 40)
    special = ("<|endoftext|>", "<|mdm_mask|>", "<|im_start|>", "<|im_end|>")
    return Layout(config=config, shapes=shapes, special=special, names={"eos_token": "<|endoftext|>"})


def illada() -> Layout:
    """LLaDA's layout, the head tied, fewer key/value heads; neither its config nor its tokenizer names the mask."""
    plain = llada()
    config = {**plain.config, "weight_tying": True, "n_kv_heads": 2, "rope_theta": 10000.0}
    del config["mask_token_id"]
    shapes = {name: shape for name, shape in plain.shapes.items() if name != "model.transformer.ff_out.weight"}
    shapes |= {name: (16, 32) for name in shapes if name.endswith(("k_proj.weight", "v_proj.weight"))}
    special = ("<|endoftext|>", "<[MASK]>", "<|im_start|>", "<|im_end|>")
    return Layout(config=config, shapes=shapes, special=special, names=plain.names)


def dream() -> Layout:
    config = sizes(
        "Dream",
        "DreamModel",
        attention_dropout=0.0,
        auto_map={"AutoConfig": "configuration_dream.DreamConfig", "AutoModel": "modeling_dream.DreamModel"},
        bos_token_id=END,
        eos_token_id=END,
        mask_token_id=MASK,
        max_window_layers=28,
        pad_token_id=END,
        rope_scaling=None,
        rope_theta=1000000.0,
        sliding_window=None,
        use_mrope=False,
        use_sliding_window=False,
    )
    return Layout(config=config, shapes=llama_shapes(config, biases="qkv"), tokenizer_json=False)


def a2d_qwen3() -> Layout:
    config = sizes(
        "a2d-qwen3",
        "A2DQwen3LMHeadModel",
        attention_bias=False,
        head_dim=16,
        layer_types=["full_attention"] * 2,
        sliding_window=None,
        use_sliding_window=False,
        tie_word_embeddings=True,
    )
    return Layout(config=config, shapes=llama_shapes(config, qk_norm=True))


def a2d_qwen2() -> Layout:
    config = sizes("a2d-qwen2", "A2DQwen2LMHeadModel", tie_word_embeddings=True, rope_theta=1000000.0)
    return Layout(config=config, shapes=llama_shapes(config, biases="qkv"))


def a2d_llama() -> Layout:
    config = sizes("a2d-llama", "A2DLlamaLMHeadModel", attention_bias=True, mlp_bias=False, head_dim=8)
    del config["rope_theta"]  # as transformers 5 writes it
    config["rope_parameters"] = {"rope_type": "default", "rope_theta": 20000.0}
    return Layout(config=config, shapes=llama_shapes(config, biases="qkvo"))


def llada_moe() -> Layout:
    config = sizes(
        "llada",
        "LLaDAMoEModelLM",
        attention_bias=False,
        auto_map={"AutoConfig": "configuration_lladamoe.LLaDAConfig", "AutoModel": "modeling_lladamoe.LLaDAModelLM"},
        clip_qkv=None,
        dense_intermediate_size=64,
        eos_token_id=END,
        expert_intermediate_size=24,
        moe_layer_freq=[1, 1],
        moe_router_enable_expert_bias=False,
        moe_router_score_function="softmax",
        norm_topk_prob=None,
        num_experts=8,
        num_experts_per_tok=3,
        num_key_value_heads=4,
        pad_token_id=END,
        partial_rotary_factor=1,
        qk_layernorm=True,
        rms_norm_eps=1e-05,
        rope_scaling=None,
        rope_theta=50000.0,
        routed_scaling_factor=1,
        router_num_group=None,
        router_topk_group=None,
        shared_expert_intermediate_size=None,
    )
    del config["intermediate_size"]
    shapes = llama_shapes({**config, "intermediate_size": 24}, qk_norm=True)
    for index in range(2):
        with_experts(shapes, f"model.layers.{index}", 32, 24, 8)
    return Layout(config=config, shapes=shapes)


def sdar() -> Layout:
    config = sizes(
        "sdar",
        "SDARForCausalLM",
        attention_bias=False,
        auto_map={
            "AutoConfig": "configuration_sdar.SDARConfig",
            "AutoModelForCausalLM": "modeling_sdar.SDARForCausalLM",
        },
        head_dim=16,
        max_window_layers=28,
        rope_scaling=None,
        rope_theta=1000000.0,
        sliding_window=None,
        use_sliding_window=False,
    )
    special = ("<|endoftext|>", "<|MASK|>", "<|im_start|>", "<|im_end|>")
    return Layout(
        config=config,
        shapes=llama_shapes(config, qk_norm=True),
        special=special,
        names={"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "mask_token": "<|MASK|>"},
    )


def sdar_moe() -> Layout:
    dense = sdar()
    config = {
        **dense.config,
        "architectures": ["SDARMoeForCausalLM"],
        "model_type": "sdar_moe",
        "decoder_sparse_step": 1,
        "mlp_only_layers": [],
        "moe_intermediate_size": 24,
        "norm_topk_prob": True,
        "num_experts": 8,
        "num_experts_per_tok": 2,
    }
    shapes = llama_shapes({**config, "intermediate_size": 24}, qk_norm=True)
    for index in range(2):
        with_experts(shapes, f"model.layers.{index}", 32, 24, 8)
    return Layout(config=config, shapes=shapes, special=dense.special, names=dense.names)


def llada2() -> Layout:
    config = sizes(
        "llada2_moe",
        "LLaDA2MoeModelLM",
        auto_map={
            "AutoConfig": "configuration_llada2_moe.LLaDA2MoeConfig",
            "AutoModelForCausalLM": "modeling_llada2_moe.LLaDA2MoeModelLM",
        },
        first_k_dense_replace=1,
        head_dim=16,
        moe_intermediate_size=24,
        n_group=4,
        norm_topk_prob=True,
        num_experts=16,
        num_experts_per_tok=3,
        num_hidden_layers=3,
        num_shared_experts=1,
        pad_token_id=END,
        partial_rotary_factor=0.5,
        rope_scaling=None,
        rope_theta=600000,
        rotary_dim=8,
        routed_scaling_factor=2.5,
        score_function="sigmoid",
        topk_group=2,
        use_bias=False,
        use_qk_norm=True,
        use_qkv_bias=False,
    )
    shapes: dict[str, tuple[int, ...]] = {
        "model.word_embeddings.weight": (VOCABULARY, 32),
        "model.norm.weight": (32,),
        "lm_head.weight": (VOCABULARY, 32),
    }
    for index in range(3):
        layer = f"model.layers.{index}"
        shapes |= {
            f"{layer}.attention.query_key_value.weight": ((4 + 2 + 2) * 16, 32),
            f"{layer}.attention.dense.weight": (32, 64),
            f"{layer}.attention.query_layernorm.weight": (16,),
            f"{layer}.attention.key_layernorm.weight": (16,),
            f"{layer}.input_layernorm.weight": (32,),
            f"{layer}.post_attention_layernorm.weight": (32,),
            **mlp_shapes(f"{layer}.mlp", 32, 40),
        }
        if index >= 1:
            for name in mlp_shapes(f"{layer}.mlp", 32, 40):
                del shapes[name]
            shapes[f"{layer}.mlp.gate.weight"] = (16, 32)
            shapes[f"{layer}.mlp.gate.expert_bias"] = (16,)
            shapes |= mlp_shapes(f"{layer}.mlp.shared_experts", 32, 24)
            for expert in range(16):
                shapes |= mlp_shapes(f"{layer}.mlp.experts.{expert}", 32, 24)
    return Layout(config=config, shapes=shapes)


def fast_dllm_v2() -> Layout:
    """Qwen2.5's, with `bd_size`; its config does not name the mask, and its tokenizer has it without a role."""
    config = sizes(
        "Fast_dLLM_Qwen",
        "Fast_dLLM_QwenForCausalLM",
        attention_dropout=0.0,
        auto_map={
            "AutoConfig": "configuration.Fast_dLLM_QwenConfig",
            "AutoModelForCausalLM": "modeling.Fast_dLLM_QwenForCausalLM",
        },
        bd_size=32,
        eos_token_id=3,
        layer_types=["full_attention"] * 2,
        max_window_layers=2,
        rope_scaling=None,
        rope_theta=1000000.0,
        sliding_window=None,
        tie_word_embeddings=True,
        use_sliding_window=False,
    )
    special = ("<|endoftext|>", "|<MASK>|", "<|im_start|>", "<|im_end|>")
    names = {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    return Layout(config=config, shapes=llama_shapes(config, biases="qkv"), special=special, names=names)


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
