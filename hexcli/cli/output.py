"""stdout that may end early: its reader leaves (`hex score | head`), or the disk it goes to is full."""

import io
import os
import sys

from hexcli.errors import HexError


class ReaderLeftError(Exception):
    """Nobody reads on, which is the reader's right."""


class Output(io.TextIOWrapper):
    """A text stream that fails in words. No OSError: typer and rich have answers of their own to a broken pipe."""

    failed = False

    def write(self, text: str) -> int:
        """Raises ReaderLeftError, or HexError where it cannot be written for another reason."""
        try:
            return super().write(text)
        except OSError as error:
            raise self._failure(error) from None

    def flush(self) -> None:
        """Raises as `write`."""
        try:
            super().flush()
        except OSError as error:
            raise self._failure(error) from None

    def _failure(self, error: OSError) -> Exception:
        self.failed = True
        if isinstance(error, BrokenPipeError):
            return ReaderLeftError()
        return HexError(f"cannot write the results to standard output: {error.strerror or error}")


def watch_stdout() -> None:
    """Make sys.stdout an Output, where there is one at all."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = Output(
            sys.stdout.buffer,
            encoding=sys.stdout.encoding,
            errors=sys.stdout.errors,
            line_buffering=sys.stdout.line_buffering,
            write_through=sys.stdout.write_through,
        )


def flush_stdout() -> None:
    """Write what is waiting, while an error can still be told. Raises as Output.write."""
    if sys.stdout is not None:
        sys.stdout.flush()


def leave_stdout() -> None:
    """After a failure: Python is about to flush once more, and now that goes nowhere."""
    if isinstance(sys.stdout, Output) and sys.stdout.failed:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def warn(message: str) -> None:
    """A warning, in one line on stderr."""
    print(f"hex: warning: {message}", file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """JSON on stdout."""
    import json

    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))
