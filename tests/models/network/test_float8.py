"""Weights in 8-bit floats: what is quantized, how far off its products are, and where it is refused."""

import weakref

import pytest
import torch
from torch import Tensor, nn

from hexcli.errors import UsageError
from hexcli.models.loading.loading import pick_dtype
from hexcli.models.network.architecture import Experts
from hexcli.models.network.float8 import KIND, Float8Linear, quantize, to_float8
from hexcli.models.network.transformer import MaskPredictor, TransformerConfig


@pytest.fixture(autouse=True)
def products(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product of a GPU, in float32."""

    def product(a: Tensor, b: Tensor, one: Tensor, other: Tensor, *, out_dtype: torch.dtype, **_: object) -> Tensor:
        assert a.dtype == b.dtype == KIND
        assert (one.shape, other.shape) == ((len(a), 1), (1, b.shape[1]))
        assert not (b.shape[0] % 16 or b.shape[1] % 16), "mat2 shape must be divisible by 16"
        return ((a.float() @ b.float()) * one * other).to(out_dtype)

    monkeypatch.setattr(torch, "_scaled_mm", product)


def test_each_row_has_a_scale_by_which_its_largest_number_fits() -> None:
    x = torch.randn(5, 64, dtype=torch.bfloat16) * torch.tensor([1e-20, 1e-3, 1, 100, 1e20])[:, None]
    rows, scale = quantize(torch.cat([x, torch.zeros(1, 64)]).to(torch.bfloat16))
    assert rows.dtype == KIND
    assert torch.isfinite(rows.float()).all()
    assert (rows[1:5].float().abs().amax(1) == 448).all()
    assert torch.allclose((rows.float() * scale)[1:5], x[1:].float(), rtol=0.07, atol=1e-6)
    assert not rows[5].float().any()


@pytest.mark.parametrize("bias", [False, True])
def test_a_layer_is_the_same_but_for_rounding(bias: bool) -> None:
    torch.manual_seed(0)
    layer = nn.Linear(256, 96, bias=bias).requires_grad_(False).to(torch.bfloat16)
    x = torch.randn(3, 7, 256, dtype=torch.bfloat16)
    exact, found = layer(x), Float8Linear.of(layer)(x)
    assert found.shape == exact.shape
    assert found.dtype == exact.dtype
    assert 0.005 < float((found - exact).norm() / exact.norm()) < 0.06


def test_layers_of_widths_that_a_gpu_cannot_multiply_stay_as_they_are() -> None:
    torch.manual_seed(0)
    sizes = {"vocab_size": 40, "width": 32, "layers": 1, "heads": 4, "kv_heads": 2, "mlp_width": 40, "context": 64}
    model = MaskPredictor(TransformerConfig(**sizes)).eval().requires_grad_(False)
    to_float8(model.layers)
    kinds = {name.split(".", 2)[2]: tensor.dtype for name, tensor in model.layers.state_dict(prefix="l.").items()}
    assert {name for name, kind in kinds.items() if kind == KIND} == {
        f"self_attn.{part}_proj.weight" for part in "qkvo"
    }
    assert torch.isfinite(model.features(torch.randint(40, (2, 9)))).all()


def test_the_layers_products_are_quantized_and_nothing_else_is() -> None:
    torch.manual_seed(0)
    experts = Experts(count=4, chosen=2, width=32, shared_width=32, dense_layers=1)
    sizes = {"vocab_size": 40, "width": 32, "layers": 2, "heads": 4, "kv_heads": 2, "mlp_width": 48, "context": 64}
    model = MaskPredictor(TransformerConfig(**sizes, experts=experts)).eval().requires_grad_(False)  # type: ignore[arg-type]
    ids = torch.randint(40, (2, 9))
    before = model.features(ids)
    to_float8(model.layers)
    kinds = {name: tensor.dtype for name, tensor in model.state_dict().items()}
    quantized = {name for name, kind in kinds.items() if kind == KIND}
    assert {name.split(".", 2)[2] for name in quantized} == {
        *(f"self_attn.{part}_proj.weight" for part in "qkvo"),
        *(f"mlp.{part}_proj.weight" for part in ("gate", "up", "down")),
        *(f"mlp.shared_experts.{part}_proj.weight" for part in ("gate", "up", "down")),
    }
    assert kinds["lm_head.weight"] == kinds["layers.1.mlp.experts.up_proj"] == torch.float32
    after = model.features(ids)
    assert not torch.equal(after, before)
    assert float((after - before).norm() / before.norm()) < 0.2


def test_a_cpu_has_no_such_numbers() -> None:
    with pytest.raises(UsageError, match=r"float8 needs an NVIDIA GPU of .* \(Hopper\) or later, and cpu is none"):
        pick_dtype("float8", "cpu")


def test_a_layer_is_gone_before_the_next_is_quantized(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = nn.Sequential(*(nn.Sequential(nn.Linear(16, 16), nn.Linear(16, 16)) for _ in range(4)))
    waiting = [weakref.ref(one) for one in layers.modules() if isinstance(one, nn.Linear)]
    left: list[int] = []
    quantized = Float8Linear.of

    def counting(layer: nn.Linear) -> Float8Linear:
        left.append(sum(one() is not None for one in waiting))
        return quantized(layer)

    monkeypatch.setattr(Float8Linear, "of", counting)
    to_float8(layers)
    assert left[0] == 8 and left[-1] <= 2, "of eight, those of the last pair"
