"""What code of others raised, in one line that says what to do where that is known."""

import dataclasses
import sys

# What a file of one's own imports, by the names that the documents have.
_FROM = {
    **dict.fromkeys(("Vote", "Candidate", "Election", "Decision", "Tally"), "hexcli.voting.votes"),
    **dict.fromkeys(
        ("majority", "first", "confidence", "lowest_nll", "each", "MissingSignalError"), "hexcli.voting.rules"
    ),
    **dict.fromkeys(("Task", "Prompt", "Wording"), "hexcli.task"),
    **dict.fromkeys(("Problem", "Generation", "Response"), "hexcli.records"),
    **dict.fromkeys(("Tensor", "torch"), "torch"),
    "AGGREGATORS": "",
    "TASKS": "",
    "RULES": "",
}


def said(error: BaseException) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def told(error: BaseException) -> str:
    """An exception in one line, and what mends it, as far as that is known."""
    return f"{said(error)}{_mend(error)}"


def _mend(error: BaseException) -> str:
    if isinstance(error, NameError) and error.name:
        return _import_of(error.name)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _module(error.name)
    return names_there(error)


def _import_of(name: str) -> str:
    """`; write `from hexcli.voting.votes import Election` first`: for a name of ours, or a library's, not imported."""
    if name in _FROM:
        place = _FROM[name]
        if not place:
            return f"; a file of your own registers nothing: leave the line with {name} out"
        return f"; write `{f'import {name}' if name == place else f'from {place} import {name}'}` at its top"
    library = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot"}.get(name, name)
    if library != name:
        return f"; write `import {library} as {name}` at its top"
    return f"; write `import {name}` at its top" if name in sys.stdlib_module_names else ""


def _module(name: str) -> str:
    root = name.partition(".")[0]
    if root == "hexcli":
        return "; docs/adding.md has what there is to import"
    return f"; install {root} beside hex (python -m pip), or put {root}.py beside the file"


def names_there(error: BaseException) -> str:
    """`; Vote has answer, ...`: where code of others asked one of our dataclasses for what it has not."""
    asked = error.obj if isinstance(error, AttributeError) else None
    kind_of = type(asked)
    if not dataclasses.is_dataclass(kind_of) or not kind_of.__module__.startswith("hexcli."):
        return ""
    fields = [field.name for field in dataclasses.fields(kind_of) if not field.name.startswith("_")]
    methods = [name for name in dir(kind_of) if not name.startswith("_") and name not in fields]
    return f"; {kind_of.__name__} has {', '.join([*fields, *methods])}"
