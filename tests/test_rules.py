"""Fields of published samplers: one value each, and what goes without saying."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.keys import noise_key
from hexcli.labels import names, read
from hexcli.rules import OFF
from hexcli.schedule import Schedule


def parse(label: str = "16", **fields: Any) -> Schedule:
    return Schedule.parse(label, gen_length=64, **fields)


SAID: list[dict[str, Any]] = [
    {"alg": "entropy"},
    {"alg": "origin", "eps": 0.01, "top_k": 0},
    {"alg": "maskgit_plus", "alg_temp": 0.1, "top_p": 0.9, "top_k": 5},
    {"alg": "confidence_threshold", "threshold": 0.9, "kv_cache": "dual"},
    {"sampler": "sdar", "threshold": 0.9, "editing_threshold": 0, "max_post_steps": 4},
    {"remasking": "entropy_bounded"},
    {"sampler": "dllm", "steps": 7, "suppress_tokens": (9, 2, 9)},
    {"threshold": 0.9, "credit_alpha": 0.7, "decay_beta": 0.5},
    {"logits_eos_inf": True, "full_canvas": True, "early_ban_steps": 10, "confidence_dtype": "model"},
]


@pytest.mark.parametrize("fields", SAID)
def test_without_its_shortcuts_it_is_a_schedule(fields: dict[str, Any]) -> None:
    plain = parse(**fields).lossless()
    assert (plain.kv_cache, plain.threshold, plain.entropy_threshold, plain.factor) == ("none", None, None, None)
    assert plain.lossless() == plain
    assert noise_key("p", parse(**fields)) == noise_key("p", plain)


@pytest.mark.parametrize(
    ("fields", "plain"),
    [
        ({"alg": "confidence_threshold", "threshold": 0.9, "kv_cache": "dual"}, {"alg": "maskgit_plus", "steps": 64}),
        ({"sampler": "fast_dllm_v2", "threshold": 0.9}, {"sampler": "fast_dllm_v2", "threshold": 1.0}),
        ({"sampler": "d3llm", "entropy_threshold": 0.5}, {"remasking": "entropy", "steps": 64}),
    ],
)
def test_a_loop_that_is_none_without_its_threshold_is_the_plain_one_in_its_place(
    fields: dict[str, Any], plain: dict[str, Any]
) -> None:
    assert parse(**fields).lossless() == parse(**plain)


def test_a_block_opens_with_its_first_token_in_dreams_loop_with_a_cache_only() -> None:
    assert parse(alg="entropy", kv_cache="dual").opens_first
    assert not parse(alg="entropy").opens_first
    assert not parse(kv_cache="dual").opens_first


def test_opening_a_block_takes_a_step_of_its_own() -> None:
    assert parse(alg="entropy", kv_cache="dual", steps=8).steps == 8, "two steps in each of four blocks"
    with pytest.raises(ValueError, match="two steps a block at least, not 4 in all"):
        parse(alg="entropy", kv_cache="dual", steps=4)


def test_the_shortest_canvas_takes_one_step() -> None:
    assert Schedule.parse("1", gen_length=1).steps == 1


@pytest.mark.parametrize("fields", SAID)
def test_json_and_names_give_the_schedule_again(fields: dict[str, Any]) -> None:
    schedule = parse(**fields)
    assert Schedule.from_dict(json.loads(json.dumps(schedule.to_dict()))) == schedule
    plain = parse()
    named = names([plain, schedule], {"gen_length": 64})
    assert read(named[schedule], {"gen_length": 64}) == schedule
    assert named[plain] == "16"


def test_a_name_says_no_more_than_it_must() -> None:
    schedule = parse(alg="entropy")
    assert names([parse(), schedule], {"gen_length": 64})[schedule] == "16:alg=entropy"


def test_what_a_whole_run_says_is_in_no_name() -> None:
    base = {"gen_length": 64, "alg": "entropy", "threshold": None}
    schedule = read("16", base)
    assert (schedule.sampler, schedule.top_k) == ("dream", 50)
    assert names([schedule], base) == {schedule: "16"}


def test_equal_values_of_another_type_are_one_schedule() -> None:
    one = parse(sampler="sdar", threshold=1, editing_threshold=0, top_k=5.0)
    other = parse(sampler="sdar", threshold=1.0, editing_threshold=-0.0, top_k=5)
    assert one == other
    assert repr(one) == repr(other), "to_dict works equal ones out once"
    assert parse(sampler="dllm", suppress_tokens=[9, 2, 9]).suppress_tokens == (2, 9)
    assert parse(alg="entropy", alg_temp=0, top_p=1) == parse(alg="entropy"), "Dream's card says alg_temp 0"


@given(st.sampled_from(SAID), st.sampled_from(SAID))
def test_schedules_of_different_rules_sort_and_differ(one: dict[str, Any], other: dict[str, Any]) -> None:
    schedules = [parse(**one), parse(**other)]
    assert (schedules[0] == schedules[1]) == (one == other)
    assert sorted(schedules, key=lambda schedule: schedule.cast_order)


@pytest.mark.parametrize(
    ("fields", "deterministic"),
    [({"alg": "entropy"}, True), ({"alg": "origin"}, False), ({"alg": "entropy", "alg_temp": 0.5}, False)],
)
def test_chance_in_the_order_of_commits_makes_samples_differ(fields: dict[str, Any], deterministic: bool) -> None:
    assert parse(**fields).deterministic == deterministic


def test_every_field_is_off_by_default_and_says_what_off_is() -> None:
    assert all(getattr(parse(), name) == off for name, off in OFF.items())
    assert dataclasses.replace(parse(alg="entropy"), **OFF) == parse()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1])
@pytest.mark.parametrize("field", ["entropy_threshold", "factor", "eps", "alg_temp", "boost_gamma"])
def test_no_number_is_beyond_reach(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=field):
        parse(sampler="dream", alg="entropy", **{field: value})
