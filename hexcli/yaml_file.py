"""YAML files that people write: recipes and tasks."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, beside
from hexcli.files import DEEPEST, LARGEST_FILE, read_file, why

# Values that one file may mean: an alias takes two characters and may stand for a million values.
MOST_VALUES = 1_000_000
# What PyYAML says, with its context, and what is to be done.
HINTS = (
    ("cannot start any token", "indent by spaces, and put texts that begin with a sign in quotes"),
    ("mapping values are not allowed", "a colon too many or one too few, or other spaces before it than before others"),
    ("while scanning a quoted scalar", "a quote is not closed"),
    ("unknown escape character", r"in double quotes \ begins a sign of YAML's: use single quotes or | (a block)"),
    ("escape sequence of", r"in double quotes \ begins a sign of YAML's: use single quotes or | (a block)"),
    ("could not find expected ':'", "a key has a colon and a space behind it"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing"),
    ("expected <block end>", "keys that belong together have the same spaces before them"),
    ("alias", "a text with * or & before it stands in quotes"),
)
# Directives, which libyaml compares each with all before it.
_MOST_DIRECTIVES = 1_000
# Characters of a number: in base 60 the time to read one grows with the square of them.
_LONGEST_NUMBER = 400
# Of texts up to here an error is told in the words of PyYAML's own parser, which name the character: it takes ten
# times as long as libyaml.
_SMALL = 1 << 16
# What stands behind a backslash in double quotes, and what YAML makes of it: no prompt has these, LaTeX has (\boxed).
_MADE = {
    **dict.fromkeys("nNLP", "a line break"),
    "a": "a bell",
    "b": "a backspace",
    "e": "an escape",
    "f": "a form feed",
    "v": "a vertical tab",
    "r": "a carriage return",
    "t": "a tab",
}
# `\r\n` is an end of line; a tab or a line break is meant unless a LaTeX command is what they make with what follows,
# and no word follows (`\tan apple`).
_ESCAPE = re.compile(
    r"\\(?:(?P<wrong>[abefvNLP]|r(?!\\n)|t(?=(?:ext(?:bf|it|rm|tt|sf)?|imes|heta|au|anh|frac|riangle|herefore|ilde)(?![a-z])"
    r"|(?:an|o)(?![a-z]| [a-z]{2}))|n(?=(?:abla|eq|otin)(?![a-z])))(?P<more>[A-Za-z]*)|.)",
    re.DOTALL,
)


class _LostError(ValueError):
    """It is YAML, but not what was meant."""


def parse_yaml(text: str) -> Any:
    """The value of a YAML text. Raises ValueError with one line, whatever is wrong with it.

    What JSON cannot hold either is wrong: numbers beyond 64 bits or the range of a double, half surrogate pairs; and so
    is LaTeX in double quotes, of which YAML makes other signs.
    """
    import yaml

    try:
        _count(text)
        value = yaml.load(text, Loader=_loader())
        _check(value)
        return value
    except yaml.MarkedYAMLError as error:
        told = _in_words(text) or error
        # What begins somewhere and has no end is wrong where it begins.
        mark = ("while scanning" in (told.context or "") and told.context_mark) or told.problem_mark
        where = f" in line {mark.line + 1}" if mark else ""
        about = f"{told.context} {told.problem}"
        hint = next((f": {says}" for theirs, says in HINTS if theirs in about), "")
        raise ValueError(f"not YAML{where}: {told.problem:.200}{hint}") from None
    except _LostError:
        raise
    except RecursionError:
        raise ValueError("not YAML: nested too deeply") from None
    except (yaml.YAMLError, ValueError) as error:  # also a date of month 13, int('0x_'), ...
        raise ValueError(f"not YAML: {str(error).partition(chr(10))[0]:.200}") from None
    except (ArithmeticError, LookupError, AttributeError):  # of PyYAML's constructors: `!!bool x`, 1:1:[...]:1.0
        raise ValueError("not YAML: it has a value that is not of its type") from None


def _count(text: str) -> None:
    """Raises ValueError where a text has too much in it to be made anything of: seen as libyaml reads on."""
    import yaml

    if text.count("\n%") > _MOST_DIRECTIVES:
        raise ValueError(f"it has more than {_MOST_DIRECTIVES:,} directives")
    seen = depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        if isinstance(event, yaml.ScalarEvent) and event.style == '"' and event.start_mark and event.end_mark:
            _refuse_escapes(text[event.start_mark.index : event.end_mark.index], event.start_mark.line + 1)
        begins = isinstance(event, yaml.CollectionStartEvent)
        depth += begins - isinstance(event, yaml.CollectionEndEvent)
        seen += begins or isinstance(event, yaml.NodeEvent)
        if depth > DEEPEST + 1:
            raise ValueError("nested too deeply")
        if seen > MOST_VALUES:
            raise ValueError(f"it means more than {MOST_VALUES:,} values")


def _refuse_escapes(source: str, line: int) -> None:
    """Raises ValueError where a text in double quotes, which begins in `line`, has a sign of YAML's for LaTeX."""
    for match in _ESCAPE.finditer(source):
        if sign := match["wrong"]:
            where = line + source.count("\n", 0, match.start())
            raise _LostError(
                f"line {where}: in double quotes \\{sign} is {_MADE[sign]}, so \\{sign}{match['more']} is lost: "
                "use single quotes or | (a block)"
            )


@cache
def _loader() -> Any:
    """PyYAML's safe loader, by libyaml where there is one (in all its wheels), with bounds of ours."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        def flatten_mapping(self, node: Any) -> None:
            """As PyYAML's, for `<<: *name`. Raises ValueError where merged mappings would be merged without end."""
            pairs = 0
            for key, value in node.value:
                if key.tag == "tag:yaml.org,2002:merge":
                    for part in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                        if isinstance(part, yaml.MappingNode):
                            self.flatten_mapping(part)
                            pairs += len(part.value)
                        if pairs > MOST_VALUES:
                            raise ValueError(f"it means more than {MOST_VALUES:,} values")
            super().flatten_mapping(node)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            """As PyYAML's, which lets the last of several equal keys win. Raises ConstructorError on the second."""
            seen = set()
            for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
                own = node.start_mark.index <= key.start_mark.index <= node.end_mark.index  # and is not merged
                name = (key.tag, key.value) if isinstance(key, yaml.ScalarNode) and own else None
                if name is not None and name in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' is said twice", key.start_mark)
                seen.add(name)
            return super().construct_mapping(node, deep)

    def number(loader: Any, node: Any) -> Any:
        if len(node.value) > _LONGEST_NUMBER:
            raise ValueError("a number of more than 64 bits")
        return getattr(loader, f"construct_yaml_{node.tag.rpartition(':')[2]}")(node)

    for kind in ("int", "float"):
        Loader.add_constructor(f"tag:yaml.org,2002:{kind}", number)
    return Loader


def _in_words(text: str) -> Any:
    """What PyYAML's own parser finds wrong with a small text; None where it finds nothing."""
    import yaml

    if len(text) <= _SMALL:
        try:
            yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            return error
    return None


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
        content = read_file(path, LARGEST_FILE)
        fields = parse_yaml(content.decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {why(error)}{beside(path)}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not a text file in UTF-8: save it as one") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    if not isinstance(fields, dict):
        fault = f"{path} is {'empty, and ' if fields is None else ''}not a {what}"
        space = ", a space behind each colon" if isinstance(fields, str) and ":" in fields else ""
        raise UsageError(f"{fault}: it must be a mapping of fields ({example}){space}")
    return fields


def yaml_text(fields: dict[str, Any]) -> str:
    """A mapping as YAML that people change: in its order, texts of several lines as such."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def represent_text(self, text: str) -> Any:
            return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)

    Dumper.add_representer(str, Dumper.represent_text)
    return yaml.dump(fields, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1000)


def quotes(value: Any) -> str:
    """What to add to the error for a value that should be text: `{question}` outside quotes is a mapping in YAML."""
    bare = isinstance(value, dict) and value and all(one is None for one in value.values())
    return ": put it in quotes" if bare else ""
