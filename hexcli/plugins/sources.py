"""What others bring, loaded: the things in Python files and in installed packages, every failure in one line."""

import dataclasses
import hashlib
import importlib.util
import sys
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError, deepest_line
from hexcli.files import read_file, why

LARGEST = 1 << 20  # bytes of a file of Python: to compile one takes seconds a megabyte


def from_file(name: str) -> Any:
    """What `mine.py:name` names. Raises UsageError."""
    file, _, attribute = name.rpartition(":")
    module = load_file(Path(file))
    if not hasattr(module, attribute):
        there = [name for name in vars(module) if not name.startswith("_")]
        raise UsageError(f"'{file}' has no '{attribute}': it has {', '.join(there) or 'nothing'}")
    return getattr(module, attribute)


def load_file(path: Path) -> Any:
    """The module in a file, run once as it is now. Raises UsageError where it cannot be."""
    content = content_hash(source_of(path))
    return _run(path.resolve(), content, str(path))


def source_of(path: Path) -> bytes:
    """What a Python file holds. Raises UsageError where it is none: a pipe, a device, or too large to be written."""
    try:
        return read_file(path, LARGEST)
    except FileNotFoundError:
        raise UsageError(f"cannot read '{path}': no such file; a rule of your own is -a FILE.py:NAME") from None
    except OSError as error:
        raise UsageError(f"cannot read '{path}': {why(error)}") from None


@cache
def _run(path: Path, content: str, called: str) -> Any:
    name = f"hexcli_file_{path.stem}_{content_hash(str(path).encode(), content.encode())}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"'{called}' is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        exec(compile(source_of(path), path, "exec"), module.__dict__)  # not by way of bytecode of what it was
    except UsageError:
        del sys.modules[name]
        raise
    except (Exception, SystemExit) as error:  # whatever code of others raises, said and not hidden
        del sys.modules[name]
        raise UsageError(f"'{called}'{_line(error, path)} cannot be run: {said(error)}") from error
    return module


def _line(error: BaseException, path: Path) -> str:
    """`, line 7,`: the deepest line of the file that failed; empty where none was run, as of wrong syntax."""
    number = deepest_line(error, str(path))
    return "" if number is None else f", line {number},"


def loaded(point: EntryPoint) -> Any:
    """What a package offers. Raises HexError where it cannot be imported."""
    try:
        return point.load()
    except Exception as error:  # whatever code of others raises, said and not hidden
        raise HexError(f"{package(point)}: '{point.value}' cannot be loaded: {said(error)}") from error


def package(point: EntryPoint) -> str:
    """The package of an entry point, with its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value


def said(error: BaseException) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def names_there(error: Exception) -> str:
    """`; Vote has answer, ...`: where code of others asked one of our dataclasses for what it has not."""
    asked = error.obj if isinstance(error, AttributeError) else None
    kind_of = type(asked)
    if not dataclasses.is_dataclass(kind_of) or not kind_of.__module__.startswith("hexcli."):
        return ""
    fields = [field.name for field in dataclasses.fields(kind_of) if not field.name.startswith("_")]
    methods = [name for name in dir(kind_of) if not name.startswith("_") and name not in fields]
    return f"; {kind_of.__name__} has {', '.join([*fields, *methods])}"


def kind(value: object) -> str:
    """What a value is instead."""
    return f"a {type(value).__name__}"


def content_hash(*parts: bytes) -> str:
    """12 hex digits of what a rule is made of."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]
