import pytest

from hexcli.records import Problem
from hexcli.tasks.arc import ARC, from_row
from tests.shared import bench_rows
from tests.tables import texts

ROW = {
    "id": "NYSEDREGENTS_2008_4_15",
    "question": "In which state of matter does water have a definite shape?",
    "choices": {"text": ["gas", "liquid", "solid"], "label": ["A", "B", "C"]},
    "answerKey": "C",
}
PROBLEM = from_row(ROW, 0)


def test_a_row_becomes_a_problem() -> None:
    assert from_row(ROW, 0) == Problem(
        id="NYSEDREGENTS_2008_4_15", question=ROW["question"], target="C", choices=("gas", "liquid", "solid")
    )


def test_numeric_labels_become_letters() -> None:
    choices = {"text": ["a", "b", "c", "d"], "label": ["1", "2", "3", "4"]}
    assert from_row({**ROW, "choices": choices, "answerKey": "4"}, 0).target == "D"
    with pytest.raises(ValueError, match="field 'answerKey': 'C' is not among"):
        from_row({**ROW, "choices": choices, "answerKey": "C"}, 7)
    with pytest.raises(ValueError, match="3 texts for 4 labels"):
        from_row({**ROW, "choices": {**choices, "text": ["a", "b", "c"]}, "answerKey": "4"}, 7)


def test_prompt() -> None:
    user, prefill = ARC.prompt(PROBLEM)
    assert user.endswith("\n\nIn which state of matter does water have a definite shape?\nA. gas\nB. liquid\nC. solid")
    assert prefill == "<reasoning>"
    assert ARC.extract(user, PROBLEM) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("</reasoning>\n<answer>\n\\boxed{C}\n</answer><|eot_id|>", "C"),
        ("\\boxed{\\text{(b)}}", "B"),
        ("\\boxed{A. gas}", "A"),
        ("\\boxed{Solid}", "C"),
        ("<answer>B</answer>", "B"),
        ("\\boxed{A, B}", None),
        ("\\boxed{D}", None),
        ("It is C", None),
    ],
)
def test_extract(text: str, answer: str | None) -> None:
    assert ARC.extract(text, PROBLEM) == answer


@pytest.mark.parametrize(("text", "answer"), texts("read_letter.jsonl"))
def test_where_the_answer_stands(text: str, answer: str | None) -> None:
    assert ARC.extract(text, Problem(id="p", question="?", choices=("copper", "oxygen", "salt", "wood"))) == answer


@pytest.mark.parametrize("name", ["arc_challenge", "arc_challenge_odd"])
def test_bench_rows(name: str) -> None:
    for index, row in enumerate(bench_rows(name)):
        problem = from_row(row, index)
        assert 3 <= len(problem.choices) <= 5
        assert ARC.extract(f"\\boxed{{{problem.target}}}", problem) == problem.target
        right = row["choices"]["text"][row["choices"]["label"].index(row["answerKey"])]
        assert ARC.extract(f"<answer>{right}</answer>", problem) == problem.target
