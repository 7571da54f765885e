"""Test-time scaling of masked diffusion language models: decode, sweep, vote, score, from Python as from the shell.

`import hexcli` costs nothing: its functions are loaded where they are first used (their types: `__init__.pyi`).
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:  # a signal must not find Python importing this, see cli/starting.py
    from typing import Any

__version__ = "0.2.0"

# Name -> the module in hexcli.python that has it.
_OFFERED = {
    "decode": "decoding",
    "sweep": "decoding",
    "load": "loading",
    "join": "loading",
    "vote": "counting",
    "score": "counting",
    "report": "counting",
    "compare": "comparing",
    "runs": "shelf",
    "plot": "shelf",
    "import_": "shelf",
}


def __getattr__(name: str) -> Any:
    if name not in _OFFERED:
        raise AttributeError(f"module 'hexcli' has no attribute '{name}'")
    return getattr(importlib.import_module(f"hexcli.python.{_OFFERED[name]}"), name)


def __dir__() -> list[str]:
    """What completion shows: the functions, and none of the folders and modules behind them."""
    return sorted([*_OFFERED, "__version__", "__doc__", "__file__", "__name__", "__path__"])


class _Called(ModuleType):
    """The folders hexcli/report and hexcli/runs, which are called as the functions of their names are."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return __getattr__(self.__name__.rpartition(".")[2])(*arguments, **named)


class _Top(ModuleType):
    """This module. Once anything imports hexcli.report, Python binds that name to the folder: it stays a function."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OFFERED and type(value) is ModuleType:
            value.__class__ = _Called
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Top
