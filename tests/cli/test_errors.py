"""What a user can get wrong: one clear line on stderr, the right exit code, nothing lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hexcli.cli.main import run


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code and the one line on stderr, but for the one that says what takes so long."""
    code = run(list(arguments))
    out, err = capsys.readouterr()
    err = err.removeprefix("loading tiny ...\n")
    assert out == ""
    assert len(err.splitlines()) == 1, err
    assert err.startswith("hex: ")
    return code, err


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("decode --schedules 7", "gen_length 64 does not divide into blocks of 7"),
        ("decode --schedules 1", "steps 32 do not divide over 64 blocks of 1"),
        ("decode --schedules 8,x", "not 'x'"),
        ("decode --schedules ,", "at least one schedule"),
        ("decode --schedules 8,8", "named twice"),
        ("decode --schedules 8 --steps 12", "steps 12 do not divide over 8 blocks"),
        ("decode --refresh 32", "refresh 32 has no effect without a kv_cache"),
        ("decode --kv-cache both", "unknown kv_cache 'both': known: none, prefix, dual"),
        ("decode --threshold 90", "threshold must be above 0 and at most 1, not 90"),
        ("decode --fast --kv-cache prefix", "which --kv-cache prefix contradicts: give the parts without --fast"),
        ("decode --fast --threshold 0.8", "which --threshold 0.8 contradicts"),
        ("decode --task sum", "unknown task 'sum': did you mean 'sums'"),
        ("decode --model tinny", "unknown model 'tinny': did you mean 'tiny'"),
        ("decode --model ./nowhere", "no model folder ./nowhere"),
        ("decode --limit -3", "limit must be a number of problems"),
        ("decode --limit 0", "limit must be a number of problems"),
        ("decode --limit 99999-100000", "takes no problem: sums has 2048"),
        ("decode --samples 0", "samples must be at least 1"),
        ("decode --samples 3", "3 samples at temperature 0"),
        ("decode --temperature -1", "temperature must be 0 or more"),
        ("decode --temperature warm", "hex: --temperature: 'warm' is no number"),
        ("decode --remasking lowest", "unknown remasking 'lowest'"),
        ("decode --dtype int8", "unknown dtype 'int8'"),
        ("decode --batch-size 0", "--batch-size must be auto or at least 1"),
        ("decode --seed -1", "seed must be between 0"),
        ("decode --gen-length 0", "gen_length must be at least 1"),
        ("decode --gen-length 480", "is too long"),
        ("decode --shedules 8", "--schedules"),
        ("decode hello --limit 3", "--limit takes problems of a task"),
        ("decode --temperature nan", "temperature must be a finite number"),
        ("decode --cfg-scale inf --dry-run", "cfg_scale must be a finite number"),
        ("decode --model caf\udce9", "model is not valid UTF-8 text"),
        ("decode --model ~nobody-of-that-name/x", "no model folder ~nobody-of-that-name/x"),
        ("decode --model " + "a" * 300, "unknown model 'aaa"),
        ("decode --model a/b--c", "'a/b--c' is no hub id"),
        ("decode --seed 9223372036854775807 --samples 2 --temperature 1", "seeds must stay below 2^63"),
        ("decode --schedules 1 --gen-length 100000000000 --dry-run", "gen_length must be at most 1048576"),
        ("decode --schedules 1 --gen-length 1 --steps 100000000000 --dry-run", "steps must be at most 1048576"),
        ("sweep good.yaml --set limit=2024-13-45", "--set limit: not YAML: month must be in 1..12"),
        ("sweep good.yaml --set steps=0x_", "--set steps: not YAML"),
        ("sweep good.yaml --set temperature=.nan", "temperature must be a finite number"),
        ("sweep deep.yaml", "deep.yaml: not YAML"),
        ("dekode", "No such command 'dekode'"),
        ("sweep nowhere.yaml", "cannot read nowhere.yaml"),
        ("sweep", "Missing argument"),
        ("sweep bad.yaml", "bad.yaml: not YAML in line 1"),
        ("sweep key.yaml", "key.yaml: unknown recipe key 'shedules': did you mean 'schedules'"),
        ("sweep good.yaml --set samples", "--set takes key=value"),
        ("sweep good.yaml --set sampels=2", "unknown recipe key 'sampels': did you mean 'samples'"),
        ("vote", "no such folder 'runs': make a run with 'hex decode'"),
        ("vote empty", "no runs in 'empty/': make one with 'hex decode'"),
        ("vote foreign", "not a run folder"),
        ("vote good.yaml", "is a file, not a run folder"),
        ("score --aggregator majorty", "unknown aggregator 'majorty': did you mean 'majority'"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str], command: str, says: str) -> None:
    Path("empty").mkdir()
    Path("foreign").mkdir()
    Path("foreign/notes.txt").write_text("mine")
    Path("bad.yaml").write_text("model: [tiny")
    Path("deep.yaml").write_text("[" * 3000)
    Path("key.yaml").write_text("shedules: [8]")
    Path("good.yaml").write_text("schedules: [8]\nlimit: 2")
    code, line = fails(capsys, *command.split())
    assert (code, says in line) == (2, True), line
    assert not Path("runs").exists()
    assert Path("foreign/notes.txt").read_text() == "mine"


def test_a_model_that_cannot_be_had_is_a_failed_run(capsys: pytest.CaptureFixture[str]) -> None:
    code, line = fails(capsys, "decode", "--model", "llada", "--task", "gsm8k")
    assert code == 1
    assert "GSAI-ML/LLaDA-8B-Instruct is not in the Hugging Face cache" in line


def test_a_dataset_that_cannot_be_had_is_a_failed_run(capsys: pytest.CaptureFixture[str]) -> None:
    code, line = fails(capsys, "decode", "--task", "gsm8k")
    assert code == 1
    assert "openai/gsm8k" in line


def test_a_long_prompt_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, line = fails(capsys, "decode", "How many apples are there? " * 200)
    assert code == 2
    assert "too long" in line


def test_an_empty_prompt_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert fails(capsys, "decode", "  ") == (2, "hex: the prompt is empty\n")


def test_a_prompt_that_is_no_text_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, line = fails(capsys, "decode", "caf\udce9")
    assert (code, line) == (2, "hex: the prompt is not valid UTF-8 text\n")


def test_a_recipe_file_is_checked_whole_before_anything_is_decoded(capsys: pytest.CaptureFixture[str]) -> None:
    Path("grid.yaml").write_text("schedules: [[8], [7]]\nlimit: 2\n")
    code, line = fails(capsys, "sweep", "grid.yaml")
    assert code == 2
    assert "does not divide into blocks of 7" in line
    assert not Path("runs").exists()


def test_a_sweep_that_fails_half_way_tells_of_the_runs_before(capsys: pytest.CaptureFixture[str]) -> None:
    Path("grid.yaml").write_text("schedules: [16]\nlimit: 1\nsteps: 8\nmodel: [tiny, llada]\ngen_length: 64\n")
    code = run(["sweep", "grid.yaml", "--json"])
    out, err = capsys.readouterr()
    assert code == 1
    assert [row["generations"] for row in json.loads(out)] == [1]
    assert err.splitlines()[-1].startswith("hex: ") and "GSAI-ML/LLaDA-8B-Instruct is not in" in err


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("command", ["tasks", "--help", "cache export", "score good --json"])
def test_a_reader_that_leaves_is_no_error_and_a_full_disk_is_one_line(
    command: str, buffered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decode", "--schedules", "16", "--limit", "1", "--steps", "4", "-o", "good", "--json"]) == 0
    capsys.readouterr()
    words = [sys.executable, "-m", "hexcli", *command.split()]
    environment = {**os.environ, "PYTHONUNBUFFERED": buffered}
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as nobody:
        left = subprocess.run(words, env=environment, stdout=nobody, stderr=subprocess.PIPE, text=True)
    assert (left.returncode, left.stderr) == (0, "")
    if not Path("/dev/full").is_char_device():
        pytest.skip("no /dev/full here, which is a device and a disk that is always full")
    with Path("/dev/full").open("wb") as full:
        failed = subprocess.run(words, env=environment, stdout=full, stderr=subprocess.PIPE, text=True)
    assert failed.returncode == 1
    assert failed.stderr == "hex: cannot write the results to standard output: No space left on device\n"


def test_no_run_of_that_task_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--schedules", "16", "--limit", "1", "--json"]) == 0
    capsys.readouterr()
    code, line = fails(capsys, "score", "--task", "math")
    assert code == 2
    assert "no run of task math: the runs here are of sums" in line
    assert "unknown task 'maths': did you mean 'math'" in fails(capsys, "score", "--task", "maths")[1]


def test_a_run_of_another_model_is_not_mixed_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--schedules", "16", "--limit", "1", "-o", "runs/one", "--json"]) == 0
    capsys.readouterr()
    manifest = json.loads(Path("runs/one/run.json").read_text())
    Path("runs/one/run.json").write_text(json.dumps({**manifest, "model_identity": "sha256:other"}))
    code, line = fails(capsys, "decode", "--schedules", "16", "--limit", "1", "-o", "runs/one")
    assert code == 2
    assert "holds another model" in line


def test_a_dry_run_refuses_what_the_run_would_refuse(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["decode", "--schedules", "16", "--limit", "1", "-o", "runs/one"]
    assert run([*arguments, "--json"]) == 0
    capsys.readouterr()
    for dry in ([], ["--dry-run"]):
        code, line = fails(capsys, *arguments, "--dtype", "bfloat16", *dry)
        assert code == 2
        assert "holds another dtype" in line
    Path("empty").mkdir()
    assert fails(capsys, "decode", "--model", "./empty", "--dry-run")[0] == 2


def test_one_bad_run_does_not_stop_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--schedules", "16", "--limit", "1", "-o", "runs/good", "--json"]) == 0
    capsys.readouterr()
    manifest = json.loads(Path("runs/good/run.json").read_text())
    for name, content in {
        "empty": json.dumps(manifest),
        "garbage": "\0\1\2",
        "alien": json.dumps({**manifest, "task": "chess"}),
    }.items():
        Path("runs", name).mkdir()
        Path("runs", name, "run.json").write_text(content)
    for command in ("vote", "score"):
        assert run([command, "--json"]) == 0
        out, err = capsys.readouterr()
        assert [frame["run"] for frame in json.loads(out)] == ["good"]
        assert len(err.splitlines()) == 3
        assert all("left out" in line for line in err.splitlines())
        for name in ("empty", "garbage", "alien"):
            code, line = fails(capsys, command, f"runs/{name}")
            assert code == 2
            assert f"runs/{name}" in line


def test_a_run_folder_that_cannot_be_written_is_scored_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--schedules", "16", "--limit", "1", "-o", "runs/good", "--json"]) == 0
    capsys.readouterr()
    for command, name in (("vote", "votes.jsonl"), ("score", "scores.json")):
        Path("runs/good", name).mkdir()
        assert run([command, "--json"]) == 0
        out, err = capsys.readouterr()
        assert json.loads(out)[0]["run"] == "good"
        assert err.startswith("hex: warning: cannot write")


def test_names_are_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--schedules", "16", "--limit", "1", "-o", "runs/[red]z", "--json"]) == 0
    capsys.readouterr()
    assert run(["score"]) == 0
    assert "[red]z: sums" in capsys.readouterr().out


def test_help_is_there_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("", "decode", "sweep", "vote", "score", "models", "tasks", "cache", "import"):
        assert run([*command.split(), "--help"]) == 0
        assert "Usage: hex" in capsys.readouterr().out
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("hex 0.")
