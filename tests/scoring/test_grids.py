"""What the axes of a run are, and which of its voters are compared along each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.labels import read
from hexcli.scoring.grids import grids, point
from hexcli.voter import Voter


def voters(text: str, temperature: float = 0.9) -> list[Voter]:
    return [Voter(read(one, {"gen_length": 64, "temperature": temperature})) for one in text.split(",")]


def labels(line: tuple[Voter, ...]) -> list[str]:
    return [f"{voter.schedule.label}@{voter.schedule.gen_length}" for voter in line]


def test_a_full_grid_has_a_line_for_all_that_is_else_equal() -> None:
    found, untold = grids(voters("8,32,64,8@128,32@128,64@128"))
    assert [grid.axis for grid in found] == ["block_length", "gen_length"]
    blocks, canvas = found
    assert (blocks.values, canvas.values) == (("8", "32", "64"), ("64", "128"))
    assert [labels(line) for line in blocks.lines] == [["8@64", "32@64", "64@64"], ["8@128", "32@128", "64@128"]]
    assert len(canvas.lines) == 3
    assert untold == {}, "a longer canvas has more steps in any case: that is no axis of its own"


def test_of_a_grid_with_holes_the_largest_full_part_is_compared() -> None:
    """The six schedules of the study: 4 and 32 have one rule, 16 two, 64 three."""
    text = "4,16:remasking=entropy,32,64:remasking=entropy,64,64:remasking=topk_margin"
    (blocks, rules), untold = grids(voters(text))
    assert (blocks.axis, blocks.values) == ("block_length", ("4", "32", "64"))
    assert (rules.axis, rules.values, len(rules.lines)) == (
        "remasking",
        ("low_confidence", "entropy", "topk_margin"),
        1,
    )
    assert blocks.voters == rules.voters == 6
    assert untold == {}


def test_what_changes_only_together_is_one_axis() -> None:
    (steps,), untold = grids(voters("8,8:steps=64:threshold=0.9"))
    assert (steps.axis, steps.following) == ("steps", ("threshold",))
    assert untold == {"threshold": "it changes only together with steps"}


def test_an_axis_that_follows_another_does_not_hide_it() -> None:
    """Three thresholds, of which two need twice the steps: the threshold says how many, the steps not which."""
    (threshold,), untold = grids(voters("8,8:threshold=0.9,8:threshold=0.95"))
    assert (threshold.axis, threshold.following, len(threshold.values)) == ("threshold", ("steps",), 3)
    assert untold == {"steps": "it changes only together with threshold"}


def test_an_axis_without_two_voters_that_differ_in_it_alone_is_not_told() -> None:
    text = "8,16@128,8@128:temperature=0.5,16:temperature=0.5"
    found, untold = grids(voters(text))
    assert found == []
    assert set(untold.values()) == {"no two voters differ in it alone"}


def test_the_models_of_a_joint_election_are_an_axis() -> None:
    both = [Voter(one.schedule, "", model) for one in voters("8,32") for model in ("tiny", "other")]
    found, untold = grids(both)
    assert [(grid.axis, grid.values, len(grid.lines)) for grid in found] == [
        ("model", ("tiny", "other"), 2),
        ("block_length", ("8", "32"), 2),
    ]
    assert untold == {}


@pytest.mark.parametrize("text", ["8", "8,8:samples=3"])
def test_one_voter_has_no_axes(text: str) -> None:
    assert grids(voters(text)[:1]) == ([], {})


def test_the_wording_of_the_prompt_is_an_axis() -> None:
    both = [Voter(one.schedule, prompt) for one in voters("8,16") for prompt in ("", "plain")]
    (prompt, blocks), untold = grids(both, "reasoning")
    assert (prompt.axis, prompt.values, len(prompt.lines)) == ("prompt", ("reasoning", "plain"), 2)
    assert (blocks.axis, len(blocks.lines), untold) == ("block_length", 2, {})


def test_what_changes_elsewhere_in_the_run_does_not_change_with_an_axis() -> None:
    """Two models at T 0, one of them with a cache, and other blocks at T 0.5: the compared four are all at T 0."""
    cold = [Voter(one.schedule, "", "one") for one in voters("8,32", 0.0)]
    cached = [Voter(one.schedule, "", "two") for one in voters("8:kv_cache=prefix,32:kv_cache=prefix", 0.0)]
    warm = [Voter(one.schedule, "", "two") for one in voters("4,16", 0.5)]
    (blocks,), _ = grids([*cold, *cached, *warm])
    assert (blocks.axis, blocks.values, blocks.following) == ("block_length", ("8", "32"), ())
    assert {voter for line in blocks.lines for voter in line} == {*cold, *cached}


FEW = st.builds(
    lambda label, canvas, warm, rule, model: Voter(
        read(f"{label}@{canvas}:temperature={warm}:remasking={rule}", {"gen_length": 64}), "", model
    ),
    st.sampled_from(("8", "16", "32")),
    st.sampled_from((64, 128)),
    st.sampled_from((0, 0.5)),
    st.sampled_from(("low_confidence", "entropy")),
    st.sampled_from(("", "other")),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FEW, min_size=1, max_size=8, unique=True))
def test_what_is_said_to_change_with_an_axis_differs_among_the_voters_compared(some: list[Voter]) -> None:
    for grid in grids(some)[0]:
        columns = [[point(line[place]) for line in grid.lines] for place in range(len(grid.values))]
        for name in grid.following:
            of_values = [{own.get(name) for own in column} for column in columns]
            assert all(len(found) == 1 for found in of_values), "each value of the axis has one"
            assert len(set[str | None]().union(*of_values)) > 1, "and not all the same"
        for line in grid.lines:
            differing = {name for name in point(line[0]) if len({point(voter).get(name) for voter in line}) > 1}
            assert differing <= {grid.axis, *grid.following}, "nothing else differs in a line"
