import pytest

from hexcli.answers.grading import number
from hexcli.records import Problem
from hexcli.tasks.gsm8k import GSM8K, from_row
from tests.shared import bench_rows, published
from tests.tables import texts

ROBE = {"question": "A robe takes 2 bolts ... How many?", "answer": "It takes <<2/2=1>>1 bolt\n#### 3"}
PROBLEM = Problem(id="p", question="How many?")


def test_a_row_becomes_a_problem() -> None:
    assert from_row(ROBE, 0) == Problem(id="gsm8k-0001", question=ROBE["question"], target="3")
    assert from_row({**ROBE, "answer": "so\n#### 1,080"}, 1318).target == "1080"
    with pytest.raises(ValueError, match="field 'answer' has no number behind '####'"):
        from_row({**ROBE, "answer": "no number"}, 4)


def test_prompt() -> None:
    user, prefill = GSM8K.prompt(PROBLEM)
    assert user.endswith("\n\nHow many?")
    assert "<reasoning>" in user and r"\boxed{" in user
    assert prefill == "<reasoning>"
    assert GSM8K.extract(user, PROBLEM) is None  # a model that repeats the format has not answered


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("16 - 7 = 9\n</reasoning>\n<answer>\n\\boxed{1,800}\n</answer><|eot_id|>\\boxed{3}", "1800"),
        ("</reasoning>\n<answer>$400\n</answer>", "400"),
        ("so 5\n#### 18\n", "18"),
        ("\\boxed{h - 3}<answer>7</answer>", "7"),
        ("\\boxed{}32\n</answer>", None),
        ("the answer is 18", "18"),
        ("So the answer is 4 + 5 = 9 cups. Well done!", "9"),
        ("He saved 36, so \\(36 - 30 = 6\\) dollars.\n</reasoning>\n<answer>\n\\boxed{}\n</answer>", "6"),
        ("Therefore, there are 9 kids in the park.\n</reasoning>\n<answer>\n\\boxed{}\n</answer>", None),
        ("Each gets 3 apples and 4 pears.\n</reasoning>", None),
        ("First he saves 36 - 30 = 6 dollars. Next", None),
        ("", None),
    ],
)
def test_extract(text: str, answer: str | None) -> None:
    assert GSM8K.extract(text, PROBLEM) == answer


@pytest.mark.parametrize(("text", "answer"), texts("read_number.jsonl"))
def test_where_the_answer_stands(text: str, answer: str | None) -> None:
    assert GSM8K.extract(text, PROBLEM) == answer


@pytest.mark.parametrize(
    ("value", "target"), [(18.0, "18"), ("it is\n#### 1,080", "1080"), ("-3", "-3"), (None, None), ([[1, 2], 3], None)]
)
def test_targets_of_other_programs(value: object, target: str | None) -> None:
    assert GSM8K.target(value, PROBLEM) == target


def test_bench_rows() -> None:
    problems = [from_row(row, index) for index, row in enumerate(bench_rows("gsm8k"))]
    assert [problem.target for problem in problems[:3]] == ["18", "3", "70000"]
    assert len({problem.id for problem in problems}) == len(problems)


@pytest.mark.parametrize(("canvas", "floor"), [(128, 0.705), (256, 0.769), (512, 0.787)])
def test_published_generations(canvas: int, floor: float) -> None:
    """The reference parser gets 68.39, 75.36 and 77.86 % on the same generations."""
    rows = published("gsm8k", canvas)
    answers = [(GSM8K.extract(text, PROBLEM), number(target)) for _, text, target in rows]
    # Two targets are null in the published files (-10 and -3: their parser drops the sign); they count as wrong.
    right = sum(answer is not None and answer == target for answer, target in answers)
    print(f"gsm8k {canvas}: {right / len(rows):.2%} of {len(rows)}")
    assert right / len(rows) >= floor
