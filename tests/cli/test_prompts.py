"""Wordings of the prompt and examples before it, from the command line: decoded, voted on, shown, compared."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run

DECODE = ("decode", "--limit", "2", "--schedules", "32", "--gen-length", "32", "--batch-size", "8")
GSM8K = [{"question": f"What is {n} + 1?", "answer": f"{n} + 1 = {n + 1}\n#### {n + 1}"} for n in range(4)]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in GSM8K))


def out(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    got = run(list(words))
    said = capsys.readouterr()
    assert got == code, said.err
    return said.out if code == 0 else said.err


def read(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(out(capsys, *words, "--json"))


def rows(folder: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(folder, "generations.jsonl").read_text().splitlines()]


def test_each_wording_votes_and_what_was_asked_before_is_not_decoded_again(capsys: pytest.CaptureFixture[str]) -> None:
    own = read(capsys, *DECODE, "-o", "own")
    assert own["decoded"] == 2
    assert not any("prompt_name" in row for row in rows("own")), "rows of the task's own wording are what they were"
    both = read(capsys, *DECODE, "--prompt", "plain", "--prompt", "answer", "-o", "both")
    assert (both["from_cache"], both["decoded"]) == (2, 2), "the same text is the same generation"
    assert sorted(row.get("prompt_name", "") for row in rows("both")) == ["", "", "answer", "answer"]

    names = ["32 · plain", "32 · answer"]
    (frame,) = read(capsys, "score", "both")
    assert [(row["name"], row["prompt"]) for row in frame["rows"][:2]] == [(names[0], "plain"), (names[1], "answer")]
    for name in names:
        (alone,) = read(capsys, "score", "both", "-s", name)
        assert next(row["name"] for row in alone["rows"] if row["kind"] == "schedule").startswith("32")
        assert alone["generations"] == 2
    (alone,) = read(capsys, "vote", "both", "--prompts", "answer", "-s", "32")
    assert (alone["generations"], alone["settings"]["prompts"]) == (2, "answer")
    assert read(capsys, "compare", f"both:{names[0]}", f"both:{names[1]}")["a"]["name"] == names[0]
    shown = read(capsys, "show", "both", "0", "--prompts", "answer")
    assert [(vote["schedule"], vote["prompt"]) for vote in shown["votes"]] == [("32 · answer", "answer")]
    assert "32 · answer" in out(capsys, "show", "both", "0", "--diff", *names)
    graded = [json.loads(line) for line in Path("both/graded.jsonl").read_text().splitlines()]
    assert {row["prompt"] for row in graded} == {"plain", "answer", None}
    assert run(["report", "both", "-o", "both.html"]) == 0
    assert "32 \\u00b7 answer" in Path("both.html").read_text() or "32 · answer" in Path("both.html").read_text()
    capsys.readouterr()
    read(capsys, "import", "both/generations.jsonl", "-o", "imported")
    (again,) = read(capsys, "score", "imported")
    assert [row["name"] for row in again["rows"][:2]] == names
    assert "no prompt plane: it has plain, answer" in out(capsys, "vote", "both", "--prompts", "plane", code=2)


def test_a_wording_that_is_the_tasks_own_is_the_same_run(capsys: pytest.CaptureFixture[str]) -> None:
    plain, said = (read(capsys, *DECODE, *more, "--dry-run") for more in ((), ("--prompt", "plain")))
    assert plain["run"] == said["run"]
    other = read(capsys, *DECODE, "--prompt", "answer,plain", "--dry-run")
    assert other["run"] != plain["run"]
    assert (plain["generations"], other["generations"]) == (2, 4), "a dry run counts them"


def test_examples_are_kept_and_others_of_the_same_name_refused(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--task", "gsm8k", "--data", "rows.jsonl", "--prompt", "plain", "--fewshot", "1", "--fewshot-data")
    Path("shots.jsonl").write_text("".join(json.dumps(row) + "\n" for row in GSM8K[:2]))
    out(capsys, *DECODE, *words, "shots.jsonl", "-o", "shots")
    (asked,) = json.loads(Path("shots/run.json").read_text())["prompts"].items()
    assert (asked[0], asked[1]["shown"], len(asked[1]["examples"])) == ("plain+1shot", 1, 2)
    for row in rows("shots"):
        assert row["prompt_name"] == "plain+1shot"
        assert row["prompt"].count(row["question"]) == 1, "a problem is not its own example"
        assert "The answer is" in row["prompt"].split("<|endoftext|>")[0]
    Path("shots.jsonl").write_text("".join(json.dumps(row) + "\n" for row in GSM8K[2:]))
    said = out(capsys, *DECODE, *words, "shots.jsonl", "-o", "shots", code=2)
    assert "holds another wording, or other examples, of prompt plain+1shot" in said
    assert "plain+1shot" in out(capsys, "show", "shots", "0")


def test_a_recipe_has_prompts_and_a_run_folder_repeats_them(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.yaml").write_text("user: 'Tell: {question}'")
    Path("grid.yaml").write_text(
        "schedules: [32]\ngen_length: 32\nlimit: 1\nprompts: [[plain], [plain, mine.yaml]]\nfewshot: null\n"
    )
    first, second = read(capsys, "sweep", "grid.yaml")
    assert (first["generations"], second["generations"]) == (1, 2)
    assert "mine" in Path(second["run"]).name
    (again,) = read(capsys, "sweep", second["run"])
    assert (again["decoded"], again["in_run"]) == (0, 2)
    assert read(capsys, "reproduce", second["run"], "--sample", "1")["votes"] == 0


def test_a_task_shows_its_wordings(capsys: pytest.CaptureFixture[str]) -> None:
    said = out(capsys, "tasks", "gsm8k")
    assert "--prompt reasoning, its own" in said and "--prompt plain\n" in said and "{question}" in said
    assert read(capsys, "tasks", "sums")["prompts"]["answer"]["user"] == "{question}\nAnswer in \\boxed{}."
    listed = {row["name"]: row["prompts"] for row in read(capsys, "tasks")}
    assert listed["arc"] == ["reasoning", "plain", "answer"]
    assert "did you mean 'gsm8k'?" in out(capsys, "tasks", "gsm9k", code=2)


def test_own_tasks_have_wordings_and_a_training_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.yaml").write_text(
        "data: rows.jsonl\ntrain: rows.jsonl\nfields: {question: question, answer: answer}\nextract: number\n"
        "prompts:\n  short: '{question} Short.'\n"
        "  long: {user: '{question} Long.', prefill: 'So', reply: 'So {answer}'}\n"
    )
    words = (*DECODE, "--task", "own.yaml", "--prompt", "default,short,long")
    assert read(capsys, *words, "--dry-run")["generations"] == 6
    out(capsys, *words, "-o", "own")
    assert sorted({row.get("prompt_name", "") for row in rows("own")}) == ["", "long", "short"]
    out(capsys, *DECODE, "--task", "own.yaml", "--prompt", "long", "--fewshot", "2", "-o", "own")
    asked = [row["prompt"] for row in rows("own") if row.get("prompt_name") == "long+2shot"]
    assert [prompt.count("Long.<|assistant|>So ") for prompt in asked] == [2, 2], "two examples, answered as it says"
    Path("bad.yaml").write_text(Path("own.yaml").read_text().replace("'{question} Short.'", "'{answer} {question}'"))
    assert "prompts: short: its prompt would show the right answer: {answer}" in out(
        capsys, *DECODE, "--task", "bad.yaml", code=2
    )


def test_problems_stop_where_they_are_decided_in_any_wording(capsys: pytest.CaptureFixture[str]) -> None:
    said = read(capsys, *DECODE, "--prompt", "plain,answer,reasoning", "--until-decided", "-o", "stopped")
    assert said["decoded"] + said["not_needed"] == 6
    (frame,) = read(capsys, "vote", "stopped", "-a", "majority")
    assert frame["generations"] == said["decoded"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--prompt", "plane"), "unknown prompt 'plane' of task 'sums': did you mean 'plain'?"),
        (("--prompt", ""), "the value of --prompt is empty"),
        (("--prompt", "pipe.yaml"), "cannot read pipe.yaml: it is a pipe, not a file"),
        (("--prompt", "."), "unknown prompt '.' of task 'sums'"),
        (("--prompt", "folder.yaml"), "cannot read folder.yaml: it is a folder, not a file"),
        (("--prompt", "broken.yaml"), "broken.yaml: not YAML in line 1"),
        (("--prompt", "topic.yaml"), "the prompt's {topic} is no field of its rows"),
        (("--fewshot", "0"), "fewshot must be 1 to 64 examples, not 0"),
        (("--fewshot", "40"), "the prompt of sums-0000 is too long"),
        (("--fewshot-seed", "1"), "fewshot_seed 1 has no effect without fewshot or fewshot_data"),
        (
            ("--task", "gsm8k", "--data", "rows.jsonl", "--fewshot", "5", "--fewshot-data", "rows.jsonl"),
            "has only 4 examples",
        ),
        (
            ("--task", "gsm8k", "--data", "rows.jsonl", "--fewshot-data", "pipe.yaml"),
            "cannot read pipe.yaml: it is a pipe",
        ),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo("pipe.yaml")
    Path("folder.yaml").mkdir()
    Path("broken.yaml").write_text("user: [")
    Path("topic.yaml").write_text("user: '{topic} {question}'")
    said = out(capsys, *DECODE, *words, "--dry-run", code=2)
    assert says in said
    assert said.count("\n") == 1
