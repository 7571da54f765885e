"""Published layouts of mixtures of experts, each as its authors write it, only smaller."""

from tests.layouts.dense import sdar
from tests.layouts.layout import END, VOCABULARY, Layout, llama_shapes, mlp_shapes, sizes, with_experts


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
