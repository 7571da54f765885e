"""Files of strangers are read with bounds; nothing is read for ever."""

import io
import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.files import DEEPEST, LARGEST_FILE, append_to, read_file, read_lines, read_text, write_atomically
from hexcli.json_file import parse_json, read_json, write_json, write_jsonl
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
    assert json.dumps(parse_json(text.encode())) == json.dumps(json.loads(text)), "a whole number stays one"


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
        ('a: "\\ud800"', "half a surrogate|Unicode character"),
        ("- " * 5000 + "a", "not YAML|too deeply"),
        ("[" * 150 + "]" * 150, "too deeply"),
        ("a: &a [" + "x," * 99 + "]\nb: &b [" + "*a," * 99 + "]\nc: &c [" + "*b," * 99 + "]\nd: [*c, *c]", "more than"),
        ("a: &a [*a]", "too deeply|not YAML"),
        ("a: &a {<<: *a}", "too deeply"),
        (
            "a0: &a0 {k: 1, l: 2}\n" + "".join(f"a{n + 1}: &a{n + 1} {{<<: [{f'*a{n},' * 50}]}}\n" for n in range(9)),
            "more than",
        ),
        ("- x\n" * 1_000_001, "more than 1,000,000 values"),
        ("%TAG !a! x\n" * 1002 + "--- 1", "more than 1,000 directives"),
        ("a: 1" + ":1" * 500, "more than 64 bits"),
        ("a: 1" + ":1" * 180 + ".0", "not of its type"),
        ("!!bool x", "not of its type"),
        ("!!int ''", "not of its type"),
        ("!!timestamp x", "not of its type"),
        ("a: @x", "line 1: found character '@'"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
    ],
)
def test_yaml_that_means_too_much_is_refused(text: str, says: str) -> None:
    assert MOST_VALUES == 1_000_000
    with pytest.raises(ValueError, match=says) as refused:
        parse_yaml(text)
    assert "\n" not in str(refused.value)


def test_a_line_without_end_is_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hexcli.files.LARGEST_FILE", 8)
    assert list(read_lines(io.BytesIO(b"1234567\n\n12345678").readline)) == [b"1234567\n", b"\n", b"12345678"]
    with pytest.raises(OSError, match="a line of more than"):
        list(read_lines(io.BytesIO(b"12345678\n").readline))


def test_only_files_are_written_on(tmp_path: Path) -> None:
    for _ in range(2):
        with append_to(tmp_path / "file") as file:
            file.write(b"row\n")
    assert (tmp_path / "file").read_bytes() == b"row\nrow\n"
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to("/dev/null")
    for name, says in {"pipe": "it is a pipe", "null": "it is a device", "": "[Dd]irectory"}.items():
        with pytest.raises(OSError, match=says):
            append_to(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "line", "lost"),
    [
        (r'a: "x \boxed{}"', 1, r"\b is a backspace, so \boxed is lost"),
        ('ä: ü\nb:\n  - "🙂 \\frac12"', 3, r"\f is a form feed, so \frac is lost"),
        ('a: "x\n  y \\beta"', 2, r"\b is a backspace, so \beta is lost"),
        (r'a: ["2 \times 3"]', 1, r"\t is a tab, so \times is lost"),
        (r'a: "5 \text{cm}"', 1, r"\t is a tab, so \text is lost"),
        (r'a: "\tan x"', 1, r"\t is a tab, so \tan is lost"),
        (r'a: "x \neq 2"', 1, r"\n is a line break, so \neq is lost"),
        (r'a: "\rho"', 1, r"\r is a carriage return, so \rho is lost"),
        (r'a: "\Phi"', 1, r"\P is a line break, so \Phi is lost"),
    ],
)
def test_latex_in_double_quotes_is_refused(text: str, line: int, lost: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(f'line {line}: in double quotes {lost}: use single quotes')}"):
        parse_yaml(text)


@pytest.mark.parametrize("text", [r'"\sqrt2"', r'"\xi"', r'"\underline"'])
def test_latex_that_yaml_does_not_know_is_told_the_other_quotes(text: str) -> None:
    with pytest.raises(ValueError, match="use single quotes"):
        parse_yaml(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"x\\boxed \"q\" \n yes \t no"', 'x\\boxed "q" \n yes \t no'),
        (r"'\boxed'", r"\boxed"),
        (r'"Q:\tan apple\to go\ttext"', "Q:\tan apple\to go\ttext"),
        (r'"a\r\nb\x1b"', "a\r\nb\x1b"),
    ],
)
def test_signs_that_are_meant_are_read(text: str, value: str) -> None:
    assert parse_yaml(text) == value


def test_yaml_of_many_megabytes_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "limit: 1\n" + "# of nothing\n" * 200_000 + "prompt: '" + "word " * 400_000 + "'\n"
    )
    assert (tmp_path / "a.yaml").stat().st_size > 1 << 22
    assert len(read_mapping(tmp_path / "a.yaml", "", "")["prompt"]) == 2_000_000


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
