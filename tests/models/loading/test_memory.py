"""Too little memory is said before anything is read, with how much is needed and what to set."""

import dataclasses
import math
from pathlib import Path

import pytest
import torch

from hexcli.errors import HexError
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.families import llada
from hexcli.models.families.shapes import SHAPES
from hexcli.models.loading import memory
from hexcli.models.loading.loading import load_model
from hexcli.models.network.architecture import TransformerConfig
from hexcli.models.network.transformer import MaskPredictor
from tests.published import LAYOUTS, write_published

LLADA_8B = {
    "d_model": 4096,
    "n_layers": 32,
    "n_heads": 32,
    "n_kv_heads": 32,
    "mlp_hidden_size": 12288,
    "vocab_size": 126464,
    "embedding_size": 126464,
    "max_sequence_length": 4096,
    "rope_theta": 500000.0,
    "rms_norm_eps": 1e-5,
}


def test_llada_8b_takes_15_gib_in_bfloat16_and_twice_that_in_float32() -> None:
    with torch.device("meta"):
        model = MaskPredictor(llada.read_config(LLADA_8B))
    assert memory.weight_bytes(model, torch.bfloat16) == 2 * 8_015_581_184
    assert memory.weight_bytes(model, torch.float32) == 4 * 8_015_581_184
    working = memory.working_bytes(model.config, torch.bfloat16, length=400, canvas=256)
    assert 0.5 < working / memory.GIB < 3


def test_a_key_value_cache_of_llada_8b_takes_half_a_mib_a_token() -> None:
    config = llada.read_config(LLADA_8B)
    assert _kept_a_row(config, torch.bfloat16, 406) == pytest.approx(406 * 2**19, rel=0.07)
    shared = dataclasses.replace(config, kv_heads=8)  # four heads share their keys and values
    assert 4 * _kept_a_row(shared, torch.bfloat16, 406) == pytest.approx(406 * 2**19, rel=0.07)


def _kept_a_row(config: TransformerConfig, dtype: torch.dtype, length: int) -> int:
    """Bytes that a row more takes with a cache, less those without."""

    def more(cached: bool) -> int:
        two, three = (
            memory.working_bytes(config, dtype, length=length, canvas=8, cached=cached, rows=rows) for rows in (2, 3)
        )
        return three - two

    return more(True) - more(False)


@pytest.mark.parametrize("family", ["llada", "dream", "llada2"])
def test_what_is_counted_of_a_cache_is_what_the_layers_put_into_it(family: str, tmp_path: Path) -> None:
    checkpoint = find_checkpoint(str(write_published(tmp_path / "model", family)))
    model = load_model(checkpoint, device="cpu", dtype="float32").denoiser
    assert isinstance(model, MaskPredictor)
    made: list[int] = []
    for name, part in model.named_modules():
        if name.endswith(("k_proj", "v_proj")):
            part.register_forward_hook(lambda _, inputs, out: made.append(out.nbytes))
    model.features(torch.arange(24)[None])
    config = dataclasses.replace(model.config, block_length=None)
    assert _kept_a_row(config, torch.float32, 24) == pytest.approx(sum(made), rel=0.07)
    assert sum(made) > 0


# Peak GiB that torch allocated on an H100, in bfloat16: docs/speed.md, What it takes.
MEASURED = (
    ("llada-8b", False, 1, 256, 150, 15.55),
    ("llada-8b", False, 25, 256, 150, 17.31),
    ("llada-8b", False, 64, 256, 150, 18.13),
    ("llada-8b", False, 256, 256, 150, 27.33),
    ("llada-8b", False, 25, 256, 918, 18.47),
    ("llada-8b", False, 64, 512, 150, 20.16),
    ("llada-8b", False, 64, 1024, 150, 24.04),
    ("llada-8b", True, 1, 256, 150, 16.08),
    ("llada-8b", True, 25, 256, 150, 22.68),
    ("llada-8b", True, 64, 512, 150, 41.66),
    ("llada-8b", True, 25, 1024, 150, 33.74),
    ("dream-7b", False, 64, 512, 150, 20.59),
    ("dream-7b", True, 25, 512, 150, 18.04),
    ("llada-moe", False, 64, 256, 150, 16.08),
    ("llada-moe", True, 25, 256, 150, 17.37),
    ("sdar-8b", False, 25, 256, 150, 19.10),
)


@pytest.mark.parametrize(("shape", "cached", "rows", "canvas", "prompt", "gib"), MEASURED)
def test_the_memory_that_is_said_is_what_was_measured_and_never_less(
    shape: str, cached: bool, rows: int, canvas: int, prompt: int, gib: float
) -> None:
    config, kind = SHAPES[shape], torch.bfloat16
    with torch.device("meta"):
        weights = memory.weight_bytes(MaskPredictor(config), kind)
    length = prompt + canvas
    working = memory.working_bytes(config, kind, length=length, canvas=canvas, cached=cached, rows=rows)
    assert gib <= (weights + working) / memory.GIB <= 1.06 * gib


def test_what_is_free_is_known_here() -> None:
    free = memory.free_bytes("cpu")
    assert free is None or 0 < free < 1 << 50
    assert memory.free_bytes("meta") is None


def test_too_little_memory_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = find_checkpoint(str(write_published(tmp_path / "model", "llada")))
    monkeypatch.setattr(memory, "free_bytes", lambda device: 100_000)
    monkeypatch.setattr(memory, "GIB", 1000)
    with pytest.raises(HexError) as refused:
        load_model(checkpoint, device="cpu", dtype="float32")
    said = str(refused.value)
    size = 4 * sum(math.prod(shape) for shape in LAYOUTS["llada"]().shapes.values())
    assert f"model does not fit: its weights take {size / 1000:.1f} GiB in float32" in said
    assert "but cpu has 100.0 GiB free: use --dtype bfloat16 or a --device with more memory" in said
    config = llada.read_config(LAYOUTS["llada"]().config)
    for cached in (False, True):
        row = memory.working_bytes(config, torch.float32, length=100, canvas=8, cached=cached)
        monkeypatch.setattr(memory, "free_bytes", lambda device, row=row: size + row)
        load_model(checkpoint, device="cpu", dtype="float32", length=100, canvas=8, cached=cached)
        monkeypatch.setattr(memory, "free_bytes", lambda device, row=row: size + row - 1)
        with pytest.raises(HexError, match="does not fit"):
            load_model(checkpoint, device="cpu", dtype="float32", length=100, canvas=8, cached=cached)
    monkeypatch.setattr(memory, "free_bytes", lambda device: None)
    load_model(checkpoint, device="cpu", dtype="float32")


def test_a_large_model_tells_how_much_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = find_checkpoint(str(write_published(tmp_path / "model", "llada2")))
    heard: list[float] = []
    load_model(checkpoint, device="cpu", dtype="float32", progress=heard.append)
    assert heard == [], "nobody waits for a small one"
    monkeypatch.setattr("hexcli.models.loading.loading.SLOW_TO_LOAD", 1000)
    load_model(checkpoint, device="cpu", dtype="float32", progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 100
