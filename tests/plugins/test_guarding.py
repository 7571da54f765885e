"""A task of one's own that fails, or gives what it must not, is told in one line with its function."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

import hexcli
from hexcli.cli.main import run
from hexcli.errors import HexError
from hexcli.plugins.guarding import guarded
from hexcli.records import Problem
from hexcli.task import Prompt
from hexcli.tasks.embedded.sums import SUMS
from hexcli.tasks.registry import TASKS

ONE = Problem(id="a", question="3 + 4?", target="7")
BAD: Any = None


@pytest.mark.parametrize(
    ("part", "function", "arguments", "said"),
    [
        (
            "load",
            lambda: 1 / 0,
            (),
            r"load\(\) failed at test_guarding.py line \d+: ZeroDivisionError: division by zero",
        ),
        ("load", lambda: None, (), r"load\(\) gave None: it gives a list of hexcli.records.Problem"),
        ("load", list, (), "gave no problem: there is nothing to decode"),
        ("load", lambda: [{"question": "x"}], (), r"as problem 1: each is a hexcli.records.Problem, Problem\(id='a'"),
        ("load", lambda: [ONE, ONE], (), "gave two problems with id='a': each has its own"),
        (
            "load",
            lambda: [dataclasses.replace(ONE, id="")],
            (),
            "gave problem 1 with id='': it is a text, and not empty",
        ),
        ("load", lambda: [dataclasses.replace(ONE, question=BAD)], (), "with question=None: it is a text, and not"),
        ("load", lambda: [dataclasses.replace(ONE, target=7)], (), "with target=7: it is a text, or None"),
        ("prompt", lambda problem: "x", (ONE,), r"prompt\(problem\) gave 'x': it gives a hexcli.task.Prompt, Prompt"),
        ("prompt", lambda problem: problem.text, (ONE,), "has no attribute 'text'; Problem has id, question, target, "),
        ("extract", lambda text, problem: 7, ("7", ONE), "gave 7: an answer is a text, or None where there is none"),
        ("extract", lambda text: "7", ("7", ONE), r"extract\(text, problem\) failed: TypeError: .* but 2 were given"),
        ("equal", lambda one, other: None, ("7", "8"), r"equal\(answer, answer\) gave None: it gives True or False"),
        ("grade", lambda answer, target: "yes", ("7", "8"), "gave 'yes': it gives True or False"),
        ("check", lambda answer, problem: 1 / 0, ("7", ONE), r"check\(answer, problem\) failed at test_guarding.py"),
        ("credit", lambda answer, target: 7, ("7", "8"), "gave 7: it gives a share from 0 to 1"),
    ],
)
def test_what_a_function_gives_is_made_sure_of(part: str, function: Any, arguments: Any, said: str) -> None:
    task = guarded(dataclasses.replace(SUMS, **{part: function}), "mine")
    with pytest.raises(HexError, match=said) as told:
        getattr(task, part)(*arguments)
    assert str(told.value).startswith(f"task 'mine': {part}(")


def test_what_is_right_passes_and_what_is_hexs_own_stays() -> None:
    task = guarded(
        dataclasses.replace(SUMS, load=lambda: (one for one in [ONE]), prompt=lambda one: Prompt("x")), "mine"
    )
    assert (task.load(), task.prompt(ONE)) == ([ONE], Prompt("x"))
    assert task.extract is SUMS.extract and task.equal is SUMS.equal
    assert guarded(task, "mine").load is task.load
    empty = guarded(dataclasses.replace(SUMS, extract=lambda text, problem: ""), "mine")
    assert empty.extract("x", ONE) is None, "an empty answer is an abstention"


def test_a_run_of_a_task_in_a_file_is_read_where_the_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(
        "import dataclasses\nfrom hexcli.tasks.embedded.sums import SUMS\n"
        "mine = dataclasses.replace(SUMS, summary='x')\n"
    )
    assert run(["sweep", "demo", "-n", "2", "--set", "task=mine.py:mine", "--set", "schedules=[8, 16]"]) == 0
    (path,) = map(str, Path("runs").iterdir())
    said = f"next: `hex score {path} --task mine.py:mine`, or `hex show {path} --task mine.py:mine`"
    assert capsys.readouterr().err.splitlines()[-1] == said
    for words in (["show", path], ["show", path, "0"], ["compare", path], ["reproduce", path, "--sample", "1"]):
        TASKS.pop("mine.py:mine", None)
        assert run(words) == 2
        assert capsys.readouterr().err.endswith("runs only if you say --task mine.py:mine\n")
        assert run([*words, "--task", "mine.py:mine"]) == 0
    assert run(["show", path, "--task", "sums"]) == 2
    said = f"hex: {path} tells its task itself, but one in a Python file, --task FILE.py:NAME: leave sums out\n"
    assert capsys.readouterr().err.endswith(said)


def test_a_file_and_a_script_have_it_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(
        "import dataclasses\nfrom hexcli.tasks.embedded.sums import SUMS\n"
        "mine = dataclasses.replace(SUMS, name='mine', load=lambda: SUMS.load()[7])\n"
    )
    assert run(["decode", "--task", "mine.py:mine", "-s", "8"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("hex: task 'mine.py:mine': load() gave Problem(") and "Traceback" not in line
    task = dataclasses.replace(SUMS, name="mine", load=lambda: SUMS.load()[7])
    with pytest.raises(HexError, match=r"task 'mine': load\(\) gave Problem\("):
        hexcli.decode(task=task, schedules=8)
