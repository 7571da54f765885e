"""What others bring, put into the registries. Nothing of theirs is imported before it is used.

A file is run only where the user names it, on the command line: never because a run folder or a recipe does.
"""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError
from hexcli.models.registry import FAMILIES
from hexcli.task import Task
from hexcli.tasks.registry import TASKS
from hexcli.voting.aggregators import AGGREGATORS
from hexcli.voting.calibration import Calibration
from hexcli.voting.rules import Aggregator, MissingSignalError, each
from hexcli.voting.votes import Decision, Election

SEPARATOR = ".py:"  # between a file and the name in it
AGGREGATOR_GROUP, TASK_GROUP, FAMILY_GROUP = "hexcli.aggregators", "hexcli.tasks", "hexcli.families"
BUILT_IN = "hex"


def register_installed(warn: Callable[[str], None]) -> None:
    """Put what installed packages offer into the registries, by name: nothing is imported.

    A name that is taken already stays what it is, with a warning.
    """
    for group, registry in ((TASK_GROUP, TASKS), (FAMILY_GROUP, FAMILIES), (AGGREGATOR_GROUP, AGGREGATORS)):
        for point in entry_points(group=group):
            offered: Any = _later(point) if registry is AGGREGATORS else point.value
            if point.name not in registry:
                registry[point.name] = offered
            elif where(group, point.name) == BUILT_IN:
                warn(f"{_package(point)} offers '{point.name}' in {group}, which hex has itself: left out")


def register_files(names: Sequence[str]) -> None:
    """Run the files that the user names as `mine.py:name`, and register what each is. Raises UsageError.

    One that takes one argument decides a problem at a time (Election -> Decision); one that takes two is a whole
    aggregator (see voting.aggregators).
    """
    for name in names:
        if SEPARATOR in name and name not in AGGREGATORS:
            AGGREGATORS[name] = _aggregator(_from_file(name), name)


def register_task(name: str | None) -> None:
    """As `register_files`, of a task: `mine.py:my_task`, a Task. Its name is then what was typed."""
    if name is None or SEPARATOR not in name or name in TASKS:
        return
    import dataclasses

    task = _from_file(name)
    if not isinstance(task, Task):
        raise UsageError(f"'{name}' is no task but {_kind(task)}: it has to be a hexcli.task.Task")
    module = _load(Path(name.rpartition(":")[0]))
    attribute = f"_hex_{name.rpartition(':')[2]}"
    setattr(module, attribute, dataclasses.replace(task, name=name))
    TASKS[name] = f"{module.__name__}:{attribute}"


def where(group: str, name: str) -> str:
    """Where something comes from: `hex`, a package with its version, or a file."""
    if SEPARATOR in name:
        return name.rpartition(":")[0]
    points = [point for point in entry_points(group=group) if point.name == name]
    registry: Any = {AGGREGATOR_GROUP: AGGREGATORS, TASK_GROUP: TASKS, FAMILY_GROUP: FAMILIES}[group]
    held = registry.get(name)
    theirs = [point for point in points if point.value == getattr(held, "offered", held)]
    return _package(theirs[0]) if theirs else BUILT_IN


def broken(group: str, name: str) -> str | None:
    """Why what a package offers cannot be loaded; None where it can."""
    for point in entry_points(group=group):
        if point.name == name and where(group, name) != BUILT_IN:
            try:
                _loaded(point)
            except HexError as error:
                return str(error)
    return None


def _later(point: EntryPoint) -> Aggregator:
    """An aggregator that is loaded when it first decides; one that cannot be is skipped, with the reason."""

    def decide(elections: Sequence[Election], calibration: Calibration | None) -> list[Decision]:
        try:
            found = _aggregator(_loaded(point), point.name)
        except HexError as error:
            raise MissingSignalError(str(error)) from None
        return found(elections, calibration)

    decide.offered = point.value  # type: ignore[attr-defined]
    return decide


def _aggregator(rule: Any, name: str) -> Aggregator:
    """A function of others as an aggregator that fails in one line."""
    if not callable(rule):
        raise UsageError(f"aggregator '{name}' is no function but {_kind(rule)}")
    try:
        whole = len(inspect.signature(rule).parameters) > 1
    except ValueError:  # built-in functions have none
        whole = False
    aggregator: Aggregator = rule if whole else each(rule)

    def decide(elections: Sequence[Election], calibration: Calibration | None) -> list[Decision]:
        try:
            found = list(aggregator(elections, calibration))
        except MissingSignalError:
            raise
        except Exception as error:  # whatever code of others raises, said and not hidden
            raise HexError(f"aggregator '{name}' failed: {_said(error)}") from error
        if len(found) != len(elections) or not all(isinstance(one, Decision) for one in found):
            raise HexError(f"aggregator '{name}' did not return a Decision for each problem")
        return found

    return decide


def _from_file(name: str) -> Any:
    file, _, attribute = name.rpartition(":")
    module = _load(Path(file))
    if not hasattr(module, attribute):
        raise UsageError(f"'{file}' has no '{attribute}'")
    return getattr(module, attribute)


@cache
def _load(path: Path) -> Any:
    """The module in a file, run once. Raises UsageError where it cannot be."""
    if not path.is_file():
        raise UsageError(f"cannot read '{path}': no such file")
    name = f"hexcli_file_{path.stem}_{abs(hash(path.resolve())):x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"'{path}' is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever code of others raises, said and not hidden
        del sys.modules[name]
        raise UsageError(f"'{path}' cannot be run: {_said(error)}") from error
    return module


def _loaded(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:  # whatever code of others raises, said and not hidden
        raise HexError(f"{_package(point)}: '{point.value}' cannot be loaded: {_said(error)}") from error


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"
