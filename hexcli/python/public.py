"""What every function of `import hexcli` has in common: how a wrong call, and an error in it, are told."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from hexcli.errors import HexError
from hexcli.python.keywords import bind
from hexcli.python.wording import worded

P = ParamSpec("P")
R = TypeVar("R")


def public(function: Callable[P, R]) -> Callable[P, R]:
    """The function, whose errors a notebook shows in a few lines: the message, in Python's words, and the cell.

    Raises ArgumentError where it is called with an argument that it does not have. What caused an error, a function
    of the user's own, stays with it.
    """

    @functools.wraps(function)
    def called(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            bind(function, arguments, named)
            return function(*arguments, **named)
        except HexError as error:
            worded(error)
            told: BaseException = error.with_traceback(None)
        except KeyboardInterrupt as stop:
            told = stop.with_traceback(None)
        raise told from told.__cause__

    return called
