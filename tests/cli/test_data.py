"""`--data` and tasks of one's own, through the real command line on the embedded model."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.registry import get_task

ROOT = Path(__file__).parents[2]
MARKET = ROOT / "recipes" / "custom"
DECODE = ["decode", "--schedules", "64", "--limit", "2"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(MARKET, "tasks")


def hex_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code = run([*arguments, "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return json.loads(out)


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(list(arguments)) == 2
    out, err = capsys.readouterr()
    err = err.removeprefix("loading tiny ...\n")
    assert (out, len(err.splitlines())) == ("", 1), err
    return err


def test_a_task_of_ones_own_is_decoded_and_scored_and_its_run_folder_is_all_it_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    decoded = hex_json(capsys, *DECODE, "--task", "tasks/market.yaml")
    assert decoded["run"].startswith("runs/market-tiny-")
    manifest = json.loads(Path(decoded["run"], "run.json").read_text())
    assert (manifest["task"], manifest["definition"]["extract"]) == ("market", "number")
    assert manifest["data"].startswith("sha256:")
    shutil.move(decoded["run"], "copied")
    shutil.rmtree("tasks")
    (scored,) = hex_json(capsys, "score", "copied")
    assert (scored["task"], scored["problems"]) == ("market", 2)
    (voted,) = hex_json(capsys, "vote", "copied", "--task", "market")
    assert voted["rows"][0]["voted"] == 2


@pytest.mark.parametrize("data", [[], ["--data", "tasks/market.jsonl"]])
def test_an_edited_data_file_is_named(capsys: pytest.CaptureFixture[str], data: list[str]) -> None:
    arguments = [*DECODE, "--task", "tasks/market.yaml", *data]
    name = hex_json(capsys, *arguments)["run"]
    Path("tasks/market.jsonl").write_text(Path("tasks/market.jsonl").read_text().replace("Rosa", "Lena"))
    changed = f"tasks/market.jsonl has changed since run '{name}' was made: say -o {name}-2, a run of its own"
    assert fails(capsys, *arguments) == f"hex: {changed} (what asks the same comes from the cache)\n"


def test_what_is_beside_a_file_or_run_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    hint = "No such file or directory: did you mean"
    assert f"{hint} 'tasks/market.yaml'?" in fails(capsys, "decode", "--task", "tasks/market.yml")
    data = ["decode", "--task", "tasks/market.yaml", "--data"]
    assert f"{hint} 'tasks/market.jsonl'?" in fails(capsys, *data, "tasks/markets.jsonl")
    assert fails(capsys, *data, "nowhere/x.jsonl").endswith("No such file or directory\n")
    name = hex_json(capsys, *DECODE, "--task", "tasks/market.yaml")["run"]
    assert f"no such folder 'runs/market': did you mean '{name}'?" in fails(capsys, "score", "runs/market")


def test_another_data_file_or_definition_is_not_mixed_in(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*DECODE, "--task", "tasks/market.yaml", "-o", "runs/x"]
    hex_json(capsys, *arguments)
    rows = Path("tasks/market.jsonl").read_text()
    Path("other.jsonl").write_text(rows + rows.splitlines()[0].replace("Rosa", "Lena") + "\n")
    assert "holds another data file" in fails(capsys, *arguments, "--data", "other.jsonl")
    assert "holds another data file" in fails(capsys, *arguments, "--data", "other.jsonl", "--dry-run")
    Path("tasks/market.yaml").write_text(Path("tasks/market.yaml").read_text() + "prefill: So\n")
    changed = "tasks/market.yaml has changed since run 'runs/x' was made: say -o runs/x-2, a run of its own"
    assert changed in fails(capsys, *arguments)
    shutil.copy("tasks/market.yaml", "tasks/other.yaml")
    another = [*DECODE, "--task", "tasks/other.yaml", "-o", "runs/x"]
    Path("tasks/other.yaml").write_text(Path("tasks/other.yaml").read_text() + "name: market\n")
    assert "run 'runs/x' holds another definition of the task: choose another -o" in fails(capsys, *another)
    # The same prompts are the same generations, whichever file they are from.
    Path("tasks/market.yaml").write_text(Path(MARKET, "market.yaml").read_text())
    again = hex_json(capsys, *arguments[:-2], "--data", "other.jsonl", "-o", "runs/y")
    assert (again["decoded"], again["from_cache"]) == (0, 2)


def test_data_in_a_recipe_and_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    row = json.dumps({"question": "How many?", "answer": "#### 3"})
    Path("rows.jsonl").write_text(row + "\n")
    Path("recipe.yaml").write_text("task: gsm8k\nschedules: 64\ndata: rows.jsonl\n")
    (one,) = hex_json(capsys, "sweep", "recipe.yaml", "--dry-run")
    assert (one["problems"], one["recipe"]["data"]) == (1, "rows.jsonl")
    Path("more.jsonl").write_text(f"{row}\n{row}\n")
    (two,) = hex_json(capsys, "sweep", "recipe.yaml", "--data", "more.jsonl", "--dry-run")
    assert (two["problems"], two["run"] == one["run"]) == (2, False)


def test_runs_without_data_keep_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    """The name in README.md is older than `data`, which is no part of a recipe that has none."""
    found = hex_json(capsys, "decode", "--schedules", "8,16,32", "--dry-run")
    assert Path(found["run"]).name in (ROOT / "README.md").read_text()
    assert "data" not in found["recipe"]


def test_a_number_as_the_answer_is_what_it_is_in_csv(capsys: pytest.CaptureFixture[str]) -> None:
    Path("q.jsonl").write_text('{"question": "What is 12 + 9?", "answer": 21}\n')
    Path("q.csv").write_text("question,answer\nWhat is 12 + 9?,21\n")
    lines, cells = (load_problems(get_task("gsm8k"), name).problems for name in ("q.jsonl", "q.csv"))
    assert lines == cells
    assert lines[0].target == "21"
    assert hex_json(capsys, "decode", "--task", "gsm8k", "--data", "q.jsonl", "--dry-run")["problems"] == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"question": "What is 12 + 9?", "answer": 21}, 'question = "question", answer = "answer" (numbers)'),
        ({"problem": "What is 1/2 + 1/2?", "answer": "x^2"}, 'question = "problem", answer = "answer" (mathematics)'),
        ({"question": "What is 12 + 9?"}, 'question = "question"; no column with right answers: votes, and no scores'),
        ({"prompt": "Capital of France?", "label": "Paris"}, 'question = "prompt", answer = "label" (texts)'),
        ({"question": "What is 12 + 9?", "answer": "12 + 9 #### 21"}, "rows of gsm8k, its prompt and its grading"),
    ],
)
def test_rows_without_a_task_are_decoded_as_what_their_columns_say(
    capsys: pytest.CaptureFixture[str], row: dict[str, Any], says: str
) -> None:
    Path("mine.jsonl").write_text(json.dumps(row) + "\n")
    assert run(["decode", "--data", "mine.jsonl", "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert f"read as: {says}" in err and "1 problem, 3 generations" in out


def test_a_run_of_rows_alone_is_taken_up_voted_scored_and_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    decode = ["decode", "--data", "tasks/market.jsonl", "--limit", "2", "-s", "64"]
    first = hex_json(capsys, *decode)
    manifest = json.loads(Path(first["run"], "run.json").read_text())
    assert (manifest["task"], manifest["recipe"]["task"]) == ("market", "tasks/market.jsonl")
    assert manifest["definition"]["fields"] == {"question": "question", "answer": "answer"}
    assert hex_json(capsys, *decode)["in_run"] == 2
    assert hex_json(capsys, "sweep", first["run"])[0]["in_run"] == 2
    shutil.rmtree("tasks")
    (scored,) = hex_json(capsys, "score", first["run"])
    assert (scored["task"], scored["problems"]) == ("market", 2)


def test_a_recipe_may_name_rows_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("recipe.yaml").write_text("data: tasks/market.jsonl\nschedules: 64\nlimit: 2\n")
    (swept,) = hex_json(capsys, "sweep", "recipe.yaml", "--dry-run")
    decoded = hex_json(capsys, "decode", "--data", "tasks/market.jsonl", "-n", "2", "-s", "64", "--dry-run")
    named = hex_json(capsys, "decode", "--task", "tasks/market.jsonl", "-n", "2", "-s", "64", "--dry-run")
    assert swept["run"] == decoded["run"] == named["run"]


def test_what_is_next_after_rows_without_answers_is_their_votes(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.csv").write_text("question\nTom has 3 apples. He buys 4 apples. How many apples does Tom have now?\n")
    assert run(["decode", "--data", "mine.csv", "-s", "64", "-o", "runs/x"]) == 0
    assert "next: `hex vote runs/x`, or `hex show runs/x`" in capsys.readouterr().err
    assert run(["score", "runs/x"]) == 2
    assert "right answers are a column of the rows: hex decode --data mine.csv:answer=COLUMN" in capsys.readouterr().err


def test_a_data_file_is_shown_as_the_task_file_that_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.csv").write_text("Frage;A;B;Antwort\nWas ist rot?;Blut;Schnee;A\n", encoding="utf-8-sig")
    assert run(["tasks", "mine.csv", "--yaml"]) == 0
    Path("mine.yaml").write_text(capsys.readouterr().out)
    ours, theirs = get_task("mine.yaml"), get_task("mine.csv")
    assert load_problems(ours, None) == load_problems(theirs, None)
    assert ours.definition == theirs.definition
    assert run(["tasks", "sums", "--yaml"]) == 2


def test_the_prompt_is_shown_as_the_model_gets_it(capsys: pytest.CaptureFixture[str]) -> None:
    shown = ["decode", "--task", "tasks/market.yaml", "--fewshot-data", "tasks/market.jsonl", "--fewshot", "1"]
    (found,) = hex_json(capsys, *shown, "--show-prompt")
    assert found["text"].count("<|user|>") == 2 and found["text"].endswith("<|assistant|>") and found["tokens"] > 40
    assert run(["decode", "What is 3 + 4?", "--show-prompt"]) == 0
    out = capsys.readouterr().out
    assert "as tiny gets it (9 tokens):\n<|user|>What is 3+4?" in out.replace("3 + 4", "3+4")
    (away,) = hex_json(capsys, *shown, "--model", "llada", "--show-prompt")
    assert away["tokens"] is None and "<|" not in away["text"]
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("decode --data nowhere.csv", "cannot read nowhere.csv: No such file or directory"),
        ("decode --task sums --data tasks/market.jsonl", "task 'sums' makes its own problems: it takes no --data"),
        ("decode hello --data tasks/market.jsonl", "--data takes the problems of a task"),
        ("decode --task gsm8k --data bad.jsonl", "row 1: field 'answer' must be text, not True"),
        ("decode --task arc --data tasks/market.jsonl", "row 1: no field 'id' (it has: question, answer, kind)"),
        ("decode --task tasks/nowhere.yaml", "cannot read tasks/nowhere.yaml"),
        ("decode --task tasks/market.yaml --data nowhere.csv", "cannot read nowhere.csv"),
        ("decode --task tasks/market.yaml --limit 50-60", "limit 50-60 takes no problem: market has 12"),
        ("sweep bad.yaml", "data must be text, not 3"),
    ],
)
def test_what_is_wrong_is_one_line(capsys: pytest.CaptureFixture[str], command: str, says: str) -> None:
    Path("bad.yaml").write_text("data: 3\n")
    Path("bad.jsonl").write_text('{"question": "Is it so?", "answer": true}\n')
    assert says in fails(capsys, *command.split())
    assert not Path("runs").exists()


def test_offline_both_ways_to_the_data_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--task", "mmlu"]) == 1
    line = capsys.readouterr().err
    assert "cais/mmlu" in line and "HF_HOME" in line and "--data FILE" in line
