"""Models of unknown architecture: refused, unless the user trusts their code."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from hexcli.errors import HexError, UsageError
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.families.reading import read_architecture
from hexcli.models.loading.loading import load_model
from hexcli.models.options import ModelOptions
from tests.checkpoints import byte_tokenizer

CODE = '''
"""A mask predictor that mixes everything it sees, by its own rules."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import MaskedLMOutput

class MixerConfig(PretrainedConfig):
    model_type = "mixer"

    def __init__(self, width=16, vocab_size=260, **kwargs):
        self.width = width
        super().__init__(vocab_size=vocab_size, **kwargs)


class Mixer(PreTrainedModel):
    config_class = MixerConfig

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.width)
        self.head = nn.Linear(config.width, config.vocab_size)
        self.post_init()

    def forward(self, input_ids, attention_mask=None):
        x = self.embed(input_ids)
        place = torch.arange(x.shape[1], dtype=x.dtype) / 7
        mix = torch.softmax(-(place[:, None] - place).abs(), dim=-1)
        return MaskedLMOutput(logits=self.head(torch.tanh(mix @ x + x)))
'''


@pytest.fixture(scope="module")
def mixer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("remote") / "mixer"
    folder.mkdir()
    config = {
        "architectures": ["Mixer"],
        "auto_map": {"AutoConfig": "mixer.MixerConfig", "AutoModelForMaskedLM": "mixer.Mixer"},
        "max_position_embeddings": 256,
        "model_type": "mixer",
        "vocab_size": 260,
        "width": 16,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "mixer.py").write_text(CODE)
    torch.manual_seed(0)
    weights = {"embed.weight": torch.randn(260, 16), "head.weight": torch.randn(260, 16), "head.bias": torch.zeros(260)}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    byte_tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"eos_token": "<|endoftext|>"}))
    return folder


@pytest.fixture(autouse=True)
def modules_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """transformers copies the code it runs into a folder: not the user's."""
    from transformers import dynamic_module_utils

    monkeypatch.setattr(dynamic_module_utils, "HF_MODULES_CACHE", str(tmp_path / "modules"))


def test_unknown_code_is_not_run_and_the_way_to_run_it_is_named(mixer: Path) -> None:
    checkpoint = find_checkpoint(str(mixer))
    assert not checkpoint.remote
    with pytest.raises(HexError, match=r"architecture 'mixer', which hex does not know .* --trust-remote-code runs it"):
        read_architecture(checkpoint.path, checkpoint.config, checkpoint.options)


def test_trusted_code_gives_logits_padded_or_not(mixer: Path) -> None:
    checkpoint = find_checkpoint(str(mixer), trust_remote_code=True)
    model = load_model(checkpoint, device="cpu", dtype="float32").denoiser
    ids = torch.randint(4, 260, (3, 11), generator=torch.Generator().manual_seed(0))
    weights = load_file(mixer / "model.safetensors")
    x = weights["embed.weight"][ids]
    place = torch.arange(11) / 7
    mixed = torch.softmax(-(place[:, None] - place).abs(), dim=-1) @ x + x
    expected = torch.tanh(mixed) @ weights["head.weight"].T
    assert torch.allclose(model.logits(model.features(ids)), expected, atol=1e-5)
    padded = torch.zeros(3, 15, dtype=torch.long)
    real = torch.zeros(3, 15, dtype=torch.bool)
    for row, length in enumerate((11, 5, 11)):
        padded[row, 15 - length :], real[row, 15 - length :] = ids[row, :length], True
    ours = model.features(padded, real)
    assert torch.allclose(ours[[0, 2], 4:], expected[[0, 2]], atol=1e-5)
    assert torch.allclose(ours[1, 10:], model.features(ids[1:2, :5])[0], atol=1e-5)


def test_its_logits_can_be_shifted(mixer: Path) -> None:
    plain = load_model(find_checkpoint(str(mixer), trust_remote_code=True), device="cpu", dtype="float32").denoiser
    options = ModelOptions(shift_logits=True)
    checkpoint = find_checkpoint(str(mixer), trust_remote_code=True, options=options)
    shifted = load_model(checkpoint, device="cpu", dtype="float32").denoiser
    ids = torch.tensor([[5, 6, 7]])
    logits = plain.features(ids)
    assert torch.equal(shifted.features(ids), logits[:, [0, 0, 1]])
    assert checkpoint.identity.endswith("+shift=True")


def test_the_code_is_part_of_the_identity(mixer: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(mixer, tmp_path / "copy"))
    before = find_checkpoint(str(copy), trust_remote_code=True).identity
    assert before == find_checkpoint(str(mixer), trust_remote_code=True).identity
    (copy / "mixer.py").write_text(CODE.replace("tanh", "sin"))
    assert find_checkpoint(str(copy), trust_remote_code=True).identity != before


def test_code_that_fails_and_weights_left_unset_are_one_line(mixer: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(mixer, tmp_path / "copy"))
    weights = load_file(copy / "model.safetensors")
    save_file({"embed.weight": weights["embed.weight"]}, copy / "model.safetensors", metadata={"format": "pt"})
    checkpoint = find_checkpoint(str(copy), trust_remote_code=True)
    with pytest.raises(HexError, match=r"2 missing keys of its weights: head\.bias"):
        load_model(checkpoint, device="cpu", dtype="float32")
    broken = Path(shutil.copytree(mixer, tmp_path / "broken"))
    (broken / "mixer.py").write_text("import a_module_that_is_nowhere\n" + CODE)
    with pytest.raises(HexError, match=r"the code of .*broken fails: ImportError: .*a_module_that_is_nowhere"):
        load_model(find_checkpoint(str(broken), trust_remote_code=True), device="cpu", dtype="float32")


@pytest.mark.parametrize("option", [{"block_length": 4}, {"device_map": "cpu"}, {"adapter": "x"}])
def test_options_that_its_code_cannot_follow_are_refused(mixer: Path, option: dict[str, object]) -> None:
    options = ModelOptions(**option)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=f"-M {next(iter(option))} has no effect on a model that its own code loads"):
        find_checkpoint(str(mixer), trust_remote_code=True, options=options)


def test_a_whole_job_runs_on_trusted_code_with_a_warning(
    mixer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from hexcli.cli.main import run

    monkeypatch.chdir(tmp_path)
    arguments = ["decode", "--task", "sums", "--limit", "2", "--model", str(mixer), "--schedules", "4,8"]
    arguments += ["--gen-length", "8", "--trust-remote-code"]
    assert run([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["decoded"] == 4
    assert "hex: warning: --trust-remote-code" in err
    assert run(["decode", "--task", "sums", "--model", str(mixer), "--schedules", "4", "--gen-length", "8"]) == 1
    assert "--trust-remote-code runs it" in capsys.readouterr().err
    assert run([*arguments, "--kv-cache", "dual"]) == 2
    assert "mixer comes with code of its own, which computes whole rows" in capsys.readouterr().err
    assert run([*arguments, "--threshold", "0.9", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["decoded"] == 4
