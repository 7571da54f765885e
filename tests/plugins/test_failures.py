"""What is wrong with a file of one's own is one line, and says what mends it."""

import json
import sys
from pathlib import Path

import pytest

from hexcli.plugins.failures import told
from tests.cli.test_vote_and_score import out_of, table, write


@pytest.fixture(autouse=True)
def a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("one", *table())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "def rule(e: Election): ...",
            "'Election' is not defined; write `from hexcli.voting.votes import Election` at",
        ),
        ("AGGREGATORS['x'] = 1", "a file of your own registers nothing: leave the line with AGGREGATORS out"),
        ("import nopackage", "line 1, cannot be run: ModuleNotFoundError: No module named 'nopackage'; install"),
        ("import nopackage", "or put nopackage.py beside the file"),
        ("from hexcli.nope import x", "No module named 'hexcli.nope'; docs/adding.md has what there is to import"),
        ("x = 3", "'mine.py' has no 'rule': it has x"),
        ("async def rule(e): ...", "'mine.py:rule' is an async function: write it with def alone"),
        ("def rule(e): return e.decide(lambda one: 'x')", "is 'x', no number"),
        (
            "def rule(e): return e.decide(lambda one: float('nan'))",
            " is nan: no candidate is before it or",
        ),
        (
            "def rule(e): return math.inf",
            "failed at mine.py line 1: NameError: name 'math' is not defined; write `import",
        ),
        ("def rule(e): return np.inf", "name 'np' is not defined; write `import numpy as np` at its top"),
    ],
)
def test_an_aggregator_that_fails_says_what_mends_it(
    source: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.py").write_text(source)
    out_of(capsys, "vote", "runs/one", code=0)
    from hexcli.cli.main import run

    assert run(["vote", "runs/one", "-a", "mine.py:rule"]) in (1, 2)
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mine.py:", "'mine.py:' names nothing in the file: mine.py:NAME; it has rule"),
        ("mine.py:rule:x", "'mine.py' has no 'rule:x': it has rule"),
        ("mime.py:rule", "cannot read 'mime.py': no such file: did you mean 'mine.py'?"),
        ("mine:rule", "unknown aggregator 'mine:rule': did you mean the file mine.py:rule? hex aggregators lists all"),
    ],
)
def test_a_name_that_is_slightly_wrong_is_told(name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.py").write_text("def rule(e): ...")
    assert out_of(capsys, "score", "runs/one", "-a", name, code=2)[1] == f"hex: {said}\n"


def test_what_a_file_prints_is_no_result_and_it_may_import_those_beside_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("sub").mkdir()
    Path("sub/weights_of_mine.py").write_text("def weight(candidate): return len(candidate.votes)")
    Path("sub/mine.py").write_text(
        "from weights_of_mine import weight\nprint('loading')\n"
        "def rule(election):\n    print('deciding')\n    return election.decide(weight)\n"
    )
    before = list(sys.path)
    out, err = out_of(capsys, "vote", "runs/one", "-a", "sub/mine.py:rule", "--json")
    assert [row["name"] for row in json.loads(out)[0]["rows"]] == ["sub/mine.py:rule"]
    assert "loading\ndeciding\n" in err
    assert sys.path == before


def test_an_exception_of_nothing_that_is_known_is_told_as_it_is() -> None:
    assert told(ValueError("one\ntwo")) == "ValueError: one two"
    assert told(NameError("name 'x' is not defined", name="x")) == "NameError: name 'x' is not defined"
