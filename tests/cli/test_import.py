"""`hex import` through the real command line: after it, vote and score work as on runs of our own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from tests.importing.files import LM_EVAL_ROW, d1_file, jsonl_file
from tests.shared import published_rows, shared_file

GSM8K = ["--task", "gsm8k"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def hex_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Any, list[str]]:
    """What `hex ... --json` printed, and its warnings."""
    code = run([*arguments, "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return json.loads(out), err.splitlines()


def two_files(tmp_path: Path) -> list[str]:
    right = {"question": "What is 3 + 4?", "generations": "\\boxed{7}", "ground_truth": 7.0}
    wrong = {"question": "What is 2 * 4?", "generations": "\\boxed{9}<|eot_id|>\\boxed{8}", "ground_truth": 8.0}
    long = [{**wrong, "generations": "<answer>8</answer>"}, right]
    files = [
        d1_file(tmp_path / "short.json", [right, wrong]),
        d1_file(tmp_path / "long.json", long, gen_length=256, diffusion_steps=128),
    ]
    return [str(file) for file in files]


def test_import_vote_score_and_the_run_folder_is_all_it_takes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    files = two_files(tmp_path)
    imported, warnings = hex_json(capsys, "import", *files, *GSM8K, "-o", "runs/mine")
    assert (imported["run"], imported["written"]) == ("runs/mine", True)
    assert (imported["problems"], imported["generations"]) == (2, 4)
    assert [schedule["gen_length"] for schedule in imported["schedules"]] == [128, 256]
    assert warnings == imported["warnings"] == []
    manifest = json.loads(Path("runs/mine/run.json").read_text())
    assert (manifest["task"], manifest["model"]) == ("gsm8k", "GSAI-ML/LLaDA-8B-Instruct")
    assert [(about["file"], about["format"], about["generations"]) for about in manifest["recipe"]["import"]] == [
        ("short.json", "d1", 2),
        ("long.json", "d1", 2),
    ]
    assert manifest["recipe"]["import"][0]["header"]["metrics"] == {"wall_time": 22.1, "total_processed": 2}
    for file in files:
        Path(file).unlink()
    shutil.move("runs/mine", "elsewhere")
    (voted,), _ = hex_json(capsys, "vote", "elsewhere")
    assert (voted["problems"], voted["generations"], voted["complete"]) == (2, 4, True)
    (scored,), _ = hex_json(capsys, "score", "elsewhere")
    assert [row["accuracy"] for row in scored["rows"] if row["kind"] == "schedule"] == [0.5, 1.0]
    assert [row["nfe_per_problem"] for row in scored["rows"] if row["kind"] == "schedule"] == [64, 128]


def test_what_it_prints_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = two_files(tmp_path)
    for there in ("", " (they were there already)"):
        assert run(["import", *files, *GSM8K, "-o", "runs/mine"]) == 0
        assert capsys.readouterr() == (
            f"runs/mine: 4 generations of 2 problems{there}\n"
            "    block 32: gen_length 128, steps 64, temperature 0\n"
            "    block 32: gen_length 256, steps 128, temperature 0\n",
            "",
        )


def test_lm_eval_and_plain_rows_need_their_schedule(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    row = {**LM_EVAL_ROW, "resps": [["\\boxed{7}", "\\boxed{8}", "no"]]}
    file = str(jsonl_file(tmp_path / "samples_gsm8k.jsonl", row))
    assert run(["import", file, *GSM8K, "-o", "runs/lm"]) == 2
    assert capsys.readouterr().err == (
        "hex: not said: gen_length and block_length, which samples_gsm8k.jsonl does not state "
        "(it tells voters apart and counts NFE; no answer depends on it): "
        f"e.g. hex import {file} --task gsm8k -o runs/lm --gen-length 256 --block-length 32\n"
    )
    assert not Path("runs").exists()
    options = ["--gen-length", "256", "--block-length", "256", "--model", "org/model"]
    imported, (warning,) = hex_json(capsys, "import", file, *GSM8K, "-o", "runs/lm", *options)
    assert imported["generations"] == 3
    assert warning == (
        "hex: warning: generations that repeat a question under one schedule, taken as further samples: 2"
    )
    plain = {"question": "What is 3 + 4?", "text": "\\boxed{7}", "target": 7, "gen_length": 64, "block_length": 8}
    file = str(jsonl_file(tmp_path / "plain.jsonl", plain))
    hex_json(capsys, "import", file, *GSM8K, "-o", "runs/plain")
    frames, _ = hex_json(capsys, "score")
    assert [(frame["run"], frame["model"]) for frame in frames] == [("lm", "org/model"), ("plain", "unknown")]
    rows = [next(row for row in frame["rows"] if row["kind"] == "schedule") for frame in frames]
    assert [(row["name"], row["samples"]) for row in rows] == [("256", 3), ("8", 1)]
    assert [round(row["accuracy"], 6) for row in rows] == [round(1 / 3, 6), 1]


def test_hex_writes_options_into_its_questions_and_its_temperature_nowhere(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    question = "Which is a gas?\n\nOptions:\n1. iron\n2. air\n3. salt\n\nChoose ONE letter."
    rows = [
        [{"question": question, "generations": text, "ground_truth": "2", "loglikelihood": -1.0}]
        for text in ("\\boxed{B}", "\\boxed{air}", "\\boxed{A}")
    ]
    files = [str(d1_file(tmp_path / f"{n}.json", row, early_ban_steps=10)) for n, row in enumerate(rows)]
    assert run(["import", *files, "--task", "arc", "-o", "runs/arc"]) == 2
    assert capsys.readouterr().err == (
        "hex: not said: temperature, which 0.json does not state (it tells voters apart and counts NFE; no answer "
        "depends on it): "
        f"e.g. hex import {' '.join(files)} --task arc -o runs/arc --temperature 0.9\n"
    )
    imported, _ = hex_json(capsys, "import", *files, "--task", "arc", "-o", "runs/arc", "--temperature", "0.9")
    assert [(schedule["temperature"], imported["generations"]) for schedule in imported["schedules"]] == [(0.9, 3)]
    kept = [json.loads(line) for line in Path("runs/arc/generations.jsonl").read_text().splitlines()]
    assert [(row["question"], row["target"], row["seed"]) for row in kept] == [
        ("Which is a gas?", "B", n) for n in range(3)
    ]
    assert kept[0]["choices"] == ["iron", "air", "salt"]
    assert kept[0]["first_step_logprob"] == -1.0
    (scored,), _ = hex_json(capsys, "score", "runs/arc", "--aggregator", "majority")
    assert {row["name"]: round(row["accuracy"], 3) for row in scored["rows"]} == {
        "32": 0.667,
        "majority": 1,
        "oracle": 1,
    }


def test_a_task_with_credit_is_scored_by_it_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    solution = "4321124334122134"
    row = {"question": "Solve the following Sudoku puzzle: 4320004330100004\n", "ground_truth": solution}
    files = [
        str(d1_file(tmp_path / f"{n}.json", [{**row, "generations": text}], gen_length=128 * n, diffusion_steps=64 * n))
        for n, text in ((1, "<answer>4321104330100004</answer>"), (2, f"<answer>{solution}</answer>"), (4, "none"))
    ]
    hex_json(capsys, "import", *files, "--task", "sudoku", "-o", "runs/s")
    (scored,), _ = hex_json(capsys, "score", "runs/s", "--aggregator", "majority")
    assert [(row["kind"], row["correct"], row["credit"]) for row in scored["rows"]] == [
        ("schedule", 0, 0.25),
        ("schedule", 1, 1),
        ("schedule", 0, 0),
        ("aggregator", 0, 0.25),
        ("oracle", 1, 1),
    ]
    assert run(["score", "runs/s"]) == 0
    assert "25.0" in capsys.readouterr().out


def test_missing_targets_come_from_the_tasks_own_rows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(d1_file(tmp_path / "a.json"))
    _, (warning,) = hex_json(capsys, "import", file, *GSM8K, "-o", "runs/a")
    assert "problems without a target to score by: 1 of 2" in warning
    rows = [{"question": "What is 2 - 5?", "answer": "#### -3"}, {"question": "What is 3 + 4?", "answer": "#### 7"}]
    data = str(jsonl_file(tmp_path / "rows.jsonl", *rows))
    _, warnings = hex_json(capsys, "import", file, *GSM8K, "-o", "runs/a", "--data", data, "--overwrite")
    assert warnings == []
    kept = [json.loads(line) for line in Path("runs/a/generations.jsonl").read_text().splitlines()]
    assert [(row["problem_id"], row["target"]) for row in kept] == [("gsm8k-0002", "7"), ("gsm8k-0001", "-3")]
    assert json.loads(kept[1]["source"])["fields"] == {"ground_truth": None}
    (scored,), _ = hex_json(capsys, "score", "runs/a")
    assert scored["rows"][0]["accuracy"] == 1


def test_the_rows_load_with_datasets(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [
        {"question": f"Numbers: [{n}, 2]\nTarget: {n}", "generations": "x", "ground_truth": [[n, 2], n], "more": more}
        for n, more in ((3, None), (4, {"a": [1, "b"]}))
    ]
    hex_json(capsys, "import", str(d1_file(tmp_path / "a.json", rows)), "--task", "countdown", "-o", "runs/a")
    import datasets

    loaded = datasets.load_dataset("json", data_files="runs/a/generations.jsonl", split="train", cache_dir="datasets")
    assert [json.loads(text)["fields"]["more"] for text in loaded["source"]] == [None, {"a": [1, "b"]}]


def lm_eval_files(tmp_path: Path, *texts: str) -> list[str]:
    """Logs of one question, a file each."""
    rows = [{**LM_EVAL_ROW, "resps": [[text]]} for text in texts]
    return [str(jsonl_file(tmp_path / f"{n}.jsonl", row)) for n, row in enumerate(rows)]


def test_logs_of_two_schedules_vote_together(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one, other = lm_eval_files(tmp_path, "\\boxed{7}", "\\boxed{8}")
    options = [*GSM8K, "--gen-length", "256"]
    together = [f"{one}:block_length=8", f"{other}:block_length=128+128,temperature=0.0"]
    imported, warnings = hex_json(capsys, "import", *together, *options, "-o", "runs/a")
    assert [(schedule["blocks"][:2], schedule["files"]) for schedule in imported["schedules"]] == [
        ([8, 8], ["0.jsonl"]),
        ([128, 128], ["1.jsonl"]),
    ]
    assert warnings == []
    (tmp_path / "map.yaml").write_text("0.jsonl: 8\n1.jsonl: {block_length: 128}\n")
    mapped, _ = hex_json(capsys, "import", "--map", "map.yaml", *options, "-o", "runs/b")
    assert mapped["schedules"] == imported["schedules"]
    (scored,), _ = hex_json(capsys, "score", "runs/b")
    assert [row["accuracy"] for row in scored["rows"] if row["kind"] == "schedule"] == [1, 0]


def test_an_import_is_added_to(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one, other = lm_eval_files(tmp_path, "\\boxed{7}", "\\boxed{8}")
    options = [*GSM8K, "--gen-length", "256", "-o", "runs/a"]
    hex_json(capsys, "import", f"{one}:block_length=8", *options)
    assert run(["import", f"{other}:block_length=32", *options]) == 2
    assert "'runs/a' holds another import: choose another -o, --add to it, or --overwrite it" in capsys.readouterr().err
    added, _ = hex_json(capsys, "import", f"{other}:block_length=32", *options, "--add")
    assert (added["written"], added["generations"], added["new"], added["problems"]) == (True, 2, 1, 1)
    kept = json.loads(Path("runs/a/run.json").read_text())
    assert [(about["file"], about["schedule"]) for about in kept["recipe"]["import"]] == [
        ("0.jsonl", {"gen_length": 256, "block_length": 8}),
        ("1.jsonl", {"gen_length": 256, "block_length": 32}),
    ]
    together = [f"{one}:block_length=8", f"{other}:block_length=32"]
    again, _ = hex_json(capsys, "import", *together, *options, "--add")
    assert (again["written"], again["generations"], again["new"]) == (False, 2, 0)
    hex_json(capsys, "import", *together, *options[:-1], "runs/b")
    rows = [Path(run, "generations.jsonl").read_bytes() for run in ("runs/a", "runs/b")]
    assert rows[0] == rows[1], "one after the other is the same as together"
    assert run(["import", f"{one}:block_length=16", *options, "--add"]) == 2
    assert "0.jsonl is in 'a' already, as gen_length=256,block_length=8: --overwrite" in capsys.readouterr().err
    assert run(["import", f"{one}:8@256", "--task", "math", "-o", "runs/a", "--add"]) == 2
    assert "'runs/a' is of task gsm8k, and another than math cannot be added" in capsys.readouterr().err
    (scored,), _ = hex_json(capsys, "score", "runs/a")
    assert [row["accuracy"] for row in scored["rows"] if row["kind"] == "schedule"] == [1, 0]


def test_files_that_land_in_one_schedule_are_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = lm_eval_files(tmp_path, "\\boxed{7}", "\\boxed{8}")
    assert run(["import", *files, *GSM8K, "-o", "runs/a", "--gen-length", "64", "--block-length", "8"]) == 0
    out, err = capsys.readouterr()
    assert "block 8: gen_length 64, steps 32 (assumed), temperature 0 (0.jsonl, 1.jsonl)" in out
    assert "0.jsonl and 1.jsonl land in one schedule, block 8" in err


def test_rows_of_hex_keep_tokens_confidence_nfe_and_model(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    options = ["--limit", "2", "--gen-length", "32", "--steps", "4", "--json", "-o"]
    for blocks, folder in (("8", "runs/a"), ("16", "runs/b")):
        assert run(["decode", "--schedules", blocks, *options, folder]) == 0
    capsys.readouterr()
    imported, _ = hex_json(capsys, "import", "runs/a", "runs/b/generations.jsonl", "-o", "runs/both")
    assert (imported["generations"], [schedule["files"] for schedule in imported["schedules"]]) == (4, [["a"], ["b"]])
    mine, theirs = (json.loads(Path(run, "run.json").read_text()) for run in ("runs/both", "runs/a"))
    for name in ("task", "model", "model_identity", "dtype"):
        assert mine[name] == theirs[name]
    lines = [line for run in ("runs/a", "runs/b") for line in Path(run, "generations.jsonl").read_text().splitlines()]
    before = {(row["problem_id"], row["schedule_label"]): row for row in map(json.loads, lines)}
    for line in Path("runs/both/generations.jsonl").read_text().splitlines():
        row = json.loads(line)
        old = before[row["problem_id"], row["schedule_label"]]
        same = {name: row[name] for name in old if name != "cached"}
        assert same == {name: old[name] for name in same}
    assert run(["import", "runs/a", "-t", "gsm8k", "-o", "runs/x"]) == 2
    assert "a is of task sums, not of gsm8k" in capsys.readouterr().err
    assert run(["import", "runs/b", "-o", "runs/a", "--add"]) == 2
    assert (
        "'runs/a' holds decoded generations, and is not added to: import the files into a run of their own"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("import", "nothing to import: name its files"),
        ("import -o x", "nothing to import: name its files, or a --map that does"),
        ("import a.json -o x", "not said: the --task: e.g. hex import a.json -o x --task gsm8k; hex tasks lists"),
        ("import a.json -o x -t gsm8k --add --overwrite", "--add keeps what is at RUN and --overwrite replaces it"),
        ("import a.json -o nowhere -t gsm8k --add", "no such folder 'nowhere'"),
        ("import a.json:block_lenth=8 -o x -t gsm8k", "unknown field 'block_lenth': did you mean 'block_length'?"),
        ("import a.json:block_length=eight -o x -t gsm8k", "block_length cannot be 'eight'"),
        ("import a.json:block_length=8 -o x -t gsm8k", "a.json, row 1: it states block_length 32, not 8"),
        ("import a.json -t gsm8k", "not said: the run folder (-o): e.g. hex import a.json --task gsm8k -o runs/a"),
        ("import a.json -t gsm8 -o x", "unknown task 'gsm8': did you mean 'gsm8k'"),
        ("import a.json -t gsm8k -o x --format d2", "unknown format 'd2': known: d1"),
        ("import a.json -t gsm8k -o x --format lm-eval", "a.json: it is not of format lm-eval: it looks like d1"),
        ("import nowhere.json -t gsm8k -o x", "cannot read nowhere.json: No such file"),
        ("import empty -t gsm8k -o x", "empty holds no generations"),
        (
            "import a.json -t countdown -o x",
            "row 1: its target is no answer of task countdown: is --task right?",
        ),
        ("import a.json a.json -t gsm8k -o x", "a.json and a.json are one and the same"),
        ("import a.json b.json -t gsm8k -o x", "the files are of several models (GSAI-ML/LLaDA-8B-Instruct, other)"),
        ("import a.json -t gsm8k -o x -m mine", "the files are of GSAI-ML/LLaDA-8B-Instruct, not of mine"),
        ("import a.json -t gsm8k -o x --gen-length 64", "a.json, row 1: it states gen_length 128, not 64"),
        ("import a.json -t gsm8k -o a.json", "'a.json' is a file: choose another -o"),
        ("import a.json -t gsm8k -o .", "is no name for a run folder"),
        ("import a.json -t gsm8k -o x --data nowhere.csv", "cannot read nowhere.csv: No such file"),
        ("import a.json -t sums -o x --data a.json", "task 'sums' makes its own problems"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, says: str
) -> None:
    d1_file(tmp_path / "a.json")
    d1_file(tmp_path / "b.json", model_path="other")
    (tmp_path / "empty").write_text("")
    assert run(command.split()) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert says in err
    assert not Path("x").exists()


def test_the_hub_is_asked_only_when_it_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    file = str(d1_file(tmp_path / "a.json"))
    assert run(["import", file, *GSM8K, "-o", "x", "--data", "hub"]) == 1
    assert "cannot load openai/gsm8k" in capsys.readouterr().err
    code = (
        "import sys\nfrom hexcli.cli.main import run\n"
        f"assert run(['import', {file!r}, '-t', 'gsm8k', '-o', 'x']) == 0\n"
        "assert not {'torch', 'datasets', 'transformers', 'pyarrow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


# What d1's own parser finds right on these halves, in percent, and what we hold ourselves to.
@pytest.mark.parametrize(
    ("task", "files", "floors"),
    [
        ("gsm8k", "gsm8k", (69, 76, 78)),
        ("math", "math500", (32, 32.5, 34.9)),
        ("countdown", "countdown", (23.33, 15, 20.83)),
        ("sudoku", "sudoku", (0, 0, 0)),
    ],
)
def test_published_generations(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, task: str, files: str, floors: tuple[float, ...]
) -> None:
    names = [f"d1/{files}_instruct_{canvas}_{canvas // 2}_0_generations.json" for canvas in (128, 256, 512)]
    data: list[str] = []
    if task == "gsm8k":  # two targets are null there: their parser drops the sign
        unknown = [row["question"] for row in published_rows("gsm8k", 128) if row["ground_truth"] is None]
        rows = [{"question": q, "answer": f"#### {n}"} for q, n in zip(unknown, (-10, -3), strict=True)]
        data = ["--data", str(jsonl_file(tmp_path / "rows.jsonl", *rows))]
    paths = [str(shared_file(name)) for name in names]
    imported, _ = hex_json(capsys, "import", *paths, "--task", task, "-o", f"runs/{task}", *data)
    assert (
        imported["generations"]
        == 3 * imported["problems"]
        == {"gsm8k": 1680, "math": 729}.get(task, imported["generations"])
    )
    (scored,), _ = hex_json(capsys, "score", f"runs/{task}")
    found = [(row["schedule"]["gen_length"], row["accuracy"]) for row in scored["rows"] if row["kind"] == "schedule"]
    print(task, found)
    assert [canvas for canvas, _ in sorted(found)] == [128, 256, 512]
    for (_, accuracy), floor in zip(sorted(found), floors, strict=True):
        assert round(100 * accuracy, 2) >= floor
