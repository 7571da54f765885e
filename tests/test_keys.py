"""Keys decide what is decoded again: they must not move by accident."""

import dataclasses
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.keys import canonical_json, generation_about, generation_key, generation_keys, key_of, noise_key
from hexcli.rules import OFF
from hexcli.schedule import REMASKING, Schedule
from hexcli.shortcuts import FAST

SCHEDULE = Schedule(blocks=(32,) * 8, temperature=0.9, seed=3)
UNEVEN = Schedule(blocks=(6, 2), gen_length=8, steps=4, remasking="random", cfg_scale=1.5)

SCRIPT = """
from hexcli.keys import generation_key, noise_key
from hexcli.schedule import Schedule
schedule = Schedule(blocks=(32,) * 8, temperature=0.9, seed=3)
print(generation_key(model="m", dtype="bfloat16", prompt="Ünï 1+1", schedule=schedule))
print(noise_key("Ünï 1+1", schedule))
"""


def texts() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def schedules() -> st.SearchStrategy[Schedule]:
    def build(blocks: list[int], **fields: Any) -> Schedule:
        total = sum(blocks)
        return Schedule(blocks=tuple(blocks), gen_length=total, steps=total * len(blocks), **fields)

    return st.builds(
        build,
        st.sampled_from([[4], [2, 2], [8], [4, 4], [1, 1, 1]]),
        remasking=st.sampled_from(REMASKING),
        temperature=st.floats(0, 2),
        seed=st.integers(0, 2**63 - 1),
        cfg_scale=st.sampled_from([0.0, 0.5, 2.0]),
    )


def identities() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"model": texts(), "dtype": texts(), "prompt": texts(), "schedule": schedules()})


def test_golden_keys() -> None:
    """If this fails, every cache in the world is cold: bump the tag on purpose, or undo the change."""
    assert (
        generation_key(model="m", dtype="bfloat16", prompt="Ünï 1+1", schedule=SCHEDULE)
        == "g2:02b5082203cc6c23baf5822c42161d1dfa78f5b988fb13fc8eec35fa20ab4af5"
    )
    assert (
        generation_key(model="m", dtype="float32", prompt="", schedule=UNEVEN)
        == "g2:00f70b61061056527b26455dfaa7a95b80a57ccdd4c0c7f2a8ad42fce682da55"
    )
    assert noise_key("Ünï 1+1", SCHEDULE) == 8667392077249413697
    assert noise_key("", UNEVEN) == 407774146608632184


@given(identities(), identities())
def test_equal_keys_mean_equal_identities(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = generation_about(**one) == generation_about(**other)
    assert (generation_key(**one) == generation_key(**other)) == same


@given(identities(), st.data())
def test_any_changed_field_changes_the_key(fields: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(fields)))
    new = data.draw((schedules() if name == "schedule" else texts()).filter(lambda value: value != fields[name]))
    assert generation_key(**fields) != generation_key(**{**fields, name: new})


@given(texts(), schedules(), st.integers(0, 2**63 - 1))
def test_noise_depends_on_the_prompt_and_the_seed(prompt: str, schedule: Schedule, seed: int) -> None:
    key = noise_key(prompt, schedule)
    assert 0 <= key < 2**63
    assert key != noise_key(prompt + "!", schedule)
    assert (key == noise_key(prompt, schedule.with_seed(seed))) == (seed == schedule.seed)


@given(identities(), st.lists(schedules(), max_size=4))
def test_keys_of_several_schedules_are_those_of_each(one: dict[str, Any], several: list[Schedule]) -> None:
    shared = {name: one[name] for name in ("model", "dtype", "prompt")}
    assert generation_keys(**shared, schedules=several) == [
        generation_key(**shared, schedule=schedule) for schedule in several
    ]


def test_shortcuts_change_the_key_and_not_the_noise() -> None:
    """So that with and without them are compared under the same noise."""
    fast = SCHEDULE.under(FAST)
    keys = {generation_key(model="m", dtype="d", prompt="p", schedule=schedule) for schedule in (SCHEDULE, fast)}
    assert len(keys) == 2
    assert noise_key("p", fast) == noise_key("p", SCHEDULE)


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_keys_do_not_depend_on_the_hash_seed(hash_seed: str) -> None:
    env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"}
    printed = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
    key, noise = printed.stdout.split()
    assert key == generation_key(model="m", dtype="bfloat16", prompt="Ünï 1+1", schedule=SCHEDULE)
    assert int(noise) == noise_key("Ünï 1+1", SCHEDULE)


def test_key_of_takes_exactly_the_identity() -> None:
    about = generation_about(model="m", dtype="d", prompt="p", schedule=UNEVEN)
    assert key_of(dict(reversed(about.items()))) == key_of(about)
    for wrong in ({**about, "device": "cpu"}, {name: about[name] for name in ("model", "prompt")}, {}):
        with pytest.raises(ValueError, match="identified by model, dtype, prompt, schedule"):
            key_of(wrong)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\udcff"])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"JSON compliant|surrogates"):
        canonical_json({"value": value})


PACES: list[dict[str, Any]] = [{"full_canvas": True}, {"entropy_threshold": 0.5}, {"factor": 1.0}]


@pytest.mark.parametrize("fields", [*PACES, {"confidence_dtype": "model"}])
def test_rules_that_only_say_how_much_commits_draw_the_same_noise(fields: dict[str, Any]) -> None:
    other = dataclasses.replace(SCHEDULE, **fields)
    assert noise_key("p", other) == noise_key("p", SCHEDULE)
    assert other.to_dict() == SCHEDULE.to_dict() | fields


def test_every_rule_that_is_off_is_in_no_key() -> None:
    """What is cached stays, whatever samplers are added."""
    assert not set(OFF) & set(SCHEDULE.to_dict())
    assert dataclasses.replace(SCHEDULE, **OFF) == SCHEDULE
