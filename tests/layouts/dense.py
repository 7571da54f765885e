"""Published layouts of dense models, each as its authors write it, only smaller."""

from tests.layouts.layout import END, MASK, VOCABULARY, Layout, llama_shapes, sizes


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
