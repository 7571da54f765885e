"""`hex show`: one problem in full, and the problems worth a look."""

import json
import shutil
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.cli.test_vote_and_score import table, write


@pytest.fixture(autouse=True)
def a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("one", *table())


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["show", *arguments]) == code
    out, err = capsys.readouterr()
    return out if code == 0 else err


def test_a_problem_by_id_and_by_index(capsys: pytest.CaptureFixture[str]) -> None:
    by_id, by_index = (shown(capsys, "runs/one", name) for name in ("p2", "1"))
    assert by_id == by_index
    assert "problem 1 (from 0) of 4: p2" in by_id and "2 of 3 votes, 1 for 2" in by_id


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("P2", "did you mean 'p2'?"),
        ("0-2", "one problem is shown, not 0-2: hex show runs/one 0; a line each is hex vote runs/one --answers"),
        ("all", "one problem is shown, not all: hex show runs/one 0"),
        ("runs/one", "'runs/one' is a run, no problem: two runs are compared by hex compare runs/one runs/one"),
        ("0 --diff 8 8", "--diff 8 8 is one text twice"),
    ],
)
def test_what_is_no_problem_is_said_with_what_to_type(
    words: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says in shown(capsys, "runs/one", *words.split(), code=2)


def test_a_recording_that_cannot_be_written_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hexcli.report.motion.files.record", fails)
    assert shown(capsys, "runs/one", "0", "--record", "x.svg", code=1) == (
        "hex: cannot write 'x.svg': No space left on device\n"
    )


def test_its_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(shown(capsys, "runs/one", "p2", "--json"))
    assert (found["index"], found["target"], found["decisions"]["majority"]["answer"]) == (1, "7", "7")
    assert [vote["correct"] for vote in found["votes"]] == [False, True, True]


def test_without_a_problem_the_kinds_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = json.loads(shown(capsys, "runs/one", "--json"))["kinds"]
    assert (kinds["tie"], kinds["minority-right"], kinds["no-vote-right"], kinds["wrong"]) == (1, 1, 1, 2)
    assert "--where tie" in shown(capsys, "runs/one")


def test_without_targets_the_answers_are_shown_and_nothing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    write("unasked", *table(target=None))
    out = shown(capsys, "runs/unasked")
    assert "tie" in out and "wrong" not in out and "no-vote-right" not in out
    assert "2 x 7, 1 x 2" in out
    found = json.loads(shown(capsys, "runs/unasked", "--json"))
    assert (found["kinds"]["wrong"], found["kinds"]["no-vote-right"], found["kinds"]["tie"]) == (None, None, 1)
    assert [row["answer"] for row in found["answers"]] == ["7", "7", "3", None]
    assert "nothing is right or wrong there" in shown(capsys, "runs/unasked", "--where", "wrong", code=2)


def test_the_problems_of_a_kind(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(shown(capsys, "runs/one", "--where", "wrong", "--json"))
    assert [row["problem_id"] for row in rows] == ["p3", "p4"]
    assert "2 where wrong" in shown(capsys, "runs/one", "--where", "wrong")


def test_where_two_texts_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert "they part at character 10" in shown(capsys, "runs/one", "p1", "--diff", "8", "32")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("runs/none", "0"), "no such folder"),
        (("runs/one", "p9"), "has no problem 'p9': it has 4 problems, p1 to p4, or by index 0 to 3"),
        (("runs/one", "pp1"), "has no problem 'pp1' (did you mean p1?): it has 4 problems, p1 to p4"),
        (("runs/one", "p1", "--where", "tie"), "--where lists problems, and one is named: leave one out"),
        (("runs/one", "--diff", "8", "16"), "--diff compares two texts of one problem: name it"),
        (("runs/one", "p1", "--diff", "8", "128"), "no text of schedule 128: there are 8, 16, 32\n"),
        (
            ("runs/one", "--where", "ties"),
            "no kind 'ties': did you mean --where tie (two answers have as many votes)? hex show runs/one lists all",
        ),
        (("runs/one", "p1", "-a", "majorty"), "did you mean 'majority'"),
    ],
)
def test_what_is_wrong_is_said(arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert says in shown(capsys, *arguments, code=2)


def test_what_broke_a_tie_is_kept_with_what_was_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    golden = tmp_path / "golden"
    shutil.copytree(Path(__file__).parents[1] / "golden" / "before_wings" / "runs" / "golden", golden)
    monkeypatch.setenv("COLUMNS", "200")
    assert run(["vote", str(golden)]) == 0
    capsys.readouterr()
    assert run(["show", str(golden), "0"]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.strip().startswith("reliability")]
    assert "a tie with 51" in line and line.rstrip().endswith("the first cast wins")


def test_where_aggregators_differ_it_says_who_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(shown(capsys, "runs/one", "--where", "flip", "--json"))
    assert rows and all("majority" in row["right_by"] or not row["correct"] for row in rows)
    out = shown(capsys, "runs/one", "--where", "flip")
    assert "right by" in out
    assert "first" in shown(capsys, "runs/one", "--where", "flip", "-a", "first").split("votes")[0]
    write("unasked", *table(target=None))
    assert "right by" not in shown(capsys, "runs/unasked", "--where", "flip")
