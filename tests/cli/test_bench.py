"""`hex bench` through the real command line, on the embedded model and on a shape from a file."""

import json
from pathlib import Path
from typing import Any

import pytest

import hexcli.models
from hexcli.bench.modes import MODES
from hexcli.cli.main import run
from tests.published import LAYOUTS

TINY = Path(hexcli.models.__file__).parent / "tiny" / "config.json"
SMALL = ("--random-weights", "--batch-size", "3", "--prompt-length", "5", "--gen-length", "16", "--schedules", "4,8")
BOTH = ("--mode", "published", "--mode", "lossless")
# What the fields of a mode are, as the users of --json know them.
MODE = {"name", "seconds", "ratio", "nfe_per_problem", "tokens_per_problem", "accuracy", "ci95", "changed_votes",
        "peak_bytes"}  # fmt: skip


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def bench(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = run(["bench", *arguments])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out


def test_at_temperature_0_both_modes_give_the_same_tokens(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    options = ("--limit", "3", "--gen-length", "16", "--schedules", "8,16", "--temperature", "0", "--profile")
    report = json.loads(bench(capsys, *BOTH, *options, "--json"))
    assert {"hardware", "model", "problems", "votes", "modes"} <= set(report)
    assert (report["model"], report["problems"], report["votes"]) == ("tiny", 3, 2)
    assert report["hardware"]["cores"] >= 1
    published, lossless = report["modes"]
    assert (published["name"], lossless["name"]) == ("published", "lossless")
    for mode in report["modes"]:
        assert set(mode) >= MODE
        assert (mode["same_text"], mode["changed_votes"], mode["accuracy_difference"]) == (1.0, 0.0, 0.0)
        assert mode["ratio"] == pytest.approx(published["seconds"] / mode["seconds"])
        assert mode["ci95"][0] <= mode["accuracy"] <= mode["ci95"][1]
        assert sum(mode["channels"].values()) > 0
    assert published["nfe_per_problem"] == 2 * 8 >= lossless["nfe_per_problem"]
    assert not list(tmp_path.glob("runs")), "nothing is saved"


def test_the_table_names_modes_machine_and_votes(capsys: pytest.CaptureFixture[str]) -> None:
    out = bench(capsys, "--limit", "1", "--gen-length", "8", "--schedules", "8", "--samples", "2", "--profile")
    assert out.startswith("sums, tiny in float32: 1 problem, 2 votes each, blocks 8, canvas 8, 4 steps, T 0.9")
    named = [words[0] for line in out.splitlines() if (words := line.split()) and words[0] in MODES]
    every = ["published", "published-unpadded", "lossless", "until-decided", "fast", "fast-until-decided"]
    assert named == (len(named) // 5) * every and len(named) >= 15, "speed, votes, shares; a wide table in two"
    assert "torch" in out.splitlines()[-1]


def test_one_mode_alone_has_nothing_to_be_compared_with(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--mode", "lossless", "--limit", "1", "--gen-length", "8", "--schedules", "3+5", "--samples", "1")
    (mode,) = json.loads(bench(capsys, *options, "--json"))["modes"]
    assert (mode["ratio"], mode["changed_votes"], mode["same_tokens"]) == (None, 0.0, None)


def test_a_shape_from_a_file_is_measured_without_a_checkpoint(capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(bench(capsys, "--shape", str(TINY), *SMALL, *BOTH, "--steps-timed", "4", "--profile", "--json"))
    assert report["weight_bytes"] == 2 * report["parameters"]
    assert (report["dtype"], report["batch_size"], report["steps"]) == ("bfloat16", 3, 8)
    published, lossless = report["modes"]
    for mode in (published, lossless):
        assert mode["steps_timed"] == 4
        assert mode["ms_per_step"] == pytest.approx(1000 * mode["seconds"] / 4)
        assert mode["tokens_per_second"] == pytest.approx(3 * 2 * 4 / mode["seconds"])
        assert mode["gpu_busy_seconds"] is None
    assert lossless["ratio"] == pytest.approx(published["ms_per_step"] / lossless["ms_per_step"])
    out = bench(capsys, "--shape", str(TINY), *SMALL)
    assert "3 rows, prompt 5, canvas 16, 8 steps, T 0.9, blocks 4,8" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--mode", "publishd"], "unknown mode 'publishd': did you mean 'published'?"),
        (["--schedules", "48+16"], "even blocks only, not 48+16: use --mode lossless"),
        (["--steps-timed", "3"], "--steps-timed belongs to --shape"),
        (["--random-weights"], "--random-weights belongs to --shape"),
        (["--shape", "13b"], "say --random-weights"),
        (["--shape", "13b", "--limit", "3", "--random-weights"], "--limit has no effect with --shape"),
        (["--shape", "13b", "--random-weights", "--mode", "until-decided"], "--mode until-decided counts votes"),
        (
            ["--shape", "13b", "--random-weights", "--mode", "fast-until-decided"],
            "--mode fast-until-decided counts votes",
        ),
        (["--shape", "13c", "--random-weights"], "unknown shape '13c': did you mean '13b'?"),
        (["--shape", "no.json", "--random-weights"], "--shape no.json is no file"),
        (["--shape", "list.json", "--random-weights"], "list.json is no config.json: it holds no JSON object"),
        (["--shape", "bad.json", "--random-weights"], "cannot read bad.json"),
        (
            ["--shape", "sdar.json", "--random-weights", "--schedules", "8"],
            "blocks of 4 tokens, each seeing only those",
        ),
        (["--shape", "sdar.json", "--random-weights", "--mode", "published"], "sees blocks of 4: use --mode lossless"),
        (["--shape", str(TINY), *SMALL, "--steps-timed", "9"], "a decode has 8 steps: 9 of them cannot be timed"),
        (["--commits", "3"], "--commits belongs to --shape"),
        (["--yes"], "--yes belongs to --shape"),
        (["--schedules", "8@32,8@64"], "hex bench compares blocks on one canvas"),
        (["--shape", "llada-8b", "--random-weights", "--device", "cpu"], "--shape llada-8b on a CPU takes 14.9 GiB of"),
        (["--shape", str(TINY), *SMALL, "--commits", "3", "--steps-timed", "2"], "leave --steps-timed out"),
        (["--shape", str(TINY), *SMALL, "--commits", "99"], "a step cannot commit so many tokens"),
        (["--shape", str(TINY), "--random-weights", "--prompt-length", "4000"], "do not fit the 512 tokens"),
        (["--shape", str(TINY), *SMALL, "--votes", "2", "--mode", "fast"], "name published among the modes"),
        (["--votes", "2"], "--votes belongs to --shape"),
        (["--mode", "fast-float8"], "--mode fast-float8 belongs to --shape; of problems say --dtype float8"),
        (["--shape", str(TINY), *SMALL, "--dtype", "float3"], "unknown dtype 'float3'"),
    ],
)
def test_wrong_usage_ends_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "bad.json").write_text("{")
    sdar: dict[str, Any] = LAYOUTS["sdar"]().config
    (tmp_path / "sdar.json").write_text(json.dumps(sdar))
    assert run(["bench", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert message in err
