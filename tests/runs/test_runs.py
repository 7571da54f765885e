"""Run folders: no finished generation is lost, nothing foreign is touched, what is torn is mended."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hexcli import __version__
from hexcli.errors import HexError, UsageError
from hexcli.files import parse_json, write_atomically, write_json, write_jsonl
from hexcli.runs.mistakes import NEW
from hexcli.runs.reading import Manifest, Run, find_runs, read_manifest
from hexcli.runs.writing import RunWriter
from tests import samples

GOLDEN = Path(__file__).parents[1] / "golden" / "run"

WRITER = """
import sys
from pathlib import Path
from hexcli.runs.writing import RunWriter
from tests import samples
with RunWriter.open(Path(sys.argv[1]), samples.manifest(), warn=print) as run:
    print("open", flush=True)
    if sys.argv[2] == "wait":
        sys.stdin.readline()
    for number in range(100_000):
        if ("p%d" % number, samples.voter()) not in run.done:
            run.append(samples.generation(number))
            print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "one"


@pytest.fixture
def lines() -> list[str]:
    return []


def make(path: Path, count: int = 3, *, finish: bool = True, **fields: Any) -> None:
    with RunWriter.open(path, samples.manifest(**fields), warn=pytest.fail) as run:
        for number in range(count):
            run.append(samples.generation(number))
        if finish:
            run.finish()


def names(path: Path) -> list[str]:
    """What is in a folder, but for the lock: versions of filelock differ in whether they leave it."""
    return sorted(entry.name for entry in path.iterdir() if entry.name != ".lock")


def rows(path: Path) -> list[str]:
    return (path / "generations.jsonl").read_text(encoding="utf-8").splitlines()


def problems(run: Run) -> list[str]:
    return [generation.problem.id for generation in run.generations]


def test_what_was_appended_is_read(path: Path) -> None:
    make(path)
    run = Run.read(path, warn=pytest.fail)
    assert run.generations == tuple(samples.generation(number) for number in range(3))
    assert run.manifest == samples.manifest(complete=True, generations=3)
    assert run.path == path
    assert names(path) == ["generations.jsonl", "run.json"]
    assert json.loads((path / "run.json").read_text()) == {
        "format": 1,
        "hexcli": __version__,
        "name": "sums-tiny",
        "created": "2025-01-02T03:04:05+00:00",
        "recipe": {"task": "sums", "schedules": ["2"]},
        "task": "sums",
        "task_version": 1,
        "model": "tiny",
        "model_identity": "sha256:0123",
        "dtype": "float32",
        "hardware": {"device": "cpu", "cores": 2},
        "expected": 3,
        "complete": True,
        "generations": 3,
    }


def test_the_golden_run_keeps_loading() -> None:
    run = Run.read(GOLDEN, warn=pytest.fail)
    assert run.manifest == samples.manifest(hexcli="0.1.0", complete=True, generations=3)
    first, second, third = run.generations
    assert (first, second) == (samples.generation(0), samples.generation(1))
    assert (third.problem.choices, third.problem.category, third.problem.target) == (("6", "7"), "easy", None)
    assert (third.schedule.label, third.schedule.seed, third.cached) == ("3+1", 5, True)


def test_a_generation_is_there_before_the_next(path: Path) -> None:
    with RunWriter.open(path, samples.manifest(), warn=pytest.fail) as run:
        assert Run.read(path, warn=pytest.fail).generations == ()
        for number in range(3):
            run.append(samples.generation(number))
            read = Run.read(path, warn=pytest.fail)
            assert len(read.generations) == number + 1
            assert not read.manifest.complete


def test_resume(path: Path) -> None:
    make(path, 2, finish=False)
    assert not read_manifest(path).complete
    assert read_manifest(path).generations == 2
    later = samples.manifest(created="2026-01-01", expected=4, recipe={"task": "sums", "schedules": ("2", "4")})
    with RunWriter.open(path, later, warn=pytest.fail) as run:
        assert run.done == {(f"p{number}", samples.voter()) for number in range(2)}
        run.append(samples.generation(1))
        run.append(samples.generation(1, seed=7))
        run.append(samples.generation(2))
        assert len(run.done) == 4
        run.finish()
    read = Run.read(path, warn=pytest.fail)
    assert problems(read) == ["p0", "p1", "p1", "p2"]
    assert read.manifest.created == samples.manifest().created
    assert read.manifest.recipe == {"task": "sums", "schedules": ["2", "4"]}
    assert (read.manifest.complete, read.manifest.generations, read.manifest.expected) == (True, 4, 4)


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


DAMAGE = {
    "torn last line": ('{"problem_id": "p9", "quest', 1),
    "garbage in the middle": ("\x00\x00\x00\n", 1),
    "a line that is a number": ("7\n", 1),
    "a field missing": ('{"problem_id": "p9"}\n', 1),
    "a field of the wrong type": ('{"problem_id": "p9", "question": "?", "target": "", "schedule": 3}\n', 1),
    "two": ("[1]\n{}\n", 2),
    "deeply nested": ("[" * 100_000 + "\n", 1),
}


def changed(**fields: object) -> str:
    """A whole row, but for these fields."""
    return json.dumps({**samples.generation(9).to_row(), **fields}) + "\n"


DAMAGE |= {
    f"{name} is {value!r}": (changed(**{name: value}), 1)
    for name, value in {
        "problem_id": ["a"],
        "question": None,
        "target": 10,
        "prompt": "half a pair: \ud800",
        "text": 7,
        "nfe": True,
        "tokens_computed": "x",
        "seconds": -1.0,
        "token_ids": [1, 2, 3],
        "cached": "yes",
        "schedule": {**samples.schedule().to_dict(), "cfg_scale": 10**400},
    }.items()
}


@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("place", [1, 3])
def test_damaged_rows(path: Path, lines: list[str], kind: str, place: int) -> None:
    make(path)
    text, count = DAMAGE[kind]
    good = [row + "\n" for row in rows(path)]
    if not text.endswith("\n") and place < 3:
        text += "\n"
    file = path / "generations.jsonl"
    file.write_text("".join([*good[:place], text, *good[place:]]), encoding="utf-8")
    what = f"{count} damaged {'row' if count == 1 else 'rows'}"
    read = Run.read(path, warn=lines.append)
    assert problems(read) == ["p0", "p1", "p2"]
    assert lines == [f"run '{path}': {what} left out; `hex sweep {path}` repairs it"]
    lines.clear()
    with RunWriter.open(path, samples.manifest(), warn=lines.append) as run:
        assert not read_manifest(path).complete
        run.append(samples.generation(3))
        run.finish()
    assert lines == [
        f"run '{path}': {what} set aside in generations.set-aside.jsonl; what is missing will be decoded again"
    ]
    assert rows(path)[:3] == [row.rstrip("\n") for row in good]
    assert problems(Run.read(path, warn=pytest.fail)) == ["p0", "p1", "p2", "p3"]


def test_bytes_that_are_not_text(path: Path, lines: list[str]) -> None:
    make(path)
    with (path / "generations.jsonl").open("ab") as file:
        file.write(b"\xff\xfe\n")
    assert len(Run.read(path, warn=lines.append).generations) == 3
    assert len(lines) == 1


def test_nan_is_not_json(path: Path, lines: list[str]) -> None:
    make(path)
    text = "\n".join(rows(path)) + "\n"
    (path / "generations.jsonl").write_text(text.replace("-1.25", "NaN", 1), encoding="utf-8")
    assert problems(Run.read(path, warn=lines.append)) == ["p1", "p2"]


def test_repeated_rows(path: Path, lines: list[str]) -> None:
    make(path)
    file = path / "generations.jsonl"
    file.write_text("\n".join([*rows(path), rows(path)[1]]) + "\n", encoding="utf-8")
    assert problems(Run.read(path, warn=lines.append)) == ["p0", "p1", "p2"]
    with RunWriter.open(path, samples.manifest(), warn=lines.append):
        assert len(rows(path)) == 3
    assert [line.split(": ")[1].split(" row")[0] for line in lines] == ["1 repeated", "1 repeated"]


def test_a_last_line_without_its_end(path: Path) -> None:
    """A whole row that only lacks its newline is kept, and the next one starts on a line of its own."""
    make(path)
    file = path / "generations.jsonl"
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    make(path, 4)
    assert len(Run.read(path, warn=pytest.fail).generations) == 4


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"model_identity": "sha256:4567"}, r"another model \(sha256:0123, not sha256:4567\)"),
        ({"dtype": "bfloat16"}, "another dtype"),
        ({"task": "gsm8k"}, "another task"),
        ({"task_version": 2}, r"another version of the task \(1, not 2\)"),
        ({"data": "sha256:89ab"}, r"another data file \(none, not sha256:89ab\)"),
        ({"definition": {"name": "sums"}}, "another definition of the task"),
    ],
)
def test_a_run_of_something_else_is_not_resumed(path: Path, fields: dict[str, Any], what: str) -> None:
    make(path)
    before = {name: (path / name).read_bytes() for name in names(path)}
    with pytest.raises(UsageError, match=f"holds {what}.*: choose another -o"):
        RunWriter.open(path, samples.manifest(**fields), warn=pytest.fail)
    assert {name: (path / name).read_bytes() for name in names(path)} == before
    make(path)  # and the lock is free again


def test_a_foreign_folder_is_not_written(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "thesis.tex").write_text("")
    with pytest.raises(UsageError, match=r"is not empty and has no run.json: choose another -o"):
        make(path)
    assert names(path) == ["thesis.tex"]


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file: choose another -o"):
        make(tmp_path / "file")
    with pytest.raises(HexError, match="cannot write the run"):
        make(tmp_path / "file" / "below")


def test_a_folder_left_by_a_start_that_was_killed(path: Path) -> None:
    path.mkdir(parents=True)
    (path / ".lock").write_text("")
    (path / ".run.json.123.tmp").write_text("{")
    make(path)
    assert names(path) == ["generations.jsonl", "run.json"]


def test_one_writer_at_a_time(path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path), "wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(HexError, match=r"run '.*' is being written by another process"):
            make(path)
        other.kill()
        other.communicate()
    make(path)
    with (
        RunWriter.open(path, samples.manifest(), warn=pytest.fail),
        pytest.raises(HexError, match="is being written"),
    ):
        make(path)


def test_sigkill_loses_no_generation(path: Path, lines: list[str]) -> None:
    finished: list[int] = []
    for _ in range(3):
        command = [sys.executable, "-c", WRITER, str(path), "go"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            printed = [process.stdout.readline() for _ in range(20)]
            process.send_signal(signal.SIGKILL)
            printed += process.stdout.read().splitlines()
        finished += [int(number) for number in printed]
        read = Run.read(path, warn=lines.append)
        assert set(problems(read)) >= {f"p{number}" for number in finished}
        assert not read.manifest.complete
    assert len(finished) == len(set(finished)), "nothing was done twice"


def test_a_row_that_was_written_in_part_is_taken_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(path)
    with RunWriter.open(path, samples.manifest(), warn=pytest.fail) as run:
        with monkeypatch.context() as patch, pytest.raises(HexError, match=r"cannot write the run .*: disk full"):
            patch.setattr("os.fsync", no_space)
            run.append(samples.generation(3))
        assert len(rows(path)) == 3
        run.append(samples.generation(4))
    assert problems(Run.read(path, warn=pytest.fail)) == ["p0", "p1", "p2", "p4"]


def no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_files_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "scores.json"
    write_json(file, {"π": 1})
    assert parse_json(file.read_bytes()) == {"π": 1}
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(file, float("nan"))
    with pytest.raises(ZeroDivisionError):
        write_jsonl(file, ({"x": 1 // (1 - n)} for n in range(2)))
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("os.fsync", no_space)
        write_atomically(file, [b"new"])
    assert parse_json(file.read_bytes()) == {"π": 1}
    assert names(tmp_path) == ["scores.json"]
    write_jsonl(file, [{"a": 1}, {"a": 2}])
    assert file.read_text() == '{"a": 1}\n{"a": 2}\n'


def test_find_runs(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        make(tmp_path / "runs" / name, 1)
    (tmp_path / "runs" / "notes").mkdir()
    (tmp_path / "runs" / "report.html").write_text("")
    runs = tmp_path / "runs"
    assert find_runs([runs]) == [runs / "a", runs / "b", runs / "c"]
    assert find_runs([runs / "c", runs]) == [runs / "c", runs / "a", runs / "b"]
    assert find_runs([]) == []


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


def test_what_is_not_a_run(tmp_path: Path) -> None:
    def message(path: Path) -> str:
        with pytest.raises(UsageError) as raised:
            find_runs([path])
        return str(raised.value)

    empty, foreign, file = tmp_path / "runs", tmp_path / "foreign", tmp_path / "file"
    empty.mkdir()
    foreign.mkdir()
    (foreign / "thesis.tex").write_text("")
    file.write_text("")
    assert message(empty) == f"no runs in '{empty}/': make one with 'hex decode'"
    assert message(foreign) == f"no run.json in '{foreign}', nor in a folder in it: not a run folder{NEW}"
    assert message(file) == f"'{file}' is a file, not a run folder: runs are folders, made by 'hex decode'"
    assert message(tmp_path / "none") == f"no such folder '{tmp_path}/none'{NEW}"
    for path, what in ((empty, "no run.json"), (file, "is a file"), (tmp_path / "none", "no such folder")):
        with pytest.raises(UsageError, match=what):
            Run.read(path, warn=pytest.fail)


def test_a_run_can_be_copied(path: Path, tmp_path: Path) -> None:
    make(path)
    shutil.copytree(path, tmp_path / "laptop")
    assert Run.read(tmp_path / "laptop", warn=pytest.fail).generations == Run.read(path, warn=pytest.fail).generations


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


@pytest.mark.parametrize("token_ids", [[], [1], [1, 2, 3, 4]])
@pytest.mark.parametrize("source", [None, '{"file": "a.json"}'])
def test_only_generations_made_elsewhere_may_lack_their_tokens(
    path: Path, token_ids: list[int], source: str | None
) -> None:
    make(path, 1)
    row = json.loads(rows(path)[0])
    canvases = {"token_ids": token_ids, "commit_step": token_ids, "commit_confidence": token_ids}
    write_jsonl(path / "generations.jsonl", [{**row, **canvases, **({} if source is None else {"source": source})}])
    found: list[str] = []
    read = Run.read(path, warn=found.append).generations
    sound = len(token_ids) == 4 or (source is not None and not token_ids)
    assert (len(read), len(found)) == ((1, 0) if sound else (0, 1))
    assert not read or read[0].source == source


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


def test_importing_runs_is_light() -> None:
    heavy = "{'torch', 'diskcache', 'filelock', 'transformers', 'datasets', 'typer'} & set(sys.modules)"
    command = f"import sys, hexcli.runs.reading, hexcli.runs.writing; print({heavy})"
    shown = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert shown.stdout == "set()\n"
