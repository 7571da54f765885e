"""Texts, packed: problems in a few hundred kilobytes together, compressed, and opened by the page when asked for."""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_TOGETHER = 400_000  # characters of JSON in a chunk: some 50 ms to open, and large enough to compress well
_LEVEL = 6


def pack(value: Any) -> str:
    """A value as JSON, compressed (zlib), in letters that need no escape anywhere."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), _LEVEL)).decode()


def chunks(problems: Iterable[Mapping[str, Any]]) -> Iterator[tuple[list[str], str]]:
    """The problems' ids and the packed list of them, chunk by chunk, in order. Each problem has an `id`."""
    own: list[Mapping[str, Any]] = []
    size = 0
    for problem in problems:
        length = sum(len(vote["text"]) + 500 for vote in problem["votes"]) + len(problem["question"])
        if own and size + length > _TOGETHER:
            yield [one["id"] for one in own], pack(own)
            own, size = [], 0
        own.append(problem)
        size += length
    if own:
        yield [one["id"] for one in own], pack(own)
