"""YAML files that people write: recipes and tasks."""

from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, beside
from hexcli.files import DEEPEST, read_file, why

# Of a file written by hand: a parser in Python takes some ten seconds for so much.
LARGEST = 1 << 20
# Values that one file may mean: an alias takes two characters and may stand for a million values.
MOST_VALUES = 1_000_000
# What PyYAML says, with its context, and what is to be done.
HINTS = (
    ("cannot start any token", "indent by spaces, and put texts that begin with a sign in quotes"),
    ("mapping values are not allowed", "a colon too many or one too few, or other spaces before it than before others"),
    ("while scanning a quoted scalar", "a quote is not closed"),
    ("could not find expected ':'", "a key has a colon and a space behind it"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing"),
    ("expected <block end>", "keys that belong together have the same spaces before them"),
    ("alias", "a text with * or & before it stands in quotes"),
)


def parse_yaml(text: str) -> Any:
    """The value of a YAML text. Raises ValueError with one line, whatever is wrong with it.

    What JSON cannot hold either is wrong: numbers beyond 64 bits or the range of a double, half surrogate pairs.
    """
    import yaml

    try:
        value = yaml.safe_load(text)
        _check(value)
        return value
    except yaml.MarkedYAMLError as error:
        # What begins somewhere and has no end is wrong where it begins.
        mark = ("while scanning" in (error.context or "") and error.context_mark) or error.problem_mark
        where = f" in line {mark.line + 1}" if mark else ""
        about = f"{error.context} {error.problem}"
        hint = next((f": {says}" for theirs, says in HINTS if theirs in about), "")
        raise ValueError(f"not YAML{where}: {error.problem}{hint}") from None
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as error:
        # PyYAML lets the errors of its constructors through: a date of month 13, int('0x_'), ...
        raise ValueError(f"not YAML: {str(error).splitlines()[0]}") from None


def _check(value: Any) -> None:
    """Raises ValueError where a value is one of those that `parse_yaml` refuses."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            raise ValueError("nested too deeply")
        if seen > MOST_VALUES:
            raise ValueError(f"it means more than {MOST_VALUES:,} values")
        if isinstance(part, dict):
            waiting += [(item, depth + 1) for pair in part.items() for item in pair]
        elif isinstance(part, list | tuple | set):
            waiting += [(item, depth + 1) for item in part]
        elif isinstance(part, int) and not -(2**64) < part < 2**64:
            raise ValueError("a number of more than 64 bits")
        elif isinstance(part, str) and any("\ud800" <= char <= "\udfff" for char in part):
            raise ValueError("half a surrogate pair is no text")


def read_mapping(path: Path, what: str, example: str) -> dict[Any, Any]:
    """The mapping that a YAML file holds. Raises UsageError naming the file and what is wrong in it."""
    try:
        content = read_file(path, LARGEST)
        fields = parse_yaml(content.decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {why(error)}{beside(path)}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not a text file") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    if not isinstance(fields, dict):
        fault = f"{path} is {'empty, and ' if fields is None else ''}not a {what}"
        space = ", a space behind each colon" if isinstance(fields, str) and ":" in fields else ""
        raise UsageError(f"{fault}: it must be a mapping of fields ({example}){space}")
    return fields


def quotes(value: Any) -> str:
    """What to add to the error for a value that should be text: `{question}` outside quotes is a mapping in YAML."""
    bare = isinstance(value, dict) and value and all(one is None for one in value.values())
    return ": put it in quotes" if bare else ""
