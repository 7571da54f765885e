"""Variables of the environment that hex reads, and those that were meant."""

import difflib
import os

from hexcli.cli.output import warn

KNOWN = "HEX_CACHE_DIR"


def warn_misspelt() -> None:
    """Warns of a variable that looks like the one there is, where that is not set: nobody would read it."""
    if KNOWN in os.environ:
        return
    ours = [name for name in os.environ if name.upper().startswith("HEX")]
    for name in difflib.get_close_matches(KNOWN, ours, n=1, cutoff=0.7):
        warn(f"{name} is set, and hex reads no such variable: did you mean {KNOWN}?")
