"""How a command that was interrupted ends: what is saved by then, and what goes on with it."""

import contextlib
from collections.abc import Callable, Iterator

from hexcli.cli.ending import INTERRUPTED
from hexcli.errors import HexError

BEGINS_AGAIN = "interrupted; the same command begins again"


class StoppedError(HexError):
    """Somebody ended a decode. `empty`: before anything of this run was there."""

    exit_code = INTERRUPTED

    def __init__(self, message: str, *, empty: bool = False) -> None:
        super().__init__(message)
        self.empty = empty


def stopped(kept: str, other: str = "") -> StoppedError:
    """The end of a decode that was interrupted; `kept`: where what is finished is saved, empty where nothing is.

    `other`: a command that goes on as the same one does.
    """
    if not kept:
        said = "interrupted before the first generation was finished: the same command begins again"
        return StoppedError(said, empty=True)
    or_else = f" (or `{other}`)" if other else ""
    return StoppedError(f"interrupted; what is finished is saved {kept}: the same command goes on from there{or_else}")


@contextlib.contextmanager
def telling(how: Callable[[], HexError]) -> Iterator[None]:
    """Where Ctrl-C ends what is inside, that is told as this says."""
    try:
        yield
    except KeyboardInterrupt:
        raise how() from None
