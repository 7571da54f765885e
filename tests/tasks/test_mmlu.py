import pytest

from hexcli.records import Problem
from hexcli.tasks.mmlu import MMLU, from_row

ROW = {
    "question": "Find the degree of the extension Q(sqrt(2)) over Q.",
    "subject": "abstract_algebra",
    "choices": ["0", "4", "2", "6"],
    "answer": 2,
}


def test_a_row_becomes_a_problem_with_its_subject() -> None:
    assert from_row(ROW, 41) == Problem(
        id="mmlu-00042",
        question=ROW["question"],
        target="C",
        choices=("0", "4", "2", "6"),
        category="abstract_algebra",
    )


@pytest.mark.parametrize("answer", [4, -1])
def test_an_answer_that_is_no_option(answer: int) -> None:
    with pytest.raises(ValueError, match=f"field 'answer': {answer} is not among 4 options"):
        from_row({**ROW, "answer": answer}, 0)


def test_prompt_and_extraction() -> None:
    problem = from_row(ROW, 0)
    user, prefill = MMLU.prompt(problem)
    assert user.endswith("\n\nFind the degree of the extension Q(sqrt(2)) over Q.\nA. 0\nB. 4\nC. 2\nD. 6")
    assert prefill == "<reasoning>"
    assert MMLU.extract(user, problem) is None
    assert MMLU.extract("<answer>\n\\boxed{C. 2}\n</answer>", problem) == "C"
    assert MMLU.grade("C", "C") and not MMLU.grade("B", "C")


def test_targets_of_other_programs() -> None:
    problem = from_row(ROW, 0)
    targets = {2: "C", "C": "C", "(c)": "C", "4": "B", 9: None, "none of these": None, None: None, True: None}
    assert {value: MMLU.target(value, problem) for value in targets} == targets
