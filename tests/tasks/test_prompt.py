import pytest

from hexcli.errors import UsageError
from hexcli.records import Problem
from hexcli.tasks.prompt import PROMPT

PROBLEM = Problem(id="prompt", question="What is 12 * 7?\nBox it.")


def test_the_prompt_passes_through() -> None:
    assert PROMPT.prompt(PROBLEM) == ("What is 12 * 7?\nBox it.", "")


def test_there_is_nothing_to_load() -> None:
    with pytest.raises(UsageError, match="no problems of its own"):
        PROMPT.load()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It is \\boxed{84}.<|eot_id|>\\boxed{9}", "84"),
        ("<answer>New\n York</answer>", "New York"),
        ("It is 84.", None),
    ],
)
def test_extract(text: str, answer: str | None) -> None:
    assert PROMPT.extract(text, PROBLEM) == answer


def test_equal_answers_are_one_candidate() -> None:
    assert PROMPT.equal("$84.0", "84")
    assert PROMPT.grade("\\frac{168}{2}", "84")
    assert not PROMPT.equal("84", "85")
