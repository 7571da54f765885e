"""Models that revise what they have written: LLaDA2's versions, and those that are refused."""

import json
import os
import re
from pathlib import Path

import pytest

from hexcli.cli.main import run
from hexcli.engine.plan import plan_run
from hexcli.errors import HexError
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.families.editing import edits, version
from hexcli.models.families.reading import read_architecture
from hexcli.models.options import ModelOptions
from hexcli.recipe.file import expand
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from tests.published import LAYOUTS, write_published

CONFIG = LAYOUTS["llada2"]().config


@pytest.mark.parametrize(
    ("folder", "fields", "says"),
    [
        ("LLaDA2.0-mini", {}, "2.0"),
        ("models--inclusionAI--LLaDA2.1-flash/snapshots/0123abc", {}, "2.1"),
        ("mine", {"_name_or_path": "inclusionAI/LLaDA2.1-mini"}, "2.1"),
        ("llada2_2-mini", {}, "2.2"),
        ("mine", {"delete_token_id": 9}, "2.2"),
        ("LLaDA2.1-mini", {"delete_token_id": None}, "2.1"),
        ("mine", {}, None),
        ("llada2.16-of-mine", {}, None),
    ],
)
def test_a_version_is_told_by_names_and_fields(folder: str, fields: dict[str, object], says: str | None) -> None:
    assert version(Path(folder), {**CONFIG, **fields}) == says


def test_the_code_beside_the_weights_tells_it_and_is_not_run(tmp_path: Path) -> None:
    code = tmp_path / "modeling_llada2_moe.py"
    code.write_text("raise SystemExit('run')\n")
    assert version(tmp_path, CONFIG) == "2.0"
    code.write_text("raise SystemExit('run')\ndef generate(self, editing_threshold=0.9): ...\n")
    assert version(tmp_path, CONFIG) == "2.1"


def test_other_families_have_no_version() -> None:
    assert version(Path("LLaDA2.1-mini"), LAYOUTS["sdar"]().config) is None


@pytest.mark.parametrize("name", ["LLaDA2.2-mini", "LLaDA2.3-flash"])
def test_models_that_delete_and_insert_are_refused(name: str) -> None:
    with pytest.raises(HexError, match=r"is LLaDA2\.[23]: it is decoded by deleting and inserting tokens"):
        read_architecture(Path(name), CONFIG, ModelOptions())


@pytest.mark.parametrize("trusted", [True, False])
def test_diffusion_gemma_is_refused_whatever_it_comes_with(tmp_path: Path, trusted: bool) -> None:
    folder = write_published(tmp_path / "model", "sdar")
    config = {"model_type": "diffusion_gemma", "canvas_length": 256, "auto_map": {"AutoModel": "modeling.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(HexError, match="it has no mask token, its noise is random tokens"):
        find_checkpoint(str(folder), trust_remote_code=trusted)


@pytest.mark.parametrize(
    ("name", "fields", "says"),
    [
        ("LLaDA2.1-mini", {}, "LLaDA2.1-mini is LLaDA2.1, which edits its tokens, and is decoded without here"),
        ("mine", {}, "nothing tells whether mine is LLaDA2.0, or LLaDA2.1.*--editing-threshold 0.5"),
        ("LLaDA2.0-mini", {}, None),
        ("LLaDA2.0-mini", {"sampler": "sdar", "editing_threshold": 0.5}, "was not trained to edit its tokens"),
        ("LLaDA2.1-mini", {"sampler": "sdar", "threshold": 0.7, "editing_threshold": 0.5}, "--sampler llada: not"),
        ("LLaDA2.1-mini", {"sampler": "sdar", "threshold": 0.5, "editing_threshold": 0.0}, None),
    ],
)
def test_a_model_that_may_edit_does_not_load_silently(
    name: str, fields: dict[str, object], says: str | None, tmp_path: Path
) -> None:
    folder = write_published(tmp_path / name, "llada2")
    recipe = Recipe(model=str(folder), task="prompt", schedules=("32",), gen_length=32, **fields)  # type: ignore[arg-type]
    work = plan_run(recipe, dtype="float32", problems=[Problem(id="p", question="1 + 1?")])
    assert not work.notes if says is None else re.search(says, work.notes[0])


QUALITY = {"sampler": "sdar", "threshold": 0.7, "editing_threshold": 0.5}
PLAIN = {"sampler": "llada", "threshold": None, "editing_threshold": None}


@pytest.mark.parametrize(
    ("model", "said", "becomes"),
    [
        ("llada2.1", {}, QUALITY),
        ("inclusionAI/LLaDA2.1-flash@main", {"temperature": 0.5, "steps": 16}, QUALITY),
        ("LLaDA2.1-mini", {}, QUALITY),
        ("renamed", {}, QUALITY),
        ("LLaDA2.0-mini", {}, PLAIN),
        ("llada2", {}, PLAIN),
        ("llada", {}, PLAIN),
        ("LLaDA2.1-mini", {"sampler": "llada"}, PLAIN),
        ("LLaDA2.1-mini", {"threshold": 0.9}, {**PLAIN, "threshold": 0.9}),
        ("LLaDA2.1-mini", {"schedules": ["32", "16:sampler=llada"]}, PLAIN),
        ("LLaDA2.1-mini", {"remasking": "random"}, PLAIN),
    ],
)
def test_llada21_is_decoded_with_its_editing_unless_something_is_said_of_how(
    model: str, said: dict[str, object], becomes: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LLaDA2.1-mini", "LLaDA2.0-mini", "renamed"):
        write_published(tmp_path / name, "llada2")
    (tmp_path / "renamed" / "modeling_llada2_moe.py").write_text("def generate(self, editing_threshold=0.9): ...\n")
    (recipe,) = expand({"model": model, "schedules": [32], "gen_length": 64, **said})
    assert {name: getattr(recipe, name) for name in becomes} == becomes
    (again,) = expand(recipe.to_dict(), recorded=True)
    assert again == recipe, "a run that is repeated is decoded as it was"


@pytest.mark.parametrize(
    ("options", "says", "nfe"),
    [([], "its tokens are edited", 68), (["--sampler", "llada"], "is decoded without here: --sampler sdar", 20)],
)
def test_what_is_to_be_known_is_said_on_stderr(
    options: list[str], says: str, nfe: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_published(tmp_path / "LLaDA2.1-mini", "llada2")
    asked = ["decode", "1 + 1?", "--model", str(folder), "--gen-length", "32", "-s", "32", "--dry-run", "--json"]
    assert run([*asked, *options]) == 0
    out, err = capsys.readouterr()
    assert says in " ".join(err.split())
    assert abs(json.loads(out)["nfe"] - nfe) < 8


@pytest.mark.parametrize("content", [None, b'{"a":' * 9000 + b"1" + b"}" * 9000, b"\xff", b"[]"])
def test_a_config_that_is_none_is_no_model_that_edits(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "config.json"
    os.mkfifo(file) if content is None else file.write_bytes(content)
    assert not edits(str(tmp_path)), "what is wrong with it is said where it is loaded"
