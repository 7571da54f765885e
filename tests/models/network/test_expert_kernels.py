"""The kernels for experts against the same arithmetic in torch: on a GPU in bfloat16; without one, where Triton is
installed, in half precision by its interpreter."""

import dataclasses
import os

import pytest
import torch

ON_GPU = torch.cuda.is_available()
if not ON_GPU:
    os.environ["TRITON_INTERPRET"] = "1"  # before Triton is imported
pytest.importorskip("triton", reason="Triton comes with torch's builds for GPUs only")

from hexcli.models.network.architecture import Experts  # noqa: E402
from hexcli.models.network.dealing import Deal, deal  # noqa: E402
from hexcli.models.network.experts import ExpertStack, MixtureOfExperts  # noqa: E402
from hexcli.models.network.grouped import Tile, gated, product, summed  # noqa: E402
from hexcli.models.network.mixing import can_mix  # noqa: E402
from tests.models.network.test_experts import GROUPED  # noqa: E402

SOFTMAX = Experts(count=8, chosen=3, width=256)
SIGMOID = dataclasses.replace(GROUPED, width=256, shared_width=64)
UNEVEN = Experts(count=6, chosen=2, width=256, normalize=True, scale=0.5)


def mixture(experts: Experts) -> MixtureOfExperts:
    torch.manual_seed(0)
    ours = MixtureOfExperts(256, experts).eval().requires_grad_(False)
    if experts.bias:
        ours.gate.expert_bias.normal_(std=0.3)
    return ours.to("cuda" if ON_GPU else "cpu", torch.bfloat16 if ON_GPU else torch.float16)


def inputs(ours: MixtureOfExperts, tokens: int) -> torch.Tensor:
    return torch.randn(tokens, 256).to(ours.gate.weight)


def dealt(ours: MixtureOfExperts, x: torch.Tensor, rows: int) -> Deal:
    return deal(ours.gate.said(x), ours.gate.expert_bias if ours.gate.experts.bias else None, ours.gate.experts, rows)


@pytest.mark.parametrize("experts", [SOFTMAX, SIGMOID, UNEVEN])
@pytest.mark.parametrize("tokens", [1, 70])
def test_tokens_are_dealt_out_as_the_router_says(experts: Experts, tokens: int) -> None:
    ours = mixture(experts)
    said = torch.randn(tokens, experts.count).to(ours.gate.weight.device)  # no two of them are equal
    bias = ours.gate.expert_bias if experts.bias else None
    found, (chosen, weights) = deal(said, bias, experts, 16), ours.gate.chosen(said)
    assert torch.allclose(found.weights, weights, atol=1e-6)
    assert (found.token[found.place.long()].cpu() == torch.arange(tokens)[:, None]).all()
    assert int(found.many) == sum(-(-count // 16) for count in chosen.flatten().bincount().tolist())
    covered = torch.full((tokens * experts.chosen,), -1)
    for expert, first, end in found.tiles.T.tolist():
        covered[first : min(first + 16, end)] = expert
    assert torch.equal(covered[found.place.long().cpu()], chosen.cpu()), "each row is in a tile of its expert"


@pytest.mark.parametrize("experts", [SOFTMAX, SIGMOID])
def test_products_and_sums_are_those_of_one_expert_after_the_other(
    experts: Experts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = mixture(experts)
    x, tile = inputs(ours, 70), Tile(64, 64, 64, 4, 3)
    found, stack = dealt(ours, x, tile.rows), ours.experts
    inner = gated(x, stack.gate_proj, stack.up_proj, found, tile)
    more = ours.shared_experts(x) if ours.shared else None
    out = summed(product(inner, stack.down_proj, found, tile), found, more)
    monkeypatch.setattr(ExpertStack, "grouped", False)
    looped = ours(x)
    assert float((out.double() - looped.double()).norm() / looped.double().norm()) < (0.01 if ON_GPU else 0.002)


@pytest.mark.filterwarnings("ignore:All-NaN")
def test_what_is_no_number_reads_nobody_elses_memory() -> None:
    found = deal(torch.full((40, 16), float("nan"), device="cuda" if ON_GPU else "cpu"), None, SIGMOID, 16)
    assert (found.token[found.place.long()].cpu() == torch.arange(40)[:, None]).all()
    assert found.weights.isnan().all()


@pytest.mark.skipif(not ON_GPU, reason="needs a GPU")
@pytest.mark.parametrize("experts", [SOFTMAX, SIGMOID])
def test_a_mixture_on_a_gpu_is_that_on_a_cpu(experts: Experts) -> None:
    ours = mixture(experts)
    x = inputs(ours, 300)
    assert can_mix(ours.experts.gate_proj, experts)
    on_gpu = ours(x).cpu()
    expected = ours.cpu()(x.cpu())
    near = (on_gpu - expected).norm(dim=1) / expected.norm(dim=1) < 0.02
    assert near.float().mean() > 0.97, "but for tokens whose last expert is chosen by rounding"
