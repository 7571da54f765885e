"""Two voters, paired by problem."""

import pytest

from hexcli.errors import HexError, UsageError
from hexcli.runs.counting import count
from hexcli.scoring.comparing import answers_text, compare, side
from hexcli.stats import mcnemar
from tests.scoring.runs import counted, generation, run

ANSWERS = {1: ("7", "7", "1"), 2: ("2", "7", "7"), 3: (None, "3", "7"), 4: (None, None, None)}


def table(problems=ANSWERS, **fields):
    return [
        generation(problem, label, answer, **fields)
        for problem in problems
        for label, answer in zip(("8", "16", "32"), ANSWERS[problem], strict=True)
    ]


def ids(problems):
    return [one["problem_id"] for one in problems]


def test_schedules_of_a_run_are_paired_by_problem() -> None:
    """Block 8 is right on p1, block 32 on p2 and p3."""
    both = counted(*table())
    found = compare(side(both, "8"), side(both, "block 32"))
    assert (found["problems"], found["difference"], found["p_value"]) == (4, -0.25, mcnemar(1, 2))
    assert (ids(found["won"]), ids(found["lost"])) == (["p1"], ["p2", "p3"])
    assert found["lost"][1] == {
        "problem_id": "p3",
        "question": "question 3",
        "target": "7",
        "a": {"answers": [None], "correct": 0.0},
        "b": {"answers": ["7"], "correct": 1.0},
    }
    assert (found["a"]["name"], found["a"]["kind"], found["a"]["correct"]) == ("8", "schedule", 1)
    low, high = found["ci95"]
    assert low <= -0.25 <= high


def test_aggregators_too() -> None:
    both = counted(*table())
    found = compare(side(both, "majority"), side(both, "first"))
    assert (ids(found["won"]), ids(found["lost"])) == (["p2"], [])
    assert found["won"][0]["a"]["answers"] == ["7"]


def test_runs_meet_on_the_problems_that_both_have() -> None:
    one, other = counted(*table()), count(run(*table((2, 3)), generation(9, "8", "7"), name="other"))
    found = compare(side(one, "32"), side(other, "8"))
    assert (found["problems"], found["only_in_a"], found["only_in_b"]) == (2, 2, 1)
    assert ids(found["won"]) == ["p2", "p3"]
    assert (found["a"]["accuracy"], found["a"]["correct"]) == (1.0, 2), "of the problems compared"


def test_a_schedule_with_samples_is_met_by_its_mean() -> None:
    both = counted(
        *(generation(1, "8", a, seed=s) for s, a in enumerate(("7", "1", "7", "7"))), generation(1, "16", "7")
    )
    found = compare(side(both, "8"), side(both, "16"))
    assert found["difference"] == -0.25
    assert found["lost"][0]["a"] == {"answers": ["7", "1", "7", "7"], "correct": 0.75}


def test_problems_of_one_id_and_another_question_are_not_the_same() -> None:
    import dataclasses

    (odd,) = [
        dataclasses.replace(one, problem=dataclasses.replace(one.problem, question="another"))
        for one in [generation(1, "8", "7")]
    ]
    with pytest.raises(UsageError, match="share no problem with a target"):
        compare(side(counted(generation(1, "8", "7")), "8"), side(counted(odd), "8"))


def test_votes_that_are_missing_are_marked() -> None:
    uneven = counted(*table(), generation(1, "8", "7", seed=1))
    assert side(uneven, "8").partial and not side(uneven, "16").partial


def test_who_is_not_there_is_said_with_who_is() -> None:
    both = counted(*table())
    with pytest.raises(UsageError, match=r"'majorty' of runs/test, and no run: did you mean 'majority'"):
        side(both, "majorty")
    with pytest.raises(UsageError, match="all is no schedule and no aggregator: name one"):
        side(both, "all")
    with pytest.raises(HexError, match="confidence cannot vote on runs/test: 8 of 8 votes carry no confidence"):
        side(both, "confidence")
    with pytest.raises(UsageError, match="nothing to compare by"):
        side(counted(generation(1, "8", "7", target=None)), "8")
    canvases = counted(*(generation(1, "32", "7", gen_length=length) for length in (128, 256)))
    with pytest.raises(UsageError, match="means several schedules of runs/test: name one of"):
        side(canvases, "32:T=0.9")


def test_answers_of_samples_are_counted() -> None:
    assert answers_text(["7", None, "7", "5"]) == "7 x2, none, 5"
