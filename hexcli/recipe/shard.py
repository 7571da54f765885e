"""A part of a run's problems, for a job of its own: `2/4` is the second of four, every fourth problem."""

import re

from hexcli.errors import UsageError

MOST = 100_000


def shard_of(text: str) -> tuple[int, int]:
    """`2/4` -> (2, 4). Raises UsageError."""
    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    number, count = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= count <= MOST:
        raise UsageError(f"shard must be I/N, the I-th of N parts, counted from 1 (2/4), not '{text}'")
    return number, count
