"""Signals that end a command: once is enough, and none is lost."""

import subprocess
import sys

import pytest

from hexcli.cli.ending import AT_ONCE, ENDING, INTERRUPTED

START = """
import os, signal, time
from hexcli.cli import ending

def send(name):
    os.kill(os.getpid(), getattr(signal, name))

for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(one, signal.default_int_handler)
ending.Ending().watch()
"""
IN_A_FINALIZER = """
class Finalizer:
    def __del__(self):
        send({name!r})

try:
    Finalizer()
    for _ in range(6000):
        time.sleep(0.01)
    print("nobody told")
except KeyboardInterrupt:
    print("told")
"""
AGAIN = """
ending.PATIENCE = {patience}
try:
    send("SIGINT")
except KeyboardInterrupt:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        send(name)
    print("saved")
"""


def ends(code: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-c", START + code], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", ENDING)
def test_a_signal_that_comes_inside_a_finalizer_is_told_again(name: str) -> None:
    """Python drops what is raised there; the command would go on, deaf to every further Ctrl-C."""
    assert ends(IN_A_FINALIZER.format(name=name)) == (0, "told\n", "")


def test_what_is_being_saved_is_saved_however_often_one_asks() -> None:
    assert ends(AGAIN.format(patience=3600)) == (0, "saved\n", "")


def test_who_asks_again_after_a_while_is_not_left_waiting() -> None:
    assert ends(AGAIN.format(patience=0)) == (INTERRUPTED, "", AT_ONCE.decode())


def test_a_signal_that_is_told_again_before_the_dropped_one_is_through_is_not_lost() -> None:
    slow = "start = ending.threading.Thread.start\n"
    slow += "ending.threading.Thread.start = lambda self: (start(self), time.sleep(0.2))\n"
    assert ends(slow + IN_A_FINALIZER.format(name="SIGTERM")) == (0, "told\n", "")


def test_signals_that_come_while_python_ends_do_not_change_the_exit_code_of_a_command_that_is_done() -> None:
    told = "import atexit, sys\nnumbers = [getattr(signal, name) for name in ending.ENDING]\n"
    told += "atexit.register(lambda: print({signal.getsignal(one).name for one in numbers}))\n"
    run = "sys.argv = ['hex', '--version']\nfrom hexcli.cli.main import main\nmain()\n"
    code, out, err = ends(told + run)
    assert (code, out.splitlines()[1:], err) == (0, ["{'SIG_IGN'}"], "")
