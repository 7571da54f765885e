"""A task in a Python file: every command that reads or repeats its run takes --task, and runs the file only then."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import hexcli
from hexcli.cli.main import run
from hexcli.errors import UsageError
from hexcli.tasks.registry import TASKS

NAME = "mine.py:near"
RUN = "runs/near"
READ = [
    f"vote {RUN}",
    f"score {RUN}",
    f"score {RUN} --each problem",
    f"show {RUN}",
    f"show {RUN} 0",
    f"compare {RUN}",
    f"compare {RUN}:8 {RUN}:32",
    f"report {RUN} -o r.html",
    f"plot blocks {RUN} -o b.svg",
    f"sweep {RUN} --dry-run",
    "sweep mine.yaml --dry-run",
    f"reproduce {RUN} --sample 1",
    f"vote {RUN} runs/other --together",
]


@pytest.fixture
def near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(
        "import dataclasses\nfrom hexcli.tasks.embedded.sums import SUMS\n"
        "near = dataclasses.replace(SUMS, name='near', summary='x')\n"
    )
    Path("mine.yaml").write_text(f"task: {NAME}\nschedules: [8]\nlimit: 2\n")
    for name, more in (("near", ("-s", "8,32")), ("other", ("-s", "16"))):
        assert run(["decode", "--task", NAME, "-n", "2", *more, "-o", f"runs/{name}"]) == 0
    TASKS.pop(NAME)
    capsys.readouterr()
    yield
    TASKS.pop(NAME, None)


def test_every_command_takes_it_and_none_runs_the_file_unsaid(near: None, capsys: pytest.CaptureFixture[str]) -> None:
    for words in map(str.split, READ):
        assert run(words) == 2, words
        err = capsys.readouterr().err
        assert err.endswith(f"which runs only if you say --task {NAME}\n"), words
        assert "loading" not in err, words
        assert run([*words, "--task", NAME]) == 0, words
        capsys.readouterr()
        TASKS.pop(NAME)


def test_what_they_advise_works_as_it_is_pasted(near: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["runs", "show", RUN]) == 0
    lines = capsys.readouterr().out.splitlines()
    (repeat,) = (line.removeprefix("repeat") for line in lines if line.startswith("repeat"))
    (scored,) = (line.partition(": ")[2] for line in lines if line.startswith("scores"))
    assert run(["vote", RUN, "--task", NAME]) == 0
    shown = " ".join(capsys.readouterr().out.split()).rpartition("one problem: ")[2]
    for line in (repeat, scored, shown):
        TASKS.pop(NAME, None)
        words = shlex.split(line)
        assert words[0] == "hex" and run(words[1:]) == 0, line


def test_a_sweep_takes_no_other_task_by_it(near: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "demo", "--task", NAME, "--dry-run"]) == 2
    said = f"hex: what is swept over is of sums: --set task={NAME} changes a recipe's\n"
    assert capsys.readouterr().err == said
    assert run(["sweep", "demo", "--task", "gsm8k", "--dry-run"]) == 2
    assert "a recipe has another task by --set task=gsm8k" in capsys.readouterr().err
    assert run(["sweep", RUN, "--set", f"task={NAME}", "--dry-run"]) == 0, "its own, said as a recipe's is"


def test_answers_are_graded_and_imported_by_one(near: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", "--task", NAME, "3", "3.0"]) == 0
    assert capsys.readouterr().out.startswith("the same")
    TASKS.pop(NAME)
    Path("g.jsonl").write_text('{"question": "3 + 4?", "text": "\\\\boxed{7}"}\n')
    lengths = ["--gen-length", "64", "--block-length", "8"]
    assert run(["import", "g.jsonl", "-o", "runs/made", "--task", NAME, *lengths]) == 0


def test_in_python_it_is_loaded_first(near: None) -> None:
    with pytest.raises(UsageError, match=r"runs only if you name it: hexcli\.load\(run, task='mine\.py:near'\)"):
        hexcli.score(RUN)
    with pytest.raises(UsageError, match=r"runs only if you name it: settings={'task': 'mine\.py:near'}"):
        hexcli.sweep(RUN)
    assert len(hexcli.sweep(RUN, settings={"task": NAME}, progress=False)) == 1
    TASKS.pop(NAME)
    assert hexcli.score(hexcli.load(RUN, task=NAME))


def test_a_joint_run_is_not_written_where_its_task_is_not_said(near: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vote", RUN, "runs/other", "--together"]) == 2
    assert f"{RUN} is of a task in a Python file" in capsys.readouterr().err
    assert sorted(path.name for path in Path("runs").iterdir()) == ["near", "other"]
    assert run(["vote", RUN, "runs/other", "--together", "--task", NAME]) == 0
    assert [path.name.startswith("near-joint-") for path in sorted(Path("runs").iterdir())] == [False, True, False]
