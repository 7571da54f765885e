"""The problems of a task from its own dataset, or from a local file with rows in the dataset's format (`--data`)."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hexcli.errors import UsageError, beside
from hexcli.files import LARGEST_FILE, read_file, why
from hexcli.json_file import flaw, parse_json, parse_jsonl
from hexcli.records import Problem
from hexcli.task import Task
from hexcli.tasks.data.content import LARGEST_DATA, plain
from hexcli.tasks.data.rows import problems

Rows = list[tuple[int, Any]]
_ROWS = ("data", "rows", "examples", "instances", "items", "problems", "questions", "test")  # what rows are kept under
_MISSING = "\0"  # a cell that is not there; csv lets none of this text through


class Loaded(NamedTuple):
    """Problems, and the hash of the file that they are from; empty where they are the task's own."""

    problems: Sequence[Problem]
    data: str = ""


def load_problems(task: Task, data: str | None) -> Loaded:
    """The task's problems: those of the file at `data`, else its own.

    Raises UsageError naming the file, the row and the field, and HexError where the dataset cannot be had.
    """
    if data is None and (task.file is None or not Path(task.file).exists()):
        return Loaded(task.load())  # of a file that is not there, the task says where it is named
    if task.from_row is None:
        raise UsageError(
            f"task '{task.name}' makes its own problems: it takes no --data; name the task that the rows are of "
            "(--task gsm8k), or describe your own in YAML (--task mine.yaml)"
        )
    path = Path(task.file or "") if data is None else Path(data)
    content = _read(path)
    try:
        rows = _parse(path, content)
        found = problems(rows, str(path), task.fields, task.from_row)
    except ValueError as error:
        message = f"{error}{_own(task, path) if ': no field ' in str(error) else ''}"
        raise UsageError(message if message.startswith(str(path)) else f"{path}: {message}") from None
    if not found:
        raise UsageError(f"{path} holds no rows")
    return Loaded(found, f"sha256:{hashlib.sha256(content).hexdigest()}")


def _own(task: Task, path: Path) -> str:
    """What to do with rows that are none of a built-in task."""
    return "" if task.definition else f": rows of your own are a task themselves, --task {path} in its place"


def rows_of(path: Path) -> Rows:
    """The rows of a data file with their numbers, counted from 1. Raises UsageError or ValueError."""
    return _parse(path, _read(path))


def _read(path: Path) -> bytes:
    try:
        return read_file(path, LARGEST_FILE if path.suffix.lower() == ".json" else LARGEST_DATA)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {why(error)}{beside(path)}") from None


def _parse(path: Path, content: bytes) -> Rows:
    """The rows with their numbers, counted from 1. Raises ValueError."""
    name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    parse = FORMATS.get(name.suffix.lower())
    if parse is None:
        raise ValueError(f"its name must say what it is: {', '.join(FORMATS)}, or one of them with .gz")
    return parse(content if parse is _parquet else plain(content))


def _json(content: bytes) -> Rows:
    try:
        values = parse_json(content.rstrip())
    except ValueError as error:
        try:
            return parse_jsonl(content)  # lines under the name of JSON, as Dataset.to_json writes
        except ValueError:
            raise ValueError(f"not JSON ({flaw(error)})") from None
    rows = values if isinstance(values, list) else _inside(values)
    return list(enumerate([values] if rows is None else rows, start=1))


def _inside(value: Any) -> list[Any] | None:
    """The rows in an object that holds them under one key: alone (`{"data": [...]}`), or with what is about them.

    Raises ValueError where it has nothing but several such lists.
    """
    lists = {key: own for key, own in value.items() if _are_rows(own)} if isinstance(value, dict) else {}
    if len(lists) > 1 and len(lists) == len(value):
        raise ValueError(
            f"its rows are under {', '.join(map(repr, lists))}: put those that are meant into a file alone"
        )
    (key, rows), *others = lists.items() or [("", None)]
    return rows if rows and not others and (len(value) == 1 or key.lower() in _ROWS) else None


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _jsonl(content: bytes) -> Rows:
    """Rows, a line each; or all in one JSON value, under the name of lines."""
    try:
        rows = parse_jsonl(content)
    except ValueError:
        if content.lstrip()[:1] == b"[" and b"\n" in content.strip():
            return _json(content)
        raise
    one = rows[0][1] if len(rows) == 1 else None
    inside = one if isinstance(one, list) else _inside(one)
    return rows if inside is None else list(enumerate(inside, start=1))


def _csv(content: bytes, signs: str = ",;\t|") -> Rows:
    """Rows behind a header, whose cells are parted by the first of the signs that makes columns of it, all as long."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in content:
            raise ValueError("it is no text: export it as CSV") from None
        raise ValueError("not text in UTF-8: convert it, e.g. iconv -f CP1252 -t UTF-8 OLD.csv > NEW.csv") from None
    header = text.lstrip().split("\n", 1)[0]
    if header.startswith("{") and _is_json(header):
        raise ValueError("it is no CSV but JSON lines: call it .jsonl")
    fault: ValueError | None = None
    for sign in [one for one in signs if one in header] or [signs[0]]:
        try:
            rows = _cells(text, sign)
        except ValueError as error:
            fault = fault or error
            continue
        return rows
    assert fault is not None
    raise fault


def _is_json(line: str) -> bool:
    try:
        parse_json(line)
    except ValueError:
        return False
    return True


def _cells(text: str, sign: str) -> Rows:
    rows: list[dict[str, Any]] = []
    try:
        lines = io.StringIO(text, newline="")
        reader = csv.DictReader(lines, restkey="", restval=_MISSING, strict=True, delimiter=sign)
        _refuse_twice(reader.fieldnames or ())
        rows.extend(reader)
    except csv.Error as error:
        hint = ": a cell's quote is never closed" if "unexpected end" in str(error) else ""
        hint = hint or (": a quote inside a cell is written twice" if "expected after" in str(error) else "")
        raise ValueError(f"not CSV ({error}{hint}), after row {len(rows)}") from None
    for number, row in enumerate(rows, start=1):
        if _MISSING in row.values():
            raise ValueError(f"row {number} has fewer cells than the header")
        if "" in row and isinstance(row[""], list):
            raise ValueError(f"row {number} has more cells than the header (one with {sign!r} in it stands in quotes)")
    return list(enumerate(rows, start=1))


def _refuse_twice(header: Sequence[str]) -> None:
    """Raises ValueError where two columns have one name, of which only the last would be read."""
    for name, count in Counter(header).items():
        if name and count > 1:
            places = [str(place) for place, one in enumerate(header, start=1) if one == name]
            several = f"{', '.join(places[:-1])} and {places[-1]}"
            raise ValueError(
                f"its header names columns {several} alike, '{name}': rename them, or leave all but one out"
            )


def _tsv(content: bytes) -> Rows:
    return _csv(content, "\t")


def _parquet(content: bytes) -> Rows:
    import pyarrow
    import pyarrow.parquet

    try:
        rows = pyarrow.parquet.read_table(pyarrow.BufferReader(content)).to_pylist()
    except (pyarrow.ArrowException, OSError):
        torn = "" if content[:4] == content[-4:] == b"PAR1" else " (such a file begins and ends with PAR1)"
        raise ValueError(f"not parquet, or damaged{torn}: write or copy it again") from None
    return list(enumerate(rows, start=1))


FORMATS: dict[str, Callable[[bytes], Rows]] = {
    ".jsonl": _jsonl,
    ".json": _json,
    ".csv": _csv,
    ".tsv": _tsv,
    ".parquet": _parquet,
}
# Of these, what is a table of cells: its values may all be texts.
TABLES = {name: FORMATS[name] for name in (".csv", ".tsv", ".parquet")}


def table_of(path: Path) -> str | None:
    """Which of TABLES a file's name says that it is, packed or not; None for any other."""
    suffix = (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()
    return suffix if suffix in TABLES else None
