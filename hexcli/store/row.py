"""One row of the generation cache as bytes, which can tell whether they are still what was put. Pure."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hexcli.files import LARGEST_FILE
from hexcli.json_file import parse_json
from hexcli.keys import GENERATION, IDENTITY, canonical_json, key_of
from hexcli.records import Response

_DIGEST_BYTES = 32
_BEGIN, _BEHIND = b'{"about":', b',"response":{'


class RowRefusedError(ValueError):
    """These bytes are not a generation we put under this key; the text is the reason, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """A generation of the cache: `about` says what of (keys.generation_about), `response` what came out."""

    about: Mapping[str, Any]
    response: Response

    def to_dict(self) -> dict[str, Any]:
        """The row as one flat JSON object, its key first: a line of `hex cache export`."""
        return {"key": key_of(self.about), **self.about, **self.response.to_dict()}


def pack(row: StoredRow) -> bytes:
    """sha256 of the rest, then the row as zlib-compressed canonical JSON. Raises ValueError on NaN."""
    content = {"about": dict(row.about), "response": row.response.to_dict()}
    packed = zlib.compress(canonical_json(content))
    return hashlib.sha256(packed).digest() + packed


def unpack(key: str, value: object) -> StoredRow:
    """The row that `pack` made. Raises RowRefusedError unless it is whole and belongs to `key`."""
    if not isinstance(value, bytes):
        raise RowRefusedError("not bytes")
    digest, packed = value[:_DIGEST_BYTES], value[_DIGEST_BYTES:]
    if hashlib.sha256(packed).digest() != digest:
        raise RowRefusedError("checksum")
    # From here on the bytes are as somebody wrote them, which need not have been us.
    try:
        text = _unpacked(packed)
        content = parse_json(text, half=None)
        row = StoredRow(about=content["about"], response=Response.from_dict(content["response"]))
        owner = key if _says(text, key) and row.about.keys() == set(IDENTITY) else key_of(row.about)
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RowRefusedError(f"not a generation: {error}") from None
    if owner != key:
        raise RowRefusedError("it belongs to another key")
    return row


def _says(text: bytes, key: str) -> bool:
    """Whether a row as `pack` wrote it is of this key: its `about` stands there as the key is the hash of it.

    No text in it can end it: a quotation mark in a text has a backslash before it.
    """
    about = text[len(_BEGIN) : text.find(_BEHIND)]
    return text.startswith(_BEGIN) and GENERATION + hashlib.sha256(about).hexdigest() == key


def _unpacked(packed: bytes) -> bytes:
    """At most as much as a file may hold: a few bytes can be made to unpack into gigabytes."""
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(packed, LARGEST_FILE)
    if not unpacking.eof:
        raise ValueError("cut off, or too large")
    return text
