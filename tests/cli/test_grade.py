import json
from pathlib import Path

import pytest

from hexcli.cli.main import run


def test_one_pair(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", "--task", "math", r"\frac{x^2}{4}", "x^2/4"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("the same, by text")  # both are read as one
    assert "Quotient(Power(x, 2), 4)" in out


@pytest.mark.parametrize(
    ("arguments", "equal", "by"),
    [
        (["0.5", r"\frac12"], True, "arithmetic"),
        ([r"\frac12", r"\sin 30^\circ"], True, "judge"),
        (["5", "-5"], False, "arithmetic"),
        (["--", "-x", "x"], False, "arithmetic"),
        (["24", "8{3}"], False, "text"),
        (["3", r"So it is \boxed{3}, since \boxed{}."], True, "text"),
        (["4", ""], False, "nothing to read"),
        (["--task", "gsm8k", "12", "24 × ½"], True, "the form that is read"),
        (["--task", "gsm8k", "12", "12, 144"], False, "nothing to read"),
        (["--task", "arc", "B", "B. water", "--choice", "air", "--choice", "water"], True, "the form that is read"),
    ],
)
def test_who_decides(arguments: list[str], equal: bool, by: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", "--json", *arguments]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["equal"], verdict["by"]) == (equal, by)


def test_what_is_not_read_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", "24", r"1+2+\ldots"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("different, by text")
    assert r"no value at '\\dots'" in out


def test_a_file_of_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text("kind\tgold\tprediction\tright\na\t1\t1.0\tsame\nb\t1\t2\tsame\n\nc\t3(5)\t8\tdifferent\n")
    assert run(["grade", "--file", str(file)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "3 pairs, 1 the same; 2 of 3 as they should be"
    assert "should not be" in out
    assert run(["grade", "--file", str(file), "--json"]) == 0
    assert [row["right"] for row in json.loads(capsys.readouterr().out)] == [True, True, False]


def test_a_file_without_a_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text("1\t1.0\n2\t3\n")
    assert run(["grade", "--file", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 pairs, 1 the same"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "two answers are compared"),
        (["5"], "two answers are compared"),
        (["5", "6", "--file", "pairs.tsv"], "leave out GOLD and PREDICTION"),
        (["--file", "missing.tsv"], "cannot read missing.tsv"),
        (["--file", "."], "cannot read ."),
        (["--task", "maths", "5", "5"], "did you mean"),
    ],
)
def test_wrong_usage(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["grade", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [("one\n", "no tab"), ("\n", "no pairs"), ("gold\tprediction\tright\n1\t1\tmaybe\n", "not 'maybe'")],
)
def test_a_file_that_is_none(text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text(text)
    assert run(["grade", "--file", str(file)]) == 2
    assert message in capsys.readouterr().err
