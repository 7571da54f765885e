"""A run is named by its folder or by its name in runs/, in every command; a file of a run is no run."""

import shlex
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.cli.test_vote_and_score import table, write


@pytest.fixture(autouse=True)
def with_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("one", *table())


@pytest.mark.parametrize(
    "command",
    [
        "vote one",
        "score one --json",
        "show one",
        "show one 0",
        "runs show one",
        "runs list one",
        "runs rename one other",
        "runs rm one --yes",
        "compare one:8 one:32",
        "report one",
        "plot blocks one --json",
        "import one -o runs/copy",
        "sweep one --dry-run",
    ],
)
def test_a_bare_name_is_found_in_runs(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(shlex.split(command))
    err = capsys.readouterr().err
    assert "no such" not in err and "unknown recipe" not in err, err
    assert code == 0 or command.startswith(("import", "sweep")), err  # the rows here are of no prompts that are asked


@pytest.mark.parametrize("command", ["vote", "score", "show", "runs show", "report", "reproduce", "sweep", "import"])
@pytest.mark.parametrize("file", ["run.json", "scores.json"])
def test_a_file_of_a_run_is_answered_with_its_folder(
    command: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("runs/one", file).touch()
    more = " -o runs/new -t sums" if command == "import" else ""
    assert run(shlex.split(f"{command} runs/one/{file}{more}")) == 2
    err = capsys.readouterr().err
    assert f"'runs/one/{file}' is a file" in err and "give its folder, 'runs/one'" in err


def test_what_stands_for_a_prompt_is_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("one", "runs/one/run.json"):
        assert run(["decode", word]) == 2
        assert "no prompt: its votes are counted by hex vote runs/one" in capsys.readouterr().err
    assert run(["compare", "ones", "8"]) == 2
    assert "no run 'ones': did you mean 'runs/one'?" in capsys.readouterr().err
