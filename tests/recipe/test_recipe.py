"""Recipes: YAML in, runs out, and a line that names what is wrong."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.recipe.file import expand, load_recipes
from hexcli.recipe.recipe import Recipe
from hexcli.shortcuts import FAST, FAST_SAMPLED

RECIPES = sorted((Path(__file__).parents[2] / "recipes").glob("*.yaml"))


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    return path


def test_a_recipe_of_scalars_is_one_run(tmp_path: Path) -> None:
    path = write(tmp_path, "model: tiny\ntask: sums\nschedules: [8, 48+16]\ntemperature: 1\nsamples: 2\nlimit: 10\n")
    (recipe,) = load_recipes(path)
    expected = Recipe(schedules=("8", "48+16"), temperature=1.0, samples=2, limit="10")
    assert recipe == expected
    assert [(s.label, s.seed) for s in recipe.ensemble(64)] == [("8", 0), ("8", 1), ("48+16", 0), ("48+16", 1)]


def test_a_list_means_a_run_for_each_value() -> None:
    runs = expand({"temperature": [0, 0.9], "gen_length": [64, 128], "schedules": [8, 16]})
    assert [(r.gen_length, r.temperature) for r in runs] == [(64, 0.0), (64, 0.9), (128, 0.0), (128, 0.9)]
    assert {r.schedules for r in runs} == {("8", "16")}


def test_a_list_of_lists_sweeps_over_ensembles() -> None:
    assert [r.schedules for r in expand({"schedules": [[8, 16], 32]})] == [("8", "16"), ("32",)]


def test_shortcuts_sweep_and_are_no_part_of_a_recipe_while_off() -> None:
    recipes = expand({"kv_cache": "dual", "refresh": [None, 32], "threshold": [None, 0.9]})
    assert [(r.kv_cache, r.refresh, r.threshold) for r in recipes] == [
        ("dual", None, None),
        ("dual", None, 0.9),
        ("dual", 32, None),
        ("dual", 32, 0.9),
    ]
    assert len({recipe.run_name() for recipe in recipes}) == 4
    assert {s.threshold for s in recipes[3].ensemble(64)} == {0.9}
    assert not {"kv_cache", "refresh", "threshold"} & set(Recipe().to_dict())


def test_models_and_tasks_sweep_too() -> None:
    runs = expand({"model": ["tiny", "llada"], "task": ["sums", "gsm8k"], "samples": [1, 5], "temperature": 0.9})
    assert len(runs) == 8
    assert len({run.run_name() for run in runs}) == 8


def test_the_run_name_depends_on_every_field_and_on_nothing_else() -> None:
    assert Recipe().run_name() == Recipe().run_name()
    assert Recipe().run_name().startswith("sums-tiny-")
    assert Recipe(model="some/folder/My-Model/").run_name().startswith("sums-My-Model-")
    names = {Recipe(**change).run_name() for change in ({}, {"seed": 1}, {"limit": "3"}, {"temperature": 0.5})}
    assert len(names) == 4


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "sums-tiny"),
        ({"temperature": 0.9, "samples": 5}, "sums-tiny-T0.9x5"),
        ({"gen_length": 128, "steps": 32}, "sums-tiny-c128-s32"),
        ({"remasking": "random", "samples": 3}, "sums-tiny-x3-random"),
        (dict(FAST), "sums-tiny-fast"),
        ({"temperature": 0.9, **FAST_SAMPLED}, "sums-tiny-T0.9-fast"),
        ({"temperature": 0.9, **FAST}, "sums-tiny-T0.9-open-refresh1of5-above0.99"),
        ({"kv_cache": "open", "refresh": "1/4", "prompt_refresh": 9}, "sums-tiny-open-refresh1of4-prompt9"),
        ({"kv_cache": "prefix", "threshold": 0.9, "cfg_scale": 1.5}, "sums-tiny-cfg1.5-prefix-above0.9"),
        ({"limit": "50", "seed": 3, "schedules": ("8",)}, "sums-tiny"),
    ],
)
def test_a_run_is_named_by_what_is_unusual_in_it(change: dict[str, Any], says: str) -> None:
    recipe = Recipe(**change)
    name, _, digest = recipe.run_name().rpartition("-")
    assert name == says
    assert recipe.old_run_name == f"sums-tiny-{digest}"


def test_a_task_in_a_python_file_names_its_runs_without_a_colon(tmp_path: Path) -> None:
    recipe = Recipe(task="my/cups.py:cups", temperature=0.9)
    digest = recipe.run_name().rpartition("-")[2]
    assert recipe.run_name() == f"cups-tiny-T0.9-{digest}"
    plain = Recipe(task="cups.py:cups", shard="1/2")
    before = tmp_path / plain.run_name().replace("cups-", "cups.py:cups-")
    assert plain.folder(tmp_path) == tmp_path / plain.run_name() != before
    before.mkdir()
    assert plain.folder(tmp_path) == before


def test_a_folder_that_an_earlier_version_named_is_taken_up(tmp_path: Path) -> None:
    recipe = Recipe(temperature=0.9)
    new, old = tmp_path / recipe.run_name(), tmp_path / recipe.old_run_name
    assert recipe.folder(tmp_path) == new != old
    old.mkdir()
    assert recipe.folder(tmp_path) == old
    new.mkdir()
    assert recipe.folder(tmp_path) == new


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shedules: [8]", "unknown recipe key 'shedules': did you mean 'schedules'"),
        ("- 8", "not a recipe: it must be a mapping"),
        ("", "not a recipe"),
        ("model: [tiny", "not YAML in line 1"),
        ("temperature: warm", "temperature must be a number, not 'warm'"),
        ("samples: 1.5", "samples must be a whole number, not 1.5"),
        ("samples: true", "samples must be a whole number, not True"),
        ("schedules: [8.5]", "schedules must be block lengths"),
        ("temperature: []", "temperature is an empty list"),
        ("limit: -3", "limit must be a number of problems"),
        ("limit: 9-3", "limit must be a number of problems"),
        ("dtype: float9", "unknown dtype 'float9'"),
    ],
)
def test_what_is_wrong_in_a_file_is_one_line_naming_it(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError, match=r"recipe\.yaml") as caught:
        load_recipes(write(tmp_path, text))
    assert says in str(caught.value)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no recipe file .*nowhere\.yaml; those that come with hex: demo"):
        load_recipes(tmp_path / "nowhere.yaml")
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not a text file"):
        load_recipes(binary)


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (Recipe(samples=0), "samples must be at least 1"),
        (Recipe(schedules=()), "at least one schedule"),
        (Recipe(schedules=("8", "8")), "named twice"),
        (Recipe(schedules=("7",)), "does not divide into blocks of 7"),
        (Recipe(samples=5), "5 samples at temperature 0 would be 5 times the same generation"),
        (Recipe(remasking="best"), "unknown remasking 'best'"),
    ],
)
def test_an_ensemble_that_cannot_be_is_refused(recipe: Recipe, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        recipe.ensemble(64)


@given(st.integers(1, 100), st.integers(0, 100), st.integers(0, 100))
def test_limits_count_from_the_first_problem(count: int, first: int, more: int) -> None:
    problems = list(range(300))
    assert problems[Recipe(limit=str(count)).span()] == problems[:count]
    assert problems[Recipe(limit=f"{first}-{first + more}").span()] == list(range(first, first + more + 1))
    assert problems[Recipe().span()] == problems


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_every_shipped_recipe_parses_and_opens_with_its_claim_and_cost(path: Path) -> None:
    runs = load_recipes(path)
    assert runs
    for recipe in runs:
        assert recipe.ensemble(64 if recipe.model == "tiny" else 256)
    opening = path.read_text().split("\n\n")[0].lower()
    assert opening.startswith("#")
    assert "claim" in opening
    assert "cost" in opening


def test_the_papers_recipes_are_the_papers_25_votes() -> None:
    papers = [path for path in RECIPES if path.name.startswith("hex-")]
    assert [path.name for path in papers] == [
        "hex-arc.yaml",
        "hex-gsm8k.yaml",
        "hex-math.yaml",
        "hex-truthfulqa.yaml",
    ]
    for path in papers:
        (recipe,) = load_recipes(path)
        ensemble = recipe.ensemble(256)
        assert len(ensemble) == 25
        assert sum(schedule.nfe for schedule in ensemble) == 3200
        assert {schedule.temperature for schedule in ensemble} == {0.9}
        assert [s.label for s in ensemble[::5]] == ["8", "16", "32", "64", "128"]


def test_schedules_have_fields_of_their_own() -> None:
    (recipe,) = expand({"schedules": ["8@64", "8@128", "32:remasking=entropy", "16:steps=64"], "steps": 32})
    found = recipe.ensemble(64)
    assert [(one.label, one.gen_length, one.steps, one.remasking) for one in found] == [
        ("8", 64, 32, "low_confidence"),
        ("8", 128, 32, "low_confidence"),
        ("16", 64, 64, "low_confidence"),
        ("32", 64, 32, "entropy"),
    ]


def test_a_schedule_at_temperature_0_has_one_sample_among_others_that_have_several() -> None:
    mixed = ["8:temperature=0", "16"]
    (recipe,) = expand({"schedules": mixed, "temperature": 0.9, "samples": 3})
    with pytest.raises(UsageError, match=r"3 samples at temperature 0 .* \(8:temperature=0:samples=1\)"):
        recipe.ensemble(64)
    (recipe,) = expand({"schedules": ["8:temperature=0:samples=1", "16"], "temperature": 0.9, "samples": 3})
    assert [one.label for one in recipe.ensemble(64)] == ["8", "16", "16", "16"]


def test_the_same_schedule_in_two_spellings_is_named_twice() -> None:
    (recipe,) = expand({"schedules": ["8", "8@64"]})
    with pytest.raises(UsageError, match="named twice in 8,8@64"):
        recipe.ensemble(64)


def test_only_what_may_be_a_recipe_is_named_for_one_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nopes.yaml").write_text('user: "{question}"\n')
    with pytest.raises(UsageError, match="no recipe file"):
        load_recipes(Path("nope.yaml"))
    Path("nopes.yaml").write_text("schedules: [8]\n")
    with pytest.raises(UsageError, match=r"did you mean nopes\.yaml"):
        load_recipes(Path("nope.yaml"))
