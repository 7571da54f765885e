"""The transformer against transformers' Llama, and padding that changes nothing."""

import pytest
import torch

from hexcli.models.network.attention import folded_attention
from hexcli.models.network.transformer import MaskPredictor, TransformerConfig


def small(kv_heads: int = 2) -> MaskPredictor:
    torch.manual_seed(0)
    config = TransformerConfig(
        vocab_size=50, width=32, layers=3, heads=4, kv_heads=kv_heads, mlp_width=48, context=64, rope_theta=5e5
    )
    return MaskPredictor(config).eval().requires_grad_(False)


@pytest.mark.parametrize("kv_heads", [4, 2])
def test_logits_equal_llama_with_bidirectional_attention(kv_heads: int) -> None:
    from transformers import LlamaConfig, LlamaForCausalLM

    ours = small(kv_heads)
    config = LlamaConfig(
        vocab_size=50,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=kv_heads,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 5e5},
        attn_implementation="eager",
        is_causal=False,
    )
    theirs = LlamaForCausalLM(config).eval()
    theirs.config.is_causal = False
    state = {name if name == "lm_head.weight" else f"model.{name}": v for name, v in ours.state_dict().items()}
    theirs.load_state_dict(state, strict=True)
    ids = torch.randint(0, 50, (2, 17))
    everything = torch.zeros(2, 1, 17, 17)  # additive mask: nothing is hidden
    with torch.no_grad():
        expected = theirs(ids, attention_mask=everything).logits
    assert torch.allclose(ours(ids), expected, atol=1e-5)


def test_every_position_sees_every_other() -> None:
    model = small()
    ids = torch.randint(0, 50, (1, 9))
    changed = ids.clone()
    changed[0, -1] = (ids[0, -1] + 1) % 50
    assert not torch.allclose(model(ids)[0, 0], model(changed)[0, 0])


def test_left_padding_changes_no_logits() -> None:
    model = small()
    ids = torch.randint(0, 50, (1, 9))
    padded = torch.cat([torch.zeros(1, 5, dtype=torch.long), ids], dim=1)
    real = torch.arange(14)[None] >= 5
    with_padding = model.logits(model.features(padded, real))[:, 5:]
    assert torch.allclose(with_padding, model(ids), atol=1e-5)


@pytest.mark.parametrize("queries", [1, 5])
def test_heads_that_share_a_key_head_are_more_queries_of_it(queries: int) -> None:
    q, (k, v) = torch.randn(2, 6, 5, 8), torch.randn(2, 2, 2, 7, 8)
    attend = torch.rand(2, 1, queries, 7) > 0.3
    attend[..., 0] = True
    expected = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=attend, enable_gqa=True)
    assert torch.allclose(folded_attention(q, k, v, attend), expected, atol=1e-6)
