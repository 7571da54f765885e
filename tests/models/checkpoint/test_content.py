"""Content hashes: large files are read once, and again when they may have changed."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from hexcli.errors import HexError
from hexcli.files import LARGEST_FILE
from hexcli.models.checkpoint import content
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.checkpoint.content import content_hash
from tests.checkpoints import write_checkpoint


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "LARGE", 4)


def later() -> float:
    return time.time() + 60


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    read = content._read

    def counted(file: Path) -> str:
        names.append(file.name)
        return read(file)

    monkeypatch.setattr(content, "_read", counted)
    return names


def test_a_large_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"content")
    names = reads(monkeypatch)
    first = content_hash([file], clock=later)
    assert content_hash([file], clock=later) == first
    assert names == ["weights"]
    part = hashlib.sha256(b"content").hexdigest()
    assert first == "sha256:" + hashlib.sha256(f"weights\0{part}\n".encode()).hexdigest()


def test_a_changed_file_is_read_again_even_with_its_old_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"content")
    first = content_hash([file], clock=later)
    seen = file.stat()
    names = reads(monkeypatch)
    file.write_bytes(b"CONTENT")
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert content_hash([file], clock=later) != first
    assert names == ["weights"]


def test_a_file_just_written_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"content")
    names = reads(monkeypatch)
    content_hash([file])
    content_hash([file])
    assert names == ["weights", "weights"]


def test_small_files_are_read_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"abc")
    content_hash([file], clock=later)
    names = reads(monkeypatch)
    content_hash([file], clock=later)
    assert names == ["weights"]


@pytest.mark.parametrize("damage", ["", "{", "[]"])
def test_a_damaged_or_unwritable_memo_only_costs_time(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"content")
    first = content_hash([file], clock=later)
    memo = content.cache_dir() / content.MEMO
    memo.write_text(damage)
    assert content_hash([file], clock=later) == first
    memo.unlink()
    memo.mkdir()
    assert content_hash([file], clock=later) == first


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"])
def test_a_text_of_a_checkpoint_that_is_too_large_is_not_hashed(tmp_path: Path, name: str) -> None:
    write_checkpoint(tmp_path)
    with (tmp_path / name).open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(HexError, match=f"{name}: it is larger than 64 MB"):
        find_checkpoint(str(tmp_path))
