"""run.json: what was asked of a folder, what is there, and when it is complete."""

import json
from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.runs.manifest import Manifest
from hexcli.runs.reading import Run, find_runs, read_manifest
from hexcli.runs.writing import RunWriter
from tests import samples
from tests.runs.folder import make, rows


def test_a_complete_run_stays_complete_until_more_is_asked(path: Path) -> None:
    make(path)
    with RunWriter.open(path, samples.manifest(), warn=pytest.fail):
        assert read_manifest(path).complete
    assert read_manifest(path).complete
    with RunWriter.open(path, samples.manifest(recipe={"task": "sums"}), warn=pytest.fail):
        assert not read_manifest(path).complete


def test_a_folder_keeps_every_recipe_that_was_asked_of_it(path: Path) -> None:
    """Three generations of one recipe, of which two are there, then two of another, one of them its own."""
    make(path, 2, finish=False)
    other = samples.manifest(recipe={"task": "sums", "schedules": ["4"]}, expected=2)
    wanted = [("p0", samples.voter()), ("p0", samples.voter(seed=7))]
    with RunWriter.open(path, other, warn=pytest.fail, wanted=wanted) as run:
        assert run.manifest.expected == 3
        run.append(samples.generation(0, seed=7))
        run.finish()
    found = read_manifest(path)
    assert [(one.recipe["schedules"], one.expected, one.complete) for one in found.asked] == [
        (["2"], 3, False),
        (["4"], 2, True),
    ]
    assert found.recipe == other.recipe
    assert not found.complete
    assert json.loads((path / "run.json").read_text())["recipes"][0] == {
        "recipe": {"task": "sums", "schedules": ["2"]},
        "expected": 3,
        "complete": False,
    }
    make(path, 3)
    found = read_manifest(path)
    assert [(one.recipe["schedules"], one.complete) for one in found.asked] == [(["4"], True), (["2"], True)]
    assert (found.complete, found.expected, found.generations) == (True, 4, 4)
    with RunWriter.open(path, other, warn=pytest.fail, wanted=wanted):
        assert read_manifest(path).complete, "what is there stays there"


def test_rows_that_were_damaged_are_missing_of_every_recipe(path: Path) -> None:
    make(path)
    other = samples.manifest(recipe={"task": "sums", "schedules": ["4"]})
    with RunWriter.open(path, other, warn=pytest.fail) as run:
        run.finish()
    with (path / "generations.jsonl").open("a") as file:
        file.write("garbage\n")
    warnings: list[str] = []
    with RunWriter.open(path, other, warn=warnings.append):
        pass
    assert [one.complete for one in read_manifest(path).asked] == [False, False]


BAD_MANIFESTS = {
    "not JSON": ("{'format': 1}", "run.json' is not JSON: line 1, column 2: Expecting"),
    "empty": ("", "run.json' is not JSON"),
    "a list": ("[]", "no JSON object"),
    "newer": ('{"format": 2}', r"its format 2 is newer than this hexcli's \(1\): upgrade dllm-hex"),
    "no format": ("{}", "its format is None, not a number"),
    "missing": ('{"format": 1, "hexcli": "0.1.0"}', "no field 'name'"),
    "wrong type": ('{"format": 1, "hexcli": 3}', "field 'hexcli' is of the wrong type"),
}


@pytest.mark.parametrize("kind", BAD_MANIFESTS)
def test_a_manifest_that_cannot_be_read(path: Path, kind: str) -> None:
    text, message = BAD_MANIFESTS[kind]
    make(path)
    (path / "run.json").write_text(text)
    for use in (lambda: Run.read(path, warn=pytest.fail), lambda: make(path)):
        with pytest.raises(UsageError, match=message) as raised:
            use()
        assert str(path) in str(raised.value)
        assert "\n" not in str(raised.value)
    assert find_runs([path]) == [path]
    assert len(rows(path)) == 3


def test_a_run_of_a_custom_task_keeps_its_definition_and_the_hash_of_its_data(path: Path) -> None:
    definition = {"name": "mine", "fields": {"question": "q"}}
    make(path, data="sha256:89ab", definition=definition)
    make(path, 4, data="sha256:89ab", definition=definition)
    manifest = read_manifest(path)
    assert (manifest.data, manifest.definition) == ("sha256:89ab", definition)


def stop(path: Path, certainty: float | None, rows: int, *, finish: bool = True) -> Manifest:
    """Three generations are asked for, and so many are there when the votes are decided."""
    about = samples.manifest(until_decided={} if certainty is None else {"certainty": certainty, "not_needed": 0})
    with RunWriter.open(path, about, warn=pytest.fail) as run:
        for number in range(rows):
            run.append(samples.generation(number))
        if finish:
            run.finish(3 - rows)
    return read_manifest(path)


def test_a_run_that_stopped_is_complete_until_more_certainty_is_asked(path: Path) -> None:
    found = stop(path, 0.95, 1)
    assert (found.complete, found.expected, found.generations) == (True, 3, 1)
    assert (found.certainty, found.not_needed) == (0.95, 2)
    assert stop(path, 0.9, 0, finish=False) == found
    found = stop(path, 1.0, 1, finish=False)
    assert (found.complete, found.certainty, found.not_needed) == (False, 1.0, 0)
    found = stop(path, 1.0, 2)
    assert (found.complete, found.certainty, found.not_needed) == (True, 1.0, 1)
    assert not stop(path, None, 2, finish=False).complete
    found = stop(path, None, 3)
    assert (found.complete, found.until_decided) == (True, {})
    assert stop(path, 0.95, 0, finish=False) == found


def test_votes_of_another_recipe_are_not_added_to_a_run_that_stopped(path: Path) -> None:
    stop(path, 1.0, 1)
    for fields in ({}, {"until_decided": {"certainty": 1.0, "not_needed": 0}}):
        other = samples.manifest(recipe={"task": "sums", "schedules": ["4"]}, **fields)
        with pytest.raises(UsageError, match=r"stopped where its own votes decided, .*: choose another -o"):
            RunWriter.open(path, other, warn=pytest.fail)


@pytest.mark.parametrize(
    "field", ["complete", "expected", "recipe", "task", "data", "definition", "until_decided", "recipes"]
)
def test_a_manifest_checks_its_types(field: str) -> None:
    with pytest.raises(ValueError, match=f"field '{field}' is of the wrong type"):
        Manifest.from_dict({**samples.manifest().to_dict(), field: None})
    with pytest.raises(ValueError, match="wrong type"):
        Manifest.from_dict({**samples.manifest().to_dict(), "expected": True})
    with pytest.raises(ValueError, match="field 'not_needed' of 'until_decided' is of the wrong type"):
        Manifest.from_dict({**samples.manifest().to_dict(), "until_decided": {"certainty": 1, "not_needed": "2"}})
