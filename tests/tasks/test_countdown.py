import pytest

from hexcli.records import Problem
from hexcli.tasks.countdown import COUNTDOWN, from_row, target
from tests.shared import published_rows

PROBLEM = from_row({"nums": [18, 37, 2], "target": 73}, 0)


def test_rows_of_the_hub_and_of_d1() -> None:
    assert Problem(id="countdown-0001", question="Numbers: [18, 37, 2]\nTarget: 73", target="2 18 37 = 73") == PROBLEM
    assert from_row({"input": "18, 37,2", "output": "73"}, 0) == PROBLEM
    for row in ({"nums": [], "target": 1}, {"nums": [1, -2], "target": 1}, {"nums": [1, 2.5], "target": 1}):
        with pytest.raises(ValueError, match="field 'nums' must"):
            from_row(row, 0)


def test_prompt() -> None:
    user, prefill = COUNTDOWN.prompt(PROBLEM)
    assert user.endswith("\n\nNumbers: [18, 37, 2]\nTarget: 73")
    assert prefill == "<reasoning>"
    assert COUNTDOWN.extract(user, PROBLEM) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("so\n<answer>\n\\boxed{18 * 2 + 37}\n</answer><|eot_id|>", "37+2*18"),
        ("<answer>37 + 2 \\times 18 = 73</answer>", "37+2*18"),
        ("\\boxed{...}", None),
        ("\\boxed{the sum of 37 and 36}", None),
        ("it is 18 * 2 + 37", None),
    ],
)
def test_extract(text: str, answer: str | None) -> None:
    assert COUNTDOWN.extract(text, PROBLEM) == answer


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("37+2*18", True),
        ("18*2-(0-37)", False),  # a number that is not given
        ("73", False),
        ("37+18*2/1", False),
        ("37+18", False),
        ("37+37-1", False),
        ("37*2-18", False),  # 56
        ("18/0+37+2", False),
        ("no expression", False),
    ],
)
def test_grade(answer: str, right: bool) -> None:
    assert COUNTDOWN.grade(answer, "2 18 37 = 73") is right


def test_division_is_exact() -> None:
    assert COUNTDOWN.grade("8/(3-8/3)", "3 3 8 8 = 24")
    assert not COUNTDOWN.grade("7/3", "3 7 = 2")


def test_targets_of_other_programs() -> None:
    assert target([[18, 37, 2], 73], PROBLEM) == PROBLEM.target
    for value in (None, "73", [[18, 37, 2], "x"], [[True, 2], 3], [1, 2]):
        assert target(value, PROBLEM) == PROBLEM.target, "the question tells, too"
        assert target(value, Problem(id="p", question="How many?")) is None


@pytest.mark.parametrize(("canvas", "reference"), [(128, 28), (256, 18), (512, 25)])
def test_published_generations(canvas: int, reference: int) -> None:
    """d1's own parser finds 23.33, 15.00 and 20.83 % of these 120 right."""
    rows = published_rows("countdown", canvas)
    assert len(rows) == 120
    right = 0
    for row in rows:
        problem = Problem(id="p", question=row["question"])
        goal, answer = target(row["ground_truth"], problem), COUNTDOWN.extract(row["generations"], problem)
        assert goal is not None
        right += answer is not None and COUNTDOWN.grade(answer, goal)
    print(f"countdown {canvas}: {right} of 120")
    assert right >= reference


def test_the_question_itself_says_which_expressions_are_possible() -> None:
    problem = Problem(id="c", question="Numbers: [18, 37, 2]\nTarget: 73", target=None)
    assert COUNTDOWN.check is not None
    assert COUNTDOWN.check("18 * 2 + 37", problem)
    assert not COUNTDOWN.check("37 + 36", problem) and not COUNTDOWN.check("18 * 2 - 37", problem)
