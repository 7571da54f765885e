"""Reliabilities estimated without labels."""

import dataclasses
import inspect
import random

import pytest

from hexcli.schedule import Schedule
from hexcli.voting import agreement
from hexcli.voting.aggregators import get_aggregator
from hexcli.voting.agreement import estimate
from hexcli.voting.votes import Election, Vote
from tests.voting.elections import EXPERTS, election, same, votes


def simulated(
    problems: int, accuracies: list[float], *, samples: int = 1, wrong: int = 20, seed: int = 0
) -> list[Election]:
    """Independent voters: right (the answer is `t`) with their accuracy, else one of `wrong` answers."""
    generator = random.Random(seed)
    return [
        Election.of(
            [
                Vote(
                    answer="t" if generator.random() < accuracy else f"w{generator.randrange(wrong)}",
                    schedule=expert.schedule.with_seed(sample),
                )
                for expert, accuracy in zip(EXPERTS, accuracies, strict=False)
                for sample in range(samples)
            ],
            same,
        )
        for _ in range(problems)
    ]


def estimated(elections: list[Election], count: int) -> list[float]:
    return list(estimate(elections, EXPERTS[:count]).accuracy.values())


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("accuracies", [[0.4, 0.6, 0.8], [0.85, 0.7, 0.55, 0.4], [0.3, 0.9, 0.5, 0.7, 0.6]])
def test_planted_accuracies_are_found(accuracies: list[float], samples: int) -> None:
    found = estimated(simulated(1500, accuracies, samples=samples), len(accuracies))
    assert found == pytest.approx(accuracies, abs=0.05)


@pytest.mark.parametrize("wrong", [3, 20])
def test_the_number_of_wrong_answers_is_found(wrong: int) -> None:
    elections = simulated(2000, [0.4, 0.5, 0.6, 0.7], wrong=wrong)
    assert estimate(elections, EXPERTS[:4]).alternatives == pytest.approx(wrong, rel=0.2)


def test_samples_are_read_together_in_the_order_of_their_seeds() -> None:
    """The second sample of one schedule, which says something else, stands alone where the other has only one."""

    def run(*seeds: int) -> list[Election]:
        one, other = (expert.schedule for expert in EXPERTS[:2])
        said = {0: "t", 1: "w"}
        cast = [Vote(answer=said[seed], schedule=one.with_seed(seed)) for seed in seeds]
        return [Election.of([*cast, Vote(answer="t", schedule=other)], same)] * 40

    found = estimated(run(0, 1), 2)
    assert found == estimated(run(1, 0), 2), "in whatever order they were cast"
    assert found[1] > 0.9


def test_equals_are_pooled_and_a_better_one_is_not() -> None:
    found = estimated(simulated(500, [0.6, 0.6, 0.6, 0.85]), 4)
    assert found[0] == found[1] == found[2] < found[3]


def test_a_few_problems_tell_nothing_apart() -> None:
    assert len(set(estimated(simulated(12, [0.5, 0.6, 0.7]), 3))) == 1


def test_a_schedule_is_not_reliable_for_agreeing_with_itself() -> None:
    """Five samples that always say the same wrong thing, beside two schedules that agree on the right one."""
    generator = random.Random(1)
    elections = []
    for _ in range(300):
        own = "t" if generator.random() < 0.3 else "stubborn"
        others = ["t" if generator.random() < 0.8 else f"w{generator.randrange(20)}" for _ in range(4)]
        cast = [Vote(answer=own, schedule=EXPERTS[0].schedule.with_seed(seed)) for seed in range(5)]
        cast += [Vote(answer=a, schedule=EXPERTS[1 + i % 2].schedule.with_seed(i // 2)) for i, a in enumerate(others)]
        elections.append(Election.of(cast, same))
    stubborn, *rest = estimated(elections, 3)
    assert all(stubborn < other - 0.2 for other in rest)


def test_a_reliable_schedule_outvotes_two_unreliable_ones() -> None:
    elections = simulated(600, [0.2, 0.2, 0.95, 0.9], wrong=3)
    disputed = election("w1", "w1", "t", None)
    *_, decision = get_aggregator("reliability")([*elections, disputed], None)
    assert (decision.answer, decision.tie) == ("t", False)
    (majority,) = get_aggregator("majority")([disputed], None)
    assert majority.answer == "w1"


def test_reliability_beats_majority_and_the_best_voter_where_competence_differs() -> None:
    elections = simulated(1500, [0.35, 0.35, 0.6, 0.75], wrong=4)
    right = {
        name: sum(decision.answer == "t" for decision in get_aggregator(name)(elections, None))
        for name in ("majority", "reliability")
    }
    best = sum(counted.votes[3].answer == "t" for counted in elections)
    assert right["reliability"] > max(right["majority"], best)


def test_of_answers_that_weigh_the_same_the_costliest_wins() -> None:
    """Canvases of 128, 256 and 512 tokens: as many votes, more forward passes."""
    canvases = [Schedule.parse("32", gen_length=length) for length in (128, 256, 512)]
    cast = [Vote(answer=answer, schedule=schedule) for answer, schedule in zip("abc", canvases, strict=True)]
    (decision,) = get_aggregator("reliability")([Election.of(cast, same)], None)
    assert (decision.answer, decision.tie) == ("c", True)


def test_at_equal_cost_a_tie_goes_to_the_first_cast() -> None:
    (decision,) = get_aggregator("reliability")([election("a", "b", "c")], None)
    assert (decision.answer, decision.tie) == ("a", True)


def test_no_target_can_reach_the_estimate() -> None:
    """Neither what it is given nor what that is made of has a place for one."""
    assert list(inspect.signature(estimate).parameters) == ["elections", "experts"]
    for kind in (Election, Vote):
        assert not any("target" in field.name for field in dataclasses.fields(kind))
    assert "records" not in inspect.getsource(agreement), "Problem, which holds targets, is not even imported"


@pytest.mark.parametrize("answers", [[None, None, None], ["1", None, None], ["1", "1", "1"], ["1", "2", "3"]])
def test_little_to_go_by_does_no_harm(answers: list[str | None]) -> None:
    for problems in (1, 50):
        elections = [Election.of(votes(*answers), same)] * problems
        assert all(0 < accuracy < 1 for accuracy in estimated(elections, 3))
