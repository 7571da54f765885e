import pytest

from hexcli.records import Problem
from hexcli.tasks.hellaswag import HELLASWAG, from_row, plain

ROW = {
    "activity_label": "Baking",
    "ctx": "A woman opens an oven. she",
    "endings": ["takes out a car.", "takes out a cake.", "sings.", "swims."],
    "source_id": "activitynet~v_1",
    "label": 1,
}


def test_a_row_becomes_a_problem_with_its_source() -> None:
    assert from_row(ROW, 0) == Problem(
        id="hellaswag-00001",
        question="Baking: A woman opens an oven. she",
        target="B",
        choices=("takes out a car.", "takes out a cake.", "sings.", "swims."),
        category="activitynet",
    )
    with pytest.raises(ValueError, match="field 'label': 4 is not among 4 endings"):
        from_row({**ROW, "label": 4}, 0)


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("[header] How to bake [title] Heat it. [step] Use 200 degrees.", "How to bake. Heat it. Use 200 degrees."),
        ("Use [substeps] a  whisk", "Use a whisk"),
        ("[1] is a note", "[1] is a note"),
    ],
)  # fmt: skip
def test_marks_of_wikihow_are_taken_out(text: str, reads: str) -> None:
    assert plain(text) == reads


def test_prompt_and_extraction() -> None:
    problem = from_row(ROW, 0)
    user, _ = HELLASWAG.prompt(problem)
    assert user.endswith("A. takes out a car.\nB. takes out a cake.\nC. sings.\nD. swims.")
    assert HELLASWAG.extract("<answer>takes out a cake</answer>", problem) == "B"
