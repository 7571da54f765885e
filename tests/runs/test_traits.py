"""What tells runs apart, in words."""

import dataclasses
from typing import Any

from hexcli.runs.counting import count
from hexcli.runs.traits import differing, phrase, traits, unusual
from hexcli.shortcuts import FAST, FAST_SAMPLED, in_tokens
from tests.scoring.runs import generation, run


def found(recipe: dict[str, Any] | None = None, **schedule: Any) -> dict[str, str]:
    generations = [
        dataclasses.replace(one, schedule=dataclasses.replace(one.schedule, **schedule))
        for one in (generation(1, label, "7", seed=seed) for label in ("8", "16") for seed in range(2))
    ]
    return traits(count(run(*generations, recipe=recipe or {"task": "sums", "limit": "50"})))


def said(settings: dict[str, str]) -> list[str]:
    return [phrase(name, settings[name]) for name in unusual(settings)]


def test_of_one_run_what_is_unusual_is_named() -> None:
    assert said(found()) == ["T 0.9", "2 samples"]
    assert said(found(steps=16, remasking="entropy", cfg_scale=1.5)) == [
        "T 0.9",
        "2 samples",
        "16 steps",
        "rule entropy",
        "guidance 1.5",
    ]
    assert said(found(**in_tokens(FAST_SAMPLED, 64)))[-1] == "fast"
    assert said(found(**in_tokens(FAST, 64)))[-1] == "open cache refresh 12 threshold 0.99"
    assert said(found(kv_cache="prefix", threshold=0.9))[-1] == "prefix cache threshold 0.9"
    assert said(found(kv_cache="open", refresh=16, prompt_refresh=32))[-2:] == [
        "open cache refresh 16",
        "prompt_refresh 32",
    ]


def test_fields_of_published_samplers_are_named_where_they_are_used() -> None:
    assert "full_canvas" not in found()
    assert said(found(full_canvas=True))[-1] == "full_canvas True"


def test_of_several_runs_what_differs_is_told() -> None:
    assert differing([found(), found()]) == []
    assert differing([found(), found(temperature=0.5), found(recipe={"task": "sums", "limit": None})]) == ["T", "limit"]
    other = found(recipe={"task": "sums", "limit": "50", "prompt": "plain"})
    assert differing([found(), other]) == ["prompt"]
    assert phrase("prompt", other["prompt"]) == "prompt plain"
    assert phrase("limit", "none") == "all problems"
