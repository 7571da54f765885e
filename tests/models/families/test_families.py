"""Every family: published checkpoints give the logits of the published architecture."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from hexcli.errors import HexError
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.families.reading import family_name, read_architecture
from hexcli.models.loading.loading import load_model
from hexcli.models.options import ModelOptions
from hexcli.models.registry import FAMILIES, MODELS
from tests.architectures import logits
from tests.layouts.layout import MASK, VOCABULARY
from tests.published import LAYOUTS, random_weights, write_published

# Longer than a block of 32, and no multiple of 4.
LENGTH = 37


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    top = tmp_path_factory.mktemp("published")
    return {family: write_published(top / family, family) for family in LAYOUTS}


@pytest.fixture(scope="module")
def expected() -> dict[str, Tensor]:
    """The reference's logits of `some_ids()`, family by family."""
    found = {}
    for family, layout in LAYOUTS.items():
        made = layout()
        found[family] = logits(family, random_weights(made.shapes), made.config, some_ids())
    return found


def some_ids() -> list[int]:
    """A prompt, and masks with a few tokens among them."""
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(4, VOCABULARY, (LENGTH,), generator=generator)
    ids[20:][torch.rand(LENGTH - 20, generator=generator) < 0.7] = MASK
    return ids.tolist()


def load(folder: Path, dtype: str = "float32", **options: Any) -> Any:
    checkpoint = find_checkpoint(str(folder), options=ModelOptions(**options))
    return load_model(checkpoint, device="cpu", dtype=dtype).denoiser


@pytest.mark.parametrize("family", LAYOUTS)
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_logits_are_those_of_the_published_architecture(
    family: str, attention: str, folders: dict[str, Path], expected: dict[str, Tensor]
) -> None:
    model = load(folders[family], attn_implementation=attention)
    ours = model.logits(model.features(torch.tensor([some_ids()])))[0]
    assert expected[family].std() > 0.1, "the reference says something"
    assert torch.allclose(ours.double(), expected[family], rtol=0, atol=1e-5)


@pytest.mark.parametrize("family", LAYOUTS)
def test_padding_and_other_rows_change_no_logits(
    family: str, folders: dict[str, Path], expected: dict[str, Tensor]
) -> None:
    model = load(folders[family])
    ids = torch.full((3, LENGTH + 7), MASK)
    real = torch.zeros_like(ids, dtype=torch.bool)
    ids[0, 7:], real[0, 7:] = torch.tensor(some_ids()), True
    ids[1], real[1] = torch.arange(LENGTH + 7) + 5, True
    ids[2, -9:], real[2, -9:] = 9, True
    ours = model.logits(model.features(ids, real))
    assert torch.isfinite(ours).all()
    assert torch.allclose(ours[0, 7:].double(), expected[family], rtol=0, atol=1e-5)


def as_transformers_says(family: str, folder: Path, copy: Path, dtype: torch.dtype) -> Tensor:
    """The same files, read by transformers as the autoregressive model they were made from, with our mask."""
    from transformers import AutoModelForCausalLM

    shutil.copytree(folder, copy)
    config = json.loads((copy / "config.json").read_text())
    name = CLASSES[family]
    kind = {"Qwen3": "qwen3", "Qwen2": "qwen2", "Llama": "llama", "Qwen3Moe": "qwen3_moe"}[name]
    config |= {"model_type": kind, "architectures": [f"{name}ForCausalLM"]}
    config.pop("auto_map", None)
    (copy / "config.json").write_text(json.dumps(config))
    theirs, info = AutoModelForCausalLM.from_pretrained(
        copy, dtype=dtype, attn_implementation="eager", output_loading_info=True, local_files_only=True
    )
    assert not info["missing_keys"] and not info["unexpected_keys"]
    block = torch.arange(LENGTH) // {"sdar": 4, "sdar_moe": 4, "fast_dllm_v2": 32}.get(family, LENGTH)
    hidden = torch.where(block[:, None] >= block[None], 0.0, torch.finfo(dtype).min).to(dtype)
    with torch.no_grad():
        said: Tensor = theirs.eval()(torch.tensor([some_ids()]), attention_mask=hidden[None, None]).logits
    return torch.cat([said[:, :1], said[:, :-1]], dim=1) if family in ("dream", "fast_dllm_v2") else said


CLASSES = {
    "a2d-qwen3": "Qwen3",
    "a2d-qwen2": "Qwen2",
    "a2d-llama": "Llama",
    "dream": "Qwen2",
    "sdar": "Qwen3",
    "sdar_moe": "Qwen3Moe",
    "fast_dllm_v2": "Qwen2",
}


@pytest.mark.parametrize("family", CLASSES)
def test_logits_are_those_of_the_class_of_transformers(family: str, folders: dict[str, Path], tmp_path: Path) -> None:
    said = as_transformers_says(family, folders[family], tmp_path / "copy", torch.float32)
    ours = load(folders[family])
    assert torch.allclose(ours.logits(ours.features(torch.tensor([some_ids()]))), said, rtol=0, atol=1e-5)


@pytest.mark.parametrize("family", [family for family in CLASSES if not family.endswith("moe")])
def test_in_bfloat16_they_are_the_same_bits(family: str, tmp_path: Path) -> None:
    folder = write_published(tmp_path / family, family, dtype="bfloat16")
    said = as_transformers_says(family, folder, tmp_path / "copy", torch.bfloat16)
    ours = load(folder, dtype="bfloat16", attn_implementation="eager")
    assert torch.equal(ours.logits(ours.features(torch.tensor([some_ids()]))), said)


@pytest.mark.parametrize("family", LAYOUTS)
def test_bfloat16_weights_load_as_they_are(family: str, tmp_path: Path) -> None:
    folder = write_published(tmp_path / family, family, dtype="bfloat16", shards=3)
    model = load(folder, dtype="bfloat16")
    assert {value.dtype for value in model.state_dict().values()} == {torch.bfloat16}
    published = random_weights(LAYOUTS[family]().shapes)
    assert sum(value.numel() for value in model.state_dict().values()) == sum(v.numel() for v in published.values())
    assert torch.isfinite(model.logits(model.features(torch.tensor([some_ids()])))).all()


def test_the_first_real_position_keeps_its_own_logits_under_the_shift(folders: dict[str, Path]) -> None:
    model = load(folders["dream"])
    ids = torch.tensor([[5, 6, 7]])
    padded = torch.tensor([[9, 9, 5, 6, 7]])
    real = torch.tensor([[False, False, True, True, True]])
    assert torch.allclose(model.features(padded, real)[:, 2:], model.features(ids), atol=1e-5)


def test_a_block_sees_itself_and_what_is_before_it(folders: dict[str, Path]) -> None:
    model = load(folders["sdar"], block_length=8)
    ids = torch.tensor([some_ids()])
    changed = ids.clone()
    changed[0, 15] = 50
    before, after = model.features(ids), model.features(changed)
    assert torch.equal(before[:, :8], after[:, :8])
    assert not torch.isclose(before[:, 8:], after[:, 8:]).all(-1).any()


def test_a_tied_head_may_be_saved_twice_but_not_differ(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = write_published(tmp_path / "tied", "a2d-qwen3", shards=1)
    (folder / "model.safetensors.index.json").unlink()
    (file,) = folder.glob("*.safetensors")
    weights = load_file(file)
    once = load(folder).state_dict()
    save_file({**weights, "lm_head.weight": weights["model.embed_tokens.weight"].clone()}, file)
    assert all(torch.equal(value, once[name]) for name, value in load(folder).state_dict().items())
    save_file({**weights, "lm_head.weight": weights["model.embed_tokens.weight"] + 1}, file)
    with pytest.raises(HexError, match=r"says that the head is the embedding, but lm_head\.weight is not"):
        load(folder)


def test_every_family_is_tested_and_every_short_name_has_one() -> None:
    tested = {family_name(layout().config) for layout in LAYOUTS.values()}
    assert tested | {"lladamoe"} == set(FAMILIES)  # dllm's other name for llada_moe
    assert {entry.family for entry in MODELS.values()} <= set(FAMILIES)


ROPE = {"rope_type": "default", "rope_theta": 777.0}


@pytest.mark.parametrize("place", ["rope_parameters", "rope_scaling"])
@pytest.mark.parametrize("family", ["a2d-qwen3", "sdar", "llada2", "dream", "illada"])
def test_a_nested_rope_theta_counts_before_the_one_beside_it(family: str, place: str) -> None:
    config = {**LAYOUTS[family]().config, "rope_theta": 5.0, place: ROPE}
    assert read_architecture(Path(), config, ModelOptions()).rope_theta == 777.0


@pytest.mark.parametrize("family", ["llada2", "llada_moe"])
def test_a_nested_partial_rotary_factor_counts(family: str) -> None:
    config = {**LAYOUTS[family]().config, "partial_rotary_factor": 1.0}
    nested = {**config, "rope_parameters": {**ROPE, "partial_rotary_factor": 0.25}}
    assert read_architecture(Path(), config, ModelOptions()).rotary_fraction == 1.0
    assert read_architecture(Path(), nested, ModelOptions()).rotary_fraction == 0.25


@pytest.mark.parametrize("nested", [True, False])
def test_a_partial_rotary_factor_that_a_family_does_not_know_is_refused(nested: bool) -> None:
    part = {"partial_rotary_factor": 0.5}
    config = LAYOUTS["sdar"]().config | ({"rope_parameters": {**ROPE, **part}} if nested else part)
    with pytest.raises(HexError, match=r"partial_rotary_factor = 0\.5; only 1 is supported for SDAR"):
        read_architecture(Path(), config, ModelOptions())


def test_rope_full_precision_decides_the_type_that_llada_rotates_in() -> None:
    config = LAYOUTS["llada"]().config
    assert read_architecture(Path(), config, ModelOptions()).rotary_float32
    assert not read_architecture(Path(), {**config, "rope_full_precision": False}, ModelOptions()).rotary_float32


def test_dllms_copy_of_llada_moe_is_the_same(folders: dict[str, Path]) -> None:
    config = LAYOUTS["llada_moe"]().config
    read = [read_architecture(Path(), {**config, "model_type": kind}, ModelOptions()) for kind in ("llada", "lladamoe")]
    assert read[0] == read[1]
