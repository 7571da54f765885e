import pytest

from hexcli.records import Problem
from hexcli.tasks.embedded.families.draws import NEW, TRAINED
from hexcli.tasks.embedded.stories import fixed_set, split_of
from hexcli.tasks.embedded.sums import SUMS, SUMS_CALIBRATION, SUMS_NEW, extract
from hexcli.tasks.registry import get_task

PROBLEM = Problem(id="sums-0000", question="How many?", target="17")


@pytest.mark.parametrize("task", [SUMS, SUMS_CALIBRATION, SUMS_NEW], ids=lambda task: task.name)
def test_a_set_is_whole_and_numbered(task):
    problems = task.load()
    assert len(problems) == task.size
    assert [problem.id for problem in problems[:2]] == [f"{task.name}-0000", f"{task.name}-0001"]
    assert len({problem.question for problem in problems}) == task.size
    assert all(problem.target == str(int(problem.target)) for problem in problems)


def test_tasks_are_found_by_name():
    assert [get_task(task.name) for task in (SUMS, SUMS_CALIBRATION, SUMS_NEW)] == [SUMS, SUMS_CALIBRATION, SUMS_NEW]


def test_sets_are_of_their_split_and_families():
    for task, split, families in (
        (SUMS, "test", TRAINED),
        (SUMS_CALIBRATION, "calibration", TRAINED),
        (SUMS_NEW, "test", NEW),
    ):
        stories = fixed_set(split, task.size, families)
        assert [problem.question for problem in task.load()] == [story.asked for story in stories]
        assert {split_of(story.numbers) for story in stories} == {split}
        assert {problem.category for problem in task.load()} == {family.__name__ for family in families}


def test_the_prompt_is_the_question():
    assert SUMS.prompt(PROBLEM) == ("How many?", "")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (r"12 + 5 = 17. \boxed{17}", "17"),
        (r"\boxed{12} no, \boxed{17}", "17"),
        (r"\boxed{17}<|endoftext|>\boxed{3}", "17"),
        (r"\boxed{1,017}", "1017"),
        (r"\boxed{ 017.0 }", "17"),
        (r"\boxed{-4}", "-4"),
        (r"\boxed{17} apples, \boxed{B}", "17"),
        (r"\boxed{17", "17"),
        (r"\boxed{17 \boxed{18}", "18"),
        (r"\boxed{17 apples", None),
        (r"\boxed{}", None),
        ("17", None),
        ("", None),
    ],
)
def test_the_last_box_with_an_integer_is_the_answer(text, answer):
    assert extract(text, PROBLEM) == answer


def test_grading_compares_canonical_text():
    assert SUMS.grade("17", "17")
    assert not SUMS.grade("18", "17")
