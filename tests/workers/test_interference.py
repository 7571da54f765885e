"""Ctrl-C and closed streams: with workers the exit code is right, and the run the undisturbed one."""

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from tests.driving import go_on, rows, start, still, wait_for_rows
from tests.workers.test_processes import (
    COMMAND,
    GOES_ON,
    Token,
    keys,
    linux,
    tokens,
    wait_for_the_end,
    wait_for_workers,
)

WORKING = [*COMMAND, "--workers", "2", "-o", "run", "--json"]

pytestmark = pytest.mark.usefixtures("in_a_folder_of_its_own")


def manifest() -> Any:
    return json.loads(Path("run/run.json").read_text())


@linux
def test_ctrl_c_once_while_workers_decode_is_one_line_and_the_run_goes_on(
    wanted: Token, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = start(*WORKING, at=1)
    wait_for_rows("run", 1)
    workers = wait_for_workers(driver.pid)
    os.killpg(driver.pid, signal.SIGINT)  # as a terminal does
    out, err = driver.communicate(timeout=60)
    assert (driver.returncode, out) == (130, "")
    said = [line for line in err.splitlines() if "interrupt" in line.lower()]
    assert said == [f"hex: interrupted; what is finished is saved in run: {GOES_ON}"]
    assert err.splitlines()[-1] == said[0]
    assert "Traceback" not in err
    wait_for_the_end(workers)
    saved, kept = tokens("run"), keys()
    assert set(saved.items()) <= set(wanted.items())
    assert run([*COMMAND, "-o", "run", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["in_run"], again["decoded"]) == (len(saved), len(wanted) - len(kept)), "nothing is repeated"
    assert tokens("run") == wanted


def piped(streams: str) -> "subprocess.CompletedProcess[str]":
    """The command, its streams as a shell makes them; its exit code lies in `code`."""
    command = shlex.join([sys.executable, "-m", "hexcli", *WORKING])
    return subprocess.run(
        f"{{ {command} {streams}", shell=True, capture_output=True, text=True, timeout=200, check=False
    )


@pytest.mark.parametrize("streams", [">&-; echo $? >code; }", "; echo $? >code; } | head -0"])
def test_a_stdout_that_is_closed_or_left_costs_workers_nothing(streams: str, wanted: Token) -> None:
    done = piped(streams)
    assert Path("code").read_text() == "0\n", done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr and "Error" not in done.stderr
    assert tokens("run") == wanted
    assert manifest()["complete"]


@linux
def test_what_is_said_of_a_killed_worker_does_not_land_in_the_json_where_stderr_is_closed(wanted: Token) -> None:
    command = shlex.join([*still(1), *WORKING])
    with subprocess.Popen(f"exec {command} 2>&-", shell=True, stdout=subprocess.PIPE, text=True) as driver:
        wait_for_rows("run", 1)
        os.kill(wait_for_workers(driver.pid)[0], signal.SIGKILL)
        go_on()
        out, _ = driver.communicate(timeout=200)
    assert driver.returncode == 0
    assert json.loads(out)["decoded"] == len(wanted), "none is decoded twice"
    assert tokens("run") == wanted
    assert len(rows("run")) == len(wanted)
