"""The functions of a task of one's own, guarded: one that fails, or gives what it must not, is told in one line."""

import dataclasses
import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

from hexcli.errors import HexError, place
from hexcli.plugins.failures import told
from hexcli.records import Problem
from hexcli.task import Prompt, Task


def guarded(task: Task, name: str) -> Task:
    """The task, its own functions guarded; those of hex's tasks, and those that are guarded already, stay.

    Each raises HexError naming the task, as the user has it, the function and its line.
    """
    found: dict[str, Any] = {}
    for part, (takes, check) in _PARTS.items():
        function = getattr(task, part)
        if function is not None and _theirs(function):
            found[part] = _guard(function, f"task '{name}': {part}{takes}", check)
    return dataclasses.replace(task, **found)


def _theirs(function: Any) -> bool:
    plain = inspect.unwrap(function) if callable(function) else function
    return not getattr(function, "guarded", False) and not str(getattr(plain, "__module__", "")).startswith("hexcli.")


def _guard(function: Any, called: str, check: Callable[[Any], Any]) -> Callable[..., Any]:
    if not callable(function):
        raise HexError(f"{called} is no function but {function!r:.40}")

    @functools.wraps(function)
    def guard(*arguments: Any) -> Any:
        try:
            found = function(*arguments)
            return check(list(found) if inspect.isgenerator(found) else found)
        except HexError:
            raise
        except _WrongError as wrong:
            raise HexError(f"{called} {wrong}") from None
        except Exception as error:  # whatever code of others raises, said and not hidden
            raise HexError(f"{called} failed{place(error, function)}: {told(error)}") from error

    guard.guarded = True  # type: ignore[attr-defined]
    return guard


class _WrongError(Exception):
    """What a function gave that it must not."""


def _problems(found: Any) -> Any:
    if not isinstance(found, Iterable) or isinstance(found, str | bytes | dict):
        raise _WrongError(f"gave {found!r:.60}: it gives a list of hexcli.records.Problem")
    problems = list(found)
    if not problems:
        raise _WrongError("gave no problem: there is nothing to decode")
    for number, one in enumerate(problems, start=1):
        if not isinstance(one, Problem):
            example = "Problem(id='a', question='3 + 4?', target='7')"
            raise _WrongError(f"gave {one!r:.60} as problem {number}: each is a hexcli.records.Problem, {example}")
        for field in ("id", "question"):
            if not isinstance(said := getattr(one, field), str) or not said.strip():
                raise _WrongError(f"gave problem {number} with {field}={said!r:.40}: it is a text, and not empty")
        if not isinstance(one.target, str | None):
            raise _WrongError(f"gave problem {number} with target={one.target!r:.40}: it is a text, or None")
    ids = [one.id for one in problems]
    if twice := next((one for one in ids if ids.count(one) > 1), None) if len(set(ids)) < len(ids) else None:
        raise _WrongError(f"gave two problems with id={twice!r:.40}: each has its own")
    return problems


def _prompt(found: Any) -> Any:
    if not isinstance(found, Prompt):
        raise _WrongError(f"gave {found!r:.60}: it gives a hexcli.task.Prompt, Prompt(text)")
    return found


def _answer(found: Any) -> Any:
    if not isinstance(found, str | None):
        raise _WrongError(f"gave {found!r:.60}: an answer is a text, or None where there is none")
    return found or None


def _verdict(found: Any) -> Any:
    if not isinstance(found, bool) and type(found).__name__ not in ("bool", "bool_"):
        raise _WrongError(f"gave {found!r:.60}: it gives True or False")
    return bool(found)


def _share(found: Any) -> Any:
    if isinstance(found, str | None) or not 0 <= found <= 1:
        raise _WrongError(f"gave {found!r:.60}: it gives a share from 0 to 1")
    return float(found)


# The functions of a task, what each takes, and what makes sure of what it gives.
_PARTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "load": ("()", _problems),
    "train": ("()", _problems),
    "prompt": ("(problem)", _prompt),
    "extract": ("(text, problem)", _answer),
    "equal": ("(answer, answer)", _verdict),
    "grade": ("(answer, target)", _verdict),
    "check": ("(answer, problem)", _verdict),
    "credit": ("(answer, target)", _share),
}
