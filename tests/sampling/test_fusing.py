"""Which chains of operations are compiled: wide ones on a GPU, and never where published code is measured."""

import pytest
import torch

from hexcli.models.network.norms import normalize
from hexcli.sampling import fusing, noise
from hexcli.sampling.candidates import drawn
from hexcli.sampling.fusing import WIDE, fused, unfused


class OnGpu(torch.Tensor):
    """Says it is on a GPU."""

    is_cuda = True  # type: ignore[assignment]


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The functions that were compiled."""
    found: list[object] = []
    monkeypatch.setattr(torch, "compile", lambda function, **_: found.append(function) or function)
    monkeypatch.setattr(fusing, "can_compile", lambda: True)
    return found


def test_wide_tensors_on_a_gpu_are_compiled_once(compiled: list[object]) -> None:
    double = fused(lambda x: x.shape[-1])(lambda x: x + x)
    for _ in range(2):
        assert torch.equal(double(torch.ones(2, WIDE).as_subclass(OnGpu)), torch.full((2, WIDE), 2.0))
    assert len(compiled) == 1


@pytest.mark.parametrize("width", [WIDE, WIDE - 1])
def test_nothing_else_is(compiled: list[object], width: int) -> None:
    double = fused(lambda x: x.shape[-1])(lambda x: x + x)
    double(torch.ones(2, width))
    double(torch.ones(2, WIDE - 1).as_subclass(OnGpu))
    with unfused():
        double(torch.ones(2, WIDE).as_subclass(OnGpu))
    assert not compiled
    double(torch.ones(2, WIDE).as_subclass(OnGpu))
    assert compiled


def test_without_a_compiler_nothing_is(compiled: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusing, "can_compile", lambda: False)
    fused(lambda x: x.shape[-1])(lambda x: x + x)(torch.ones(2, WIDE).as_subclass(OnGpu))
    assert not compiled


def test_what_is_fused_can_be_called_as_before() -> None:
    x = torch.randn(3, 8, dtype=torch.float64)
    expected = x.float() / (x.float().pow(2).mean(-1, keepdim=True) + 1e-5).sqrt()
    assert torch.allclose(normalize(x, torch.ones(8), 1e-5).float(), expected)
    logits, keys, counters = torch.zeros(4, 16), torch.arange(4), noise.counters(16)
    assert drawn(logits.index_fill(1, torch.tensor(5), 1.0), torch.zeros(4), keys, counters).tolist() == [5] * 4
    assert len(set(drawn(logits, torch.ones(4), keys, counters).tolist())) > 1
