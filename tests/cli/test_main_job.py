"""The main job through the real command line, on the embedded model: decode, vote, score."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from hexcli.engine.todo import CHUNK
from hexcli.shortcuts import FAST, in_tokens
from hexcli.voting.aggregators import AGGREGATORS
from tests.driving import rows, start, wait_for_rows

HEX = [sys.executable, "-m", "hexcli"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def hex_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What `hex ... --json` printed."""
    code = run([*arguments, "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return json.loads(out)


def only_run() -> Path:
    (folder,) = Path("runs").iterdir()
    return folder


def test_decode_vote_score(capsys: pytest.CaptureFixture[str]) -> None:
    decoded = hex_json(capsys, "decode", "--schedules", "8,16,32", "--limit", "12")
    assert (decoded["generations"], decoded["decoded"]) == (36, 36)
    assert 36 * 16 < decoded["nfe"] < 36 * 32, "texts end before their canvas does"
    assert decoded["run"] == str(only_run())
    assert only_run().name.startswith("sums-tiny-")

    (voted,) = hex_json(capsys, "vote", "runs/")
    assert (voted["task"], voted["model"], voted["problems"], voted["generations"]) == ("sums", "tiny", 12, 36)
    assert voted["complete"]
    # Every one but those that need what is not here: questions that say what is possible, labels of another split.
    aggregators = [name for name in AGGREGATORS if name not in ("valid", "temporal", "schedule-weighted")]
    assert [row["name"] for row in voted["rows"]] == aggregators
    assert [skipped["name"] for skipped in voted["skipped"]] == ["valid", "temporal", "schedule-weighted"]
    for row in voted["rows"]:
        assert row["voted"] + row["abstained"] == 12

    (scored,) = hex_json(capsys, "score")
    assert [(row["kind"], row["name"]) for row in scored["rows"]] == [
        ("schedule", "8"),
        ("schedule", "16"),
        ("schedule", "32"),
        *(("aggregator", name) for name in aggregators),
        ("oracle", "oracle"),
    ]
    for row in scored["rows"]:
        low, high = row["ci95"]
        assert low <= row["accuracy"] <= high
        assert row["accuracy"] == row["correct"] / 12
    majority, oracle = scored["rows"][4], scored["rows"][-1]
    assert majority["accuracy"] >= 0.4, "far above chance, which is about 0"
    assert oracle["accuracy"] >= majority["accuracy"]
    assert majority["votes"] == 3
    assert majority["nfe_per_problem"] == pytest.approx(decoded["nfe"] / 12)

    files = {path.name for path in only_run().iterdir() if not path.name.startswith(".")}
    assert files == {"run.json", "generations.jsonl", "votes.jsonl", "scores.json", "graded.jsonl"}
    assert json.loads((only_run() / "scores.json").read_text()) == scored
    details = [json.loads(line) for line in (only_run() / "votes.jsonl").read_text().splitlines()]
    assert len(details) == 12 * len(aggregators)
    assert [vote["schedule_label"] for vote in details[0]["votes"]] == ["8", "16", "32"]


def test_the_tables_are_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--schedules", "16,64", "--limit", "3"]) == 0
    out, err = capsys.readouterr()
    assert "6 generations: 6 decoded, 0 from the cache, 0 already in the run; " in out
    assert "decoding 6 generations, at most 192 NFE" in err
    assert "3/3 problems, 6/6 generations" in err
    assert run(["vote", "runs"]) == 0
    assert "agreement" in capsys.readouterr().out
    assert run(["score"]) == 0
    out, err = capsys.readouterr()
    for text in ("block 16", "block 64", "majority", "oracle", "95 %: Wilson", "NFE", "3 problems"):
        assert text in out
    assert err == ""


def test_a_row_has_every_field_of_the_format_and_loads_with_datasets(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, "decode", "--schedules", "16,40+24", "--limit", "2")
    rows = [json.loads(line) for line in (only_run() / "generations.jsonl").read_text().splitlines()]
    fields = (
        "problem_id question target prompt schedule schedule_label seed text token_ids commit_step commit_confidence "
        "first_step_logprob nfe tokens_computed seconds device batch_size cached token_ends"
    )
    for row in rows:
        assert set(fields.split()) <= set(row)
        assert len(row["token_ids"]) == len(row["commit_step"]) == len(row["commit_confidence"]) == 64
        assert row["first_step_logprob"] < 0
    assert {row["schedule_label"] for row in rows} == {"16", "40+24"}
    import datasets

    file = str(only_run() / "generations.jsonl")
    loaded = datasets.load_dataset("json", data_files=file, split="train", cache_dir="datasets")
    assert loaded.num_rows == 4


def test_no_command_ever_decodes_a_generation_twice(capsys: pytest.CaptureFixture[str]) -> None:
    first = hex_json(capsys, "decode", "--schedules", "8,16", "--limit", "4")
    again = hex_json(capsys, "decode", "--schedules", "8,16", "--limit", "4")
    more = hex_json(capsys, "decode", "--schedules", "8,16,32", "--limit", "5", "-o", "runs/more")
    Path("recipe.yaml").write_text("schedules: [[8, 16], [8, 32]]\nlimit: 5\n")
    swept = hex_json(capsys, "sweep", "recipe.yaml", "-o", "swept")
    counts = [(row["decoded"], row["from_cache"], row["in_run"]) for row in (first, again, more, *swept)]
    assert counts == [(8, 0, 0), (0, 0, 8), (7, 8, 0), (0, 10, 0), (0, 10, 0)]
    assert again["nfe"] == 0


def test_a_prompt_of_ones_own_shows_texts_answers_and_the_vote(capsys: pytest.CaptureFixture[str]) -> None:
    question = "Tom has 12 apples. He buys 9 apples. Then he gives away 4 apples. How many apples does Tom have now?"
    assert run(["decode", question, "--schedules", "8,32"]) == 0
    out, _ = capsys.readouterr()
    for text in ("block 8 (", "block 32 (", " NFE, ", "answer 17", "\\boxed{17}", "majority: 17  (2 of 2 votes)"):
        assert text in out
    found = hex_json(capsys, "decode", question, "--schedules", "8,32")
    assert found["answer"] == "17"
    assert [row["cached"] for row in found["generations"]] == [True, True]
    assert not Path("runs").exists()


def test_prompts_of_ones_own_can_be_kept_in_a_run_folder(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, "decode", "Mia has 3 pens and 4 cups.", "--schedules", "32", "-o", "runs/mine")
    found = hex_json(capsys, "decode", "Mia has 5 pens and 4 cups.", "--schedules", "16,32", "-o", "runs/mine")
    assert [row["question"] for row in found["generations"]] == ["Mia has 5 pens and 4 cups."] * 2
    (voted,) = hex_json(capsys, "vote")
    assert (voted["task"], voted["problems"], voted["generations"], voted["complete"]) == ("prompt", 2, 3, True)
    assert run(["score"]) == 2
    assert "without a target" in capsys.readouterr().err
    hex_json(capsys, "decode", "--schedules", "16", "--limit", "1")
    assert run(["score", "--json"]) == 0
    out, err = capsys.readouterr()
    assert [frame["task"] for frame in json.loads(out)] == ["sums"]
    assert "left out: runs/mine has problems without a target" in err


def test_a_dry_run_tells_what_is_cached_what_is_to_do_and_its_nfe(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, "decode", "--schedules", "16", "--limit", "2")
    found = hex_json(capsys, "decode", "--schedules", "16,32", "--limit", "3", "--dry-run")
    assert (found["problems"], found["generations"], found["cached"]) == (3, 6, 2)
    assert (found["to_decode"], found["nfe"], found["at_most"], found["may_stop"]) == (4, 4 * 32, True, False)
    assert run(["decode", "--schedules", "16,32", "--limit", "3", "--dry-run"]) == 0
    assert "3 problems, 6 generations: 2 cached, 4 to decode, at most 128 NFE" in capsys.readouterr().out
    assert run(["decode", "--schedules", "16", "--limit", "2", "--dry-run"]) == 0
    assert "2 generations: 2 cached, 0 to decode, 0 NFE" in capsys.readouterr().out
    assert hex_json(capsys, "decode", "--schedules", "16", "--limit", "2", "--dry-run")["at_most"] is False
    assert len(list(Path("runs").iterdir())) == 1


def test_a_kind_of_gpu_is_planned_for_by_its_name_and_one_that_is_not_here_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["decode", "--task", "gsm8k", "--model", "llada", "--limit", "2", "--dry-run", "--device"]
    by_number, by_name = (hex_json(capsys, *command, name)["costs"] for name in ("4090", "rtx4090"))
    assert (by_number["seconds"], by_number["device"]) == (by_name["seconds"], "RTX 4090")
    assert run([*command, "cuda:7"]) == 0
    assert "    H100: no cuda:7 here " in capsys.readouterr().out


def test_rows_of_ones_own_are_counted_for_a_model_that_is_not_here(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"question": f"{n} + 1?", "answer": str(n + 1)} for n in range(3)]
    Path("rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    planned = ["decode", "--model", "llada", "--data", "rows.jsonl", "--dry-run", "--device", "h100"]
    for more in ([], ["--task", "gsm8k"]):
        assert hex_json(capsys, *planned, *more)["problems"] == 3
        assert run([*planned, *more]) == 0
        out = capsys.readouterr().out
        assert "by the 3 rows of rows.jsonl" in out and "< 0.01" in out
    assert hex_json(capsys, *planned, "--limit", "2")["problems"] == 2


def test_under_a_threshold_the_nfe_of_a_dry_run_is_no_more_than_a_bound(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["decode", "--schedules", "16", "--limit", "2", "--threshold", "0.9"]
    bound = hex_json(capsys, *command, "--dry-run")
    assert run([*command, "--dry-run"]) == 0
    assert f"2 to decode, at most {bound['nfe']} NFE" in capsys.readouterr().out
    assert bound["nfe"] == 2 * 64 > 2 * hex_json(capsys, *command)["nfe"]


RECIPES = Path(__file__).parent.parent.parent / "recipes"


def test_every_shipped_recipe_can_be_previewed_without_a_download(capsys: pytest.CaptureFixture[str]) -> None:
    previews = hex_json(capsys, "sweep", *map(str, sorted(RECIPES.glob("*.yaml"))), "--dry-run")
    by_task = {found["recipe"]["task"]: found for found in previews if found["recipe"]["samples"] == 5}
    by_task["sums"] = next(found for found in previews if found["recipe"]["task"] == "sums")
    assert by_task["gsm8k"]["generations"] == 1319 * 25
    assert by_task["gsm8k"]["nfe"] == 1319 * 3200
    assert by_task["gsm8k"]["cached"] is None
    assert "not in the Hugging Face cache" in by_task["gsm8k"]["unknown"]
    assert by_task["sums"]["to_decode"] == by_task["sums"]["generations"] > 0
    assert not Path("runs").exists()


def test_fast_is_its_parts_and_other_generations_than_without(capsys: pytest.CaptureFixture[str]) -> None:
    plain = hex_json(capsys, "decode", "--schedules", "8,64", "--limit", "4")
    fast = hex_json(capsys, "decode", "--schedules", "8,64", "--limit", "4", "--fast")
    assert (fast["decoded"], fast["from_cache"]) == (8, 0)
    assert fast["nfe"] < plain["nfe"] * 0.6
    parts = [f"--{name.replace('_', '-')}={value}" for name, value in FAST.items()]
    again = hex_json(capsys, "decode", "--schedules", "8,64", "--limit", "4", "--fast", *parts)
    assert (again["run"], again["in_run"]) == (fast["run"], 8)
    rows = [json.loads(line) for line in (Path(fast["run"]) / "generations.jsonl").read_text().splitlines()]
    assert all({name: row["schedule"][name] for name in FAST} == in_tokens(FAST, 64) for row in rows)


def test_samples_and_temperature_make_votes_that_differ(capsys: pytest.CaptureFixture[str]) -> None:
    settings = ["--temperature", "0.9", "--samples", "3", "--limit", "2"]
    hex_json(capsys, "decode", "--schedules", "16", *settings)
    (scored,) = hex_json(capsys, "score")
    schedule, majority = scored["rows"][0], scored["rows"][2]
    assert (schedule["samples"], majority["votes"]) == (3, 3)
    (fewer,) = hex_json(capsys, "score", "--samples", "1")
    assert fewer["generations"] == 2


def test_voting_and_scoring_do_not_depend_on_the_hash_seed(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, "decode", "--schedules", "4,16,64", "--limit", "4")
    outputs = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [*HEX, "score", "--json"]
        outputs.add(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
    assert len(outputs) == 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_whatever_ends_the_process_no_finished_generation_is_lost(
    how: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["decode", "--schedules", "16", "--limit", "60", "--batch-size", "2"]
    process = start(*arguments, "-o", "runs/one", at=5)
    wait_for_rows("runs/one", 5)
    process.send_signal(how)
    _, err = process.communicate(timeout=60)
    saved = len(rows("runs/one"))
    assert saved == 5, "it stood still there"
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert err.splitlines()[-1].startswith("hex: interrupted; what is finished is saved")
        assert "Traceback" not in err
    assert not json.loads(Path("runs/one/run.json").read_text())["complete"]

    # An unfinished run can be voted on, with a warning.
    assert run(["vote", "runs"]) == 0
    assert "is unfinished" in capsys.readouterr().err

    arguments[4] = str(saved + 4)
    more = hex_json(capsys, *arguments, "-o", "runs/one")
    assert more["decoded"] <= 4 + CHUNK * 2, "in order, but for the lengths of a few batches"
    assert more["in_run"] >= saved
    _, err = capsys.readouterr()


def test_two_processes_at_once_decode_what_one_does_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One cache, problems of their own and problems they share, other batches."""
    arguments = ["decode", "--temperature", "1.5", "--samples", "2", "--steps", "16"]
    works = [("0-2", "8,32", "1"), ("1-4", "32,8", "7")]
    processes = [
        subprocess.Popen(
            [*HEX, *arguments, "--limit", limit, "--schedules", schedules, "--batch-size", size, "-o", f"runs/{limit}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for limit, schedules, size in works
    ]
    for process in processes:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    monkeypatch.setenv("HEX_CACHE_DIR", str(tmp_path / "other"))
    alone = hex_json(
        capsys, *arguments, "--limit", "5", "--schedules", "8,32", "--batch-size", "32", "-o", "runs/alone"
    )
    assert alone["decoded"] == 20
    expected = tokens("alone")
    assert len(set(expected.values())) > 10, "noise tells samples apart"
    for limit, _, _ in works:
        found = tokens(limit)
        assert len(found) in (12, 16)
        assert all(expected[name] == ids for name, ids in found.items())


def tokens(run: str) -> dict[tuple[str, str, int], tuple[int, ...]]:
    """The token ids of a run's generations, by problem, schedule and seed."""
    rows = map(json.loads, Path("runs", run, "generations.jsonl").read_text().splitlines())
    return {(row["problem_id"], row["schedule_label"], row["seed"]): tuple(row["token_ids"]) for row in rows}


def test_a_damaged_cache_is_one_line_and_decoded_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    hex_json(capsys, "decode", "--schedules", "16", "--limit", "2")
    (database,) = (tmp_path / "cache").rglob("cache.db")
    database.write_bytes(b"this is no database" * 100)
    for leftover in database.parent.glob("cache.db-*"):
        leftover.unlink()
    assert run(["decode", "--schedules", "16", "--limit", "2", "-o", "runs/again", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["decoded"] == 2
    assert sum("damaged" in line for line in err.splitlines()) == 1


def test_a_decode_says_at_once_that_it_loads_and_at_the_end_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["decode", "--schedules", "16", "--limit", "1", "--steps", "16"]
    assert run([*arguments, "-o", "runs/mine"]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines()[0] == "loading tiny ..."
    assert err.splitlines()[-1].startswith("next: `hex score runs/mine`, or `hex show runs/mine")
    assert len(out.splitlines()) == 1
    command = err.splitlines()[-1].split("`")[1]
    assert run(command.split()[1:]) == 0
    command = err.splitlines()[-1].split("`")[3]
    assert run(command.split()[1:]) == 0
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    assert "next: " not in capsys.readouterr().err
