"""graded.jsonl: what was right, generation by generation and decision by decision."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from hexcli.json_file import write_jsonl
from hexcli.scoring.frames import score_run
from tests.scoring.runs import counted, generation


def rows(*generations: Any, aggregators: tuple[str, ...] = ("first", "majority")) -> list[dict[str, Any]]:
    return list(score_run(counted(*generations), list(aggregators)).graded)


def test_a_problem_has_its_generations_and_then_its_decisions() -> None:
    answers = {"8": "1", "16": "7.0", "32": "7", "64": None}
    found = rows(*(generation(1, label, answer, category="easy") for label, answer in answers.items()))
    assert [(row["row"], row["schedule"] or row["aggregator"], row["answer"], row["class"]) for row in found] == [
        ("generation", "8", "1", "1"),
        ("generation", "16", "7", "7"),
        ("generation", "32", "7", "7"),
        ("generation", "64", None, None),
        ("decision", "first", "1", "1"),
        ("decision", "majority", "7", "7"),
    ]
    assert [row["correct"] for row in found] == [False, True, True, False, False, True]
    assert [row["votes"] for row in found] == [1, 2, 2, 0, 1, 2]
    assert {(row["problem_id"], row["category"], row["target"]) for row in found} == {("p1", "easy", "7")}
    assert [row["nfe"] for row in found] == [32, 32, 32, 32, 32, 128]
    assert found[-1]["agreement"] == pytest.approx(2 / 3)
    assert len({tuple(row) for row in found}) == 1, "the same columns in every row"


def test_a_generation_says_how_it_was_decoded_and_what_it_says() -> None:
    even, uneven, decision, _ = rows(generation(1, "8", "7"), generation(1, "48+16", "7"))
    assert (even["blocks"], even["block_length"], uneven["blocks"], uneven["block_length"]) == ("8", 8, "48+16", None)
    assert (even["gen_length"], even["temperature"], even["question"]) == (64, 0.9, "question 1")
    assert even["text"] == "so \\boxed{7}"
    names = ("model", "blocks", "block_length", "gen_length", "steps", "temperature", "remasking", "question", "text")
    assert {decision[name] for name in names} == {None}


def test_of_a_problem_without_a_target_nothing_is_right_or_wrong() -> None:
    found = rows(generation(1, "8", "7"), generation(2, "8", "7", target=None))
    assert {row["problem_id"]: row["correct"] for row in found} == {"p1": True, "p2": None}


def test_grading_comes_after_every_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    from hexcli.tasks.registry import get_task
    from hexcli.voting import aggregators

    task, order = get_task("sums"), []

    def grade(answer: str, target: str) -> bool:
        order.append("grade")
        return task.grade(answer, target)

    def spying(rule: Any) -> Any:
        def decide(*arguments: Any) -> Any:
            order.append("vote")
            return rule(*arguments)

        return decide

    monkeypatch.setattr("hexcli.runs.ballots.get_task", lambda name: dataclasses.replace(task, grade=grade))
    for name in ("first", "majority"):
        monkeypatch.setitem(aggregators.AGGREGATORS, name, spying(aggregators.AGGREGATORS[name]))
    rows(generation(1, "8", "7"), generation(1, "16", "1"))
    assert order == ["vote", "vote", "grade", "grade"]


def test_it_loads_into_pandas_and_datasets(tmp_path: Path) -> None:
    datasets, pandas = pytest.importorskip("datasets"), pytest.importorskip("pandas")
    many = [generation(p, label, "7" if p % 2 else None, seed=s) for p in range(20) for label in "48" for s in (0, 1)]
    found = rows(*many)
    write_jsonl(tmp_path / "graded.jsonl", found)
    frame = pandas.read_json(tmp_path / "graded.jsonl", lines=True)
    accuracy = frame[frame["row"] == "generation"].groupby("schedule")["correct"].mean()
    assert dict(accuracy) == {4: 0.5, 8: 0.5}
    path = str(tmp_path / "graded.jsonl")
    loaded = datasets.load_dataset("json", data_files=path, split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded.num_rows == len(found)
    assert loaded[0]["correct"] is False and loaded[0]["answer"] is None
