"""JSON and JSONL: read with bounds on what strangers may have written, written whole."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from hexcli.files import DEEPEST, LARGEST_FILE, decoded, read_file, write_atomically

# Whole numbers beyond fit no counter and no column.
_LARGEST_WHOLE = 1 << 64
# Numbers that may be too large are looked for in the text with every digit made a 0, which is a hundred times as fast
# as the regular expression, and rarely finds one: fractions may be as long.
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_MANY, _VAST = b"0" * 19, re.compile(rb"(?<![.0-9])[0-9]{19}")
_HALF = re.compile("[\ud800-\udfff]")
_PYTHON = re.compile(rb"""\s*\{\s*'[^'"]*'\s*:""")  # a row as Python prints it


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name:.20} is not JSON")


def json_line(value: Any) -> bytes:
    """A value as one line of JSON in UTF-8, newline included. Raises ValueError on NaN."""
    return _encoded(value) + b"\n"


def _encoded(value: Any, indent: int | None = None) -> bytes:
    """The JSON text; half a surrogate pair, which no encoding has, as its escape."""
    try:
        return json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent, allow_nan=False).encode()


def read_json(path: Path, constant: Callable[[str], Any] = _refuse_constant) -> Any:
    """The value of a JSON file. Raises OSError as `read_file`, and ValueError as `parse_json`, where `constant` is."""
    return parse_json(read_file(path, LARGEST_FILE), constant)


def rounded(name: str) -> float:
    """The `constant` of `parse_json` for files of checkpoints: transformers writes "no limit" as a whole number of 31
    digits, which becomes the double next to it. Raises ValueError on NaN and infinities."""
    if not name.lstrip("-").isdecimal():
        _refuse_constant(name)
    return float(name)


def parse_json(
    text: bytes | str, constant: Callable[[str], Any] = _refuse_constant, *, half: str | None = "\ufffd"
) -> Any:
    """The value of a JSON text. Raises ValueError where it is not JSON.

    NaN and infinities are not, but Python writes them: `constant` makes something of them, and of numbers beyond the
    range of a double or of 64 bits. Half a surrogate pair is no character: it is read as U+FFFD, as decoders do, or
    refused where `half` is None.
    """
    if not _vast(text):
        # What orjson refuses and Python takes (halves, NaN, another encoding) is read below, which also says what is
        # wrong with the rest.
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            pass
        else:
            return _checked(value, half, 0) if _deep(text) else value
    text = decoded(text)
    try:
        value = json.loads(
            text,
            parse_constant=constant,
            parse_int=lambda digits: _whole(digits, constant),
            parse_float=lambda digits: _double(digits, constant),
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return _checked(value, half, 0)


def _vast(text: bytes | str) -> bool:
    """Whether a text may hold a whole number of more than 64 bits, of which orjson makes a double."""
    content = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    return _MANY in content.translate(_DIGITS) and _VAST.search(content) is not None


def _deep(text: bytes | str) -> bool:
    """Whether there are brackets enough in a text to be nested too deeply."""
    if isinstance(text, str):
        return text.count("[") + text.count("{") > DEEPEST
    return text.count(b"[") + text.count(b"{") > DEEPEST


def _whole(digits: str, constant: Callable[[str], Any]) -> Any:
    value = int(digits) if len(digits) < 30 else _LARGEST_WHOLE
    return value if -_LARGEST_WHOLE < value < _LARGEST_WHOLE else constant(digits)


def _double(digits: str, constant: Callable[[str], Any]) -> Any:
    value = float(digits)
    return constant(digits) if value in (float("inf"), float("-inf")) else value


def _checked(value: Any, half: str | None, depth: int) -> Any:
    """The value without halves of surrogate pairs. Raises ValueError where it is nested too deeply, or holds one."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if half is None and _HALF.search(value):
            raise ValueError("half a surrogate pair is no text")
        return _HALF.sub(half or "", value)
    if isinstance(value, list):
        return [_checked(item, half, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_checked(key, half, depth): _checked(item, half, depth + 1) for key, item in value.items()}
    return value


def parse_jsonl(content: bytes, constant: Callable[[str], Any] = _refuse_constant) -> list[tuple[int, Any]]:
    """The values of a JSONL file with their line numbers, counted from 1; blank lines are skipped.

    Raises ValueError naming the first line that is not JSON.
    """
    return list(parse_lines(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), constant))


def parse_lines(lines: Iterable[bytes], constant: Callable[[str], Any] = _refuse_constant) -> Iterator[tuple[int, Any]]:
    """As `parse_jsonl`, of lines as they come: it raises where it is at the line that is not JSON."""
    rest = iter(lines)
    for number, line in enumerate(rest, start=1):
        if line.strip():
            try:
                yield number, parse_json(line.rstrip(), constant)
            except ValueError as error:
                raise ValueError(f"line {number} is not JSON ({_flaw_of(line, error)}){_torn(line, rest)}") from None


def _torn(line: bytes, rest: Iterable[bytes]) -> str:
    """What to do where a file ends inside of a row; nothing of other lines."""
    text = line.strip()
    if not text.startswith(b'{"') or text.endswith(b"}") or any(one.strip() for one in rest):
        return ""
    return ": the file ends in the middle of this row: copy it again, or delete that line"


def _flaw_of(line: bytes, error: ValueError) -> str:
    """What is wrong with a line; Python's own way to print a row is told by its quotes."""
    if _PYTHON.match(line):
        return "it is a Python dict: JSON has double quotes, json.dumps(row) writes it"
    return flaw(error, line=False)


def flaw(error: ValueError, *, line: bool = True) -> str:
    """What is wrong with a text that is no JSON, and where; without the `line` where that is said already."""
    if not isinstance(error, json.JSONDecodeError):
        return str(error).splitlines()[0][:100]
    return f"{f'line {error.lineno}, ' if line else ''}column {error.colno}: {error.msg}"


def write_json(path: Path, value: Any) -> None:
    """Write a value as an indented JSON file, atomically."""
    write_atomically(path, [_encoded(value, indent=2), b"\n"])


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as a JSONL file, atomically."""
    write_atomically(path, (json_line(row) for row in rows))
