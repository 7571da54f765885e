"""The sizes of published models, for those who have no weights: what memory they take, what a step costs.

`llada-8b`, `dream-7b`, `llada-moe` (7B-A1B), `llada2-mini` and `sdar-8b` are published masked diffusion models, the
last two block-causal. `13b` and `70b` are those of autoregressive models of
that size, whose positions here see each other: what a diffusion model trained from them would have.
"""

from hexcli.models.network.architecture import Experts, TransformerConfig

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
