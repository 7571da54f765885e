import pytest

from hexcli.records import Problem
from hexcli.tasks.math500 import MATH500, from_row
from tests.shared import bench_rows, published, shared_file
from tests.tables import texts

ROW = {
    "problem": "Compute $\\frac12$.",
    "solution": "...",
    "answer": "\\dfrac12",
    "subject": "Algebra",
    "level": 1,
    "unique_id": "test/algebra/1.json",
}
PROBLEM = Problem(id="p", question="Compute.")


def test_a_row_becomes_a_problem() -> None:
    assert from_row(ROW, 0) == Problem(
        id="test/algebra/1.json", question="Compute $\\frac12$.", target="\\frac{1}{2}", category="Algebra"
    )


def test_a_row_of_math_itself_boxes_its_answer() -> None:
    row = {"problem": "?", "level": "Level 1", "type": "Number Theory", "solution": "So $x=\\boxed{7}$."}
    assert from_row(row, 4) == Problem(id="number-theory-0005", question="?", target="7", category="Number Theory")
    assert from_row({**row, "answer": "8"}, 0).target == "8"
    with pytest.raises(ValueError, match="field 'solution' boxes no answer"):
        from_row({**row, "solution": "We see that it is seven. So it is."}, 0)
    with pytest.raises(ValueError, match=r"no field 'answer' or 'solution' \(it has: problem\)"):
        from_row({"problem": "?"}, 0)


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("\\frac12", "\\frac{1}{2}"),
        ("so $1+1=\\boxed{2}$.", "2"),
        ("$x=\\boxed{2}$ or $x=\\boxed{3}$", "2,3"),
        ("We add.\n#### 12", "12"),
        ("We add. The answer is $7$.", "7"),
        ("We add the two of them. It is seven.", None),
        ("Evelyn", "evelyn"),
        (18.0, "18"),
        (None, None),
    ],
)
def test_targets_of_other_programs(value: object, target: str | None) -> None:
    found = MATH500.target(value, PROBLEM)
    assert found == target or (found and target and MATH500.grade(found, target))


def test_prompt() -> None:
    user, prefill = MATH500.prompt(PROBLEM)
    assert user.endswith("\n\nCompute.")
    assert prefill == "<reasoning>"
    assert MATH500.extract(user, PROBLEM) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<answer>\n\\boxed{\\dfrac{1}{2}}\n</answer><|eot_id|>", "\\frac{1}{2}"),
        ("<answer>\n\\frac{1}{4}\n</answer>", "\\frac{1}{4}"),
        ("<answer>216°</answer>", "216^\\circ"),
        ("<answer>" + "and so on " * 20 + "</answer>", None),
        ("\\boxed{...}", None),
        ("So the answer is \\(\\pi\\).", "\\pi"),
        ("Thus \\( c \\) is \\( \\frac12 \\).\n</reasoning>\n<answer>\n\\boxed{}\n</answer>", "\\frac{1}{2}"),
        ("The answer is what we want.\n</reasoning>", None),
        ("it is 4", None),
    ],
)
def test_extract(text: str, answer: str | None) -> None:
    assert MATH500.extract(text, PROBLEM) == answer


def test_algebra_decides_where_notation_does_not() -> None:
    assert MATH500.equal("7i-2", "-2+7i") and MATH500.grade("7i-2", "-2+7i")
    assert not MATH500.equal("7i-2", "-2-7i")
    assert not MATH500.grade("9^{9^{9^9}}", "9^{9^{9^8}}")  # gives up: not equal


def test_bench_rows_grade_themselves() -> None:
    rows = bench_rows("math500")
    problems = [from_row(row, index) for index, row in enumerate(rows)]
    assert len({problem.id for problem in problems}) == len(problems)
    for row, problem in zip(rows, problems, strict=True):
        assert problem.target
        answer = MATH500.extract(f"<answer>\n\\boxed{{{row['answer']}}}\n</answer>", problem)
        assert answer is not None and MATH500.grade(answer, problem.target)
        boxed = MATH500.extract(row["solution"], problem)
        assert boxed is not None and MATH500.grade(boxed, problem.target)


@pytest.mark.parametrize(("text", "answer"), texts("read_math.jsonl"))
def test_where_the_answer_stands(text: str, answer: str | None) -> None:
    found = MATH500.extract(text, PROBLEM)
    assert found == answer or (found is not None and answer is not None and MATH500.grade(answer, found)), found


@pytest.mark.parametrize("name", ["math_false_positives", "math_false_negatives"])
def test_pairs_that_were_misjudged(name: str) -> None:
    """The gold on the way of a target, the prediction on that of a reply."""
    lines = shared_file(f"cases/{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    wrong = []
    for _, gold, prediction, right in (line.split("\t") for line in lines):
        target, answer = MATH500.target(gold, PROBLEM), MATH500.extract(rf"\boxed{{{prediction}}}", PROBLEM)
        if (answer is not None and target is not None and MATH500.grade(answer, target)) != (right == "same"):
            wrong.append((gold, prediction))
    assert lines and not wrong


@pytest.mark.parametrize(("canvas", "floor"), [(128, 0.325), (256, 0.345), (512, 0.366)])
def test_published_generations(canvas: int, floor: float) -> None:
    """The reference parser gets 27.16, 28.81 and 31.28 % on the same generations, math-verify 32.10, 32.51, 36.21."""
    rows = published("math500", canvas)
    answers = [(MATH500.extract(text, PROBLEM), target) for _, text, target in rows]
    right = sum(answer is not None and MATH500.grade(answer, target) for answer, target in answers)
    print(f"math500 {canvas}: {right / len(rows):.2%} of {len(rows)}")
    assert right / len(rows) >= floor


def test_no_verdict_differs_from_math_verify() -> None:
    """On these rows; tests/data/grading/equal_math.tsv has the answers that it misjudges."""
    from math_verify import parse, verify

    for _, text, target in published("math500", 512):
        answer = MATH500.extract(text, PROBLEM)
        if answer is not None:
            theirs = verify(parse(f"\\boxed{{{target}}}"), parse(f"\\boxed{{{answer}}}"))
            assert MATH500.grade(answer, target) == theirs, (answer, target)
