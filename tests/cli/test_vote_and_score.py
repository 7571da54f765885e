"""`hex vote` and `hex score` on run folders, whatever made them."""

import csv
import dataclasses
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from hexcli.records import Generation
from hexcli.report.console import PLAIN_WIDTH
from hexcli.report.each import comma_separated
from hexcli.runs.writing import RunWriter
from tests.samples import manifest
from tests.scoring.runs import generation

ANSWERS = {1: ("7", "7", "1"), 2: ("2", "7", "7"), 3: (None, "3", "7"), 4: (None, None, None)}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, *generations: Generation, **fields: Any) -> None:
    about = manifest(name=name, expected=len(generations), **fields)
    with RunWriter.open(Path("runs") / name, about, warn=pytest.fail) as writer:
        for one in generations:
            writer.append(one)
        writer.finish()


def table(start: int = 0, labels: tuple[str, ...] = ("8", "16", "32"), **fields: Any) -> list[Generation]:
    return [
        generation(start + problem, label, answer, category=("odd", "even")[problem % 2], **fields)
        for problem, answers in ANSWERS.items()
        for label, answer in zip(labels, answers, strict=True)
    ]


def marked(out: str) -> str:
    """The lines of answers that a tie-break decided."""
    return "\n".join(line for line in out.splitlines() if "(tie)" in line)


def out_of(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    assert run(list(arguments)) == code
    return capsys.readouterr()


def test_what_the_votes_lack_is_said_under_the_table_and_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    short = {
        "vote": "cannot vote confidence, settled, finished, valid, temporal, schedule-weighted (-a all says why)",
        "score": "; 6 cannot vote: -a all",
    }
    for command, said in short.items():
        out, err = out_of(capsys, command)
        assert said in " ".join(out.split())
        assert err == ""
        out, err = out_of(capsys, command, "-a", "all")
        assert "confidence cannot vote: 8 of 8 votes carry no confidence" in out
        assert "schedule-weighted cannot vote: it needs labelled problems of another split: --calibration RUN" in out
        assert err == ""
        (frame,) = json.loads(out_of(capsys, command, "--json")[0])
        assert [skipped["name"] for skipped in frame["skipped"]] == [
            "confidence", "settled", "finished", "valid", "temporal", "schedule-weighted",
        ]  # fmt: skip


def test_an_aggregator_asked_for_by_name_that_cannot_vote_fails_after_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("one", *table())
    for command in ("vote", "score"):
        out, err = out_of(capsys, command, "-a", "majority", "-a", "confidence", "--json", code=1)
        (frame,) = json.loads(out)
        assert "majority" in [row["name"] for row in frame["rows"]]
        assert err == "hex: confidence cannot vote on one: 8 of 8 votes carry no confidence\n"
        out, err = out_of(capsys, command, "-a", "majority,confidence,schedule-weighted", code=1)
        assert "majority" in out and "skipped" not in out
        assert err.count("\n") == err.count("carry no confidence") == err.count("--calibration RUN") == 1


def test_calibration_on_another_split(capsys: pytest.CaptureFixture[str]) -> None:
    write("test", *table())
    write("calibration", *table(start=10))
    for command in ("vote", "score"):
        out, err = out_of(capsys, command, "runs/test", "--calibration", "runs/calibration", "--json")
        (frame,) = json.loads(out)
        assert "schedule-weighted" in [row["name"] for row in frame["rows"]]
        assert err == ""
        _, err = out_of(capsys, command, "runs/test", "--calibration", "runs/test", code=2)
        assert err.startswith("hex: runs/test cannot calibrate runs/test: they share 4 problems (p1, ...)")
        assert err.count("\n") == 1
        _, err = out_of(capsys, command, "runs/test", "--calibration", "runs/nothing", code=2)
        assert err.startswith("hex: no such folder 'runs/nothing': runs/ has calibration, test")


def test_calibration_by_another_model_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    write("test", *table())
    write("calibration", *table(start=10), model_identity="sha256:other")
    _, err = out_of(capsys, "vote", "runs/test", "--calibration", "runs/calibration")
    assert err == "hex: warning: 'runs/calibration' calibrates 'runs/test', and is of another model\n"


def test_scores_by_category(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    out, _ = out_of(capsys, "score", "--by", "category", "-a", "majority")
    lines = [line.split() for line in out.splitlines()]
    assert ["accuracy,", "%", "n", "16", "majority", "oracle"] in lines
    assert ["even", "2", "50.0", "50.0", "100.0"] in lines
    assert ["odd", "2", "50.0", "50.0", "50.0"] in lines
    write(
        "plain", *(dataclasses.replace(one, problem=dataclasses.replace(one.problem, category=None)) for one in table())
    )
    assert "its problems have no categories" in out_of(capsys, "score", "runs/plain", "--by", "category")[0]
    _, err = out_of(capsys, "score", "--by", "nothing", code=2)
    assert "category" in err


def test_schedules_that_share_a_label_go_by_longer_names(capsys: pytest.CaptureFixture[str]) -> None:
    generations = [
        generation(problem, "32", answer, gen_length=length)
        for problem, answers in ANSWERS.items()
        for length, answer in zip((128, 256, 512), answers, strict=True)
    ]
    write("one", *generations, *table(labels=("8", "16", "64")))
    (frame,) = json.loads(out_of(capsys, "score", "--json")[0])
    names = [row["name"] for row in frame["rows"] if row["kind"] == "schedule"]
    assert names == ["8@64", "16@64", "32", "32@256", "32@512", "64@64"], "what is not as in the first is said"
    (frame,) = json.loads(out_of(capsys, "score", "--json", "--schedules", "32@256,32@512")[0])
    assert [row["name"] for row in frame["rows"] if row["kind"] == "schedule"] == ["32@256", "32@512"]
    (frame,) = json.loads(out_of(capsys, "vote", "--json", "--schedules", "32@128,64")[0])
    assert frame["generations"] == 8
    _, err = out_of(capsys, "vote", "runs/one", "--schedules", "32@1024", code=2)
    assert err == "hex: runs/one has no schedule 32@1024: it has 8@64, 16@64, 32, 32@256, 32@512, 64@64\n"


def test_the_tables_fit_100_columns(capsys: pytest.CaptureFixture[str]) -> None:
    labels = ("48+16", "16", "32")
    seeds = [one for seed in range(3) for one in table(labels=labels, seed=seed)]
    write("one", *seeds)
    write("calibration", *table(start=10, labels=labels))
    out, _ = out_of(capsys, "score", "runs/one", "--calibration", "runs/calibration", "--by", "category")
    assert "block 48+16 " in out and "(mean of 3 samples)" in out
    assert max(len(line.rstrip()) for line in out.splitlines()) <= PLAIN_WIDTH == 100


def test_problems_without_a_target_are_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table(), generation(9, "8", "7", target=None))
    out, err = out_of(capsys, "score")
    assert "4 problems" in out
    assert err == "hex: warning: runs/one: 1 of 5 problems without a target, not scored\n"


def test_a_run_without_one_answer_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    write("silent", *(generation(number, "8", None) for number in range(2)))
    assert run(["score", "runs/silent"]) == 0
    err = " ".join(capsys.readouterr().err.split())
    assert "in none of 2 generations is an answer that task sums reads: hex show runs/silent 0 has the texts" in err


def test_json_has_the_curves_and_the_comparisons(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    (frame,) = json.loads(out_of(capsys, "score", "--json")[0])
    assert [point["votes"] for point in frame["curves"]["majority"]] == [1, 2, 3]
    assert frame["curves"]["oracle"][-1]["accuracy"] == frame["rows"][-1]["accuracy"]
    assert frame["best_single"] == "16"
    reliability = next(row for row in frame["rows"] if row["name"] == "reliability")
    assert [versus["rival"] for versus in reliability["versus"]] == ["best single, in hindsight", "majority"]
    assert json.loads((Path("runs/one") / "scores.json").read_text()) == frame


def test_the_order_of_the_file_and_the_hash_seed_do_not_matter() -> None:
    write("one", *table())
    write("two", *reversed(table()))
    outputs = set()
    for name in ("one", "two"):
        for seed in ("0", "1"):
            command = [sys.executable, "-m", "hexcli", "score", f"runs/{name}", "--json"]
            environment = {**os.environ, "PYTHONHASHSEED": seed}
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            outputs.add(done.stdout.replace(f'"{name}"', '"run"'))
    assert len(outputs) == 1


def test_an_aggregator_asked_for_by_name_is_shown_and_the_files_keep_all(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    for command, name in (("vote", "votes.jsonl"), ("score", "scores.json")):
        out_of(capsys, command)
        whole = (Path("runs/one") / name).read_bytes()
        (frame,) = json.loads(out_of(capsys, command, "-a", "first", "--json")[0])
        shown = [row["name"] for row in frame["rows"] if row.get("kind", "aggregator") == "aggregator"]
        assert shown == ["first"]
        assert frame["skipped"] == []
        assert (Path("runs/one") / name).read_bytes() == whole
    assert frame["comparisons"] == 2, "first with the best schedule and with majority"
    out_of(capsys, "vote", "--schedules", "8,16")
    assert b'"majority"' in (Path("runs/one/votes.jsonl")).read_bytes()


def test_scores_for_a_paper_and_for_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert r"\begin{tabular}" in out_of(capsys, "score", "--format", "latex")[0]
    assert "| majority |" in out_of(capsys, "score", "--format", "markdown")[0]
    assert out_of(capsys, "score", "--format", "csv")[0].startswith("run,task,model,kind,name")
    assert out_of(capsys, "score", "--format", "json") == out_of(capsys, "score", "--json")
    _, err = out_of(capsys, "score", "--json", "--format", "csv", code=2)
    assert "--json and --format csv are two ways to write the scores: leave one out" in err


def test_the_eye_finds_majority_and_aggregators_that_say_nothing_new_share_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("one", *table())
    (frame,) = json.loads(out_of(capsys, "score", "--json")[0])
    same = {row["name"]: row["same_as"] for row in frame["rows"] if "same_as" in row}
    assert same["reliability"] == "majority" and "first" not in same and "majority" not in same
    out, _ = out_of(capsys, "score")
    heads = [line.split("  ")[0].strip() for line in out.splitlines()]
    found = [name for name in heads if re.fullmatch("block [0-9]+|majority|oracle", name)]
    assert found == ["block 8", "block 16", "block 32", "majority", "oracle", "majority"], "and what it gains"
    assert "others" in heads and "reliability" not in heads
    everyone, _ = out_of(capsys, "score", "-a", "all")
    heads = [line.split("  ")[0].strip() for line in everyone.splitlines()]
    assert heads.count("reliability") == 2, "the scores and the comparison"
    (again,) = json.loads(out_of(capsys, "score", "-a", "all", "--json")[0])
    assert again == frame
    (few,) = json.loads(out_of(capsys, "score", "-a", "first,reliability", "--json")[0])
    assert not any("same_as" in row for row in few["rows"]), "majority is not among them"


def test_aggregators_that_decide_alike_share_a_row_of_votes(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    out, _ = out_of(capsys, "vote")
    assert "\n majority, majority-nll, trajectory-confidence, informed," in out
    out, _ = out_of(capsys, "vote", "-a", "all")
    assert "\n majority " in out and "\n reliability " in out


def test_a_spreadsheet_gets_a_line_a_problem_or_a_generation(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    lines = list(csv.DictReader(io.StringIO(out_of(capsys, "score", "--each", "problem")[0])))
    assert [line["problem_id"] for line in lines] == ["p1", "p2", "p3", "p4"]
    assert (lines[0]["8 correct"], lines[0]["32 correct"], lines[0]["majority"]) == ("1", "0", "7")
    assert (lines[0]["votes"], lines[0]["votes correct"], lines[0]["majority correct"]) == ("3", "2", "1")
    (first, *_) = json.loads(out_of(capsys, "score", "--each", "problem", "--json")[0])
    assert {type(first[name]) for name in first if name.endswith("correct") and name != "votes correct"} == {float}
    rows = list(csv.DictReader(io.StringIO(out_of(capsys, "score", "--each", "generation")[0])))
    assert len(rows) == 12 and rows[0]["text"] and rows[0]["question"] and rows[0]["correct"] == "1"
    assert len(json.loads(out_of(capsys, "score", "--each", "problem", "--json")[0])) == 4
    every = list(csv.DictReader(io.StringIO(out_of(capsys, "score", "--each", "problem", "-a", "all")[0])))
    assert {"majority correct", "first correct", "reliability correct"} <= {*every[0]} and len(every) == 4
    _, err = out_of(capsys, "score", "--each", "problem", "--axes", code=2)
    assert "a view of its own: leave out --axes" in err


def test_no_text_of_a_model_is_a_formula_in_a_spreadsheet() -> None:
    out = comma_separated([{"answer": "=HYPERLINK(1)"}, {"answer": "-5"}, {"answer": "@x"}, {"answer": True}])
    assert out.splitlines() == ["answer", "'=HYPERLINK(1)", "-5", "'@x", "1"]


def unasked(name: str, problems: int) -> None:
    write(name, *(generation(n, label, str(n % 3), target=None) for n in range(problems) for label in ("8", "16")))


def test_without_targets_the_votes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    unasked("few", 2)
    out, _ = out_of(capsys, "vote", "runs/few")
    assert "voted: problems with an answer" in out and "agreement: the share of" in out
    assert re.search(r"^ 1 +p1 +1 +2 x 1 *$", out, re.M)
    assert "as CSV: hex score runs/few --each problem" in out
    unasked("many", 21)
    out, _ = out_of(capsys, "vote", "runs/many")
    assert out.count(" 2 x ") == 20 and "and 1 more problem\n" in out
    assert "all: hex vote runs/many --answers, or hex show runs/many" in out
    assert out_of(capsys, "vote", "runs/many", "--answers")[0].count(" 2 x ") == 21


def test_with_targets_the_votes_are_listed_where_that_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    out, _ = out_of(capsys, "vote")
    assert "hex vote runs/one --answers" in out and " x 7" not in out
    out, _ = out_of(capsys, "vote", "--answers", "-a", "first")
    assert re.search(r"^ 1 +p2 +7 +2 +majority +2 x 7, 1 x 2 *$", out, re.M)
    (found,) = json.loads(out_of(capsys, "vote", "--answers", "--json")[0])
    assert [row["answer"] for row in found["answers"]] == ["7", "7", "3", None]
    ties = [row["problem_id"] for row in found["answers"] if row["tie"]]
    out, _ = out_of(capsys, "vote", "--answers")
    assert ties and [problem for problem in ("p1", "p2", "p3", "p4") if problem in marked(out)] == ties
    assert "answers" not in json.loads(out_of(capsys, "vote", "--json")[0])[0]


def test_a_spreadsheet_without_targets_calls_nothing_right_or_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table(target=None))
    lines = list(csv.DictReader(io.StringIO(out_of(capsys, "score", "--each", "problem")[0])))
    assert [line["majority"] for line in lines] == ["7", "7", "3", ""]
    assert {line["majority correct"] + line["votes correct"] + line["target"] for line in lines} == {""}
    rows = list(csv.DictReader(io.StringIO(out_of(capsys, "score", "--each", "generation")[0])))
    assert len(rows) == 12 and {row["correct"] for row in rows} == {""}
    assert "hex vote lists what was voted for" in out_of(capsys, "score", code=2)[1]


def test_a_spreadsheet_says_how_each_generation_was_decoded(capsys: pytest.CaptureFixture[str]) -> None:
    ones = table(labels=("8", "16", "48+16"))
    write("one", *ones)
    rows = list(csv.DictReader(io.StringIO(out_of(capsys, "score", "--each", "generation")[0])))
    assert [row["blocks"] for row in rows[:3]] == ["8", "16", "48+16"]
    assert [row["block_length"] for row in rows[:3]] == ["8", "16", ""]
    schedule = ones[0].schedule
    about = (schedule.gen_length, schedule.steps, schedule.temperature, schedule.remasking, schedule.seed)
    names = ("gen_length", "steps", "temperature", "remasking", "seed")
    assert tuple(rows[0][name] for name in names) == tuple(map(str, about))
    assert rows[0]["model"] == manifest().model
