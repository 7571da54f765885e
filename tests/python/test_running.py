"""Decoding from scripts: plans, rows as data, prompts, Ctrl-C, threads."""

import dataclasses
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import hexcli
from hexcli.errors import UsageError
from hexcli.python import running
from hexcli.report.notebook import LineMeter
from hexcli.tasks.gsm8k import GSM8K
from hexcli.tasks.registry import TASKS
from tests.cli.test_vote_and_score import out_of

QUESTION = {"question": "Tom has 3 apples. He buys 4 apples. How many has he?", "answer": "#### 7"}


def test_a_plan_is_what_a_dry_run_prints(capsys: pytest.CaptureFixture[str]) -> None:
    found = hexcli.plan(schedules=[8, 16], limit=3)
    printed = json.loads(out_of(capsys, "decode", "-s", "8,16", "--limit", "3", "--dry-run", "--json")[0])
    for frame in (found.frame, printed):  # what is free changes by itself
        frame["costs"] = {key: value for key, value in frame["costs"].items() if "free" not in key}
    assert json.loads(json.dumps(found.frame)) == printed
    assert (found.problems, found.generations, found.to_decode, found.path) == (3, 6, 6, Path(printed["run"]))
    assert {row["what"]: row["unit"] for row in found}["run_bytes"] == "bytes"
    assert not Path("runs").exists()
    hexcli.decode(schedules=[8, 16], limit=3, progress=False)
    assert hexcli.plan(schedules=[8, 16], limit=3).to_decode == 0


def test_a_run_is_finished_and_repeated_by_a_sweep_of_it() -> None:
    run = hexcli.decode(schedules=[16], steps=16, limit=2, progress=False)
    rows = run.path / "generations.jsonl"
    rows.write_text(rows.read_text().splitlines(True)[0])
    (whole,) = hexcli.sweep(run, progress=False)
    assert (len(hexcli.load(run.path)), len(whole), whole.path) == (2, 2, run.path)
    (copy,) = hexcli.sweep(run.path, output="again", progress=False)
    assert (copy.path, copy["text"]) == (Path("again") / run.path.name, whole["text"])
    assert hexcli.plan_sweep(run)[0].to_decode == 0
    with pytest.raises(UsageError, match=r"repeated as it was asked for: limit cannot be set; .*`hexcli.sweep\(...\)`"):
        hexcli.sweep(run, limit=1)


def test_a_sweep_is_planned_run_by_run_without_its_model() -> None:
    two = hexcli.plan_sweep({"model": "llada", "task": "gsm8k", "temperature": [0, 0.9]}, limit=2, device="cpu")
    assert [(one.problems, one.generations, one.cached) for one in two] == [(2, 6, None)] * 2
    assert two[0].unknown and two[0].costs["download_bytes"] > 1e9


class Rows:
    """As much of a datasets.Dataset as is asked for."""

    column_names = ("question", "answer")

    def __iter__(self) -> Any:
        return iter([QUESTION])


def test_rows_of_every_kind_are_one_run() -> None:
    paths = {
        hexcli.plan(task="gsm8k", schedules=8, data=data).path
        for data in ([QUESTION], (QUESTION,), Rows(), iter([QUESTION]))
    }
    assert len(paths) == 1 and len(list(Path("runs").glob("data-*.jsonl"))) == 1
    (swept,) = hexcli.sweep({"task": "gsm8k", "schedules": (8,), "data": [QUESTION]}, progress=False)
    assert {swept.path} == paths and swept["target"] == ["7"]
    with pytest.raises(UsageError, match="data has splits"):
        hexcli.plan(task="gsm8k", data=type("Splits", (), {"column_names": {"test": []}})())


def test_rows_without_a_task_are_read_as_their_columns_tell(capsys: pytest.CaptureFixture[str]) -> None:
    own = hexcli.decode(data=[{"question": "3 + 4?", "answer": 7}], schedules=16)
    assert own["target"] == ["7"] and "read as: " in capsys.readouterr().err
    plain = hexcli.decode(data=["3 + 4?", "2 + 9?"], schedules=16, progress=False)
    assert plain["question"] == ["3 + 4?", "2 + 9?"] and plain["target"] == [None, None]
    assert capsys.readouterr().err == "" and len(hexcli.vote(plain, "majority")) == 1
    with pytest.raises(UsageError, match="there is nothing to score by"):
        hexcli.score(plain)


def test_a_task_of_the_script_grades_as_it_says() -> None:
    never = dataclasses.replace(GSM8K, name="never", grade=lambda answer, target: False)
    run = hexcli.decode(task=never, data=[QUESTION], schedules=16, progress=False)
    assert run.manifest.task == "never" and hexcli.score(run)[0]["accuracy"] == 0
    assert len(hexcli.load(run.path, task=never)) == 1
    (swept,) = hexcli.sweep({"task": never, "data": [QUESTION], "schedules": [16]}, progress=False)
    assert swept.path == run.path
    del TASKS["never"]
    with pytest.raises(UsageError, match="of task 'never', which"):
        hexcli.load(run.path)
    with pytest.raises(UsageError, match="'gsm8k' is the name of another task"):
        hexcli.plan(task=GSM8K)
    with pytest.raises(UsageError, match="a task's name is letters"):
        hexcli.plan(task=dataclasses.replace(GSM8K, name="a b"))


def test_rows_of_generations_are_imported() -> None:
    rows = [{"q": "1 + 1?", "out": "\\boxed{2}", "target": "2", "block_length": size} for size in (8, 16)]
    named = {"question": "q", "text": "out"}
    run = hexcli.import_(rows, "runs/mine", task="gsm8k", fields=named, given={"gen_length": 64})
    assert run["answer"] == ["2", "2"] and hexcli.score(run)[0]["accuracy"] == 1


def test_a_prompt_gives_its_own_generations_alone() -> None:
    one = hexcli.decode("1 + 1?", schedules=[16], output="runs/p", progress=False)
    other = hexcli.decode("2 + 2?", schedules=[16], output="runs/p", progress=False)
    assert (len(one), len(other), len(hexcli.load("runs/p"))) == (1, 1, 2)
    assert hexcli.plan("1 + 1?", schedules=[16]).path != hexcli.plan("2 + 2?", schedules=[16]).path
    assert hexcli.decode("1 + 1?", task="gsm8k", schedules=[16], progress=False).manifest.task == "gsm8k"


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stopping(running.Meter):
        def finished(self, generation: Any) -> None:
            super().finished(generation)
            if self.generations == 2:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running, "meter", lambda: running.nullcontext(Stopping(sys.stderr)))
        with pytest.raises(KeyboardInterrupt) as raised:
            hexcli.decode(schedules=[8, 16], limit=2, batch_size=1)
    said = "the same call goes on from there"
    (note,) = raised.value.__notes__
    captured = capsys.readouterr()
    assert said in captured.err and said in note and captured.out == ""
    path = note.partition("load(")[2].partition(")")[0].strip("'")
    assert len(hexcli.load(path)) >= 2
    assert len(hexcli.decode(schedules=[8, 16], limit=2, progress=False)) == 4


def test_two_threads_may_decode_at_once() -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda size: hexcli.decode(schedules=[size], limit=2, progress=False), (8, 16)))
    assert [run["block_length"] for run in runs] == [[8, 8], [16, 16]]


def test_a_notebook_has_one_line_that_changes(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    shown = LineMeter(sys.stderr, lambda: now[0])
    shown.begin(total=2, reused=0, nfe=8, left={"a": 2}, at_most=False)
    for _ in range(4):
        now[0] += 0.3
        shown.step(1)
    shown.note("a word between")
    shown.generations = 2
    shown.show()
    printed = capsys.readouterr().err
    assert printed.count("\r") > 2 and "a word between\n" in printed and printed.endswith("left\n")
    assert "█" * 20 in printed and "░" in printed
