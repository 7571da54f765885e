"""A signal while Python still imports: one line, exit code 130, no traceback."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.driving import as_in_a_terminal

# Sends itself a signal in the moment that a module is looked for.
CODE = """import os, sys

class Sender:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            for _ in range({times}):
                os.kill(os.getpid(), {number})

sys.meta_path.insert(0, Sender())
sys.argv = ["hex", "decode", "--limit", "1", "-s", "32"]
from hexcli.cli.starting import main
main()
"""


MOMENTS = ["hexcli.cli.main", "typer", "hexcli.cli.decode", "hexcli.engine.running"]
SIGNALS = [("SIGINT", 1), ("SIGINT", 5), ("SIGTERM", 1), ("SIGHUP", 2)]
ALL = [*((name, *each) for name in MOMENTS for each in SIGNALS), ("torch.nn", "SIGINT", 1)]


@pytest.mark.parametrize(("name", "how", "times"), ALL)
def test_a_signal_while_it_starts_is_one_line(name: str, how: str, times: int, tmp_path: Path) -> None:
    number = int(getattr(signal, how))
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(name=name, times=times, number=number)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        preexec_fn=as_in_a_terminal,
    )
    assert done.returncode == 130
    assert done.stderr.splitlines()[-1].startswith("hex: interrupted")
    assert done.stderr.count("interrupted") == 1
    assert "Traceback" not in done.stderr and "ignored" not in done.stderr
    assert done.stdout == ""


def test_nohup_is_heeded(tmp_path: Path) -> None:
    code = CODE.format(name="typer", times=1, number=int(signal.SIGHUP)).replace('"decode"', '"models"').split(', "--l')
    done = subprocess.run(
        [sys.executable, "-c", code[0] + "]\nfrom hexcli.cli.starting import main\nmain()\n"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert done.returncode == 0, done.stderr
    assert "tiny" in done.stdout
