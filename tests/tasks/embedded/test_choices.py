from collections import Counter

import pytest

from hexcli.records import Problem
from hexcli.tasks.embedded.choices import CHOICES, choice_set, extract
from hexcli.tasks.embedded.stories import split_of
from hexcli.tasks.registry import get_task

PROBLEM = Problem(id="choices-0000", question="How many?", target="B", choices=("3", "17", "4", "5"))


def test_the_set_is_whole_and_numbered():
    problems = CHOICES.load()
    assert get_task("choices") is CHOICES
    assert len(problems) == CHOICES.size
    assert problems[7].id == "choices-0007"
    stories = [item.story for item in choice_set("test", CHOICES.size)]
    assert [problem.question for problem in problems] == [story.question for story in stories]
    assert {split_of(story.numbers) for story in stories} == {"test"}


def test_four_different_options_one_of_them_right():
    for item, problem in zip(choice_set("test", 200), CHOICES.load(), strict=False):
        assert len(set(item.options)) == 4
        assert all(0 < option < 10_000 for option in item.options)
        assert problem.choices["ABCD".index(problem.target)] == str(item.story.answer)


def test_no_letter_is_right_much_more_often():
    counts = Counter(problem.target for problem in CHOICES.load())
    assert all(200 < counts[letter] < 312 for letter in "ABCD")


def test_the_prompt_lists_the_options():
    assert CHOICES.prompt(PROBLEM).user == "How many?\nA. 3\nB. 17\nC. 4\nD. 5\nAnswer with one letter."


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        (r"12 + 5 = 17. \boxed{B}", "B"),
        (r"\boxed{a} or rather \boxed{b}", "B"),
        (r"\boxed{(C)}", "C"),
        (r"\boxed{D.}<|endoftext|>\boxed{A}", "D"),
        (r"\boxed{E}", None),
        (r"\boxed{17}", None),
        (r"\boxed{B", "B"),
        ("B", None),
    ],
)
def test_the_last_box_holds_the_letter(text, letter):
    assert extract(text, PROBLEM) == letter
