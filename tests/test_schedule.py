"""Schedules: labels, the commits they plan, and which numbers they refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.sampling.remasking import RULES
from hexcli.schedule import REMASKING, Schedule


def parse(text: str, gen_length: int = 64, **fields: object) -> Schedule:
    return Schedule.parse(text, gen_length=gen_length, **fields)  # type: ignore[arg-type]


def test_a_number_means_equal_blocks_of_that_length() -> None:
    schedule = parse("16")
    assert schedule.blocks == (16, 16, 16, 16)
    assert schedule.label == "16"
    assert (schedule.steps, schedule.nfe) == (32, 32)


def test_a_sum_means_these_blocks_in_order() -> None:
    schedule = parse("198+58", gen_length=256)
    assert schedule.blocks == (198, 58)
    assert schedule.label == "198+58"
    assert [commit.tokens for commit in schedule.commits()] == [2] * 128


def test_uneven_blocks_end_on_what_is_left_of_them() -> None:
    schedule = parse("5+3", gen_length=8, steps=4)
    assert [(c.start, c.stop, c.tokens) for c in schedule.commits()] == [
        (0, 5, 2),
        (0, 5, 2),
        (0, 5, 1),
        (5, 8, 2),
        (5, 8, 1),
    ]
    assert schedule.nfe == 5


def test_the_first_steps_of_a_block_take_the_remainder() -> None:
    """[llada] get_num_transfer_tokens: 8 tokens over 3 steps are 3, 3, 2."""
    schedule = Schedule(blocks=(8, 8), gen_length=16, steps=6)
    assert [commit.tokens for commit in schedule.commits()] == [3, 3, 2, 3, 3, 2]


def test_steps_that_commit_nothing_are_left_out() -> None:
    schedule = Schedule(blocks=(2, 2), gen_length=4, steps=12)
    assert [commit.tokens for commit in schedule.commits()] == [1, 1, 1, 1]
    assert schedule.nfe == 4


def test_guidance_doubles_the_forward_passes() -> None:
    assert parse("16", cfg_scale=1.5).nfe == 2 * parse("16").nfe


@given(st.lists(st.integers(1, 20), min_size=1, max_size=6), st.integers(1, 200))
def test_every_schedule_commits_its_whole_canvas_block_by_block(blocks: list[int], steps: int) -> None:
    try:
        schedule = Schedule(blocks=tuple(blocks), gen_length=sum(blocks), steps=steps)
    except ValueError:
        return
    commits = schedule.commits()
    assert sum(commit.tokens for commit in commits) == schedule.gen_length
    assert [c.start for c in commits] == sorted(c.start for c in commits)
    for start, stop in {(c.start, c.stop) for c in commits}:
        assert sum(c.tokens for c in commits if c.start == start) == stop - start


@given(
    st.sampled_from(["1", "4", "16", "64", "40+24"]),
    st.sampled_from(REMASKING),
    st.floats(0, 5),
    st.integers(0, 2**63 - 1),
)
def test_a_schedule_survives_json(label: str, remasking: str, temperature: float, seed: int) -> None:
    schedule = parse(label, steps=64, remasking=remasking, temperature=temperature, seed=seed)
    assert Schedule.from_dict(schedule.to_dict()) == schedule


@pytest.mark.parametrize(
    ("label", "fields", "says"),
    [
        ("7", {}, "gen_length 64 does not divide into blocks of 7"),
        ("1", {}, "steps 32 do not divide over 64 blocks of 1"),
        ("0", {}, "block lengths must be at least 1"),
        ("-8", {}, "block lengths must be at least 1"),
        ("eight", {}, "not 'eight'"),
        ("", {}, "not ''"),
        ("40+20", {}, "sum to 60, not to gen_length 64"),
        ("40+24", {"steps": 48}, "48 do not"),
        ("16", {"steps": 0}, "steps must be at least 1"),
        ("16", {"temperature": -1}, "temperature must be 0 or more"),
        ("16", {"temperature": float("nan")}, "temperature must be 0 or more"),
        ("16", {"cfg_scale": -1}, "cfg_scale must be 0 or more"),
        ("16", {"seed": -1}, "seed must be between"),
        ("16", {"seed": 2**63}, "seed must be between"),
        ("16", {"kv_cache": "double"}, "unknown kv_cache 'double': known: none, prefix, dual"),
        ("16", {"refresh": 32}, "refresh 32 has no effect without a kv_cache: prefix, dual, open"),
        ("16", {"kv_cache": "dual", "refresh": 0}, "refresh must be at least 1, not 0"),
        ("16", {"kv_cache": "dual", "refresh": 2.5}, "refresh must be a whole number"),
        ("16", {"threshold": 0}, "threshold must be above 0 and at most 1, not 0"),
        ("16", {"threshold": 1.5}, "threshold must be above 0 and at most 1, not 1.5"),
        ("16", {"threshold": float("nan")}, "threshold must be above 0 and at most 1, not nan"),
        ("16", {"remasking": "lowest"}, "unknown remasking 'lowest'"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_with_the_numbers(label: str, fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        parse(label, **fields)


def test_no_block_is_empty() -> None:
    with pytest.raises(ValueError, match=r"block lengths must be at least 1, not 0\+8"):
        Schedule(blocks=(0, 8), gen_length=8, steps=8)


def test_equal_schedules_are_one_json_text() -> None:
    plain = Schedule(blocks=(8,), gen_length=8, steps=4)
    odd = Schedule(blocks=(8.0,), gen_length=8.0, steps=4.0, temperature=-0.0, cfg_scale=0)  # type: ignore[arg-type]
    assert repr(plain) == repr(odd), "to_dict works equal ones out once"
    with pytest.raises(ValueError, match=r"steps must be a whole number, not 4\.5"):
        Schedule(blocks=(8,), gen_length=8, steps=4.5)  # type: ignore[arg-type]


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown schedule fields: block_length"):
        Schedule.from_dict({"blocks": [64], "block_length": 8})


def test_votes_are_cast_smallest_block_first_then_by_seed() -> None:
    ensemble = [parse(label, temperature=0.9, seed=seed) for seed in (1, 0) for label in ("32", "8", "40+24", "16")]
    ordered = sorted(ensemble, key=lambda schedule: schedule.cast_order)
    assert [(s.label, s.seed) for s in ordered] == [
        ("8", 0),
        ("8", 1),
        ("16", 0),
        ("16", 1),
        ("32", 0),
        ("32", 1),
        ("40+24", 0),
        ("40+24", 1),
    ]


def test_every_named_remasking_rule_has_its_function() -> None:
    assert set(RULES) == set(REMASKING)
