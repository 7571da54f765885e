"""Which format a file is of, and what is wrong with it, in one line."""

import codecs
import gzip
import json
from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.importing import reading
from hexcli.importing.reading import FORMATS
from hexcli.importing.sample import SampleFile
from hexcli.importing.sources import Source
from tests.importing.files import D1_ROWS, LM_EVAL_ROW, d1_file, jsonl_file


def read_file(path: Path, format: str | None) -> SampleFile:
    return reading.read_file(Source(path=path), format)


PLAIN = {"question": "?", "text": "\\boxed{1}"}


def test_formats_are_told_apart_by_what_is_in_the_file(tmp_path: Path) -> None:
    d1 = read_file(d1_file(tmp_path / "a.jsonl"), None)
    assert (d1.format, d1.model, len(d1.samples)) == ("d1", "GSAI-ML/LLaDA-8B-Instruct", 2)
    assert d1.header["metrics"] == {"wall_time": 22.1, "total_processed": 2}
    lm_eval = read_file(jsonl_file(tmp_path / "samples.json", LM_EVAL_ROW, {**LM_EVAL_ROW, "doc_id": 12}), None)
    assert (lm_eval.format, len(lm_eval.samples)) == ("lm-eval", 2)
    plain = read_file(jsonl_file(tmp_path / "b.txt", PLAIN, {**PLAIN, "model": "m"}), None)
    assert (plain.format, plain.model, len(plain.samples)) == ("jsonl", "m", 2)
    (tmp_path / "array.json").write_text(json.dumps([LM_EVAL_ROW]))
    assert read_file(tmp_path / "array.json", None).format == "lm-eval"
    one_line = jsonl_file(tmp_path / "c.jsonl", PLAIN)
    assert (read_file(one_line, None).format, len(read_file(one_line, None).samples)) == ("jsonl", 1)


def test_what_is_no_number_in_json_does_not_stop_an_import(tmp_path: Path) -> None:
    found = read_file(d1_file(tmp_path / "a.json", metrics={"loss": float("nan")}), None)
    assert found.header["metrics"] == {"loss": "NaN"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no generations"),
        (b"\n \n", "holds no generations"),
        (b'{"generations": []}', "holds no generations"),
        (b"[]", "holds no generations"),
        (b"{", "line 1 is not JSON"),
        (b"3", "row 1: it must be an object, not 3"),
        (b"null", "row 1: it must be an object, not None"),
        (b"\x00\x01\xff" * 5000, "line 1 is not JSON"),
        (b"PK\x03\x04", "line 1 is not JSON"),
        (b"[" * 200_000, "line 1 is not JSON (nested too deeply)"),
        (b'{"question": "?", "text": "x"}\n{"question": "?"', "line 2 is not JSON"),
        (b'{"question": "' + b"?" * 3_000_000 + b'"}', "row 1: no field 'text'"),
        (b'{"model": "a", "question": "?", "text": "x"}\n{"model": "b"}', "its rows are of several models (a, b)"),
    ],
)
def test_files_that_are_none(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "file.json"
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_file(file, None)
    message = str(caught.value)
    assert message.startswith(str(file)) and says in message
    assert "\n" not in message and len(message) < len(str(file)) + 250


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_that_is_named_is_insisted_on(tmp_path: Path, format: str) -> None:
    files = {
        "d1": d1_file(tmp_path / "d1.json", rows=D1_ROWS),
        "lm-eval": jsonl_file(tmp_path / "lm.jsonl", LM_EVAL_ROW),
        "jsonl": jsonl_file(tmp_path / "plain.jsonl", PLAIN),
    }
    assert read_file(files.pop(format), format).format == format
    for other in files.values():
        with pytest.raises(UsageError, match=str(other)):
            read_file(other, format)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*: No such file"):
        read_file(tmp_path / "nowhere", None)
    with pytest.raises(UsageError, match="it is a folder, not a file"):
        read_file(tmp_path, None)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("packed", [False, True])
def test_files_may_be_packed_and_in_another_encoding(tmp_path: Path, encoding: str, packed: bool) -> None:
    text = json.dumps({"question": "Zoë?", "text": "\\boxed{½}"}, ensure_ascii=False) + "\r\n"
    content = text.encode(encoding)
    if encoding == "utf-16-be":
        content = codecs.BOM_UTF16_BE + content
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(content) if packed else content)
    found = read_file(tmp_path / "a.jsonl.gz", None)
    assert [(one.question, one.text) for one in found.samples] == [("Zoë?", "\\boxed{½}")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(b'{"question": "?"}' * 9, mtime=0)[:-9], "it is damaged gzip"),
        (b"\x1f\x8b", "it is damaged gzip"),
        (codecs.BOM_UTF16_LE + b"{\x00\x00\xd8", "it is damaged utf-16-le"),
        (gzip.compress(b"", mtime=0), "holds no generations"),
    ],
)
def test_damage_is_said_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_file(tmp_path / "a.jsonl.gz", None)
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_a_packed_copy_is_the_same_file(tmp_path: Path) -> None:
    plain = jsonl_file(tmp_path / "a.jsonl", PLAIN)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    assert read_file(plain, None).sha256 == read_file(tmp_path / "a.jsonl.gz", None).sha256
