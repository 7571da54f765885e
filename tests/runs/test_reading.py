"""Reading a run folder: what is torn is left out and said, what is no run is told apart."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.json_file import write_jsonl
from hexcli.runs.mistakes import NEW
from hexcli.runs.reading import Run, find_runs, read_manifest
from hexcli.runs.row import row_of
from hexcli.runs.writing import RunWriter
from tests import samples
from tests.runs.folder import make, problems, rows

GOLDEN = Path(__file__).parents[1] / "golden" / "run"


def test_the_golden_run_keeps_loading() -> None:
    run = Run.read(GOLDEN, warn=pytest.fail)
    assert run.manifest == samples.manifest(hexcli="0.1.0", complete=True, generations=3)
    first, second, third = run.generations
    assert (first, second) == (samples.generation(0), samples.generation(1))
    assert (third.problem.choices, third.problem.category, third.problem.target) == (("6", "7"), "easy", None)
    assert (third.schedule.label, third.schedule.seed, third.cached) == ("3+1", 5, True)


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
    return json.dumps({**row_of(samples.generation(9)), **fields}) + "\n"


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


def test_find_runs(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        make(tmp_path / "runs" / name, 1)
    (tmp_path / "runs" / "notes").mkdir()
    (tmp_path / "runs" / "report.html").write_text("")
    runs = tmp_path / "runs"
    assert find_runs([runs]) == [runs / "a", runs / "b", runs / "c"]
    assert find_runs([runs / "c", runs]) == [runs / "c", runs / "a", runs / "b"]
    assert find_runs([]) == []


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


def test_importing_runs_is_light() -> None:
    heavy = "{'torch', 'diskcache', 'filelock', 'transformers', 'datasets', 'typer'} & set(sys.modules)"
    command = f"import sys, hexcli.runs.reading, hexcli.runs.writing; print({heavy})"
    shown = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert shown.stdout == "set()\n"


def test_a_broken_manifest_says_how_its_generations_come_into_another_run(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"a"\n}')
    with pytest.raises(UsageError, match="is not JSON") as alone:
        read_manifest(tmp_path)
    assert "hex import" not in str(alone.value)
    (tmp_path / "generations.jsonl").write_text("{}\n")
    with pytest.raises(UsageError, match="then hex import COPY --task TASK -o NEW"):
        read_manifest(tmp_path)
