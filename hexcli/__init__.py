"""Test-time scaling of masked diffusion language models: decode, sweep, vote, score, from Python as from the shell.

`import hexcli` costs nothing: its functions are loaded where they are first used (their types: `__init__.pyi`).
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from hexcli.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:  # a signal must not find Python importing this, see cli/starting.py
    from typing import Any

__version__ = VERSION

# Name -> the module in hexcli.python that has it.
_OFFERED = {
    "decode": "decoding",
    "sweep": "decoding",
    "plan": "planning",
    "plan_sweep": "planning",
    "load": "loading",
    "join": "loading",
    "vote": "counting",
    "majority": "answers",
    "score": "counting",
    "report": "counting",
    "compare": "comparing",
    "runs": "shelf",
    "plot": "shelf",
    "import_": "shelf",
    "models": "catalog",
    "tasks": "catalog",
    "aggregators": "catalog",
    "recipes": "catalog",
}


_ERRORS = ("HexError", "UsageError", "ArgumentError", "NotDownloadedError")
__all__ = [*_OFFERED, *_ERRORS, "errors"]


def __getattr__(name: str) -> Any:
    if name in _OFFERED:
        return getattr(importlib.import_module(f"hexcli.python.{_OFFERED[name]}"), name)
    if name == "errors" or name in _ERRORS:
        errors = importlib.import_module("hexcli.errors")
        return errors if name == "errors" else getattr(errors, name)
    if name.startswith("_"):
        raise AttributeError(f"module 'hexcli' has no attribute '{name}'")
    raise importlib.import_module("hexcli.python.keywords").no_function(name, __all__)


def __dir__() -> list[str]:
    """What completion shows: the functions, the errors, and none of the folders and modules behind them."""
    return sorted([*__all__, "__version__", "__doc__", "__file__", "__name__", "__path__"])


class _Called(ModuleType):
    """A folder of hexcli that has a function's name (report, runs, models, tasks), called as that function is."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return __getattr__(self.__name__.rpartition(".")[2])(*arguments, **named)


class _Top(ModuleType):
    """This module. Once anything imports hexcli.report, Python binds that name to the folder: it stays a function."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OFFERED and type(value) is ModuleType:
            value.__class__ = _Called
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Top
