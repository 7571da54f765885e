"""An import is there whole, or not at all; what is there is not replaced by accident."""

from pathlib import Path
from typing import Any

import pytest

from hexcli.errors import HexError, UsageError
from hexcli.importing import writing
from hexcli.importing.writing import write_import
from hexcli.runs.reading import Run
from hexcli.runs.writing import RunWriter
from tests.samples import generation, manifest

RECIPE = {"import": [], "task": "sums"}


def write(path: Path, *numbers: int, overwrite: bool = False, **fields: Any) -> bool:
    generations = [generation(number) for number in numbers]
    return write_import(path, manifest(recipe=RECIPE, **fields), generations, overwrite=overwrite)


def texts(path: Path) -> list[str]:
    return [one.problem.id for one in Run.read(path, warn=lambda line: pytest.fail(line)).generations]


def test_a_run_folder_that_reads_like_our_own(tmp_path: Path) -> None:
    assert write(tmp_path / "runs" / "x", 1, 2)
    assert texts(tmp_path / "runs" / "x") == ["p1", "p2"]
    assert sorted(file.name for file in (tmp_path / "runs").rglob("*")) == ["generations.jsonl", "run.json", "x"]


def test_the_same_import_again_changes_nothing(tmp_path: Path) -> None:
    assert write(tmp_path / "x", 1, 2)
    before = (tmp_path / "x" / "run.json").read_bytes()
    assert not write(tmp_path / "x", 1, 2, created="later")
    assert (tmp_path / "x" / "run.json").read_bytes() == before


def test_another_import_needs_overwrite(tmp_path: Path) -> None:
    write(tmp_path / "x", 1, 2)
    (tmp_path / "x" / "votes.jsonl").write_text("stale")
    for change in ({"task": "arc"}, {"definition": {"name": "mine"}}):
        with pytest.raises(UsageError, match="holds another import: choose another -o, --add to it, or --overwrite it"):
            write(tmp_path / "x", 1, 2, **change)
    with pytest.raises(UsageError, match="holds another import"):
        write(tmp_path / "x", 3)
    assert texts(tmp_path / "x") == ["p1", "p2"]
    assert write(tmp_path / "x", 3, overwrite=True)
    assert texts(tmp_path / "x") == ["p3"]
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["generations.jsonl", "run.json", "x"]


def test_decoded_generations_are_never_replaced(tmp_path: Path) -> None:
    with RunWriter.open(tmp_path / "x", manifest(), warn=pytest.fail) as writer:
        writer.append(generation(1))
    with pytest.raises(UsageError, match="holds decoded generations: choose another -o"):
        write(tmp_path / "x", 2, overwrite=True)
    assert texts(tmp_path / "x") == ["p1"]


def test_other_folders_and_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match=r"is not empty and has no run\.json"):
        write(tmp_path / "notes", 1, overwrite=True)
    with pytest.raises(UsageError, match="is a file"):
        write(tmp_path / "file", 1)
    with pytest.raises(UsageError, match="is no name for a run folder"):
        write(Path(), 1)
    (tmp_path / "empty").mkdir()
    assert write(tmp_path / "empty", 1)


@pytest.mark.parametrize("step", ["write_jsonl", "write_json"])
@pytest.mark.parametrize("there", [False, True])
def test_an_import_that_is_interrupted_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, there: bool
) -> None:
    if there:
        write(tmp_path / "x", 1)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing, step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "x", 2, overwrite=True)
    assert [file.name for file in tmp_path.iterdir()] == (["x"] if there else [])
    assert not there or texts(tmp_path / "x") == ["p1"]


def test_an_import_that_cannot_be_put_in_place_gives_the_old_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "x", 1)
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError(28, "No space left on device")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail)
        with pytest.raises(HexError, match=r"cannot write the run .*: disk full"):
            write(tmp_path / "x", 2, overwrite=True)
    assert texts(tmp_path / "x") == ["p1"]
    assert [file.name for file in tmp_path.iterdir()] == ["x"]
