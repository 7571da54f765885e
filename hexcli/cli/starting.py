"""Where `hex` begins: a signal ends it in one line from here on, while Python still imports the rest."""

import os
import signal
from types import FrameType

from hexcli.cli.ending import INTERRUPTED, heeded


def main() -> None:
    """`hex`: the command line, see cli/main.py."""
    for number in heeded():
        signal.signal(number, _end)
    from hexcli.cli.main import main as command_line

    command_line()


def _end(number: int, frame: FrameType | None) -> None:
    """End at once: nothing is open yet, and raising in the middle of an import would print what it likes."""
    try:
        os.write(2, b"hex: interrupted before it began\n")
    finally:
        os._exit(INTERRUPTED)
