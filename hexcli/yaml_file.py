"""YAML files that people write: recipes and tasks."""

from pathlib import Path
from typing import Any

from hexcli.errors import UsageError


def parse_yaml(text: str) -> Any:
    """The value of a YAML text. Raises ValueError with one line, whatever is wrong with it."""
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        where = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ValueError(f"not YAML{where}: {error.problem}") from None
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as error:
        # PyYAML lets the errors of its constructors through: a date of month 13, int('0x_'), ...
        raise ValueError(f"not YAML: {str(error).splitlines()[0]}") from None


def read_mapping(path: Path, what: str, example: str) -> dict[Any, Any]:
    """The mapping that a YAML file holds. Raises UsageError naming the file and what is wrong in it."""
    try:
        fields = parse_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not a text file") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    if not isinstance(fields, dict):
        raise UsageError(f"{path} is not a {what}: it must be a mapping of fields ({example})")
    return fields
