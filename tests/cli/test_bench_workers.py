"""`hex bench --workers`: crews of workers beside one process, on the same rows."""

import json

import pytest

from hexcli.cli.main import run

SMALL = ["bench", "--gen-length", "8", "--temperature", "0", "-s", "8"]


def test_two_workers_beside_one_process(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*SMALL, "--workers", "1,2", "--limit", "2", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    alone, two = report["crews"]
    assert (alone["name"], two["name"], two["workers"]) == ("this process", "2 processes", 2)
    assert alone["same_tokens"] == two["same_tokens"] == report["generations"] == 2
    assert two["ratio"] == pytest.approx(alone["seconds"] / two["seconds"])
    assert len(two["ratios"]) == report["rounds"]
    assert list(two["spent"]) == ["worker 1 (cpu)", "worker 2 (cpu)"]
    for own in two["spent"].values():
        assert own["decoding"] + own["saying"] + own["waiting"] == pytest.approx(two["seconds"], rel=0.5)
        assert own["recording"] == 0 < own["cpu"]
    assert alone["spent"]["this process"]["decoding"] == alone["seconds"]


def test_a_shape_is_measured_too(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    config = {
        "model_type": "llada", "d_model": 8, "n_heads": 1, "n_kv_heads": 1, "n_layers": 1, "mlp_hidden_size": 8,
        "vocab_size": 32, "embedding_size": 32, "rope_theta": 500000, "rms_norm_eps": 1e-5, "max_sequence_length": 64,
        "mask_token_id": 31, "weight_tying": False, "include_bias": False,
        "activation_type": "silu", "block_type": "llama", "rope": True,
    }  # fmt: skip
    (tmp_path / "config.json").write_text(json.dumps(config))
    shape = ["--shape", str(tmp_path / "config.json"), "--random-weights", "--prompt-length", "4", "--batch-size", "2"]
    assert run([*SMALL, *shape, "--workers", "1"]) == 0
    said = capsys.readouterr()
    assert "this process" in said.out and "8/8" in said.out
    assert "decoding" in said.out and "waiting" in said.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--workers", "0"], "hex bench --workers takes numbers of workers"),
        (["--workers", "two"], "not 'two'"),
        (["--workers", "2", "--engine", "slurm"], "unknown engine 'slurm'"),
        (["--engine", "ray"], "--engine belongs to --workers"),
        (["--workers", "2", "--mode", "fast"], "--mode has no effect with --workers"),
    ],
)
def test_wrong_usage(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*SMALL, *options]) == 2
    assert said in capsys.readouterr().err
