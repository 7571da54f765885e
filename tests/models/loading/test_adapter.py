"""LoRA adapters in peft's format: merged exactly, named in the identity, refused where they do not fit."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from hexcli.errors import HexError, UsageError
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.loading.adapter import Adapter
from hexcli.models.loading.loading import load_model
from hexcli.models.options import ModelOptions
from tests.published import write_published

RANK, ALPHA = 4, 8


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    top = tmp_path_factory.mktemp("models")
    return {family: write_published(top / family, family) for family in ("llada", "llada2")}


def write_adapter(path: Path, modules: dict[str, tuple[int, int]], **fields: Any) -> Path:
    """An adapter folder as peft saves it: [out, in] of each module it changes."""
    path.mkdir(parents=True, exist_ok=True)
    config = {
        "alpha_pattern": {},
        "base_model_name_or_path": "GSAI-ML/LLaDA-8B-Instruct",
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "lora_alpha": ALPHA,
        "lora_dropout": 0.05,
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": RANK,
        "rank_pattern": {},
        "target_modules": sorted({name.rpartition(".")[2] for name in modules}),
        "task_type": "CAUSAL_LM",
        "use_dora": False,
        "use_rslora": False,
        **fields,
    }
    (path / "adapter_config.json").write_text(json.dumps(config))
    generator = torch.Generator().manual_seed(3)
    tensors = {}
    for name, (out, into) in modules.items():
        tensors[f"base_model.model.{name}.lora_A.weight"] = torch.randn(RANK, into, generator=generator)
        tensors[f"base_model.model.{name}.lora_B.weight"] = torch.randn(out, RANK, generator=generator)
    save_file(tensors, path / "adapter_model.safetensors", metadata={"format": "pt"})
    return path


D1 = {f"model.transformer.blocks.{i}.{name}_proj": (32, 32) for i in range(2) for name in "qkv"}


def load(folder: Path, adapter: Path | None = None) -> dict[str, torch.Tensor]:
    checkpoint = find_checkpoint(str(folder), options=ModelOptions(adapter=None if adapter is None else str(adapter)))
    model: Any = load_model(checkpoint, device="cpu", dtype="float32").denoiser
    return dict(model.state_dict())


def test_an_adapter_as_d1_publishes_it_is_merged(models: dict[str, Path], tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "d1", D1)
    plain, merged = load(models["llada"]), load(models["llada"], adapter)
    tensors = load_file(adapter / "adapter_model.safetensors")
    for name, weight in merged.items():
        parts = name.split(".")
        theirs = f"base_model.model.model.transformer.blocks.{parts[1]}.{parts[-2]}"
        if parts[-2] in ("q_proj", "k_proj", "v_proj"):
            low, high = (tensors[f"{theirs}.lora_{half}.weight"].double() for half in "AB")
            expected = plain[name].double() + ALPHA / RANK * high @ low
            assert torch.allclose(weight.double(), expected, rtol=0, atol=1e-5), name
            assert not torch.allclose(weight, plain[name], atol=0.1)
        else:
            assert torch.equal(weight, plain[name]), name


def test_an_adapter_of_a_fused_matrix_reaches_queries_keys_and_values(models: dict[str, Path], tmp_path: Path) -> None:
    name = "model.layers.1.attention.query_key_value"
    adapter = write_adapter(tmp_path / "fused", {name: (128, 32)}, use_rslora=True)
    plain, merged = load(models["llada2"]), load(models["llada2"], adapter)
    tensors = load_file(adapter / "adapter_model.safetensors")
    low, high = (tensors[f"base_model.model.{name}.lora_{half}.weight"] for half in "AB")
    added = ALPHA / RANK**0.5 * high @ low
    for part, rows in (("q", slice(0, 64)), ("k", slice(64, 96)), ("v", slice(96, 128))):
        ours = f"layers.1.self_attn.{part}_proj.weight"
        assert torch.allclose(merged[ours] - plain[ours], added[rows], atol=1e-5)


def test_the_adapter_is_part_of_the_identity(models: dict[str, Path], tmp_path: Path) -> None:
    one, same = write_adapter(tmp_path / "a", D1), write_adapter(tmp_path / "b", D1)
    other = write_adapter(tmp_path / "c", D1, lora_alpha=9)
    identities = [
        find_checkpoint(str(models["llada"]), options=ModelOptions(adapter=name)).identity
        for name in (None, str(one), str(same), str(other))
    ]
    assert identities[1] == identities[2]
    assert len(set(identities)) == 3
    assert identities[1].startswith(f"{identities[0]}+lora=sha256:")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"peft_type": "LOHA"}, "is not of a LoRA adapter"),
        ({"use_dora": True}, "use_dora = True, which hex cannot merge"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"bias": "all"}, "bias = 'all'"),
        ({"target_parameters": ["mlp.experts"]}, "target_parameters"),
        ({"trainable_token_indices": [1, 2]}, "trainable_token_indices"),
        ({"alora_invocation_tokens": [5]}, "alora_invocation_tokens"),
        ({"r": 0}, "r = 0, not a positive number"),
        ({"lora_alpha": "16"}, "lora_alpha = '16', not a positive number"),
        ({"r": 5}, "do not make a matrix of rank 5"),
    ],
)
def test_an_adapter_that_cannot_be_merged_is_one_line(
    models: dict[str, Path], tmp_path: Path, fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(HexError, match=says):
        load(models["llada"], write_adapter(tmp_path / "odd", D1, **fields))


@pytest.mark.parametrize(
    ("init", "says"),
    [
        ("pissa", "PiSSA changes the base weights"),
        ("pissa_niter_16", "PiSSA changes the base weights"),
        ("olora", "OLoRA changes the base weights"),
        ("OLoRA", "OLoRA changes the base weights"),
        ("corda", "CorDA changes the base weights"),
        ("loftq", "LoftQ changes the base weights"),
        ("lora_ga", "LoRA-GA changes the base weights"),
        ("of_next_year", "it may change the base weights"),
        (7, "it may change the base weights"),
    ],
)
def test_an_adapter_that_began_in_the_base_weights_is_refused_by_name(tmp_path: Path, init: Any, says: str) -> None:
    with pytest.raises(HexError) as caught:
        Adapter(write_adapter(tmp_path / "begun", D1, init_lora_weights=init))
    assert f"has init_lora_weights = {init!r}: {says}" in str(caught.value)


@pytest.mark.parametrize("init", [True, False, None, "gaussian", "eva", "orthogonal"])
def test_an_adapter_that_left_them_alone_is_taken(tmp_path: Path, init: Any) -> None:
    assert Adapter(write_adapter(tmp_path / "plain", D1, init_lora_weights=init)).scale == ALPHA / RANK


def test_an_adapter_of_another_model_is_one_line(models: dict[str, Path], tmp_path: Path) -> None:
    other = write_adapter(tmp_path / "other", {"model.layers.0.self_attn.q_proj": (32, 32)})
    with pytest.raises(HexError, match=r"does not fit the model: it changes model\.layers\.0.* has no such weight"):
        load(models["llada"], other)
    wide = write_adapter(tmp_path / "wide", {"model.transformer.blocks.0.q_proj": (64, 64)})
    with pytest.raises(HexError, match=r"\[64, 64\], the model has it as \[32, 32\]"):
        load(models["llada"], wide)


def test_damaged_adapters_are_one_line(models: dict[str, Path], tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "damaged", D1)
    content = (adapter / "adapter_model.safetensors").read_bytes()
    (adapter / "adapter_model.safetensors").write_bytes(content[:-100])
    with pytest.raises(HexError, match="is the download complete"):
        load(models["llada"], adapter)
    save_file({"lora_embedding_A": torch.zeros(2)}, adapter / "adapter_model.safetensors")
    with pytest.raises(HexError, match="a weight that is no LoRA matrix: lora_embedding_A"):
        load(models["llada"], adapter)
    (adapter / "adapter_model.safetensors").unlink()
    with pytest.raises(HexError, match=r"holds no LoRA adapter: it has no adapter_model\.safetensors"):
        load(models["llada"], adapter)
    with pytest.raises(UsageError, match="no adapter folder"):
        load(models["llada"], tmp_path / "nowhere")


def test_an_adapter_given_as_the_model_says_what_to_do(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "d1", D1)
    with pytest.raises(HexError, match=r"is a LoRA adapter, not a model: give the model .* and -M adapter="):
        find_checkpoint(str(adapter))
