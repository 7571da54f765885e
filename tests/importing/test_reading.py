"""Which format a file is of, and what is wrong with it, in one line."""

import json
from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.importing.reading import FORMATS, read_file
from tests.importing.files import D1_ROWS, LM_EVAL_ROW, d1_file, jsonl_file

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
    with pytest.raises(UsageError, match="Is a directory"):
        read_file(tmp_path, None)
