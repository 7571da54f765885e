"""Layers that are joined to one product compute what they did, and keep their names."""

import copy

import pytest
import torch
from torch import nn

from hexcli.models.network.float8 import Float8Linear
from hexcli.models.network.joint import join
from hexcli.models.network.transformer import MaskPredictor, TransformerConfig


@pytest.mark.parametrize("qk_norm", [False, True])
@pytest.mark.parametrize("biased", [False, True])
def test_joined_layers_compute_the_same_from_weights_of_the_same_names(biased: bool, qk_norm: bool) -> None:
    torch.manual_seed(0)
    config = TransformerConfig(
        vocab_size=30,
        width=16,
        layers=2,
        heads=4,
        kv_heads=2,
        mlp_width=24,
        context=32,
        qkv_bias=biased,
        qk_norm=qk_norm,
    )
    model = MaskPredictor(config).eval().requires_grad_(False)
    if qk_norm:
        for layer in model.layers:
            nn.init.uniform_(layer.self_attn.q_norm.weight)
            nn.init.uniform_(layer.self_attn.k_norm.weight)
    joined = copy.deepcopy(model)
    join(joined)
    ids = torch.randint(30, (2, 9))
    assert torch.allclose(joined.features(ids), model.features(ids), atol=1e-6)
    before, after = model.state_dict(), joined.state_dict()
    assert list(before) == list(after)
    assert all(torch.equal(before[name], after[name]) for name in before)
    attention = joined.layers[0].self_attn
    assert attention.joint is not None
    memory = attention.joint.weight.untyped_storage().data_ptr()
    assert all(layer.weight.untyped_storage().data_ptr() == memory for layer in attention.beside), "held once"


def test_layers_in_8_bit_floats_are_joined_with_their_scales() -> None:
    attention = (
        MaskPredictor(
            TransformerConfig(vocab_size=30, width=16, layers=1, heads=4, kv_heads=2, mlp_width=24, context=32)
        )
        .layers[0]
        .self_attn
    )
    for name in attention.BESIDE:
        setattr(attention, name, Float8Linear.of(attention.get_submodule(name)))
    parts = [(layer.get_buffer("weight").clone(), layer.get_buffer("scale")) for layer in attention.beside]
    attention.join()
    joint = attention.joint
    assert joint is not None
    assert torch.equal(joint.get_buffer("weight").float(), torch.cat([weight.float() for weight, _ in parts]))
    assert torch.equal(joint.get_buffer("scale"), torch.cat([scale for _, scale in parts], dim=1))
    assert [len(layer.get_buffer("weight")) for layer in attention.beside] == [16, 8, 8]
