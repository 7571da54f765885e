"""Aggregators and tasks of others: named in a file, or offered by an installed package."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hexcli.cli.main import run
from hexcli.errors import HexError
from hexcli.models.families.reading import family_module
from hexcli.plugins.registering import register_installed
from hexcli.plugins.sources import LARGEST
from tests.cli.test_vote_and_score import out_of, table, write

MINE = """
import dataclasses
from hexcli.tasks.embedded.sums import SUMS
from hexcli.voting.rules import majority

def small_blocks(election):
    return majority(election)

def whole(elections, calibration):
    return [majority(one) for one in elections]

def fails(election):
    return 1 / 0

def longest(election):
    return election.decide(weight)

def weight(candidate):
    return sum(len(vote.text) for vote in candidate.votes)

def nothing(election):
    return None

def text(election):
    return "42"

def no_list(elections, calibration):
    return None

def letters(elections, calibration):
    return "42"

def too_few(elections, calibration):
    return []

def of_three(elections, calibration, more):
    return []

def of_none():
    return None

my_task = dataclasses.replace(SUMS, summary="mine")
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def install(monkeypatch: pytest.MonkeyPatch, points: str) -> None:
    """A package beside hex, as pip leaves one."""
    about = Path("site", "other-1.2.dist-info")
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text(points)
    Path("site", "other_rules.py").write_text(MINE)
    monkeypatch.syspath_prepend(str(Path("site").resolve()))


def test_a_function_in_a_file_votes(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    Path("mine.py").write_text(MINE)
    (frame,) = json.loads(out_of(capsys, "score", "-a", "mine.py:small_blocks,mine.py:whole,majority", "--json")[0])
    shares = {row["name"]: row["accuracy"] for row in frame["rows"] if row["kind"] == "aggregator"}
    assert len(shares) == 3 and len(set(shares.values())) == 1


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("mine.py:fails", 1, "mine.py:fails cannot vote on one: it failed at mine.py line 13: ZeroDivisionError"),
        (
            "mine.py:longest",
            1,
            "at mine.py line 19: AttributeError: 'Vote' object has no attribute 'text'; Vote has answer, ",
        ),
        ("mine.py:nothing", 1, "it returned None, which is no Decision: `election.decide(lambda candidate: "),
        ("mine.py:text", 1, "it returned '42', which is no answer of a candidate ("),
        ("mine.py:no_list", 1, "it returned None, which is no Decision: `election.decide("),
        ("mine.py:letters", 1, "it returned 1 Decision for "),
        ("mine.py:too_few", 1, "it returned 0 Decisions for "),
        ("mine.py:of_three", 2, "takes 3 parameters: it must take one (an election), or two (all elections"),
        ("mine.py:of_none", 2, "takes 0 parameters: it must take one"),
        ("mine.py:none", 2, "'mine.py' has no 'none'"),
        ("other.py:none", 2, "cannot read 'other.py': no such file"),
        ("bad.py:none", 2, "'bad.py' cannot be run: SyntaxError"),
        ("mine.py:my_task", 2, "is no function but a Task"),
    ],
)
def test_what_is_wrong_in_a_file_is_one_line(
    name: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("one", *table())
    Path("mine.py").write_text(MINE)
    Path("bad.py").write_text("def (")
    err = out_of(capsys, "vote", "-a", name, code=code)[1]
    assert said in err and err.count("\n") == 1


def test_where_one_fails_the_others_are_shown_and_it_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    write("two", *table())
    Path("mine.py").write_text(MINE)
    both = ("-a", "majority,mine.py:fails")
    failed = "hex: mine.py:fails cannot vote on one, two: it failed at mine.py line 13: ZeroDivisionError"
    for command in ("vote", "score", "report"):
        out, err = out_of(capsys, command, *both, code=1)
        assert failed in err and ("majority" in out or command == "report")
    (frame, _) = json.loads(out_of(capsys, "score", *both, "--json", code=1)[0])
    assert [row["name"] for row in frame["rows"] if row["kind"] == "aggregator"] == ["majority"]
    assert "majority" in out_of(capsys, "score", *both, "--leaderboard", code=1)[0]
    assert "mine.py:fails cannot vote on this run" in out_of(capsys, "show", "one", *both, code=1)[1]
    out, err = out_of(capsys, "show", "one", "0", *both, code=1)
    assert "majority" in out and "mine.py:fails cannot vote on this run: it failed at mine.py line 13" in err


def test_where_the_only_one_fails_no_empty_block_of_comparisons_stands(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    Path("mine.py").write_text(MINE)
    out = out_of(capsys, "score", "-a", "mine.py:fails", code=1)[0]
    assert "oracle" in out and "points more than" not in out


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkfifo, "it is a pipe, not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "it is a device, not a file"),
        (Path.mkdir, "it is a folder, not a file"),
        (lambda path: path.symlink_to(path), "symbolic links"),
        (lambda path: path.write_bytes(b"#" * (LARGEST + 1)), "it is larger than 1 MB"),
        (lambda path: path.write_bytes(b"\xff\xfe = 1"), "cannot be run: SyntaxError"),
        (lambda path: path.write_bytes(b"a = 1\0"), "cannot be run: SyntaxError"),
        (lambda path: path.write_bytes(b"-" * 100_000 + b"1"), "cannot be run: "),
        (lambda path: path.write_bytes(b"import sys; sys.exit(0)"), "line 1, cannot be run: SystemExit: 0"),
    ],
)
def test_what_is_no_python_file_is_one_line(
    make: Callable[[Path], object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("one", *table())
    make(Path("odd.py"))
    for arguments in (("vote", "-a", "odd.py:f"), ("decode", "-t", "odd.py:f"), ("decode", "--remasking", "odd.py:f")):
        err = out_of(capsys, *arguments, code=2)[1]
        assert "'odd.py'" in err and said in err and err.count("\n") == 1


def test_a_task_in_a_file_runs_only_where_the_user_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.py").write_text(MINE)
    write("one", *table(), task="mine.py:my_task")
    assert "runs only if you say --task mine.py:my_task" in out_of(capsys, "vote", "runs/one", code=2)[1]
    Path("recipe.yaml").write_text("task: mine.py:my_task\n")
    assert "is Python code, which runs only if you say" in out_of(capsys, "sweep", "recipe.yaml", code=2)[1]
    assert "mine.py:my_task" in out_of(capsys, "vote", "--task", "mine.py:my_task")[0]
    out_of(capsys, "decode", "--task", "mine.py:my_task", "-n", "2", "-s", "16", "-o", "runs/two")
    assert run(["score", "runs/two", "--task", "mine.py:my_task"]) == 0


def test_what_a_package_offers_is_listed_with_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("one", *table())
    install(
        monkeypatch,
        "[hexcli.aggregators]\ntheirs = other_rules:small_blocks\nmajority = other_rules:whole\nlost = nowhere:at_all\n"
        "[hexcli.tasks]\ntheir-task = other_rules:my_task\nlost-task = nowhere:at_all\n"
        "[hexcli.families]\ntheir-family = nowhere\n",
    )
    out, err = out_of(capsys, "aggregators")
    assert re.search(r"^ theirs .* other 1.2 *$", out, re.M) and re.search(r"^ majority .* hex *$", out, re.M)
    assert "lost" not in out
    assert "offers 'majority'" in err and "other 1.2: 'nowhere:at_all' cannot be loaded" in err
    rows = {row["name"]: row["from"] for row in json.loads(out_of(capsys, "tasks", "--json")[0])}
    assert rows["sums"] == "hex" and "lost-task" not in rows
    assert "family their-family from other 1.2" in out_of(capsys, "models")[0]
    (frame,) = json.loads(out_of(capsys, "vote", "runs/one", "--json")[0])
    assert "theirs" in {row["name"] for row in frame["rows"]}
    assert "lost" in {one["name"] for one in frame["skipped"]}


def test_a_family_of_a_package_that_cannot_be_loaded_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "[hexcli.families]\ntheirs = nowhere\nthose = other_rules\n")
    register_installed(pytest.fail)
    with pytest.raises(HexError, match="family 'theirs' cannot be loaded from nowhere"):
        family_module({"model_type": "theirs"})
    assert family_module({"model_type": "those"}).small_blocks


def test_an_answer_or_a_candidate_is_the_decision_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    Path("mine.py").write_text(
        "def answer(election):\n    return most(election).answer if election.candidates else None\n\n"
        "def most(election):\n    return max(election.candidates, key=lambda one: len(one.votes), default=None)\n\n"
        "def every(elections, calibration):\n    return [answer(one) for one in elections]\n"
    )
    names = ("majority", "mine.py:answer", "mine.py:most", "mine.py:every")
    (frame,) = json.loads(out_of(capsys, "score", "-a", ",".join(names), "--json")[0])
    correct = {row["name"]: row["correct"] for row in frame["rows"] if row["kind"] == "aggregator"}
    assert {*correct} == {*names} and len({*correct.values()}) == 1
