"""Who agrees with whom, and who is right where another is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.insight.outcomes import outcomes
from hexcli.insight.pairs import Pair, alone, pairs
from hexcli.scoring.contestants import Grades
from tests.scoring.runs import counted, generation

ANSWERS = st.sampled_from(["7", "8", "9", None])


def pairs_of(*generations) -> dict[tuple[str, str], Pair]:
    found = counted(*generations)
    return {(pair.first, pair.second): pair for pair in pairs(outcomes(found, Grades(found)), found.names)}


def test_a_vote_is_a_candidate_by_its_place_and_an_abstention_none() -> None:
    found = counted(generation(1, "8", "7"), generation(1, "16", "8"), generation(1, "32", None))
    (outcome,) = outcomes(found, Grades(found))
    assert list(outcome.chosen.values()) == [(0,), (1,), (-1,)]
    assert list(outcome.right.values()) == [(True,), (False,), (False,)]
    assert [outcome.accuracy(expert) for expert in found.names] == [1, 0, 0]


def test_agreement_is_right_or_wrong_and_abstentions_agree_on_nothing() -> None:
    answers = [("7", "7"), ("8", "8"), ("8", "9"), (None, None), ("7", "8")]
    both = [(generation(n, "8", a), generation(n, "16", b)) for n, (a, b) in enumerate(answers)]
    pair = pairs_of(*(one for two in both for one in two))["8", "16"]
    assert (pair.agree_right, pair.agree_wrong, pair.rescued, pair.problems) == (0.2, 0.2, 0.2, 5)


def test_a_schedule_beside_itself_compares_different_samples() -> None:
    samples = [generation(1, "8", answer, seed=seed) for seed, answer in enumerate(["7", "7", "8"])]
    pair = pairs_of(*samples)["8", "8"]
    assert pair.agree_right == pytest.approx(1 / 3) and pair.rescued == pytest.approx(1 / 3)
    assert pairs_of(generation(1, "8", "7")) == {}, "one sample has nothing to agree with"


def test_pairs_count_the_problems_that_both_have() -> None:
    found = pairs_of(generation(1, "8", "7"), generation(1, "16", "7"), generation(2, "8", "7"))
    assert found["8", "16"].problems == 1


@given(st.lists(st.tuples(ANSWERS, ANSWERS, ANSWERS, ANSWERS), min_size=1, max_size=6))
def test_shares_of_a_pair_fit_together(problems) -> None:
    made = [
        generation(number, label, answer, seed=seed)
        for number, answers in enumerate(problems)
        for (label, seed), answer in zip([("8", 0), ("8", 1), ("16", 0), ("16", 1)], answers, strict=True)
    ]
    found = pairs_of(*made)
    one, other = found["8", "16"], found["16", "8"]
    assert one.agree_right == pytest.approx(other.agree_right) and one.agree_wrong == pytest.approx(other.agree_wrong)
    right = [sum(answers[place] == "7" for answers in problems) / len(problems) for place in range(4)]
    # What one has right and the other has not is what tells their accuracies apart.
    assert one.rescued - other.rescued == pytest.approx((right[0] + right[1] - right[2] - right[3]) / 2)
    assert one.agree_right + one.rescued == pytest.approx((right[0] + right[1]) / 2), "right is right together or alone"


def test_alone_names_the_problems_that_one_schedule_rescues() -> None:
    answers = {1: ("7", "8"), 2: ("8", "7"), 3: ("7", "7"), 4: ("8", "8"), 5: ("7", None)}
    made = [generation(n, label, a) for n, two in answers.items() for label, a in zip(("8", "16"), two, strict=True)]
    found = counted(*made)
    eight, sixteen = alone(outcomes(found, Grades(found)), found.names)
    assert (eight.name, eight.right, eight.alone) == ("8", 3, ("p1", "p5"))
    assert (sixteen.name, sixteen.right, sixteen.alone) == ("16", 2, ("p2",))
