"""Shortcuts: off they are in no key, and refreshes may be shares of the canvas."""

import json

import pytest

from hexcli.schedule import Schedule
from hexcli.shortcuts import FAST, in_tokens
from tests.test_schedule import parse


def test_shortcuts_that_are_off_are_no_part_of_a_schedules_json() -> None:
    """What was cached and named before they were there stays so."""
    fields = parse("16").to_dict()
    assert list(fields) == ["blocks", "gen_length", "steps", "remasking", "temperature", "seed", "cfg_scale"]
    for fast in (FAST, {"kv_cache": "prefix"}, {"threshold": 1}):
        schedule = parse("16", steps=32, **fast)
        assert schedule.to_dict() == fields | in_tokens(fast, 64)
        assert Schedule.from_dict(json.loads(json.dumps(schedule.to_dict()))) == schedule
        assert schedule.lossless() == parse("16")


def test_a_threshold_adds_to_one_token_a_step_unless_steps_are_said() -> None:
    assert parse("16", threshold=0.9).steps == 64
    assert parse("16", threshold=0.9, steps=32).steps == 32
    assert parse("16", kv_cache="dual").steps == parse("16").steps == 32


def test_refreshes_may_be_shares_of_the_canvas() -> None:
    assert parse("16", kv_cache="dual", refresh="1/4", prompt_refresh="1/2") == parse(
        "16", kv_cache="dual", refresh=16, prompt_refresh=32
    )
    assert parse("16", kv_cache="dual", refresh="1/1000").refresh == 1
    assert parse("16", kv_cache="dual", refresh="12").refresh == 12
    for wrong in ("1/0", "a", "1/", "-1", "/4"):
        with pytest.raises(ValueError, match=f"refresh must be a number of tokens .* not '{wrong}'"):
            parse("16", kv_cache="dual", refresh=wrong)
