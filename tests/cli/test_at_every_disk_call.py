"""Ctrl-C after every call that changes the disk: one line, and the same command finishes the work."""

import contextlib
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hexcli.cli.main import run
from hexcli.store.store import open_store
from tests.interrupting import interrupted_at
from tests.workers.threads import use_threads

SHORT = ["decode", "--steps", "2", "--gen-length", "16", "--json"]
DECODE = [*SHORT, "--limit", "1", "-s", "8,16", "-o", "run"]
BEGINS_AGAIN = "hex: interrupted; the same command begins again"
CLOCK = re.compile(rb"20..-..-..[T ]..:..(:..)?")
HALF = re.compile(r"/\.|^\.|^runs/(cached|damaged)/")  # hidden until it is whole; or of a decode, which is never half
LINES = (
    BEGINS_AGAIN,
    "hex: interrupted before the first generation was finished: the same command begins again",
    "hex: interrupted; what is finished is saved in run: the same command goes on from there (or `hex sweep run`)",
)


def said(*command: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(list(command))
    return code, out.getvalue(), err.getvalue()


def interrupted(command: list[str], place: Path, first: Path | None = None) -> Iterator[tuple[str, str]]:
    """Once for every moment, in a `place` that is made anew as a copy of `first`: which it is, and what was said.

    At first once without Ctrl-C, and nothing was said.
    """
    for number in range(1000):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(first, place) if first else place.mkdir()
        with contextlib.chdir(place), interrupted_at(number or None) as moments:
            code, out, err = said(*command)
            if number and not moments.struck:
                assert number > 1, "there was something to strike in"
                return
            where = f"{moments.struck or 'nothing'}, moment {number}"
            lines = [line for line in err.splitlines() if "interrupt" in line]
            if number:
                assert (code, out, lines) == (130, "", err.splitlines()[-1:]), f"{where}: {code}\n{out}{err}"
            else:
                assert (code, lines) == (0, []), err
            yield where, "".join(lines)


def kept() -> set[str]:
    """The keys in the cache of this folder."""
    if not Path("cache/generations").exists():
        return set()
    with open_store(Path("cache"), warn=pytest.fail) as store:
        return set(store)


def rows() -> dict[str, list[int]]:
    """The tokens in the run folder."""
    file = Path("run/generations.jsonl")
    found = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    tokens = {row["schedule_label"]: row["token_ids"] for row in found}
    assert len(tokens) == len(found), "nothing is there twice"
    return tokens


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is not there yet, and will have a cache in it."""
    monkeypatch.setenv("HEX_CACHE_DIR", str(tmp_path / "place/cache"))
    monkeypatch.setattr("hexcli.cli.values.now", lambda: "2026-01-01T00:00:00+00:00")
    return tmp_path / "place"


@pytest.mark.parametrize("more", [[], ["--workers", "2"]], ids=["alone", "workers"])
def test_a_decode_loses_nothing(more: list[str], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_threads(monkeypatch)
    wanted: dict[str, list[int]] = {}
    for where, line in interrupted([*DECODE, *more], place):
        wanted = wanted or rows()
        if not line:
            continue
        saved, cached = rows(), kept()
        assert line in LINES and ("saved in run" in line) == bool(saved), f"{where}: {line}"
        assert saved.items() <= wanted.items() and len(saved) <= len(cached), where
        code, out, err = said(*DECODE)
        assert (code, "warning" in err) == (0, False), f"{where}: {err}"
        found = json.loads(out)
        assert (found["in_run"], found["decoded"]) == (len(saved), len(wanted) - len(cached)), where
        assert rows() == wanted, where
        assert sorted(path.name for path in Path("run").iterdir()) == [".lock", "generations.jsonl", "run.json"], where


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs, what others decoded, a damaged run and the export of a cache, with their cache."""
    first = tmp_path_factory.mktemp("made")
    with contextlib.chdir(first), pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEX_CACHE_DIR", str(first / "cache"))
        patch.setattr("hexcli.cli.values.now", lambda: "2026-01-01T00:00:00+00:00")
        for name, more in {"a": ["-s", "8,16"], "b": ["-s", "8", "--temperature", "0.5"]}.items():
            assert said(*SHORT, "--limit", "2", *more, "-o", f"runs/{name}")[0] == 0
            row = {"question": name, "text": "\\boxed{5}", "target": "5", "gen_length": 64, "block_length": 8}
            Path(f"{name}.jsonl").write_text(json.dumps(row))
        assert said("import", "a.jsonl", "-t", "prompt", "-o", "runs/x")[0] == 0
        patch.setenv("HEX_CACHE_DIR", str(first / "other"))
        assert said(*SHORT, "--limit", "2", "-s", "16", "--temperature", "0.3", "-o", "runs/other")[0] == 0
        assert said("cache", "export", "other.jsonl")[0] == 0
        shutil.rmtree("other")
        shutil.copytree("runs/a", "runs/damaged")
        damaged = Path("runs/damaged/generations.jsonl")
        damaged.write_text("{half a row\n" + damaged.read_text())
    return first


def everything() -> dict[str, object]:
    """The lines of all files but locks, in their order, without the time of day; and the keys of the cache.

    What is set aside twice, which may be, counts once.
    """
    files = (path for path in Path().rglob("*") if path.is_file() and "cache" not in path.parts)
    lines = {str(path): CLOCK.sub(b"", path.read_bytes()).splitlines() for path in files if path.name != ".lock"}
    return {name: set(found) if "set-aside" in name else found for name, found in lines.items()} | {"cache": kept()}


@pytest.mark.parametrize(
    "command",
    [
        "vote runs/a",
        "score runs/a",
        "vote runs/a runs/b --together -o runs/joint",
        "vote runs/a runs/b --together --copy -o runs/joint",
        "report runs/a -o page.html",
        "import b.jsonl -t prompt -o runs/y",
        "import b.jsonl -t prompt -o runs/x --overwrite",
        "import b.jsonl -t prompt -o runs/x --add",
        "cache export out.jsonl",
        "cache import other.jsonl",
        "cache prune --model tiny --yes",
        "recipes --copy mine",
        f"{' '.join(SHORT)} --limit 2 -s 8,16 -o runs/damaged",
        f"{' '.join(SHORT)} --limit 2 -s 8 -o runs/cached",
    ],
)
def test_no_command_leaves_a_half_of_anything(
    command: str, made: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is as it was or as it is to be, none is gone, and the same command makes it so."""
    monkeypatch.setattr("hexcli.runs.halves._lives", lambda process: False)  # it is this one
    with contextlib.chdir(made):
        before = everything()
    wanted: dict[str, object] = {}
    for where, line in interrupted(command.split(), place, made):
        wanted = wanted or everything()
        if not line:
            assert wanted != before
            continue
        now = everything()
        assert before.keys() & wanted.keys() <= now.keys(), where
        changed = {name for name in now if now[name] not in (before.get(name), wanted.get(name))}
        assert {name for name in changed if not HALF.search(name)} <= {"cache"}, where
        code, _, err = said(*command.split())
        assert code == 0, f"{where}: {err}"
        assert everything() == wanted, where


def test_a_run_that_is_being_removed_is_removed(made: Path, place: Path) -> None:
    for where, _ in interrupted(["runs", "rm", "runs/a", "--yes"], place, made):
        assert not Path("runs/a").exists() or Path("runs/a/run.json").exists(), where
