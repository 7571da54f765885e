"""Checkpoints through the real command line: whole jobs on every family, and what goes wrong in one line."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from hexcli.cli.main import run
from tests.checkpoints import byte_tokenizer
from tests.published import LAYOUTS, write_published

SCHEDULES = {"sdar": "2,4", "sdar_moe": "1,4"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    top = tmp_path_factory.mktemp("published")
    return {family: write_published(top / family, family, dtype="bfloat16") for family in LAYOUTS}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def hex_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code = run([*arguments, "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return json.loads(out)


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code and the one line on stderr, after what progress there was."""
    code = run(list(arguments))
    out, err = capsys.readouterr()
    assert out == ""
    *progress, line = err.splitlines(keepends=True)
    assert line.startswith("hex: ")
    assert all(before.startswith(("decoding ", "loading ")) for before in progress), err
    return code, line


@pytest.mark.parametrize("family", LAYOUTS)
def test_decode_vote_score(family: str, folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--schedules", SCHEDULES.get(family, "4,8"), "--gen-length", "16", "--steps", "16", "--limit", "2"]
    decoded = hex_json(capsys, "decode", "--task", "sums", "--model", str(folders[family]), *arguments)
    assert (decoded["generations"], decoded["decoded"]) == (4, 4)
    (scored,) = hex_json(capsys, "score")
    assert (scored["model"], scored["problems"], scored["complete"]) == (family, 2, True)
    assert [row["kind"] for row in scored["rows"]][:2] == ["schedule", "schedule"]
    again = hex_json(capsys, "decode", "--task", "sums", "--model", str(folders[family]), *arguments, "-o", "runs/two")
    assert (again["decoded"], again["from_cache"]) == (0, 4)
    dry = hex_json(capsys, "decode", "--task", "sums", "--model", str(folders[family]), *arguments, "--seed", "1",
                   "--temperature", "1", "--dry-run")  # fmt: skip
    run_rows = [json.loads(line) for line in Path("runs/two/generations.jsonl").read_text().splitlines()]
    assert dry["nfe"] == sum(row["nfe"] for row in run_rows)


def test_options_reach_the_model_and_the_run(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["decode", "hello", "--model", str(folders["a2d-qwen3"]), "--schedules", "4", "--gen-length", "8"]
    plain = hex_json(capsys, *arguments, "-o", "runs/plain")
    blocks = hex_json(capsys, *arguments, "-M", "block_length=4", "-M", "dtype=bfloat16", "-o", "runs/blocks")
    assert plain["generations"][0]["token_ids"] != blocks["generations"][0]["token_ids"]
    manifests = [json.loads(Path("runs", name, "run.json").read_text()) for name in ("plain", "blocks")]
    assert "model_args" not in manifests[0]["recipe"]
    assert manifests[1]["recipe"]["model_args"] == {"block_length": 4}
    assert (manifests[1]["recipe"]["dtype"], manifests[1]["dtype"]) == ("bfloat16", "bfloat16")
    assert manifests[1]["model_identity"] == manifests[0]["model_identity"] + "+block=4"


def test_a_recipe_sweeps_over_options(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    Path("grid.yaml").write_text(
        f"model: {folders['sdar']}\nschedules: [4]\ngen_length: 8\nlimit: 1\n"
        "model_args: [{block_length: 4}, {block_length: 8, dtype: bfloat16}]\n"
    )
    first, second = hex_json(capsys, "sweep", "grid.yaml", "--dry-run")
    assert first["recipe"]["model_args"] == {"block_length": 4}
    assert (second["recipe"]["model_args"], second["recipe"]["dtype"]) == ({"block_length": 8}, "bfloat16")
    assert first["run"] != second["run"]
    (one,) = hex_json(capsys, "sweep", "grid.yaml", "-M", "block_length=8", "--dry-run")
    assert one["recipe"]["model_args"] == {"block_length": 8}


def test_layers_spread_over_devices_give_the_same_tokens(
    folders: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["decode", "hello", "--model", str(folders["llada2"]), "--schedules", "8", "--gen-length", "16"]
    one = hex_json(capsys, *arguments)
    monkeypatch.setenv("HEX_CACHE_DIR", "fresh")
    two = hex_json(capsys, *arguments, "-M", "device_map=cpu,cpu,cpu")
    assert not two["generations"][0]["cached"]
    assert two["generations"][0]["token_ids"] == one["generations"][0]["token_ids"]


def copy_of(folder: Path, name: str = "copy") -> Path:
    return Path(shutil.copytree(folder, name))


def edit(path: Path, **changes: object) -> None:
    config = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps({**config, **changes}))


def decode_fails(capsys: pytest.CaptureFixture[str], model: str, *arguments: str) -> tuple[int, str]:
    return fails(capsys, "decode", "hello", "--model", model, "--schedules", "4", "--gen-length", "8", *arguments)


def test_a_folder_without_a_config_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    code, line = decode_fails(capsys, "./empty")
    assert (code, line.startswith("hex: empty holds no model: it has no config.json; see hex models")) == (2, True), (
        line
    )


def test_an_autoregressive_model_is_told_why_not(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    copy = copy_of(folders["a2d-qwen3"])
    edit(copy, model_type="qwen3", architectures=["Qwen3ForCausalLM"])
    code, line = decode_fails(capsys, "./copy")
    assert code == 1
    assert "is an autoregressive model (Qwen3ForCausalLM): it was trained to see only what stands before" in line


def test_an_unknown_architecture_names_the_known_ones(
    folders: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copy_of(folders["a2d-qwen3"])
    edit(copy, model_type="bert", architectures=["BertForMaskedLM"])
    code, line = decode_fails(capsys, "./copy")
    assert code == 1
    assert "of architecture 'bert', which hex cannot decode by masking; it knows: llada, Dream, a2d-qwen3" in line


def test_a_truncated_or_missing_file_is_one_line(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    copy = copy_of(folders["dream"])
    last = copy / "model-00002-of-00002.safetensors"
    last.write_bytes(last.read_bytes()[:-10])
    code, line = decode_fails(capsys, "./copy")
    assert code == 1
    assert "cannot read copy/model-00002-of-00002.safetensors" in line and "is the download complete?" in line
    last.unlink()
    code, line = decode_fails(capsys, "./copy")
    assert code == 1
    assert "copy lacks model-00002-of-00002.safetensors, 1 of 2 files of its weights" in line


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"hidden_size": None}, "does not describe a model"),
        ({"rms_norm_eps": "1e-6"}, "norm_eps '1e-6' is no positive number"),
        ({"intermediate_size": None}, "mlp_width 0 is no size"),
        ({"num_attention_heads": 5}, "5 heads cannot share 2 key/value heads"),
        ({"num_hidden_layers": "two"}, "layers 'two' is no size"),
        ({"hidden_act": "gelu"}, "hidden_act = 'gelu'; only 'silu' is supported for Dream"),
        ({"rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, "a rotary embedding of type 'yarn'"),
        ({"use_sliding_window": True}, "use_sliding_window = True"),
        ({"block_size": 32}, "a block-wise relative of Dream"),
        ({"quantization_config": {"quant_method": "gptq"}}, "holds quantized weights"),
        ({"num_hidden_layers": 3}, "lacks the weight model.layers.2."),
        ({"num_hidden_layers": 1}, "has an unexpected weight model.layers.1."),
        ({"vocab_size": 300}, "has shape [264, 32], config.json says [300, 32]"),
    ],
)
def test_a_config_that_does_not_fit_is_one_line(
    folders: dict[str, Path], capsys: pytest.CaptureFixture[str], changes: dict[str, object], says: str
) -> None:
    edit(copy_of(folders["dream"]), **changes)
    code, line = decode_fails(capsys, "./copy")
    assert code == 1
    assert says in line


@pytest.mark.parametrize(
    "changes", [{"num_experts_per_tok": 9}, {"n_group": 16}, {"topk_group": 5}, {"num_experts": 18}, {"n_group": None}]
)
def test_experts_that_cannot_be_chosen_are_one_line(
    folders: dict[str, Path], capsys: pytest.CaptureFixture[str], changes: dict[str, object]
) -> None:
    edit(copy_of(folders["llada2"]), **changes)
    code, line = decode_fails(capsys, "./copy")
    assert (code, "does not describe a model: " in line) == (1, True), line


def test_weights_of_a_quantized_type_are_refused(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    copy = copy_of(folders["llada"])
    file = copy / "model-00001-of-00002.safetensors"
    save_file({name: value.to(torch.float8_e4m3fn) for name, value in load_file(file).items()}, file)
    code, line = decode_fails(capsys, "./copy")
    assert (code, "is of type F8_E4M3: quantized, which hex cannot read" in line) == (1, True), line


def test_a_tokenizer_of_another_model_is_one_line(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    copy = copy_of(folders["llada"])
    special = [f"<|extra{index}|>" for index in range(90)]
    byte_tokenizer([*LAYOUTS["llada"]().special, *special]).save(str(copy / "tokenizer.json"))
    code, line = decode_fails(capsys, "./copy")
    assert (code, "the tokenizer of copy is not its own" in line) == (1, True), line


def test_a_missing_field_is_named(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    copy = copy_of(folders["llada2"])
    config = json.loads((copy / "config.json").read_text())
    del config["n_group"]
    (copy / "config.json").write_text(json.dumps(config))
    assert decode_fails(capsys, "./copy") == (1, "hex: copy/config.json has no field 'n_group'\n")


def test_weights_in_another_format_are_named(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    copy = copy_of(folders["llada"])
    for file in copy.glob("*.safetensors*"):
        file.unlink()
    (copy / "pytorch_model.bin").write_bytes(b"\x80")
    code, line = decode_fails(capsys, "./copy")
    assert code == 1
    assert "no *.safetensors in it (pytorch_model.bin is not read: convert it to safetensors)" in line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-M", "adaptor=x"], "unknown model option 'adaptor': did you mean 'adapter'"),
        (["-M", "revision=main"], "-M revision has no effect on the folder"),
        (["-M", "block_length=4"], "-M block_length has no effect: llada was trained to see the whole sequence"),
        (["-M", "shift_logits=true"], "-M shift_logits has no effect"),
        (["-M", "dtype=bfloat16", "--dtype", "float32"], "two dtypes: float32, and bfloat16"),
        (["-M", "dtype=int8"], "unknown dtype 'int8'"),
        (["-M", "device_map=cpu", "--device", "cuda"], "--device cuda contradicts -M device_map=cpu"),
        (["-M", "chat_template=yes"], "-M chat_template must be true or false"),
        (["-M", "adapter=./nowhere"], "no adapter folder ./nowhere"),
        (["-M", "adapter"], "-M takes key=value, not 'adapter'"),
    ],
)
def test_an_option_that_is_wrong_or_has_no_effect_is_refused(
    folders: dict[str, Path], capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    code, line = decode_fails(capsys, str(folders["llada"]), *arguments)
    assert (code, says in line) == (2, True), line


def test_devices_that_are_not_here_are_one_line(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    code, line = decode_fails(capsys, str(folders["llada"]), "-M", "device_map=cpu,warp:1")
    assert (code, "no device 'warp:1' here" in line) == (2, True), line


def test_trust_is_a_warning_and_runs_nothing_where_the_family_is_known(
    folders: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["decode", "hello", "--model", str(folders["llada"]), "--schedules", "4", "--gen-length", "8"]
    assert run([*arguments, "--trust-remote-code"]) == 0
    assert "hex: warning: --trust-remote-code: if hex does not know the architecture" in capsys.readouterr().err


def test_the_chat_template_can_be_left_out(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["decode", "hello", "--model", str(folders["llada"]), "--schedules", "4", "--gen-length", "8"]
    chat, plain = (hex_json(capsys, *arguments, "-M", f"chat_template={said}") for said in ("true", "false"))
    assert plain["generations"][0]["prompt"] == "hello"
    assert chat["generations"][0]["prompt"] == "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n"
    copy = copy_of(folders["llada"])
    (copy / "tokenizer_config.json").write_text("{}")
    code, line = decode_fails(capsys, "./copy", "-M", "chat_template=true")
    assert (code, "has no effect: the tokenizer of copy has none" in line) == (2, True), line


def test_a_base_model_takes_the_plain_prompt_whatever_its_tokenizer_has(
    hub: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (hub / "models--GSAI-ML--LLaDA-8B-Instruct").rename(hub / "models--GSAI-ML--LLaDA-8B-Base")
    for name in ("llada-base", "GSAI-ML/LLaDA-8B-Base", "GSAI-ML/LLaDA-8B-Base@main"):
        said = hex_json(capsys, "decode", "hello", "--model", name, "--schedules", "4", "--gen-length", "8")
        assert said["generations"][0]["prompt"] == "hello"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: dict[str, Path]) -> Path:
    """A Hugging Face cache that holds one model, and no network."""
    from huggingface_hub import constants

    cache = tmp_path / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    commit = "0123456789abcdef0123456789abcdef01234567"
    model = cache / "models--GSAI-ML--LLaDA-8B-Instruct"
    shutil.copytree(folders["llada"], model / "snapshots" / commit)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(commit)
    return cache


def test_a_downloaded_model_is_found_offline_by_name_id_and_revision(
    hub: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--schedules", "4", "--gen-length", "8", "-o"]
    names = ["llada", "GSAI-ML/LLaDA-8B-Instruct", "GSAI-ML/LLaDA-8B-Instruct@main"]
    for index, name in enumerate(names):
        hex_json(capsys, "decode", "hello", "--model", name, *arguments, f"runs/{index}")
    hex_json(capsys, "decode", "hello", "--model", "llada", "-M", "revision=main", *arguments, "runs/3")
    identities = {json.loads(path.read_text())["model_identity"] for path in Path("runs").glob("*/run.json")}
    assert identities == {"GSAI-ML/LLaDA-8B-Instruct@0123456789abcdef0123456789abcdef01234567"}
    code, line = decode_fails(capsys, "GSAI-ML/LLaDA-8B-Instruct@main", "-M", "revision=other")
    assert (code, "two revisions" in line) == (2, True), line


def test_a_model_that_cannot_be_decoded_is_not_downloaded(
    hub: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from hexcli.models.checkpoint import checkpoint

    asked: list[Any] = []
    fetch = checkpoint.fetch

    def watched(*arguments: Any, **options: Any) -> Path:
        asked.append(options.get("patterns"))
        return fetch(*arguments, **options)

    monkeypatch.setattr(checkpoint, "fetch", watched)
    (folder,) = (hub / "models--GSAI-ML--LLaDA-8B-Instruct" / "snapshots").iterdir()
    edit(folder, model_type="llama", architectures=["LlamaForCausalLM"], auto_map=None)
    code, line = decode_fails(capsys, "llada")
    assert (code, "GSAI-ML/LLaDA-8B-Instruct is an autoregressive model (LlamaForCausalLM)" in line) == (1, True), line
    assert asked == [["config.json"]]


def test_a_model_that_is_not_here_says_where_it_would_go(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, line = decode_fails(capsys, "dream")
    assert code == 1
    assert "Dream-org/Dream-v0-Instruct-7B is not in the Hugging Face cache" in line
    assert f"put it into {hub}/models--Dream-org--Dream-v0-Instruct-7B" in line
    assert "or into any folder, to be given instead of the id" in line


def test_the_models_are_listed_with_what_they_need(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["name"]: row for row in hex_json(capsys, "models")}
    llada, dream, llada2 = rows["llada"], rows["dream"], rows["llada2"]
    assert (llada["family"], llada["mask_id"], llada["licence"], llada["cached"]) == ("llada", 126336, "MIT", True)
    assert (dream["mask_id"], dream["block_length"], dream["cached"]) == (151666, None, False)
    assert (llada2["block_length"], llada2["mask_id"]) == (32, 156895)
    assert 15e9 < llada["memory_bytes"] < 17e9
    assert run(["models"]) == 0
    said, described = capsys.readouterr().out.split("what it is")
    lines = [line.split() for line in said.splitlines() if line.strip()]
    assert lines[0][:3] == ["model", "family", "size"]
    assert [line[0] for line in lines[2:-1]] == list(rows)
    assert [name for name in rows if f" {name} " not in described] == []


def test_the_embedded_model_is_listed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    (tiny,) = [row for row in hex_json(capsys, "models") if row["name"] == "tiny"]
    folder = Path(__file__).parent.parent.parent / "hexcli" / "models" / "tiny"
    weights = load_file(folder / "model.safetensors")
    assert abs(tiny["parameters"] / sum(value.numel() for value in weights.values()) - 1) < 0.01
    assert tiny["mask_id"] == json.loads((folder / "config.json").read_text())["mask_token_id"]
    assert tiny["cached"]


def test_two_models_in_one_folder_are_not_mixed(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Files that the index does not name are no part of the model."""
    copy = copy_of(folders["llada"])
    some = load_file(copy / "model-00001-of-00002.safetensors")
    save_file({"stray": next(iter(some.values())).clone()}, copy / "consolidated.safetensors")
    arguments = ["--schedules", "4", "--gen-length", "8"]
    assert hex_json(capsys, "decode", "hello", "--model", "./copy", *arguments)["generations"]
