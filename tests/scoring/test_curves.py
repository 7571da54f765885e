"""Accuracy at 1, 2, ... votes."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.records import Generation
from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Grades
from hexcli.scoring.curves import ORDERS, curves
from tests.scoring.runs import counted, generation


def majority_right(answers: tuple[str | None, ...]) -> bool:
    """Whether the most frequent answer, of equals the first, is 7."""
    given = [answer for answer in answers if answer is not None]
    return bool(given) and max(given, key=given.count) == "7"


def random_table(problems: int, voters: int, seed: int) -> list[tuple[str | None, ...]]:
    generator = random.Random(seed)
    return [tuple(generator.choice([None, "1", "2", "7", "7"]) for _ in range(voters)) for _ in range(problems)]


def run_of(table: list[tuple[str | None, ...]], labels: list[str], samples: int = 1) -> Count:
    generations: list[Generation] = []
    for problem, answers in enumerate(table):
        voters = itertools.product(labels, range(samples))
        generations += [
            generation(problem, label, answer, seed=seed) for (label, seed), answer in zip(voters, answers, strict=True)
        ]
    return counted(*generations)


@pytest.mark.parametrize("seed", range(4))
def test_with_few_votes_it_is_the_mean_over_all_subsets(seed: int) -> None:
    table = random_table(6, 4, seed)
    run = run_of(table, ["4", "8", "16", "32"])
    found = curves(run, Grades(run))
    for number in range(1, 5):
        subsets = list(itertools.combinations(range(4), number))
        right = [majority_right(tuple(answers[i] for i in subset)) for answers in table for subset in subsets]
        assert found["majority"][number - 1]["votes"] == number
        assert found["majority"][number - 1]["accuracy"] == pytest.approx(sum(right) / len(right))
        some = [any(answers[i] == "7" for i in subset) for answers in table for subset in subsets]
        assert found["oracle"][number - 1]["accuracy"] == pytest.approx(sum(some) / len(some))
    assert found["majority"][3]["sd"] == 0


def test_all_votes_are_the_row_of_the_table_whatever_the_number() -> None:
    table = random_table(20, 15, 5)
    run = run_of(table, ["4", "8", "16"], samples=5)
    grades = Grades(run)
    found = curves(run, grades)
    right = [
        grades.right(decision.answer, ballot)
        for decision, ballot in zip(run.decide("majority"), run.ballots, strict=True)
    ]
    assert len(found["majority"]) == len(found["oracle"]) == 15
    assert found["majority"][14]["accuracy"] == sum(right) / 20
    assert found["oracle"][14]["accuracy"] == sum("7" in answers for answers in table) / 20
    assert all(point["ensembles"] == ORDERS for point in found["majority"])
    assert found == curves(run, Grades(run)), "seeded"
    exact = sum(answers.count("7") / 15 for answers in table) / 20
    assert found["oracle"][0]["accuracy"] == pytest.approx(exact)
    assert found["majority"][0]["accuracy"] == pytest.approx(exact, abs=1e-12)


@given(st.integers(1, 6), st.integers(2, 9), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_no_majority_is_above_the_oracle_and_one_vote_and_all_are_exact(problems: int, voters: int, seed: int) -> None:
    table = random_table(problems, voters, seed)
    run = run_of(table, ["8"], samples=voters)
    found = curves(run, Grades(run))
    majority, oracle = ([point["accuracy"] for point in found[curve]] for curve in ("majority", "oracle"))
    assert all(low <= high for low, high in zip(majority, oracle, strict=True))
    assert majority[0] == oracle[0]
    assert oracle[0] == pytest.approx(sum(answers.count("7") / voters for answers in table) / problems)
    assert majority[-1] == pytest.approx(sum(map(majority_right, table)) / problems, abs=1e-11)


def test_a_missing_vote_is_passed_over() -> None:
    run = counted(generation(1, "8", "7"), generation(1, "16", "7"), generation(2, "8", "7"), expected=4)
    found = curves(run, Grades(run))
    assert [point["accuracy"] for point in found["majority"]] == [1.0, 1.0]
    assert [point["accuracy"] for point in found["oracle"]] == [1.0, 1.0]
