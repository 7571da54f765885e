"""Everything that is a table fits the terminal, whatever its width, and no number of it is cut."""

import re
from pathlib import Path

import pytest

from hexcli.cli.main import app, run
from tests.cli.test_vote_and_score import table, write

WIDTHS = (60, 80, 100, 140)
TABLES = (
    "vote",
    "vote one --answers",
    "vote unasked",
    "score",
    "score --by category",
    "score --leaderboard",
    "compare one:8 one:16",
    "compare one",
    "compare sums-a-model-with-a-long-name-T0.9x5-0123abcd -a all",
    "compare one sums-a-model-with-a-long-name-T0.9x5-0123abcd",
    "show runs/one",
    "show runs/unasked",
    "show runs/one --where tie",
    "show runs/one 1",
    "show runs/one 1 --diff 8 16",
    "runs list",
    "runs show runs/one",
    "models",
    "tasks",
    "aggregators",
    "recipes",
    "plot",
    "grade --file pairs.tsv",
    "cache stats",
    "cache stats --by run",
)
HERE = Path(__file__).resolve().parents[2]
# Commands whose results are sentences or files; the tables of bench are in tests/report/test_tables.py.
OTHERS = {"decode", "sweep", "import", "reproduce", "bench", "report"}


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("widths")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(top)
        write("one", *table())
        write("unasked", *table(target=None))
        write("sums-a-model-with-a-long-name-T0.9x5-0123abcd", *table(labels=("8", "16", "48+16")), model="org/a-model")
        Path("pairs.tsv").write_text("".join(f"{n * 'x+'}y\t\\boxed{{{n * 'x+'}z}}\n" for n in (1, 10, 60)))
    return top


def test_every_command_is_among_them() -> None:
    names = {command.name for command in app.registered_commands} | {"runs", "cache"}
    assert names == {line.split()[0] for line in TABLES} | OTHERS


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", TABLES)
def test_it_fits(
    command: str, width: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", str(width))
    assert run(command.split()) == 0
    out, _ = capsys.readouterr()
    assert out.strip() and "\u2026" not in out
    wide = [line for line in out.splitlines() if len(line.rstrip()) > width]
    # A command to copy stays whole, and where a checkout lies makes it as long as it likes.
    assert [line for line in wide if str(HERE) not in line] == []


def test_the_numbers_are_the_same_at_every_width(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    for command in ("score runs/one", "vote runs/one", "runs list", "models"):
        seen = []
        for width in WIDTHS:
            monkeypatch.setenv("COLUMNS", str(width))
            run(command.split())
            seen.append(set(re.findall(r"(?<![\w.-])[0-9]+\.[0-9](?![\w.])", capsys.readouterr().out)))
        assert seen[0] and all(numbers == seen[0] for numbers in seen), command


def test_one_of_a_thing_is_singular(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write("one", *table()[:1])
    write("unasked", *table(target=None)[:1])
    for command in (*TABLES, "report", "runs rm runs/one --yes"):
        if command.startswith(("grade", "show runs/one 1", "compare")):
            continue
        assert run(command.split()) == 0, command
        said = "".join(capsys.readouterr())
        many = r"(?<![\w./,-])1 (runs|problems|generations|votes|rows|files|comparisons|schedules|samples|answers)\b"
        assert re.search(many, said) is None, f"{command}: {said}"
