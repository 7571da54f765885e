"""A notebook run without jupyter: its code cells in order, each showing its last expression.

`python -m tests.python.notebooks FILE` runs it in an empty folder and keeps what its cells show in it.
"""

import ast
import contextlib
import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run_cells(notebook: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """What each code cell shows, as nbformat has it. Raises whatever a cell raises."""
    names: dict[str, Any] = {"__name__": "__main__"}
    return [_run("".join(cell["source"]), names, number) for number, cell in enumerate(code_cells(notebook), start=1)]


def _run(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    tree, printed, last = ast.parse(source), io.StringIO(), None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, f"cell {number}", "exec"), names)
        value = None if last is None else eval(compile(last, f"cell {number}", "eval"), names)
    shown: list[dict[str, Any]] = []
    if printed.getvalue():
        shown.append({"output_type": "stream", "name": "stdout", "text": lines(printed.getvalue())})
    if value is not None:
        data = {"text/plain": lines(repr(value))}
        if hasattr(value, "_repr_html_"):
            data["text/html"] = lines(value._repr_html_())
        shown.append({"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": data})
    return shown


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


if __name__ == "__main__":
    file = Path(sys.argv[1]).resolve()
    content = json.loads(file.read_text())
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        outputs = run_cells(content)
        os.chdir(file.parent)
    for count, (cell, output) in enumerate(zip(code_cells(content), outputs, strict=True), start=1):
        cell |= {"outputs": output, "execution_count": count}
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
