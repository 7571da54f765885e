"""The mixture of experts against that of transformers, and what must not change a token's part in it."""

import pytest
import torch

from hexcli.models.network.architecture import Experts
from hexcli.models.network.experts import ExpertStack, MixtureOfExperts

GROUPED = Experts(
    count=16,
    chosen=4,
    width=24,
    score="sigmoid",
    normalize=True,
    scale=2.5,
    groups=4,
    chosen_groups=2,
    bias=True,
    shared_width=24,
)


def mixture(experts: Experts = GROUPED) -> MixtureOfExperts:
    torch.manual_seed(0)
    ours = MixtureOfExperts(32, experts).eval().requires_grad_(False)
    if experts.bias:
        ours.gate.expert_bias.normal_(std=0.3)
    return ours


def test_grouped_routing_is_that_of_deepseek_v3_in_transformers() -> None:
    """The class that LLaDA2.0's router follows: sigmoid scores, a bias for choosing, the best groups' best experts."""
    from transformers import DeepseekV3Config
    from transformers.models.deepseek_v3.modeling_deepseek_v3 import DeepseekV3MoE

    ours = mixture()
    config = DeepseekV3Config(
        hidden_size=32,
        moe_intermediate_size=24,
        n_routed_experts=16,
        num_experts_per_tok=4,
        n_group=4,
        topk_group=2,
        n_shared_experts=1,
        norm_topk_prob=True,
        routed_scaling_factor=2.5,
    )
    theirs = DeepseekV3MoE(config).eval()
    state = ours.state_dict()
    with torch.no_grad():
        theirs.gate.weight.copy_(state["gate.weight"])
        theirs.gate.e_score_correction_bias.copy_(state["gate.expert_bias"])
        theirs.experts.gate_up_proj.copy_(torch.cat([state["experts.gate_proj"], state["experts.up_proj"]], dim=1))
        theirs.experts.down_proj.copy_(state["experts.down_proj"])
        for name in ("gate_proj", "up_proj", "down_proj"):
            getattr(theirs.shared_experts, name).weight.copy_(state[f"shared_experts.{name}.weight"])
        x = torch.randn(3, 50, 32)
        expected = theirs(x)
    assert torch.allclose(ours(x), expected, rtol=0, atol=1e-5)


def test_a_token_does_not_depend_on_the_others() -> None:
    ours = mixture()
    x = torch.randn(2, 30, 32)
    assert torch.allclose(ours(x)[1, 7], ours(x[1:, 7:8])[0, 0], atol=1e-6)


def test_a_bias_decides_who_is_chosen_but_not_how_much_it_says() -> None:
    ours = mixture()
    x = torch.randn(20, 32)
    ours.gate.expert_bias.zero_()
    before, weights = ours.gate(x)
    ours.gate.expert_bias[5] = 100.0
    after, _ = ours.gate(x)
    assert not (before == 5).any(1).all()
    assert (after == 5).any(1).all()
    assert torch.allclose(weights.sum(1), torch.full((20,), 2.5))


def test_one_grouped_product_is_all_experts_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = mixture().to(torch.bfloat16)
    x = torch.randn(2, 30, 32, dtype=torch.bfloat16)
    for part in (x, x[:1, :1]):  # of one token, most experts have none
        looped = ours(part)
        with monkeypatch.context() as patch:
            patch.setattr(ExpertStack, "grouped", True)
            patch.setattr(ExpertStack, "one", None)
            grouped = ours(part)
        assert torch.allclose(grouped, looped, atol=0.02, rtol=0.02)
        assert float((grouped - looped).norm() / looped.norm()) < 0.005
    assert not ours.experts.grouped, "a CPU loops"
