"""stdout and stderr: nothing passes that a terminal would obey, and either may end early."""

import io
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from hexcli.errors import HexError
from hexcli.report.terminal import visible


class ReaderLeftError(Exception):
    """Nobody reads on, which is the reader's right."""


class Gate(io.TextIOWrapper):
    """A text stream that lets no control character through, in any encoding: what it lacks is escaped, too."""

    _kept: io.TextIOWrapper | None = None

    @classmethod
    def over(cls, stream: io.TextIOWrapper) -> Self:
        """A gate in front of the file of a stream, in its place."""
        gate = cls(
            stream.buffer,
            encoding=stream.encoding,
            errors="backslashreplace",
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )
        gate._kept = stream  # a stream that nobody holds closes its file
        return gate

    @property
    def styled(self) -> "Styled":
        """The same stream for report.console, whose own colours and cursor movements are to get through."""
        return Styled(self)

    def write(self, text: str) -> int:
        """Write the text, made visible. Raises TypeError on bytes: typer writes some to find out what this is."""
        if not isinstance(text, str):
            raise TypeError(f"a text stream takes no {type(text).__name__}")
        self.send(visible(text, lines=True))
        return len(text)

    def send(self, text: str) -> int:
        """Write the text as it is."""
        return super().write(text)


class Styled(io.TextIOBase):
    """A gate seen from report.console."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the gate."""
        return self._gate.encoding

    def write(self, text: str) -> int:
        """As Gate.send."""
        return self._gate.send(text)

    def flush(self) -> None:
        """As the gate's."""
        self._gate.flush()

    def isatty(self) -> bool:
        """As the gate's."""
        return self._gate.isatty()

    def fileno(self) -> int:
        """As the gate's."""
        return self._gate.fileno()


class Output(Gate):
    """stdout. It fails in words; with no OSError: typer and rich have answers of their own to a broken pipe."""

    failed = False

    def send(self, text: str) -> int:
        """Raises ReaderLeftError, or HexError where it cannot be written for another reason."""
        try:
            return super().send(text)
        except OSError as error:
            raise self._failure(error) from None

    def flush(self) -> None:
        """Raises as `send`."""
        try:
            super().flush()
        except OSError as error:
            raise self._failure(error) from None

    def _failure(self, error: OSError) -> Exception:
        self.failed = True
        if isinstance(error, BrokenPipeError):
            return ReaderLeftError()
        return HexError(f"cannot write the results to standard output: {error.strerror or error}")


class Messages(Gate):
    """stderr. What cannot be said there is not said: no work is lost over a message."""

    def send(self, text: str) -> int:
        """Never raises OSError."""
        try:
            return super().send(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        """Never raises OSError."""
        try:
            super().flush()
        except OSError:
            self._to_nowhere()

    def _to_nowhere(self) -> None:
        """Else every later flush tries to write what is waiting."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())


def watch_streams() -> None:
    """Put gates in front of sys.stdout and sys.stderr.

    One that is closed (`>&-`) leads to nowhere: else the next file opened has its number and gets what is meant for
    it, and `print(file=None)` makes results of warnings.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    out = sys.stdout or _nowhere()
    errors = sys.stderr or _nowhere()
    if isinstance(out, io.TextIOWrapper):
        sys.stdout = Output.over(out)
    if isinstance(errors, io.TextIOWrapper):
        sys.stderr = Messages.over(errors)


def _nowhere() -> io.TextIOWrapper:
    return Path(os.devnull).open("w", encoding="utf-8")


def flush_stdout() -> None:
    """Write what is waiting, while an error can still be told. Raises as Output.send."""
    if sys.stdout is not None:
        sys.stdout.flush()


def leave_stdout() -> None:
    """After a failure: Python is about to flush once more, and now that goes nowhere."""
    if isinstance(sys.stdout, Output) and sys.stdout.failed:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def warn(message: str) -> None:
    """A warning, in one line on stderr."""
    print(f"hex: warning: {visible(message)}", file=sys.stderr, flush=True)


def tell(message: str) -> None:
    """How the work goes, in one line on stderr."""
    print(visible(message), file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """JSON on stdout, in printable ASCII."""
    print(_ascii_json(value, indent=2))


def print_jsonl(rows: Iterable[Mapping[str, Any]]) -> None:
    """A line of JSON a row on stdout, in printable ASCII."""
    for row in rows:
        print(_ascii_json(row, indent=None))


def _ascii_json(value: object, indent: int | None) -> str:
    import json

    return json.dumps(value, indent=indent, allow_nan=False).replace("\x7f", "\\u007f")
