"""A part of a run's problems, for a job of its own: `2/4` is the second of four, every fourth problem.

And what is meant by a part that is none.
"""

import re

from hexcli.errors import UsageError

MOST = 100_000


def shard_of(text: str) -> tuple[int, int]:
    """`2/4` -> (2, 4). Raises UsageError."""
    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    number, count = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= count <= MOST:
        ends = [int(found) for found in re.findall(r"[0-9]{1,6}", text)]
        meant = f": did you mean {min(ends)}/{max(ends)}?" if len(ends) == 2 and min(ends) > 0 else ""
        raise UsageError(f"shard must be I/N, the I-th of N parts, counted from 1 (2/4), not '{text}'{meant}")
    return number, count


def range_meant(text: str) -> str:
    """For a limit that is none: `: did you mean ...?`, its ends the right way round, or a plain number; or nothing."""
    plain = text.replace(" ", "")
    if number := re.fullmatch(r"([0-9]{1,3})[,_]?([0-9]{3})|([0-9]{1,6})k", plain):
        return f": did you mean {int(number[3]) * 1000 if number[3] else number[1] + number[2]}?"
    if ends := re.fullmatch(r"\[?([0-9]{1,9})(?:-|–|\.\.+|:|,|/|to)([0-9]{1,9})\]?", plain):
        return ": did you mean {}-{}?".format(*sorted((int(ends[1]), int(ends[2]))))
    if first := re.fullmatch(r"([0-9]{1,9})-", plain):
        return f": name its end, too, {first[1]}-{int(first[1]) + 49}"
    return ""
