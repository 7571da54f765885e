import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hexcli.tasks.embedded.families.dice import Dice, Step
from hexcli.tasks.embedded.families.draws import NEW, TRAINED
from hexcli.tasks.embedded.stories import FIRST, LONGEST, fixed_set, numbers_in, split_of, stories

ROOT = Path(__file__).parents[3]
EVERY = {**TRAINED, **NEW}
WORDS = {"half": 2, "third": 3, "quarter": 4, "percent": 100}


def some(split, count, seed=0, families=TRAINED):
    return list(itertools.islice(stories(split, seed, families), count))


@pytest.fixture(scope="module")
def training():
    return some("train", 20_000)


@pytest.fixture(scope="module")
def tested():
    return fixed_set("test", 2048) + fixed_set("test", 512, NEW)


def test_equal_arguments_give_equal_stories():
    assert some("train", 200, seed=3) == some("train", 200, seed=3)
    assert some("train", 200, seed=3) != some("train", 200, seed=4)


def test_stories_do_not_depend_on_the_hash_seed():
    code = (
        "from itertools import islice; from hexcli.tasks.embedded.stories import stories;"
        "print([story.question for story in islice(stories('test'), 20)])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_no_training_problem_has_the_numbers_of_a_test_problem(training, tested):
    assert {story.numbers for story in training}.isdisjoint(story.numbers for story in tested)


@pytest.mark.parametrize("split", ["train", "calibration", "test"])
def test_the_numbers_of_a_problem_tell_its_split(split):
    assert {split_of(story.numbers) for story in some(split, 500)} == {split}


def test_a_fact_to_ignore_or_another_order_moves_no_problem_to_another_split(training):
    distracted = [story for story in training if numbers_in(story.question) != story.numbers]
    assert len(distracted) > 2000
    for story in distracted:
        assert len(numbers_in(story.question)) == len(story.numbers) + 1
        assert split_of(story.numbers) == "train"


def test_an_unknown_split_is_refused():
    with pytest.raises(ValueError, match="unknown split 'dev'"):
        next(stories("dev"))


def test_training_never_draws_a_new_family(training):
    assert {story.family for story in training} == {family.__name__ for family in TRAINED}
    assert not set(TRAINED) & set(NEW)


@pytest.mark.parametrize("family", EVERY, ids=lambda family: family.__name__)
def test_a_family_is_honest_arithmetic(family):
    for story in some("train", 300, families={family: 1}):
        assert 2 <= len(story.steps) <= 5
        assert story.answer == story.steps[-1].value
        assert all(0 <= step.value < 10_000 for step in story.steps)
        known = {*story.numbers, *(number for word, number in WORDS.items() if word in story.question)}
        for step in story.steps:
            assert {step.left, step.right} <= known, f"a step uses a number from nowhere: {story}"
            known.add(step.value)


@pytest.mark.parametrize("family", EVERY, ids=lambda family: family.__name__)
def test_a_family_tells_plain_text(family):
    for story in some("train", 300, families={family: 1}):
        assert story.question.isascii()
        assert story.question.endswith("?")
        assert not re.search(r"  |\.\.|\{|\}| [.?,]|None", story.question)
        assert "1" not in re.findall(r"\d+", story.question), "'1 apples'"


def test_every_number_of_the_equations_is_what_it_says(training):
    for story in training[:5000]:
        for step in story.steps:
            left, operation, right, value = re.fullmatch(r"(\d+) (.) (\d+) = (\d+)", step.equation).groups()
            checked = int(left) == int(right) * int(value) if operation == "/" else None
            assert checked or eval(f"{left} {operation} {right}") == int(value)
            assert step.equation in step.sentence


def test_fixed_sets_hold_no_problem_twice(tested):
    assert len({story.question for story in tested}) == 2048 + 512


def test_many_stories_have_a_fact_to_ignore(training):
    idle = sum(numbers_in(story.question) != story.numbers for story in training[:2000])
    assert 400 < idle < 600


def test_one_in_eight_asks_for_the_answer_first(training):
    first = [story for story in training[:4000] if story.order]
    assert 400 < len(first) < 560
    assert {story.order for story in first} == set(FIRST)
    assert all(story.asked == f"{story.question} {story.order}" for story in first)


def test_a_solution_is_short_enough_for_the_canvas(training):
    for story in training[:2000]:
        words = " ".join(step.sentence for step in story.steps)
        assert len(re.findall(r"[A-Za-z]+|\d|[^A-Za-z\d\s]", words)) <= LONGEST


def test_dice_cover_what_they_say():
    dice = Dice("a seed")
    assert {dice.number(2, 4) for _ in range(100)} == {2, 3, 4}
    assert sorted(dice.shuffled("abcd")) == list("abcd")
    assert len(set(dice.several("abcd", 4))) == 4
    amounts = [dice.amount(2, 60) for _ in range(2000)]
    assert 2 <= min(amounts) < max(amounts) <= 600
    assert 0.2 < sum(amount > 60 for amount in amounts) / 2000 < 0.35


def test_division_leaves_no_remainder():
    assert Step("Each gets", 12, "/", 4).sentence == "Each gets 12 / 4 = 3."
    with pytest.raises(ValueError, match="13 / 4 leaves a remainder"):
        _ = Step("Each gets", 13, "/", 4).value
