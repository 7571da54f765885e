"""What a call writes beside its runs, rows and a model: what fails leaves none of it behind, and speaks of no file."""

import contextlib
import re
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hexcli.errors import HexError, sized
from hexcli.files import why, write_atomically
from hexcli.python.rows import lines_of
from hexcli.python.said import model_said
from hexcli.python.weights import check, is_pair, save_model
from hexcli.python.wording import worded
from hexcli.runs.data_files import data_name, forget_unnamed, model_name

_SEVERAL = re.compile(r"several of its columns may be the (\w+): ([^;]*);")


class Written:
    """What a call writes of the rows and the model that it is given. Where it fails, and no run names a file that it
    made, that is taken away again; its error says `the data`, and what to do with rows that are in no file.

    told  what was written, in a line each, where it is large
    """

    def __init__(self) -> None:
        self.told: list[str] = []
        self._rows: list[tuple[Path, Any, str]] = []
        self._new: list[Path] = []

    def file(self, data: Any, beside: Path, what: str = "data") -> str | None:
        """The file of the task's rows; rows themselves are written to one in the folder `beside`, named by what is in
        it.

        So they are in the recipe and the run as a file's rows are, and `hex decode --data` finds them again. Raises
        UsageError where they are no rows, or hold what JSON has no word for.
        """
        if data is None or isinstance(data, str | Path):
            return None if data is None else str(data)
        content = lines_of(data, what)
        path = beside / data_name(content)
        self._rows.append((path, data, what if what.startswith("the ") else f"the {what}"))
        if not path.is_file() or path.read_bytes() != content:
            self._new = [path, *self._new] if beside.exists() else [path, *self._new, beside]
            beside.mkdir(parents=True, exist_ok=True)
            write_atomically(path, [content])
        return str(path)

    def model(self, model: object, beside: Path) -> str:
        """The model's name; one in memory is written to a folder in `beside`, named by what is in it.

        Raises UsageError on what is no model, HexError where it cannot be written.
        """
        if not is_pair(model):
            return model_said(model)
        assert isinstance(model, tuple)
        check(*model)
        try:
            if not beside.exists():
                beside.mkdir(parents=True)
                self._new.append(beside)
            with tempfile.TemporaryDirectory(prefix=".model-", dir=beside) as place:
                folder = Path(place) / "model"
                folder.mkdir()
                save_model(model, folder)
                path = beside / model_name(folder)
                if not path.exists():
                    size = sum(file.stat().st_size for file in folder.iterdir())
                    self._new.insert(0, folder.rename(path))
                    self.told.append(f"the model is written to {path}, {sized(size)}")
        except OSError as error:
            raise HexError(f"the model cannot be written to {beside}: {why(error)}") from None
        return str(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            return
        for path in self._new:  # a folder that was made for them comes last
            forget_unnamed(path)
            with contextlib.suppress(OSError):  # something is in it, or it is gone
                path.rmdir()
        if isinstance(error, HexError):
            worded(error, self._said)

    def _said(self, text: str) -> str:
        for path, data, what in self._rows:
            command = re.search(rf'hex decode --data "{re.escape(str(path))}:([^"]*)"', text)
            if command is not None:
                text = text.replace(command[0], _renamed(data, command[1], text))
            for name in (str(path), path.name):
                text = text.replace(f"{name} does not", f"{what} do not").replace(name, what)
        return text


def _renamed(data: Any, said: str, text: str) -> str:
    """`data=frame.rename(columns={'a': 'question'})`: rows with the columns that are `said` behind a file's name."""
    meant = {column: role for role, _, column in (part.partition("=") for part in said.split(","))}
    several = _SEVERAL.search(text)
    frame = hasattr(data, "columns") and callable(getattr(data, "rename", None))
    pandas = frame and callable(getattr(data, "to_dict", None)) and hasattr(data, "iloc")
    if several is not None:
        others = [name for name in several[2].split(", ") if meant.get(name) != several[1]]
        if frame:
            return f"data=frame.drop(columns={others})" if pandas else f"data=frame.drop({others})"
        return f"data=[{{name: row[name] for name in row if name not in {others}}} for row in rows]"
    if frame:
        return f"data=frame.rename({'columns=' if pandas else ''}{meant})"
    pairs = ", ".join(f"{role!r}: row[{column!r}]" for column, role in meant.items())
    return f"data=[{{{pairs}}} for row in rows]"
