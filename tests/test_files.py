"""Files of strangers are read with bounds; nothing is read for ever."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.files import (
    DEEPEST,
    LARGEST_FILE,
    parse_json,
    read_file,
    read_json,
    read_text,
    write_atomically,
    write_json,
    write_jsonl,
)
from hexcli.yaml_file import MOST_VALUES, parse_yaml, read_mapping

NUMBERS = [
    "1e999",
    "-1e999",
    "1E+400",
    "9" * 400,
    "1" + "0" * 400,
    "-" + "9" * 25,
    "1" + "0" * 30 + ".5e300",
    "1" * 5000,
]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_out_of_range_are_refused_wherever_they_stand(number: str) -> None:
    for text in (number, f'{{"a": [1, {{"b": {number}}}]}}'):
        with pytest.raises(ValueError, match="is not JSON"):
            parse_json(text.encode())
        assert number in json.dumps(parse_json(text, str)), "an import keeps what its file tells, as text"


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_nan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not JSON"):
        parse_json(text)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64) + 1, 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


@given(JSON, st.booleans())
def test_what_is_in_range_is_read_as_it_was_written(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert parse_json(text) == parse_json(text.encode()) == json.loads(text)


@given(st.binary())
def test_any_bytes_are_a_value_or_a_value_error(content: bytes) -> None:
    try:
        parse_json(content)
    except ValueError as error:
        assert str(error)


def test_half_a_surrogate_pair_is_no_character() -> None:
    text = '{"a\\ud800": ["\\udc00x", "\\ud83d\\ude42"]}'
    assert parse_json(text) == {"a\ufffd": ["\ufffdx", "🙂"]}
    with pytest.raises(ValueError, match="half a surrogate pair"):
        parse_json(text, half=None)
    with pytest.raises(ValueError, match="UTF-8"):
        parse_json(b'"\xed\xa0\x80"')


def test_deep_values_are_refused() -> None:
    assert parse_json("[" * DEEPEST + "]" * DEEPEST)
    for depth in (DEEPEST + 1, 900, 100_000):
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            with pytest.raises(ValueError, match="nested too deeply"):
                parse_json(opening * depth + "1" + closing * depth)


def test_a_file_is_written_whatever_is_in_it(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"half": "\ud800", "é": 1})
    assert read_json(tmp_path / "a.json") == {"half": "\ufffd", "é": 1}


def test_pipes_devices_folders_and_large_files_are_refused_by_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    whats = {"pipe": "it is a pipe", "zero": "it is a device", "": "it is a folder", "large": "larger than 64 MB"}
    for name, what in whats.items():
        with pytest.raises(OSError, match=what):
            read_text(tmp_path / name)
        with pytest.raises(UsageError, match=f"cannot read .*{name}.*: .*it is "):
            read_mapping(tmp_path / name, "task", "")
    with pytest.raises(OSError, match="NUL"):
        read_file(tmp_path / "a\0b")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("temperature: 1" + "0" * 400, "more than 64 bits"),
        ('a: "\\ud800"', "half a surrogate"),
        ("- " * 5000 + "a", "not YAML|too deeply"),
        ("[" * 150 + "]" * 150, "too deeply"),
        ("a: &a [" + "x," * 99 + "]\nb: &b [" + "*a," * 99 + "]\nc: &c [" + "*b," * 99 + "]\nd: [*c, *c]", "more than"),
        ("a: &a [*a]", "too deeply|not YAML"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
    ],
)
def test_yaml_that_means_too_much_is_refused(text: str, says: str) -> None:
    assert MOST_VALUES == 1_000_000
    with pytest.raises(ValueError, match=says) as refused:
        parse_yaml(text)
    assert "\n" not in str(refused.value)


@given(st.text())
def test_any_text_is_yaml_or_a_value_error(text: str) -> None:
    try:
        parse_yaml(text)
    except ValueError as error:
        assert "\n" not in str(error)


def test_files_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "scores.json"
    write_json(file, {"π": 1})
    assert parse_json(file.read_bytes()) == {"π": 1}
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(file, float("nan"))
    with pytest.raises(ZeroDivisionError):
        write_jsonl(file, ({"x": 1 // (1 - n)} for n in range(2)))

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("os.fsync", no_space)
        write_atomically(file, [b"new"])
    assert parse_json(file.read_bytes()) == {"π": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == ["scores.json"]
    write_jsonl(file, [{"a": 1}, {"a": 2}])
    assert file.read_text() == '{"a": 1}\n{"a": 2}\n'
