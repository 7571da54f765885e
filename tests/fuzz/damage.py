"""Files as disks, editors and strangers leave them: bytes changed anywhere, JSON with a value that does not belong."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

HOSTILE: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**31, 2**63, 10**30, 10**400, 1e308, -0.5, float("nan"), float("inf")),
    *("", " ", "x" * 5000, "\ud800", "\0", "\x1b]0;x\x07", "\u202e", "/dev/zero", "../../etc/passwd", "(a+)+$"),
    *([], {}, [[]], [None], [1, "a"], {"a": {}}, [[[[]]]] * 3),
)
PIECES = (b"\0", b"\xff", b"{", b"[" * 200, b'"', b"\n", b"1e999", b"NaN", b"\\ud800", b"{{", b"&a [*a]", b"- ", b": ")
Path = tuple[Any, ...]


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """The content after one to three mishaps."""
    lines = content.split(b"\n")
    kinds = [_bytes_changed(content)]
    if (value := _json(content)) is not None:
        kinds.append(_values_changed(value).map(_dumped))
    elif all(_json(line) is not None for line in lines if line):
        place = st.integers(0, len(lines) - 1 - (not lines[-1]))
        kinds.append(place.flatmap(lambda number: _line_changed(lines, number)))
    return st.one_of(kinds)


@st.composite
def _bytes_changed(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        stop = draw(st.one_of(st.integers(start, min(start + 8, len(content))), st.just(len(content))))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=4), st.just(b"")))
        content = content[:start] + piece + content[stop:]
    return content


@st.composite
def _values_changed(draw: st.DrawFn, value: Any) -> Any:
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(_paths(value))))
        value = _with(value, path, draw(st.sampled_from(HOSTILE)), gone=draw(st.booleans()) and bool(path))
    return value


def _line_changed(lines: list[bytes], number: int) -> st.SearchStrategy[bytes]:
    changed = _values_changed(_json(lines[number])).map(_dumped)
    return changed.map(lambda line: b"\n".join([*lines[:number], line, *lines[number + 1 :]]))


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in list(inside)[:40]:
        yield from _paths(item, (*path, name))


def _with(value: Any, path: Path, new: Any, *, gone: bool) -> Any:
    """The value with another one at the path, or with none."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1 and gone:
        del copy[path[0]]
    else:
        copy[path[0]] = _with(copy[path[0]], path[1:], new, gone=gone)
    return copy
