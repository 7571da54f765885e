"""Whether a run may stand where it is asked for is found out before a model is loaded."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from hexcli.engine import running
from hexcli.recipe.recipe import Recipe
from hexcli.runs.manifest import Manifest
from hexcli.runs.place import other_settings
from hexcli.store.store import GenerationStore

GOLDEN = Path(__file__).parents[1] / "golden" / "before_wings" / "runs" / "golden"


@pytest.fixture(autouse=True)
def no_model_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def planned(*_: Any, **__: Any) -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(running, "planned", planned)
    monkeypatch.setenv("HEX_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = run(["decode", "--schedules", "8", "--limit", "1", *words])
    return code, capsys.readouterr().err


def test_a_run_of_another_task_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(GOLDEN, "golden")
    code, err = said(capsys, "--task", "choices", "-o", "golden")
    assert code == 2 and "golden" in err and "choose another -o" in err


def test_a_folder_of_other_things_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine").mkdir()
    Path("mine", "letter.txt").write_text("dear")
    code, err = said(capsys, "--task", "sums", "-o", "mine")
    assert code == 2 and "'mine' is not empty and has no run.json" in err


def test_a_place_in_a_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("")
    code, err = said(capsys, "--task", "sums", "-o", "file/run")
    assert code == 1 and "cannot write the run 'file/run'" in err


def test_a_folder_that_may_not_be_written_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write all
    code, err = said(capsys, "--task", "sums", "-o", "deep/run")
    assert code == 1 and "cannot write the run 'deep/run': " in err
    assert not Path("deep").exists()


def test_an_empty_cache_that_cannot_be_written_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(GenerationStore):
        def __init__(self, directory: Path, *, warn: Callable[[str], None]) -> None:
            super().__init__(directory, warn=warn)
            self.database.read_only = "read-only file system"

    monkeypatch.setattr(running, "open_store", lambda warn: Full(Path("cache"), warn=warn))
    code, err = said(capsys, "--task", "sums", "-o", "run")
    assert code == 1 and "cannot write the cache in" in err


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"temperature": 0.5}, "added to one, which has temperature 0 (these: 0.5): all of it votes; -o NEW keeps it"),
        ({"remasking": "random", "steps": 8}, "steps unset (these: 8), remasking low_confidence (these: random)"),
        ({"threshold": 0.9}, "threshold unset (these: 0.9)"),
        ({"limit": "1", "schedules": ("8",), "samples": 2, "seed": 7}, None),
    ],
)
def test_what_is_added_to_a_run_of_other_settings_is_said(changed: dict[str, Any], says: str | None) -> None:
    before = Recipe(model="tiny")
    manifest = Manifest(
        name="one", created="", recipe=before.to_dict(), task="sums", task_version=1, model="tiny",
        model_identity="x", dtype="float32", expected=1,
    )  # fmt: skip
    Path("one").mkdir()
    Path("one/run.json").write_text(json.dumps(manifest.to_dict()))
    said = other_settings(Path("one"), dataclasses.replace(before, **changed).to_dict())
    assert said is None if says is None else says in str(said)
    assert other_settings(Path("new"), before.to_dict()) is None
