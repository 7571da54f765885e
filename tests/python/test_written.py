"""Rows given to Python: what fails leaves no file of them and names none; what is removed takes its file along."""

from pathlib import Path
from typing import Any

import pytest

import hexcli
from hexcli.errors import UsageError
from tests.cli.test_vote_and_score import out_of

ROWS = [{"a": "What is 1 + 1?", "b": "2"}]
GENERATION = {"question": "What is 1 + 1?", "target": "2", "text": r"\boxed{2}", "gen_length": 64}


def failing(call: Any) -> str:
    """What a call is refused with, which leaves nothing behind."""
    with pytest.raises(UsageError) as refused:
        call()
    assert not list(Path().rglob("*data-*")) and not Path("runs").exists()
    assert "data-" not in str(refused.value)
    return str(refused.value)


def test_rows_whose_columns_do_not_tell_are_refused_with_a_line_that_says_which_is_which() -> None:
    listed = "data=[{'question': row['a'], 'answer': row['b']} for row in rows]"
    for call in (hexcli.decode, hexcli.plan):
        said = failing(lambda call=call: call(data=ROWS))
        assert said == (f"the data: none of its columns is called like a question: a, b; say which is which: {listed}")
    assert failing(lambda: hexcli.decode(data=[{"q": "x", "problem": "y", "answer": "z"}])).endswith(
        "data=[{name: row[name] for name in row if name not in ['problem']} for row in rows]"
    )


def test_a_data_frame_is_told_by_renaming_its_columns() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(ROWS)
    assert failing(lambda: hexcli.decode(data=frame)).endswith(
        "data=frame.rename(columns={'a': 'question', 'b': 'answer'})"
    )
    two = pandas.DataFrame([{"q": "x", "problem": "y", "answer": "z"}])
    assert failing(lambda: hexcli.decode(data=two)).endswith("data=frame.drop(columns=['problem'])")
    assert hexcli.plan(data=frame.rename(columns={"a": "question", "b": "answer"})).problems == 1


def test_what_fails_leaves_nothing_and_names_no_file() -> None:
    assert failing(lambda: hexcli.decode(data=[{"question": " "}])) == "the data, row 1: field 'question' is empty"
    assert failing(lambda: hexcli.decode(task="gsm8k", data=[{"question": "x"}])).startswith(
        "the data, row 1: no field"
    )
    assert "does not divide" in failing(lambda: hexcli.decode(data=["x"], schedules=7000))
    assert "no field" in failing(lambda: hexcli.sweep({"task": "gsm8k", "data": [{"question": "x"}]}, progress=False))
    assert failing(lambda: hexcli.import_(ROWS, "runs/x", task="gsm8k")).startswith("the rows: row 1: no field")
    said = failing(lambda: hexcli.import_([GENERATION], "runs/x"))
    assert said.startswith("not said: the task and block_length, which the rows do not state (")


def test_rows_stay_with_the_last_run_that_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{**GENERATION, "block_length": size} for size in (8, 16)]
    for name in ("one", "two"):
        hexcli.import_(rows, f"runs/{name}", task="gsm8k")
    (file,) = Path("runs").glob("data-*.jsonl")
    with pytest.raises(UsageError):
        hexcli.import_(rows, "runs/three")
    assert file.is_file()
    out_of(capsys, "runs", "rm", "runs/one", "--yes")
    assert file.is_file()
    out_of(capsys, "runs", "rm", "runs/two", "--yes")
    assert not list(Path("runs").iterdir())


def test_a_file_that_holds_something_else_by_now_stays(capsys: pytest.CaptureFixture[str]) -> None:
    hexcli.import_([{**GENERATION, "block_length": 8}], "runs/one", task="gsm8k")
    (file,) = Path("runs").glob("data-*.jsonl")
    file.write_text("mine\n")
    out_of(capsys, "runs", "rm", "runs/one", "--yes")
    assert file.read_text() == "mine\n"


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("q8.csv", "'q8.csv' is a file, no prompt: its rows are decoded by hexcli.decode(data='q8.csv')"),
        ("gsm8k", "'gsm8k' is a task, no prompt: hexcli.decode(task='gsm8k')"),
        ("tiny", "'tiny' is a model, no prompt: hexcli.decode(model='tiny')"),
        ("demo", "'demo' is a recipe, no prompt: hexcli.sweep('demo')"),
        ("gsm8", "'gsm8' is a prompt of one word: did you mean task='gsm8k'? A prompt is a text in quotes"),
        ("8,16", "'8,16' is no prompt: block lengths are schedules='8,16'"),
    ],
)
def test_what_is_no_prompt_is_answered_with_the_argument_that_it_is(prompt: str, said: str) -> None:
    for call in (hexcli.decode, hexcli.plan):
        with pytest.raises(UsageError) as refused:
            call(prompt)  # type: ignore[operator]
        assert str(refused.value) == said
