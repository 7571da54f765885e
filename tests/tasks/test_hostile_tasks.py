"""Targets, answers and patterns that no dataset has: graded wrong, or refused in one line."""

import os
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.records import Problem
from hexcli.tasks import kinds
from hexcli.tasks.custom import load_task, make_task
from hexcli.tasks.registry import get_task

NUMBERS = ["9" * 5000 + " = 1", "43 12", "\u0663 = \u0663", "4" * 16 + " x", "0" * 33]
TARGETS = ["x", "", "x+1", " = ", "1 2 = ", "1 = x", *NUMBERS]


@pytest.mark.parametrize("name", ["countdown", "sudoku", "gsm8k", "arc", "sums"])
@pytest.mark.parametrize("target", TARGETS)
def test_a_target_that_is_none_makes_no_answer_right(name: str, target: str) -> None:
    task = get_task(name)
    for text in ("\\boxed{1+2}", "\\boxed{1234341221434321}", "\\boxed{A}", "\\boxed{" + "(" * 199 + "}"):
        answer = task.extract(text, Problem(id="p", question="Numbers: [1, 2]\nTarget: 3"))
        if answer is not None:
            assert task.grade(answer, target) in (True, False)
            assert task.credit is None or 0 <= task.credit(answer, target) <= 1


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["countdown", "sudoku"]))
def test_no_answer_and_no_target_stop_a_grader(answer: str, target: str, name: str) -> None:
    task = get_task(name)
    assert not task.grade(answer, target)
    assert task.credit is None or 0 <= task.credit(answer, target) <= 1


DEFINITION = MappingProxyType({"name": "t", "fields": {"question": "q"}, "extract": "regex"})


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"(a|aa)+$", "a" * 60 + "!"), (r"(?:(?:a*)*)*b", "a" * 60), (r"(.*)*(.*)*(.*)*x$", "y" * 200)],
)
def test_a_pattern_that_backtracks_is_given_up(pattern: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "PATTERN_SECONDS", 0.2)
    task = make_task({**DEFINITION, "pattern": pattern})
    problem = Problem(id="p7", question="q")
    try:
        assert task.extract(text, problem) in (None, "a" * 60, "")
    except UsageError as error:
        assert "takes more than 0.2 s on the text of p7: it backtracks" in str(error)


def test_one_of_them_does_backtrack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "PATTERN_SECONDS", 0.2)
    task = make_task({**DEFINITION, "pattern": r"(a|aa|aab?)+$"})
    with pytest.raises(UsageError, match="backtracks"):
        task.extract("a" * 200 + "!", Problem(id="p7", question="q"))


PATTERNS = [
    "(" * 5000 + "a" + ")" * 5000,
    "(" * 900 + ")" * 900,
    "(",
    "[z-a]",
    "(?P<a>)(?P<a>b)\\2",
    "a{99999999999999}",
]


@pytest.mark.parametrize("pattern", PATTERNS, ids=range(len(PATTERNS)))
def test_a_pattern_that_is_none_is_refused_or_works(pattern: str) -> None:
    try:
        task = make_task({**DEFINITION, "pattern": pattern})
    except UsageError as error:
        assert "\n" not in str(error)
    else:
        assert task.extract("a", Problem(id="p", question="q")) in (None, "", "a")


def test_patterns_match_as_they_did() -> None:
    task = make_task({**DEFINITION, "pattern": r"Answer: (\d+)"})
    assert task.extract("Answer: 3, no. Answer: 12", Problem(id="p", question="q")) == "12"
    assert make_task({**DEFINITION, "pattern": r"\d+"}).extract("3 and 4", Problem(id="p", question="q")) == "4"


def test_a_task_file_that_is_a_pipe_is_refused_by_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "t.yaml")
    with pytest.raises(UsageError, match="it is a pipe, not a file"):
        load_task(str(tmp_path / "t.yaml"))
