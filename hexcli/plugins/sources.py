"""What others bring, loaded: the things in Python files and in installed packages, every failure in one line."""

import contextlib
import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError, beside, deepest_line
from hexcli.files import read_file, why
from hexcli.plugins.failures import told

SEPARATOR = ".py:"  # between a file and the name in it
LARGEST = 1 << 20  # bytes of a file of Python: to compile one takes seconds a megabyte


def from_file(name: str) -> Any:
    """What `mine.py:name` names. Raises UsageError."""
    path, attribute = parted(name)
    module = load_file(path)
    if not hasattr(module, attribute):
        there = ", ".join(name for name in vars(module) if not name.startswith("_")) or "nothing"
        if not attribute:
            raise UsageError(f"'{name}' names nothing in the file: {path}:NAME; it has {there}")
        raise UsageError(f"'{path}' has no '{attribute}': it has {there}")
    return getattr(module, attribute)


def parted(name: str) -> tuple[Path, str]:
    """The file and what is meant in it, of `mine.py:name`."""
    stem, _, attribute = name.rpartition(SEPARATOR)
    return Path(f"{stem}.py"), attribute


def load_file(path: Path) -> Any:
    """The module in a file, run once as it is now. Raises UsageError where it cannot be."""
    content = content_hash(source_of(path))
    return _run(path.resolve(), content, str(path))


def source_of(path: Path) -> bytes:
    """What a Python file holds. Raises UsageError where it is none: a pipe, a device, or too large to be written."""
    try:
        return read_file(path, LARGEST)
    except FileNotFoundError:
        raise UsageError(f"cannot read '{path}': no such file{beside(path)}") from None
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
        with beside_itself(path), apart_from_results():
            exec(compile(source_of(path), path, "exec"), module.__dict__)  # not by way of bytecode of what it was
    except UsageError:
        del sys.modules[name]
        raise
    except (Exception, SystemExit) as error:  # whatever code of others raises, said and not hidden
        del sys.modules[name]
        raise UsageError(f"'{called}'{_line(error, path)} cannot be run: {told(error)}") from error
    return module


@contextlib.contextmanager
def beside_itself(path: Path) -> Iterator[None]:
    """A file may import those beside it, behind all that is installed, as a script may."""
    folder = str(path.parent)
    sys.path.append(folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


@contextlib.contextmanager
def apart_from_results() -> Iterator[None]:
    """What code of others prints goes to stderr: stdout is what the command has found, --json too."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _line(error: BaseException, path: Path) -> str:
    """`, line 7,`: the deepest line of the file that failed; empty where none was run, as of wrong syntax."""
    number = deepest_line(error, str(path))
    return "" if number is None else f", line {number},"


def loaded(point: EntryPoint) -> Any:
    """What a package offers. Raises HexError where it cannot be imported."""
    try:
        return point.load()
    except Exception as error:  # whatever code of others raises, said and not hidden
        raise HexError(f"{package(point)}: '{point.value}' cannot be loaded: {told(error)}") from error


def package(point: EntryPoint) -> str:
    """The package of an entry point, with its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value


def kind(value: object) -> str:
    """What a value is instead."""
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def content_hash(*parts: bytes) -> str:
    """12 hex digits of what a rule is made of."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]
