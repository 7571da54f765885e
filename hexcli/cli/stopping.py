"""How a command that was interrupted ends: what is saved by then, and what goes on with it."""

from hexcli.cli.ending import INTERRUPTED
from hexcli.errors import HexError

BEGINS_AGAIN = "interrupted; the same command begins again"


class StoppedError(HexError):
    """Somebody ended a decode."""

    exit_code = INTERRUPTED


def stopped(kept: str, other: str = "") -> StoppedError:
    """The end of a decode that was interrupted; `kept`: where what is finished is saved, empty where nothing is.

    `other`: a command that goes on as the same one does.
    """
    if not kept:
        return StoppedError("interrupted before a generation was saved: the same command begins again")
    or_else = f" (or `{other}`)" if other else ""
    return StoppedError(f"interrupted; what is finished is saved {kept}: the same command goes on from there{or_else}")
