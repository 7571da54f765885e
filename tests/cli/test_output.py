"""What every command prints where names and texts are hostile, and where stdout or stderr is not what it should be."""

import io
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hexcli.cli.main import main
from tests.report.test_terminal import obeyed

GOLDEN = Path(__file__).parents[1] / "golden" / "before_wings"
EVIL = "\x1b]0;OWNED\x07\x1b[31mRED\x1b[2J\u202etxet\x9b31m\u2066\r\b\u200b\x7f"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run whose names, questions, categories and texts are hostile."""
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "runs" / f"run{EVIL}"
    run.mkdir(parents=True)
    source = GOLDEN / "runs/golden"
    manifest = json.loads((source / "run.json").read_text())
    manifest |= {"name": EVIL, "model": EVIL, "model_identity": EVIL}
    (run / "run.json").write_text(json.dumps(manifest))
    rows = [json.loads(line) for line in (source / "generations.jsonl").read_text().splitlines()]
    rows = [row | {"category": EVIL, "text": row["text"] + EVIL, "question": EVIL} for row in rows]
    (run / "generations.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + EVIL)
    shutil.copytree(GOLDEN / "cache", tmp_path / "cache", dirs_exist_ok=True)
    (tmp_path / f"task{EVIL}.yaml").write_text(f"data: {json.dumps(EVIL)}\nfields: {{question: q}}\nextract: number\n")
    (tmp_path / "plain.jsonl").write_text(
        json.dumps({"question": EVIL, "text": EVIL, "target": "1", "gen_length": 64, "block_length": 8, "model": EVIL})
    )
    return tmp_path


COMMANDS = [
    ("vote",),
    ("score", "--by", "category"),
    ("vote", "-a", EVIL),
    ("vote", f"no{EVIL}"),
    ("score", "--task", EVIL),
    ("score", "--schedules", EVIL),
    ("decode", "--task", f"task{EVIL}.yaml"),
    ("decode", "--task", EVIL),
    ("decode", "--model", EVIL),
    ("decode", "--schedules", EVIL),
    ("decode", "--remasking", EVIL),
    ("decode", f"--{EVIL}"),
    ("decode", "-M", EVIL),
    ("decode", "--limit", "1", "--dry-run", "-o", f"out{EVIL}"),
    ("decode", "--limit", "1", "-s", "8", "-o", f"out{EVIL}"),
    ("decode", f"What is 1 + 1?{EVIL}", "-s", "16"),
    ("sweep", f"no{EVIL}.yaml"),
    ("sweep", f"task{EVIL}.yaml"),
    ("import", "plain.jsonl", "-t", "prompt", "-o", f"imported{EVIL}"),
    ("import", f"no{EVIL}", "-t", "prompt", "-o", "x"),
    ("cache", "prune", "--older-than", EVIL),
    ("cache", "stats"),
    (EVIL,),
    ("bench", "--shape", EVIL, "--random-weights"),
]


class Said:
    """What a command left on stdout and stderr, and its exit code."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *arguments: str, encoding: str = "utf-8") -> None:
        files = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as patch:
            for name, file in zip(("stdout", "stderr"), files, strict=True):
                patch.setattr(sys, name, io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape"))
            patch.setattr(sys, "argv", ["hex", *arguments])
            with pytest.raises(SystemExit) as left:
                main()
            sys.stdout.flush()
            self.out, self.err = (file.getvalue() for file in files)
        self.code = left.value.code


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0].strip(EVIL) or "evil")
def test_no_control_character_of_a_name_reaches_the_terminal(
    folder: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said(monkeypatch, *command)
    for text in (said.out.decode(), said.err.decode()):
        assert obeyed(text, but="\n") == set()
    if said.code:
        assert said.err.splitlines()[-1].startswith(b"hex: ")


@pytest.mark.parametrize(
    "command", [("vote", "--json"), ("score", "--json"), ("cache", "export"), ("cache", "stats", "--json")]
)
def test_json_is_printable_ascii(folder: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    said = Said(monkeypatch, *command)
    assert said.code == 0
    assert {chr(byte) for byte in said.out} <= {"\n", *map(chr, range(0x20, 0x7F))}
    for text in said.out.splitlines() if command[-1] == "export" else [said.out]:
        json.loads(text)


def test_on_a_terminal_only_our_own_styles_are_obeyed(folder: Path) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "hexcli", "score", "--by", "category"],
        cwd=folder,
        env=os.environ | {"TERM": "xterm", "HEX_CACHE_DIR": str(folder / "cache")},
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    said = b""
    while part := _read(leader):
        said += part
    os.close(leader)
    assert process.wait() == 0
    text = said.decode()
    assert "\x1b[1m" in text
    for hostile in ("\x1b]", "\x1b[31m", "\x1b[2J", "\u202e", "\u2066", "\u200b", "\x9b", "\x07", "\x08", "\x7f"):
        assert hostile not in text
    assert "\\x1b]0;OWNED" in text


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # what Linux says where everybody has left a terminal
        return b""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("command", [("vote",), ("score", "--by", "category"), ("models",), ("tasks",)])
def test_what_stdout_cannot_encode_is_escaped(
    folder: Path, command: tuple[str, ...], encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said(monkeypatch, *command, encoding=encoding)
    assert said.code == 0, said.err
    assert obeyed(said.out.decode(encoding), but="\n") == set()


def shell(folder: Path, command: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        f'"{sys.executable}" -m hexcli {command}',
        shell=True,
        cwd=folder,
        env=os.environ | {"HEX_CACHE_DIR": str(folder / "cache"), "PYTHONIOENCODING": "", "LC_ALL": "C"},
        capture_output=True,
    )


def test_warnings_do_not_land_in_the_json_where_stderr_is_closed(folder: Path) -> None:
    done = shell(folder, "vote --json 2>&-")
    assert (done.returncode, done.stderr) == (0, b"")
    json.loads(done.stdout)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("vote >&-", 0),
        ("score >&- 2>&- <&-", 0),
        ("vote 2>/dev/full", 0),
        ("models >&-", 0),
        ("nonsense 2>&-", 2),
        ("--help >&- 2>/dev/full", 0),
        ("score >/dev/full", 1),
    ],
)
def test_streams_that_are_closed_or_full_end_no_command(folder: Path, command: str, code: int) -> None:
    done = shell(folder, command)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def test_a_decode_whose_streams_are_closed_writes_its_run_and_nothing_else_into_it(folder: Path) -> None:
    assert shell(folder, "decode -s 8 --limit 1 -o out >&- 2>&- <&-").returncode == 0
    (row,) = (folder / "out/generations.jsonl").read_text().splitlines()
    json.loads(row)
