"""What axes pay, on votes whose truth is known."""

import random
from collections.abc import Callable

import pytest

from hexcli.records import Generation
from hexcli.scoring.axes import axes, axes_frame
from hexcli.scoring.contestants import Grades
from hexcli.scoring.contests import Bench
from tests.scoring.runs import counted, generation

Answer = Callable[[random.Random, int, str, int], str]  # dice, problem, block, seed -> answer
PROBLEMS = 120


def simulated(answer: Answer, blocks=("8", "16", "32"), seeds: int = 3, canvases=(64,)) -> list[Generation]:
    dice = random.Random(5)
    return [
        generation(problem, block, answer(dice, problem, block, seed), seed=seed, gen_length=canvas)
        for problem in range(PROBLEMS)
        for canvas in canvases
        for block in blocks
        for seed in range(seeds)
    ]


def independent(dice: random.Random, problem: int, block: str, seed: int) -> str:
    """Each vote right in 60 %, else one of many wrong answers."""
    return "7" if dice.random() < 0.6 else str(dice.randrange(100, 10_000))


def own_errors(dice: random.Random, problem: int, block: str, seed: int) -> str:
    """Samples of a block agree, blocks err apart: only voting over blocks pays."""
    own = random.Random(f"{problem}:{block}")
    return "7" if own.random() < 0.6 else str(own.randrange(100, 10_000))


def cloned(dice: random.Random, problem: int, block: str, seed: int) -> str:
    """All blocks answer the same, samples err apart: voting over blocks pays nothing."""
    own = random.Random(f"{problem}:{seed}")
    return "7" if own.random() < 0.6 else str(own.randrange(100, 10_000))


def rows(generations: list[Generation]) -> dict:
    found = counted(*generations)
    return {row["axis"]: row for row in axes(Bench.of(found, Grades(found)))["rows"]}


def test_an_axis_whose_values_err_apart_pays_and_samples_that_agree_do_not() -> None:
    found = rows(simulated(own_errors))
    gain = found["block_length"]["fixed"]["equal_votes"]["over_mean"]
    assert gain["difference"] > 0.05
    assert gain["p_holm"] < 0.01
    assert gain["ci95"][0] > 0
    sample = found["sample"]["fixed"]["equal_votes"]["over_mean"]
    assert (sample["difference"], sample["p_value"]) == (0.0, 1.0)
    within, across = (found["block_length"]["correlation"][which] for which in ("within", "across"))
    assert within == 1.0
    assert abs(across) < 0.15


def test_an_axis_of_clones_pays_nothing_where_samples_do() -> None:
    """Votes of three blocks are as good as three of one only where their samples are other ones: mixed draws of the
    same seed would be clones, and so mixing loses."""
    found = rows(simulated(cloned, seeds=5))
    gain = found["block_length"]["fixed"]["equal_votes"]["over_mean"]
    assert gain["difference"] <= 0
    assert found["sample"]["fixed"]["equal_votes"]["over_mean"]["difference"] > 0.05
    correlation = found["block_length"]["correlation"]
    assert correlation["across"] > correlation["within"]


def test_where_all_votes_are_independent_no_axis_pays_more_than_samples() -> None:
    found = rows(simulated(independent))
    for axis in found["block_length"]["fixed"]["equal_votes"], found["block_length"]["fixed"]["equal_nfe"]:
        assert abs(axis["over_mean"]["difference"]) < 0.03
        assert axis["over_mean"]["p_value"] > 0.05
    assert found["sample"]["fixed"]["equal_votes"]["over_mean"]["difference"] > 0.05


def test_three_votes_by_hand() -> None:
    """Of one problem, blocks 8 (7, 7, 1) and 16 (1, 1, 1): 2 of one and 1 of the other, or the other way round."""
    generations = [generation(1, "8", answer, seed=seed) for seed, answer in enumerate(("7", "7", "1"))]
    generations += [generation(1, "16", "1", seed=seed) for seed in range(3)]
    found = rows(generations)["block_length"]
    met = found["fixed"]["equal_votes"]
    assert found["rival"] == "samples"
    assert [value["accuracy"] for value in met["values"]] == [1.0, 0.0]
    assert met["accuracy"] == pytest.approx(0.5 * (1 / 3) + 0.5 * 0.0)  # two 7s of three pairs of 8
    assert met["votes"] == 3
    assert met["over_best"]["value"] == "8"
    assert met["over_mean"]["difference"] == pytest.approx(1 / 6 - 1 / 2)


def test_without_samples_at_temperature_zero_the_rival_is_one_vote() -> None:
    generations = [
        generation(problem, block, answer, temperature=0.0)
        for problem in range(8)
        for block, answer in (("8", "7"), ("16", "7"), ("32", "1" if problem % 2 else "7"))
    ]
    found = counted(*generations)
    (row,) = axes(Bench.of(found, Grades(found)))["rows"]
    assert row["rival"] == "copies"
    assert row["fixed"]["equal_votes"]["accuracy"] == 1.0
    assert [value["accuracy"] for value in row["fixed"]["equal_votes"]["values"]] == [1.0, 1.0, 0.5]
    assert row["fixed"]["equal_nfe"] is row["fixed"]["equal_votes"]
    assert row["correlation"]["matrix"][0] == [None, None, None], "always right: there is nothing to correlate"
    assert row["correlation"]["matrix"][2][2] == 1.0
    assert row["voters"] == {"compared": 3, "of": 3, "constant": 2}


def test_with_too_few_samples_equal_nfe_is_not_told() -> None:
    row = rows(simulated(independent, seeds=1))["block_length"]
    assert row["rival"] == "one vote"
    assert row["fixed"]["equal_nfe"] is None
    assert row["correlation"]["within"] is None


def test_two_values_without_samples_are_told_beside_others_only() -> None:
    """Two votes decide nothing; six do, once of both canvases and once of each."""
    row = rows(simulated(own_errors, seeds=1, canvases=(64, 128)))["gen_length"]
    assert row["fixed"] is None
    assert row["together"]["equal_votes"]["votes"] == 3
    nfe = [value["nfe_per_problem"] for value in row["together"]["equal_votes"]["values"]]
    assert nfe == [96.0, 192.0]
    at_nfe = row["together"]["equal_nfe"]
    assert {round(side["nfe_per_problem"], 4) for side in (at_nfe, *at_nfe["values"])} == {96.0}
    assert [side["votes"] for side in at_nfe["values"]] == [3.0, 1.5]


def test_several_axes_have_a_row_of_all_that_differs() -> None:
    found = rows(simulated(independent, blocks=("8", "16"), canvases=(64, 128), seeds=1))
    assert list(found) == ["block_length", "gen_length", "all"]
    assert [value["value"] for value in found["all"]["values"]] == ["8", "8@128", "16", "16@128"]


def test_problems_that_lack_votes_are_left_out() -> None:
    generations = simulated(independent)
    row = rows([one for one in generations if one.problem.id != "p3" or one.schedule.seed])["block_length"]
    assert row["problems"] == PROBLEMS - 1


def test_every_comparison_is_corrected_for_how_many_there_are() -> None:
    found = counted(*simulated(own_errors))
    result = axes_frame(found)["axes"]
    p_values = {
        id(versus): versus
        for row in result["rows"]
        for part in (row["fixed"], row["together"])
        for met in (part or {}).values()
        for versus in ((met or {}).get("over_mean"), (met or {}).get("over_best"))
        if versus
    }
    assert result["comparisons"] == len(p_values)
    assert all(versus["p_holm"] >= versus["p_value"] for versus in p_values.values())
