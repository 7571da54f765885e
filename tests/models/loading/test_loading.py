"""Checkpoints in LLaDA's layout: loaded exactly, or refused in one line."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from hexcli.errors import HexError, UsageError
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.loading.loading import load_model, pick_device
from hexcli.models.tokenizer.tokenizer import load_tokenizer
from tests.checkpoints import write_checkpoint


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_checkpoint(tmp_path_factory.mktemp("models") / "small")


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def load(path: Path, dtype: str = "float32") -> torch.nn.Module:
    return load_model(find_checkpoint(str(path)), device="cpu", dtype=dtype).denoiser


def test_every_published_weight_lands_under_its_name(folder: Path) -> None:
    published = load_file(folder / "model.safetensors")
    loaded = load(folder).state_dict()
    assert len(loaded) == len(published)
    pairs = {
        "embed_tokens.weight": "model.transformer.wte.weight",
        "norm.weight": "model.transformer.ln_f.weight",
        "lm_head.weight": "model.transformer.ff_out.weight",
        "layers.1.self_attn.o_proj.weight": "model.transformer.blocks.1.attn_out.weight",
        "layers.1.self_attn.k_proj.weight": "model.transformer.blocks.1.k_proj.weight",
        "layers.0.mlp.gate_proj.weight": "model.transformer.blocks.0.ff_proj.weight",
        "layers.0.mlp.up_proj.weight": "model.transformer.blocks.0.up_proj.weight",
        "layers.0.mlp.down_proj.weight": "model.transformer.blocks.0.ff_out.weight",
        "layers.0.input_layernorm.weight": "model.transformer.blocks.0.attn_norm.weight",
        "layers.0.post_attention_layernorm.weight": "model.transformer.blocks.0.ff_norm.weight",
    }
    for ours, theirs in pairs.items():
        assert torch.equal(loaded[ours], published[theirs].float()), ours


def test_shards_load_like_one_file(folder: Path, tmp_path: Path) -> None:
    sharded = write_checkpoint(tmp_path / "sharded", shards=3)
    one, many = load(folder).state_dict(), load(sharded).state_dict()
    assert all(torch.equal(one[name], many[name]) for name in one)


def test_the_dtype_is_the_one_asked_for(folder: Path) -> None:
    assert {value.dtype for value in load(folder, "bfloat16").state_dict().values()} == {torch.bfloat16}


def test_the_identity_is_the_content_not_the_place(folder: Path, copy: Path) -> None:
    assert find_checkpoint(str(copy)).identity == find_checkpoint(str(folder)).identity
    weights = load_file(copy / "model.safetensors")
    weights["model.transformer.ln_f.weight"][0] += 1
    save_file(weights, copy / "model.safetensors")
    assert find_checkpoint(str(copy)).identity != find_checkpoint(str(folder)).identity


def edit_weights(path: Path, **changes: torch.Tensor | None) -> None:
    weights = load_file(path / "model.safetensors")
    for name, value in changes.items():
        name = f"model.transformer.{name.replace('__', '.')}.weight"
        weights.pop(name, None)
        if value is not None:
            weights[name] = value
    save_file(weights, path / "model.safetensors")


def edit_config(path: Path, **changes: object) -> None:
    config = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps({**config, **changes}))


def test_a_missing_weight_is_named(copy: Path) -> None:
    edit_weights(copy, blocks__1__up_proj=None)
    with pytest.raises(HexError, match=r"lacks the weight model\.transformer\.blocks\.1\.up_proj\.weight"):
        load(copy)


def test_an_unexpected_weight_is_named(copy: Path) -> None:
    edit_weights(copy, blocks__7__up_proj=torch.zeros(2))
    with pytest.raises(HexError, match=r"unexpected weight model\.transformer\.blocks\.7\.up_proj\.weight"):
        load(copy)


def test_a_weight_of_another_shape_is_named(copy: Path) -> None:
    edit_weights(copy, ln_f=torch.zeros(31))
    with pytest.raises(HexError, match=r"ln_f\.weight has shape \[31\], config\.json says \[32\]"):
        load(copy)


def test_a_truncated_file_is_one_line(copy: Path) -> None:
    content = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(HexError, match="is the download complete"):
        load(copy)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"model_type": "llama"}, "architecture 'llama', which hex cannot decode by masking"),
        ({"block_type": "sequential"}, "block_type = 'sequential'; only 'llama'"),
        ({"scale_logits": True}, "scale_logits = True; only False"),
    ],
)
def test_an_architecture_we_would_compute_wrongly_is_refused(copy: Path, changes: dict[str, object], says: str) -> None:
    edit_config(copy, **changes)
    with pytest.raises(HexError, match=says):
        load(copy)


def test_a_folder_without_a_model_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(HexError, match=r"holds no model: it has no config\.json"):
        find_checkpoint(str(tmp_path))
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(HexError, match="cannot read"):
        find_checkpoint(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(HexError, match="has no weights"):
        find_checkpoint(str(tmp_path))


@pytest.mark.parametrize(("name", "says"), [("lada", "did you mean 'llada'"), ("./nowhere", "no model folder")])
def test_a_model_that_does_not_exist_is_wrong_usage(name: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        find_checkpoint(name)


def test_a_hub_model_that_is_not_here_says_what_to_do() -> None:
    with pytest.raises(HexError, match="GSAI-ML/LLaDA-8B-Instruct is not in the Hugging Face cache"):
        find_checkpoint("llada", download=False)


def test_a_device_that_is_not_here_is_one_line() -> None:
    with pytest.raises(HexError, match="no device 'warp' here"):
        pick_device("warp")


def test_the_chat_template_wraps_the_prompt_and_the_prefill_follows(folder: Path) -> None:
    tokenizer = load_tokenizer(folder)
    assert tokenizer.chat("Hi\nthere", "<reasoning>") == "<|user|>Hi\nthere<|assistant|><reasoning>"
    ids = tokenizer.encode(tokenizer.chat("Hi"))
    assert ids[0] == 2 and ids[-1] == 3 and len(ids) == 4


def test_a_base_model_takes_the_plain_prompt(copy: Path) -> None:
    (copy / "tokenizer_config.json").write_text(json.dumps({"eos_token": {"content": "<|endoftext|>"}}))
    tokenizer = load_tokenizer(copy)
    assert tokenizer.chat("Hi") == "Hi"
    assert tokenizer.end_ids == {0}
    assert tokenizer.mask_id == 1


def test_a_response_ends_at_the_first_end_token(folder: Path) -> None:
    tokenizer = load_tokenizer(folder)
    ids = [*tokenizer.encode("yes"), 0, *tokenizer.encode("no")]
    assert tokenizer.decode(ids) == "yes"


def test_a_damaged_tokenizer_is_one_line(copy: Path) -> None:
    (copy / "tokenizer.json").write_text("{}")
    with pytest.raises(HexError, match=r"cannot read .*tokenizer\.json"):
        load_tokenizer(copy)
    (copy / "tokenizer.json").unlink()
    with pytest.raises(HexError, match=r"has no tokenizer\.json"):
        load_tokenizer(copy)


def test_a_broken_template_is_one_line(copy: Path) -> None:
    (copy / "chat_template.jinja").write_text("{{ messages[")
    with pytest.raises(HexError, match="chat template fails"):
        load_tokenizer(copy).chat("Hi")
