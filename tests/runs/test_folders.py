"""What runs are called."""

from pathlib import Path

import pytest

from hexcli.runs.folders import apart, folder_name, run_folder, tidy


def test_a_run_is_called_by_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sums" / "inner").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "sums" / "inner")
    assert folder_name(Path("runs/one")) == "one"
    assert (folder_name(Path()), folder_name(Path(".."))) == ("inner", "sums")


def test_folders_of_one_name_are_told_apart_by_their_paths() -> None:
    assert apart([Path("a/one"), Path("b/one"), Path("b/two")]) == ["a/one", "b/one", "two"]


def test_a_run_is_found_by_its_bare_name_in_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for run in ("runs/one", "runs/two", "two"):
        Path(run).mkdir(parents=True)
        Path(run, "run.json").write_text("{}")
    Path("one").mkdir()  # which is no run
    assert run_folder(Path("one")) == Path("runs/one")
    assert run_folder(Path("two")) == Path("two")  # the nearer one
    assert run_folder(Path("runs/two")) == Path("runs/two")
    assert run_folder(Path("three")) == Path("three")
    assert run_folder(Path("runs")) == Path("runs")
    assert run_folder(tmp_path / "one") == tmp_path / "one"


def test_a_path_is_said_without_dots_where_that_is_the_same_place(tmp_path: Path) -> None:
    (tmp_path / "a" / "joint").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a" / "joint")
    assert tidy(tmp_path / "a" / ".." / "b") == tmp_path / "b"
    assert tidy(tmp_path / "link" / ".." / "b") == tmp_path / "link" / ".." / "b"  # which is a/b
