"""What runs are called."""

from pathlib import Path

import pytest

from hexcli.runs.folders import apart, folder_name


def test_a_run_is_called_by_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sums" / "inner").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "sums" / "inner")
    assert folder_name(Path("runs/one")) == "one"
    assert (folder_name(Path()), folder_name(Path(".."))) == ("inner", "sums")


def test_folders_of_one_name_are_told_apart_by_their_paths() -> None:
    assert apart([Path("a/one"), Path("b/one"), Path("b/two")]) == ["a/one", "b/one", "two"]
