"""Writes api.md, the reference of the Python functions, from their docstrings: python docs/api.py"""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hexcli

INTRODUCTION = """# Python reference

`import hexcli` is all it takes; [Python](python.md) has an example. This page is made of the docstrings, by
`python docs/api.py`. Generations, votes, scores and plans are each a `Table`.

| type | is |
|---|---|
| `RunLike` | a run folder, as text or `Path`, or what `decode`, `sweep`, `load` and `join` return |
| `SideLike` | of `compare`: a run; a run and who of it, `(run, "8")`; or who alone, `"8"` |
| `ModelLike` | a short name, a folder, a hub id; or one in memory, `(network, tokenizer)` |
| `SchedulesLike` | `8`, `"8,16"`, `[8, 16]`, or schedules with fields, `["32@256:steps=64"]` |
| `AggregatorLike` | a name, `"mine.py:name"`, or a function |
| `DataLike`, `RowsLike` | a file's path (not of `RowsLike`), or rows: mappings, questions, a data frame, a dataset |
| `EqualLike` | a task's name, whose rule it is, or a function of two texts |

"""
# What the functions return, and the module that has it.
RETURNED = {
    "Plan": "hexcli.python.planning",
    "Generations": "hexcli.python.loading",
    "Votes": "hexcli.python.counting",
    "Scores": "hexcli.python.counting",
    "Comparison": "hexcli.python.comparing",
    "Table": "hexcli.python.table",
}
_COLUMNS = re.compile(r"^(\w+)(?:  +|  ?)(\S.*)$")


def reference() -> str:
    """The page."""
    functions = "\n".join(_function(name) for name in hexcli._OFFERED)
    return INTRODUCTION + functions + "\n" + "\n".join(_class(name, module) for name, module in RETURNED.items())


def _function(name: str) -> str:
    function = hexcli.__getattr__(name)
    tree = ast.parse(inspect.getsource(function)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    taken = [*tree.args.args, *tree.args.kwonlyargs, *([tree.args.kwarg] if tree.args.kwarg else [])]
    types = {one.arg: ast.unparse(one.annotation) for one in taken if one.annotation}
    parameters = inspect.signature(function).parameters
    returns = ast.unparse(tree.returns) if tree.returns else "None"
    rows = dict(_described(function, set(parameters)))
    lines = [f"## hexcli.{name}", "", f"Returns `{returns}`. {_paragraphs(function, set(parameters))}", ""]
    lines += ["| argument | type | default | |", "|---|---|---|---|"]
    for one, parameter in parameters.items():
        default = "" if parameter.default is inspect.Parameter.empty else f"`{_plain(parameter.default)}`"
        kind = types.get(one, "").replace("|", "\\|")
        lines.append(f"| `{one}` | `{kind}` | {default} | {_html(rows.get(one, ''))} |")
    return "\n".join(lines) + "\n"


def _class(name: str, module: str) -> str:
    found = getattr(importlib.import_module(module), name)
    fields = {*re.findall(r"^(\w+)  +", inspect.getdoc(found) or "", re.M)}
    lines = [f"## {name}", "", _paragraphs(found, fields), ""]
    rows = list(_described(found, fields))
    members = [
        (one, (inspect.getdoc(value) or "").split("\n")[0])
        for one, value in vars(found).items()
        if not one.startswith("_") and one not in dict(rows) and (callable(value) or isinstance(value, property))
    ]
    if rows or members:
        lines += ["| | |", "|---|---|"]
        lines += [f"| `.{one}` | {text} |" for one, text in rows]
        lines += [
            f"| `.{one}{'' if isinstance(vars(found)[one], property) else '()'}` | {text} |" for one, text in members
        ]
    return "\n".join(lines) + "\n"


def _described(documented: Any, names: set[str]) -> Iterator[tuple[str, str]]:
    """Each name with what the docstring says of it, lines that go on joined."""
    name, text = "", ""
    for line in (inspect.getdoc(documented) or "").split("\n"):
        match = _COLUMNS.match(line)
        if match and match[1] in names and "  " in line:
            if name:
                yield name, text
            name, text = match[1], match[2]
        elif name and line.startswith("    "):
            text += " " + line.strip()
        elif name:
            yield name, text
            name, text = "", ""
    if name:
        yield name, text


def _paragraphs(documented: Any, names: set[str]) -> str:
    """The docstring without the lines that describe names, a paragraph a line."""
    kept, inside = [], False
    for line in (inspect.getdoc(documented) or "").split("\n"):
        match = _COLUMNS.match(line)
        inside = bool(match and match[1] in names and "  " in line) or (inside and line.startswith("    "))
        if not inside:
            kept.append(line)
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", "\n".join(kept).strip())
    return re.sub(r"\n{2,}", "\n\n", text)


def _html(text: str) -> str:
    return text.replace("<", "&lt;")


def _plain(value: Any) -> str:
    return repr(value) if isinstance(value, str) else str(value)


if __name__ == "__main__":
    (Path(__file__).parent / "api.md").write_text(reference(), encoding="utf-8")
