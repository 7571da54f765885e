"""A wrong argument of a function: what was meant, and all there is."""

import inspect
from dataclasses import fields

import pytest

import hexcli
from hexcli.errors import ArgumentError, UsageError
from hexcli.python.fields import Fields
from hexcli.recipe.recipe import Recipe

DECODED = {one for one in inspect.signature(hexcli.decode).parameters if one not in ("fields", "settings")}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("schedule", "did you mean schedules? known: prompt, task, model, schedules, "),
        ("gen_lenght", "did you mean gen_length?"),
        ("block_length", "did you mean schedules?"),
        ("max_new_tokens", "did you mean gen_length?"),
        ("temperatur", "did you mean temperature?"),
        ("kv_cach", "did you mean kv_cache?"),
        ("quiet", "say progress=False;"),
        ("dry_run", "hexcli.plan(...) tells what it takes"),
        ("resume", "the same call goes on where it stopped"),
        ("zzz", "has no argument 'zzz': known: prompt"),
    ],
)
def test_an_argument_that_there_is_none_of_names_the_one_that_was_meant(name: str, said: str) -> None:
    with pytest.raises(ArgumentError) as raised:
        hexcli.decode(**{name: 1})
    assert said in str(raised.value) and str(raised.value).startswith(f"hexcli.decode has no argument '{name}'")
    assert isinstance(raised.value, TypeError) and isinstance(raised.value, UsageError)


def test_too_few_and_too_many_arguments_are_said_by_name() -> None:
    with pytest.raises(ArgumentError, match=r"hexcli.score needs run: hexcli.score\(run\)"):
        hexcli.score()
    with pytest.raises(ArgumentError, match="takes run, aggregators without a name, all else by name: run, aggreg"):
        hexcli.score("runs/a", "majority", 3)
    with pytest.raises(ArgumentError, match="run is said twice"):
        hexcli.score("runs/a", run="runs/a")
    with pytest.raises(ArgumentError, match=r"fields of the recipe are settings=\{'temperature'"):
        hexcli.sweep("demo", temperature=0.3)


def test_decode_takes_every_field_of_a_recipe_by_its_name() -> None:
    assert {*Fields.__annotations__} == {field.name for field in fields(Recipe)} - DECODED | {"fast"}


def test_fields_by_name_are_those_of_settings() -> None:
    by_name = hexcli.plan(remasking="entropy", kv_cache="dual")
    assert by_name.frame["recipe"] == hexcli.plan(settings={"remasking": "entropy", "kv_cache": "dual"}).frame["recipe"]
    fast = hexcli.plan(fast=True).frame["recipe"]
    assert (fast["kv_cache"], fast["threshold"]) == ("open", 0.99) and "fast" not in fast
    assert hexcli.plan(fast=True, temperature=0.9).frame["recipe"]["kv_cache"] == "likely"
    with pytest.raises(UsageError, match="fast=True says kv_cache itself"):
        hexcli.plan(fast=True, kv_cache="dual")
    with pytest.raises(UsageError, match="fast is True or False"):
        hexcli.plan(fast="yes")
    with pytest.raises(UsageError, match="said twice, in settings and by itself: remasking"):
        hexcli.plan(remasking="entropy", settings={"remasking": "random"})


@pytest.mark.parametrize(
    ("name", "said"),
    [("generate", "did you mean 'decode'"), ("scores", "did you mean 'score'"), ("grade", "in a notebook, !hex grade")],
)
def test_a_function_that_there_is_none_of_names_the_one_that_was_meant(name: str, said: str) -> None:
    with pytest.raises(AttributeError, match=said):
        hexcli.__getattr__(name)


def test_the_errors_are_at_the_top() -> None:
    assert hexcli.UsageError is UsageError and hexcli.errors.UsageError is UsageError
