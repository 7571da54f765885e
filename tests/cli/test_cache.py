"""`hex cache`, through its sub-app."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hexcli.cli.cache import app
from hexcli.errors import UsageError
from hexcli.keys import generation_about, key_of
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.records import Response
from hexcli.runs.reading import read_manifest
from hexcli.runs.shelf import Kept
from hexcli.runs.writing import RunWriter
from hexcli.store.store import GenerationStore, cache_dir, open_store
from tests import samples
from tests.cli.test_vote_and_score import write
from tests.scoring.runs import generation


@pytest.fixture
def store() -> GenerationStore:
    with open_store(warn=pytest.fail) as opened:
        for number in range(3):
            opened.put(samples.key(number), samples.response(number), about=samples.about(number))
    return opened


def damage(store: GenerationStore) -> None:
    with store:
        store.database.run(lambda cache: cache.set(samples.key(1), b"damaged", tag="model-a"))


def hex_cache(*arguments: str, exit_code: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == exit_code, result
    return result.stdout, result.stderr


def test_stats(store: GenerationStore) -> None:
    output, errors = hex_cache("stats")
    assert [line.split() for line in output.splitlines() if line.split()[0] not in ("size", "by")] == [
        ["directory", str(cache_dir() / "generations")],
        ["generations", "3"],
        ["3", "model-a"],
    ]
    assert errors == ""
    found = json.loads(hex_cache("stats", "--json")[0])
    assert (found["rows"], found["models"]) == (3, {"model-a": 3})


def test_an_empty_cache_is_fine() -> None:
    assert "generations  0" in hex_cache("stats")[0]
    assert "all sound" in hex_cache("verify")[0]
    assert hex_cache("export") == ("", "")


def test_verify(store: GenerationStore) -> None:
    assert "3 generations in" in hex_cache("verify")[0]
    assert json.loads(hex_cache("verify", "--json")[0])["problems"] == []
    damage(store)
    output, errors = hex_cache("verify", exit_code=1)
    assert output.startswith(f"row {samples.key(1)}: checksum\n")
    assert "3 generations in" in output
    assert "prune --damaged" in output
    assert errors == ""
    assert len(json.loads(hex_cache("verify", "--json", exit_code=1)[0])["problems"]) == 1


def test_verify_fails_on_a_damaged_database(store: GenerationStore) -> None:
    (store.directory / "cache.db").write_bytes(b"ruined" * 999)
    assert "moved to" in hex_cache("verify", exit_code=1)[0]
    assert "all sound" in hex_cache("verify")[0]


def test_prune(store: GenerationStore) -> None:
    damage(store)
    assert hex_cache("prune", "--older-than", "1h")[0] == "0 generations deleted, 3 left\n"
    assert hex_cache("prune", "--damaged", "--yes")[0] == "1 generation deleted, 2 left\n"
    both = ("--model", "model-a", "--older-than", "0m")
    assert hex_cache("prune", *both, "-y")[0] == "2 generations deleted, 0 left\n"


def test_prune_shows_what_would_go_and_asks(store: GenerationStore) -> None:
    for answer, left in (("n\n", 3), ("\n", 3), ("yes\n", 0)):
        result = CliRunner().invoke(app, ["prune", "--older-than", "0m"], input=answer)
        shown, _, verdict = result.stdout.partition("put into the cache ")
        assert shown.split() == ["3", "model-a"]
        assert "; decoding them took " in verdict
        assert verdict.endswith(f"{3 - left} generations deleted, {left} left\n")
        assert result.stderr == "delete these 3 generations? [y/N] "


def test_prune_deletes_nothing_where_nobody_answers(store: GenerationStore) -> None:
    result = CliRunner().invoke(app, ["prune", "--older-than", "0m"], input="")
    assert "say --yes to delete them without asking" in str(result.exception)
    told = json.loads(hex_cache("prune", "--older-than", "0m", "--json", "--dry-run")[0])
    assert (told["chosen"], told["models"], told["deleted"], told["left"]) == (3, {"model-a": 3}, 0, 3)
    assert json.loads(hex_cache("prune", "--older-than", "0m", "--json", "--yes")[0])["left"] == 0


def test_prune_knows_models_by_their_names(store: GenerationStore) -> None:
    tiny = find_checkpoint("tiny").identity
    for number, model in enumerate((tiny, f"{tiny}+attn=eager", "GSAI-ML/LLaDA-8B-Instruct@abc", "org/own@def")):
        with store:
            about = samples.about(number, model=model)
            store.put(samples.key(number, model=model), samples.response(number), about=about)
    assert "1  tiny (sha256:" in hex_cache("stats")[0]
    assert "1  llada (GSAI-ML/LLaDA-8B-Instruct@abc)" in hex_cache("stats")[0]
    for name, rows in ((f"{tiny[:20]}", 2), ("llada", 1), ("org/own", 1)):
        assert hex_cache("prune", "--model", name, "--yes")[0].startswith(f"{rows} generation")
    for name, says in (
        ("lada", "unknown model 'lada': known: model-a"),
        ("dream", "the cache holds no generations of dream: it has model-a"),
    ):
        assert str(CliRunner().invoke(app, ["prune", "--model", name]).exception) == says


@pytest.mark.parametrize("arguments", [[], ["--older-than", "soon"], ["--older-than", "3"]])
def test_prune_needs_to_know_what(store: GenerationStore, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["prune", *arguments])
    assert isinstance(result.exception, UsageError)
    with store:
        assert len(store) == 3


def held(*arguments: str) -> dict[str, tuple[int, int]]:
    return {
        one["name"]: (one["rows"], one["alone"])
        for one in json.loads(hex_cache("stats", *arguments, "--json")[0])["groups"]
    }


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three runs of which two share half of their generations, one is of another task, and a generation of none."""
    monkeypatch.chdir(tmp_path)
    one = [generation(n, label, "7", temperature=0.0) for n in range(2) for label in ("8", "16")]
    shared = [*one[::2], *(generation(n, "32", "7", temperature=0.7) for n in range(2))]
    other = [generation(9, "8", "7", temperature=0.0)]
    with open_store(warn=pytest.fail) as opened:
        for name, rows, task in (("one", one, "sums"), ("two", shared, "sums"), ("far", other, "gsm8k")):
            write(name, *rows, task=task)
            about = read_manifest(Path("runs") / name)
            for row in rows:
                what = generation_about(
                    model=about.model_identity, dtype=about.dtype, prompt=row.prompt, schedule=row.schedule
                )
                opened.put(key_of(what), row.response, about=what)
        opened.put(samples.key(0), samples.response(0), about=samples.about(0))


def test_what_is_of_a_task_a_run_or_a_schedule_is_counted(runs: None) -> None:
    assert json.loads(hex_cache("stats", "--json")[0])["rows"] == 8
    assert held("--by", "task") == {"sums, tiny": (6, 6), "gsm8k, tiny": (1, 1), "in no run of runs/, model-a": (1, 1)}
    assert {**held("--by", "run")} == {
        "one": (4, 2), "two": (4, 2), "far": (1, 1), "in no run of runs/, model-a": (1, 1)
    }  # fmt: skip
    found = held("--by", "schedule")
    assert (found["block 8"], found["block 16"], found["block 32:temperature=0.7"]) == ((3, 3), (2, 2), (2, 2))
    out, _ = hex_cache("stats", "--by", "run")
    assert "generations  8" in out and "only here: what no other has" in out


def test_what_is_of_a_run_is_pruned_and_what_others_have_of_it_is_said(runs: None) -> None:
    told = json.loads(hex_cache("prune", "--run", "one", "--json", "--dry-run")[0])
    assert (told["chosen"], told["deleted"], told["shared"]) == (4, 0, {"runs/two": 2})
    output, errors = hex_cache("prune", "--run", "one", "--yes")
    assert output == "4 generations deleted, 4 left\n"
    assert "other runs have some of these, too (runs/two: 2): their folders keep them" in errors
    assert json.loads(hex_cache("prune", "--run", "o*", "--run", "two", "--json", "--dry-run")[0])["chosen"] == 2
    assert Kept.of(Path("runs/one")).generations == 4, "the folder keeps its own"


def test_what_is_of_a_task_or_a_schedule_is_pruned(runs: None) -> None:
    for options, chosen in (
        (("--task", "sums"), 6),
        (("--task", "gsm8k"), 1),
        (("-s", "8"), 3),
        (("-s", "8,32:T=0.7"), 5),
        (("-s", "8 16"), 5),
        (("-s", "[8;16]"), 5),
        (("--schedule", "8", "--run", "one"), 2),
        (("-s", "32:T=0.7", "--task", "gsm8k"), 0),
    ):
        assert json.loads(hex_cache("prune", *options, "--json", "--dry-run")[0])["chosen"] == chosen, options
    for options, said in (
        (("--task", "sum"), "which has the tasks gsm8k, sums"),
        (("-s", "majority"), "'majority' is no schedule"),
        (("--run", "none"), "no such folder 'none': did you mean 'runs/one'?"),
    ):
        assert said in str(CliRunner().invoke(app, ["prune", *options]).exception)
    assert hex_cache("prune", "-s", "8", "--yes")[0] == "3 generations deleted, 5 left\n"


def test_export(store: GenerationStore, tmp_path: Path) -> None:
    output, _ = hex_cache("export")
    rows = [json.loads(line) for line in output.splitlines()]
    assert [row["key"] for row in rows] == [samples.key(number) for number in range(3)]
    assert Response.from_dict(rows[2]) == samples.response(2)
    assert hex_cache("export", str(tmp_path / "all.jsonl")) == ("", "")
    written = (tmp_path / "all.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line) for line in written.splitlines()] == rows
    assert output.isascii()
    assert "✓" in written
    damage(store)
    output, errors = hex_cache("export")
    assert len(output.splitlines()) == 2
    assert errors.startswith("hex: warning: left out of the cache: 1 damaged row")


def test_export_to_where_nothing_can_be(store: GenerationStore, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["export", str(tmp_path / "none" / "all.jsonl")])
    assert str(result.exception) == (
        f"no folder '{tmp_path}/none' to write 'all.jsonl' into: make it, or choose another file"
    )


def test_what_one_cache_exports_another_imports(
    store: GenerationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hex_cache("export", str(tmp_path / "all.jsonl"))
    exported = (tmp_path / "all.jsonl").read_bytes()
    (tmp_path / "all.jsonl.gz").write_bytes(gzip.compress(exported))
    assert hex_cache("import", str(tmp_path / "all.jsonl"))[0] == (
        "0 generations new, 3 there already, 0 refused; 3 in the cache\n"
    )
    for name in ("all.jsonl", "all.jsonl.gz"):
        monkeypatch.setenv("HEX_CACHE_DIR", str(tmp_path / f"other-{name}"))
        told = json.loads(hex_cache("import", str(tmp_path / name), "--json")[0])
        assert (told["new"], told["there"], told["refused"], told["rows"]) == (3, 0, 0, 3)
        twice = json.loads(hex_cache("import", *[str(tmp_path / name)] * 2, "--json")[0])
        assert (twice["there"], [file["there"] for file in twice["files"]]) == (6, [3, 3])
        hex_cache("export", str(tmp_path / "again.jsonl"))
        assert (tmp_path / "again.jsonl").read_bytes() == exported
        assert "all sound" in hex_cache("verify")[0]


def test_rows_that_do_not_prove_what_they_are_stay_out(
    store: GenerationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hex_cache("export", str(tmp_path / "all.jsonl"))
    sound = json.loads((tmp_path / "all.jsonl").read_text().splitlines()[0])
    bad = [
        ({**sound, "prompt": "another"}, "its key is that of another generation"),
        ({**sound, "key": "g1:" + sound["key"][3:]}, "it is of a version of hex that decoded otherwise"),
        ({**sound, "token_ids": []}, "token_ids, commit_step and commit_confidence differ in length"),
        ({name: value for name, value in sound.items() if name != "model"}, "no field 'model'"),
        ({**sound, "nfe": "many"}, "nfe is of the wrong type"),
        (["a"], "not a JSON object"),
    ]
    monkeypatch.setenv("HEX_CACHE_DIR", str(tmp_path / "other"))
    for row, says in bad:
        (tmp_path / "some.jsonl").write_text(f"{json.dumps(sound)}\n\n{json.dumps(row)}\n")
        output, errors = hex_cache("import", str(tmp_path / "some.jsonl"), exit_code=1)
        assert "1 refused; 1 in the cache" in output
        assert f"line 3: {says}; not taken" in errors
    (tmp_path / "some.gz").write_bytes(bytearray(gzip.compress(json.dumps(sound).encode()))[:40] + b"x" * 9)
    result = CliRunner().invoke(app, ["import", str(tmp_path / "some.gz")])
    assert isinstance(result.exception, UsageError) and "cannot read" in str(result.exception)
    (tmp_path / "some.jsonl").write_text('{"question": "?"}\n{')
    result = CliRunner().invoke(app, ["import", str(tmp_path / "some.jsonl")])
    assert "line 1: no field 'key': it is no export of a cache" in str(result.exception)
    result = CliRunner().invoke(app, ["import", str(tmp_path / "nowhere")])
    assert "cannot read" in str(result.exception)


@pytest.mark.usefixtures("runs")
def test_prune_by_age_says_which_runs_keep_copies() -> None:
    told = json.loads(hex_cache("prune", "--older-than", "0m", "--json", "--dry-run")[0])
    assert {Path(path).name for path in told["shared"]} == {"one", "two", "far"}


@pytest.mark.usefixtures("runs")
def test_what_no_run_has_is_pruned_by_itself_also_where_runs_are_in_folders() -> None:
    Path("runs/old").mkdir()
    Path("runs/one").rename("runs/old/one")
    assert held("--by", "run")["old/one"] == (4, 2)
    assert json.loads(hex_cache("prune", "--run", "old", "--json", "--dry-run")[0])["shared"] == {"runs/two": 2}
    out, err = hex_cache("prune", "--in-no-run", "--dry-run")
    assert "1 generation would be deleted, 7 left" in out and "what runs of other folders have goes, too" in err
    assert hex_cache("prune", "--in-no-run", "--yes")[0] == "1 generation deleted, 7 left\n"
    for more in (("--run", "two"), ("--task", "sums")):
        said = str(CliRunner().invoke(app, ["prune", "--in-no-run", *more]).exception)
        assert "what no run has" in said and "leave one out" in said


@pytest.mark.usefixtures("runs")
def test_a_task_is_named_by_the_file_that_it_was_asked_with() -> None:
    asked = samples.manifest(name="mine", task="mine", recipe={"task": "data/mine.csv", "schedules": ["8"]})
    with RunWriter.open(Path("runs/mine"), asked, warn=pytest.fail) as writer:
        writer.finish()
    for said in ("mine", "data/mine.csv", "./data/mine.csv", "mine.csv"):
        assert hex_cache("prune", "--task", said)[0] == "0 generations deleted, 8 left\n"
    for said in ("other/mine.csv", "min.csv"):
        assert f"no run of task '{said}'" in str(CliRunner().invoke(app, ["prune", "--task", said]).exception)


def test_json_without_yes_says_that_nothing_is_deleted(store: GenerationStore) -> None:
    result = CliRunner().invoke(app, ["prune", "--older-than", "0m", "--json"])
    assert json.loads(result.stdout)["deleted"] == 0
    assert "nothing is deleted: --json asks nobody" in str(result.exception)
    with store:
        assert len(store) == 3
