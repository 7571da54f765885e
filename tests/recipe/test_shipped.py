"""The recipes that come with the package."""

from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.recipe.file import load_recipes
from hexcli.recipe.shipped import copy_to, find_recipe, shipped
from hexcli.tasks.registry import get_task


def test_every_one_says_what_it_is_and_can_be_read() -> None:
    found = shipped()
    assert {"demo", "hex-gsm8k", "market"} <= set(found)
    for one in found.values():
        assert len(one.about) > 40
        assert load_recipes(one.path) if one.kind == "recipe" else get_task(str(one.path))


def test_a_name_is_a_shipped_recipe_unless_a_file_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_recipe(Path("demo")) == shipped()["demo"].path
    assert find_recipe(Path("market")) == Path("market"), "a task, no recipe"
    Path("demo").write_text("model: tiny")
    assert find_recipe(Path("demo")) == Path("demo")


def test_copies_are_whole_and_never_over_another_file(tmp_path: Path) -> None:
    files = copy_to(tmp_path / "mine")
    assert copy_to(tmp_path / "mine") == files, "again is no harm"
    assert (tmp_path / "mine" / "custom" / "market.jsonl").read_bytes()
    assert get_task(str(tmp_path / "mine" / "custom" / "market.yaml")).file
    (tmp_path / "mine" / "demo.yaml").write_text("limit: 3")
    with pytest.raises(UsageError, match="is there already, and is another"):
        copy_to(tmp_path / "mine")
    assert (tmp_path / "mine" / "demo.yaml").read_text() == "limit: 3"
