"""Training from the command line: a checkpoint in LLaDA's layout, resumed, stopped, begun with other weights."""

import json
import os
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from hexcli.models.families.llada import published_name, read_config
from hexcli.models.network.transformer import MaskPredictor
from tests.recipes.place import RECIPE, ROOT, records

FILES = {"README.md", "config.json", "log.jsonl", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}


def test_smoke_training_writes_a_checkpoint_in_lladas_layout(tmp_path):
    command = [sys.executable, "-W", "error", str(RECIPE / "train.py"), "--smoke", "--out", str(tmp_path / "model")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert {path.name for path in (tmp_path / "model").iterdir()} == FILES
    published = json.loads((tmp_path / "model" / "config.json").read_text())
    assert published["model_type"] == "llada"
    model = MaskPredictor(read_config(published))
    weights = load_file(tmp_path / "model" / "model.safetensors")
    assert set(weights) == {published_name(name) for name, _ in model.named_parameters()}
    assert {weight.dtype for weight in weights.values()} == {torch.bfloat16}
    log = records(tmp_path / "model" / "log.jsonl")
    assert any("loss" in record for record in log)
    assert any("accuracy" in record for record in log)


@pytest.fixture
def smoke(monkeypatch):
    """The same command in this process, where torch is imported and the problems are made already."""
    from train import main

    def run(out, *options):
        monkeypatch.setattr(sys, "argv", ["train.py", "--smoke", "--out", str(out), *options])
        main()
        return (out / "README.md").read_text()

    precision = torch.get_float32_matmul_precision()
    yield run
    torch.set_float32_matmul_precision(precision)


def test_a_resumed_run_ends_like_one_that_never_stopped(smoke, tmp_path, capsys):
    smoke(tmp_path / "whole", "--steps", "12")
    smoke(tmp_path / "parts", "--steps", "12", "--stop-after-minutes", "0")
    capsys.readouterr()
    smoke(tmp_path / "parts", "--resume")
    assert "resumed at step 5/12" in capsys.readouterr().out
    whole, parts = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "parts"))
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_the_card_of_a_stopped_run_says_where_it_stopped_and_measures_there(smoke, tmp_path):
    card = smoke(tmp_path, "--steps", "12", "--stop-after-minutes", "0")
    assert "Training was stopped there; 12 steps were planned." in card
    assert "Of these weights, those of step 5," in card
    assert "| sums | 64 | majority |" in card
    card = smoke(tmp_path, "--resume")
    assert "stopped" not in card
    assert "Of these weights, those of step 12," in card


def test_the_defaults_are_the_shipped_model():
    from settings import Settings

    shipped = read_config(json.loads((ROOT / "hexcli" / "models" / "tiny" / "config.json").read_text()))
    assert Settings().transformer(shipped.vocab_size) == shipped


def test_settings_change_by_name_and_number_only():
    from settings import Settings

    changed = Settings().changed(["width=64", "lr=1e-3"])
    assert (changed.width, changed.lr) == (64, 1e-3)
    for wrong in ("widht=64", "blocks=2", "width=wide", "width"):
        with pytest.raises(ValueError, match=r"widht|blocks|wide|''"):
            Settings().changed([wrong])


def test_training_begins_with_the_weights_of_another_model():
    from data import vocabulary
    from settings import PROMPTS
    from tokenizers import Tokenizer
    from warm import weights

    tiny = ROOT / "hexcli" / "models" / "tiny"
    config = read_config(json.loads((tiny / "config.json").read_text()))
    fresh, ours = MaskPredictor(config).state_dict(), vocabulary(PROMPTS)
    begun, published = weights(tiny, fresh, ours), load_file(tiny / "model.safetensors")
    theirs = Tokenizer.from_file(str(tiny / "tokenizer.json")).get_vocab()
    embedded = published[published_name("embed_tokens.weight")].float()
    for token in ("0", "<|mdm_mask|>", r"\boxed{"):
        assert torch.equal(begun["embed_tokens.weight"][ours.token_to_id(token)], embedded[theirs[token]])
    new = ours.token_to_id("<reasoning>")
    assert torch.equal(begun["embed_tokens.weight"][new], fresh["embed_tokens.weight"][new])
    name = "layers.0.mlp.up_proj.weight"
    assert torch.equal(begun[name], published[published_name(name)].float())
    small = {key: weight[..., :8] for key, weight in fresh.items()}
    with pytest.raises(ValueError, match="embed_tokens"):
        weights(tiny, small, ours)
