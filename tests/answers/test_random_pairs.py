"""Equality against an evaluator of another kind; `python -m tests.answers.random_pairs 100000` tries more."""

import random

import pytest

from tests.answers.random_pairs import pair, wrong


@pytest.mark.parametrize("block", range(8))
def test_equal_values_are_equal_answers_and_others_are_not(block: int) -> None:
    faults = [fault for seed in range(block * 150, block * 150 + 150) if (fault := wrong(seed))]
    assert not faults


def test_the_pairs_are_of_both_kinds_and_spelled_in_many_ways() -> None:
    pairs = [pair(random.Random(seed)) for seed in range(300)]
    assert 100 < sum(same for _, _, same in pairs) < 200
    texts = " ".join(text for one in pairs for text in one[:2])
    for sign in (
        r"\frac",
        "²",
        "√",
        "sqrt(",
        "**",
        r"\cdot ",
        "×",
        r"\left(",
        r"\text{ and }",
        "$",
        r"\div",
        "^{ -1 }",
    ):
        assert sign in texts, sign
    assert sum(a != b for a, b, same in pairs if same) > 100
