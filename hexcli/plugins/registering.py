"""What others bring, put into the registries. Nothing of theirs is imported before it is used.

A file is run only where the user names it, on the command line: never because a run folder or a recipe does.
"""

import contextlib
import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError, place, plural
from hexcli.models.registry import FAMILIES
from hexcli.plugins.deciding import decided
from hexcli.plugins.failures import told
from hexcli.plugins.sources import (
    SEPARATOR,
    apart_from_results,
    content_hash,
    from_file,
    kind,
    loaded,
    package,
    parted,
)
from hexcli.remasking import OFFERED, REMASKING, Brought
from hexcli.tasks.registry import TASKS
from hexcli.voting.aggregators import AGGREGATORS
from hexcli.voting.calibration import Calibration
from hexcli.voting.rules import Aggregator, FailedRuleError, MissingSignalError, each
from hexcli.voting.votes import Decision, Election

AGGREGATOR_GROUP, TASK_GROUP, FAMILY_GROUP = "hexcli.aggregators", "hexcli.tasks", "hexcli.families"
REMASKING_GROUP = "hexcli.remasking"
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
                warn(_taken(point, group))
    for point in entry_points(group=REMASKING_GROUP):
        if point.name in REMASKING:
            warn(_taken(point, REMASKING_GROUP))
        else:
            OFFERED.setdefault(point.name, partial(_installed_rule, point))


def register_files(names: Sequence[str]) -> None:
    """Run the files that the user names as `mine.py:name`, and register what each is. Raises UsageError.

    One that takes one argument decides a problem at a time (Election -> Decision); one that takes two is a whole
    aggregator (see voting.aggregators).
    """
    for name in names:
        if SEPARATOR in name:
            AGGREGATORS[name] = _aggregator(from_file(name), name)


def register_function(rule: Callable[..., Any]) -> str:
    """As `register_files`, of a function itself, by its own name, which is returned: a notebook's cell run again
    replaces it. Raises UsageError where it has none, or another aggregator's.
    """
    name = getattr(rule, "__name__", "<")
    if not name.isidentifier():
        raise UsageError("an aggregator needs a name to be shown by: write it with def, not as a lambda")
    if not getattr(AGGREGATORS.get(name), "own", name not in AGGREGATORS):
        raise UsageError(f"'{name}' is the name of another aggregator: give your function one of its own")
    AGGREGATORS[name] = _aggregator(rule, name)
    AGGREGATORS[name].own = True  # type: ignore[attr-defined]
    return name


def register_rules(names: Iterable[Any]) -> None:
    """As `register_files`, of remasking rules: `mine.py:top_gap`, see sampling.remasking.Rule. Raises UsageError."""
    for name in names:
        for one in name if isinstance(name, list) else [name]:  # the values of a sweep
            if isinstance(one, str) and SEPARATOR in one:
                OFFERED[one] = partial(_rule_in, one)
                OFFERED[one]()


def require_rules(names: Iterable[str]) -> None:
    """Raises UsageError where --rule names no function in a file."""
    for name in names:
        if SEPARATOR not in name:
            raise UsageError(f"--rule takes a function in a file, FILE.py:NAME, not '{name}'")


def _rule_in(name: str) -> Brought:
    """The rule in a file: its hash is of the whole file."""
    (path, called), rule = parted(name), from_file(name)
    if not callable(rule):
        raise UsageError(f"remasking rule '{name}' is no function but {kind(rule)}")
    if wrong := _no_rule(rule):
        raise UsageError(f"remasking rule '{name}'{wrong}")
    plain = re.sub(r"[^\w.-]", "_", f"{path.stem}.{called}")
    return Brought(f"{plain}@{content_hash(path.read_bytes())}", rule)


def _no_rule(rule: Callable[..., Any]) -> str:
    """Why a function cannot be called as a rule is, with its line; empty where it can, or nothing tells."""
    try:
        signature = inspect.signature(rule)
    except ValueError:  # of a built-in function
        return ""
    try:
        signature.bind("probs", "tokens", "draws")
    except TypeError:
        code = getattr(inspect.unwrap(rule), "__code__", None)
        where = "" if code is None else f" (line {code.co_firstlineno})"
        return f"{where} takes ({', '.join(signature.parameters)}): a rule takes three, (probs, tokens, draws)"
    return ""


def _installed_rule(point: EntryPoint) -> Brought:
    """A rule of a package: its hash is of the package's version and the file that the function is in."""
    rule = loaded(point)
    if not callable(rule):
        raise HexError(f"{package(point)}: remasking rule '{point.name}' is no function but {kind(rule)}")
    if wrong := _no_rule(rule):
        raise HexError(f"{package(point)}: remasking rule '{point.name}'{wrong}")
    file = inspect.getsourcefile(inspect.unwrap(rule))
    source = Path(file).read_bytes() if file is not None else point.value.encode()
    plain = re.sub(r"[^\w.-]", "_", point.name)
    return Brought(f"{plain}@{content_hash(package(point).encode(), source)}", rule)


def where(group: str, name: str) -> str:
    """Where something comes from: `hex`, a package with its version, or a file."""
    if SEPARATOR in name:
        return str(parted(name)[0])
    points = [point for point in entry_points(group=group) if point.name == name]
    if group == REMASKING_GROUP:
        return package(points[0]) if points and name not in REMASKING else BUILT_IN
    registry: Any = {AGGREGATOR_GROUP: AGGREGATORS, TASK_GROUP: TASKS, FAMILY_GROUP: FAMILIES}[group]
    held = registry.get(name)
    theirs = [point for point in points if point.value == getattr(held, "offered", held)]
    return package(theirs[0]) if theirs else BUILT_IN


def broken(group: str, name: str) -> str | None:
    """Why what a package offers cannot be loaded; None where it can."""
    for point in entry_points(group=group):
        if point.name == name and where(group, name) != BUILT_IN:
            try:
                loaded(point)
            except HexError as error:
                return str(error)
    return None


def _later(point: EntryPoint) -> Aggregator:
    """An aggregator that is loaded when it first decides; one that cannot be is skipped, with the reason."""

    def decide(elections: Sequence[Election], calibration: Calibration | None) -> list[Decision]:
        try:
            found = _aggregator(loaded(point), point.name)
        except HexError as error:
            raise MissingSignalError(str(error)) from None
        return found(elections, calibration)

    decide.offered = point.value  # type: ignore[attr-defined]
    return decide


def _aggregator(rule: Any, name: str) -> Aggregator:
    """A function of others as an aggregator that fails in one line."""
    if not callable(rule):
        raise UsageError(f"aggregator '{name}' is no function but {kind(rule)}")
    if inspect.iscoroutinefunction(rule):
        raise UsageError(f"aggregator '{name}' is an async function: write it with def alone")
    aggregator: Aggregator = rule if _takes_all(rule, name) else each(rule)
    quiet = contextlib.nullcontext if name == getattr(rule, "__name__", "") else apart_from_results

    def decide(elections: Sequence[Election], calibration: Calibration | None) -> list[Decision]:
        try:
            with quiet():
                found: Any = aggregator(elections, calibration)
            whole = isinstance(found, Iterable) and not isinstance(found, str | bytes)
            decisions: list[object] = list(found) if whole else [found]
            return decided(decisions, elections)
        except MissingSignalError:
            raise
        except Exception as error:  # whatever code of others raises, said and not hidden
            raise FailedRuleError(f"it failed{place(error, rule)}: {told(error)}") from error

    return decide


def _takes_all(rule: Callable[..., Any], name: str) -> bool:
    """Whether a function takes all elections and the calibration, not one election. Raises UsageError on neither."""
    try:
        signature = inspect.signature(rule)
    except ValueError:  # built-in functions have none
        return False
    for number in (2, 1) if len(signature.parameters) > 1 else (1,):
        with contextlib.suppress(TypeError):
            signature.bind(*range(number))
            return number == 2
    raise UsageError(
        f"aggregator '{name}' takes {plural(len(signature.parameters), 'parameter')}: it must take one (an election), "
        "or two (all elections of the run, and the calibration)"
    )


def _taken(point: EntryPoint, group: str) -> str:
    return f"{package(point)} offers '{point.name}' in {group}, which hex has itself: left out"
