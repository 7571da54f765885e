"""The processes that run math-verify: they start once, can be killed, and never outlive who asked."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from hexcli.answers import mathverify
from hexcli.answers.mathverify import equal_expressions

WORKER = Path(mathverify.__file__).with_name("mathverify_worker.py")
BOMB = ("9^{9^{9^9}}", "9^{9^{9^8}}")
posix = pytest.mark.skipif(os.name != "posix", reason="signals")


def python(code: str, **options: object) -> "subprocess.Popen[str]":
    """A Python that can name its workers and prints as it goes."""
    start = "import os, sys\nfrom hexcli.answers import mathverify\nequal_expressions = mathverify.equal_expressions\n"
    worker = "def worker():\n    return mathverify._pool(os.getpid())._idle[0]._process.pid\n"
    command = [sys.executable, "-u", "-W", "error", "-c", start + worker + code]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload,no-any-return]


def ended(process: int) -> bool:
    """Whether a process that is not our child ends within a few seconds."""
    for _ in range(200):
        with suppress(ProcessLookupError):
            os.kill(process, 0)
            time.sleep(0.05)
            continue
        return True
    return False


def test_it_knows_algebra() -> None:
    assert equal_expressions("x^2-1", "(x-1)(x+1)")
    assert not equal_expressions("x^2-1", "(x-1)(x+2)")
    assert not equal_expressions(r"\frac{", "1")
    assert not equal_expressions("x" * 301, "x" * 301)


def test_a_pair_is_asked_once_in_either_order() -> None:
    equal_expressions("y+2", "2+y")
    before = mathverify._asked.cache_info().misses
    assert equal_expressions("y+2", "2+y") and equal_expressions("2+y", "y+2")
    assert mathverify._asked.cache_info().misses == before


def test_a_bomb_is_killed_and_the_next_question_answered() -> None:
    with pytest.raises(TimeoutError, match="could not be compared in 2 s"):
        equal_expressions(*BOMB)
    assert equal_expressions("z+1", "1+z")
    with pytest.raises(TimeoutError):  # remembered
        equal_expressions(*reversed(BOMB))


def test_threads_ask_at_the_same_time() -> None:
    answers: dict[int, bool] = {}

    def ask(number: int) -> None:
        answers[number] = equal_expressions(f"t+{number}", f"{number // 2 * 2}+t")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: number % 2 == 0 for number in range(12)}
    assert len(mathverify._pool(os.getpid())._idle) <= (os.cpu_count() or 1)


def test_a_worker_that_died_is_replaced() -> None:
    assert equal_expressions("u+1", "1+u")
    for worker in mathverify._pool(os.getpid())._idle:
        worker._process.kill()
        worker._process.wait()
    assert equal_expressions("u+2", "2+u")


@posix
def test_it_ends_with_the_process_that_asked() -> None:
    asking = python("assert equal_expressions('x+1', '1+x')\nprint(worker())")
    out, err = asking.communicate()
    assert (asking.returncode, err) == (0, "")
    assert ended(int(out))


@posix
def test_it_ends_when_that_process_is_killed() -> None:
    asking = python("equal_expressions('x+1', '1+x')\nprint(worker())\nsys.stdin.read()", stdin=subprocess.PIPE)
    assert asking.stdout is not None
    worker = int(asking.stdout.readline())
    asking.kill()
    asking.communicate()
    assert ended(worker)


@posix
def test_ctrl_c_in_a_comparison_ends_both() -> None:
    code = f"equal_expressions('x+1', '1+x')\nprint(worker())\nequal_expressions(*{BOMB!r})"
    # Tests that run in the background inherit a SIGINT that is ignored; a terminal's is not.
    asking = python(code, start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert asking.stdout is not None
    worker = int(asking.stdout.readline())
    time.sleep(0.5)  # into the bomb
    os.killpg(asking.pid, signal.SIGINT)  # as a terminal does: to everybody
    _, err = asking.communicate()
    assert err.strip().endswith("KeyboardInterrupt")
    assert asking.returncode == -signal.SIGINT
    assert ended(worker)


@posix
def test_a_fork_has_workers_of_its_own() -> None:
    code = """
assert equal_expressions('x+1', '1+x')
child = os.fork()
assert equal_expressions('x+2', '2+x') and not equal_expressions('x+2', '3+x')
if child:
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), equal_expressions('x+3', '3+x'))
"""
    out, _ = python(code).communicate()
    assert out.split() == ["0", "True"]


@pytest.mark.parametrize("task", ["sums", "gsm8k"])
def test_other_tasks_are_scored_without_it(task: str, tmp_path: Path) -> None:
    for name in ("run.json", "generations.jsonl"):
        text = (Path(__file__).parents[1] / "golden" / "run" / name).read_text(encoding="utf-8")
        text = text.replace('"task": "sums"', f'"task": "{task}"').replace('"target": null', '"target": "4"')
        (tmp_path / name).write_text(text, encoding="utf-8")
    code = f"""
import sys
from hexcli.cli.main import run
assert run(["score", {str(tmp_path)!r}, "--json"]) == 0
assert not {{"hexcli.answers.mathverify", "math_verify", "sympy"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_nothing_of_it_is_imported_here() -> None:
    code = "assert equal_expressions('x+1', '1+x')\nprint({'sympy', 'math_verify'} & set(sys.modules))"
    assert python(code).communicate() == ("set()\n", "")


def test_without_math_verify_there_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "math_verify.py").write_text("raise ImportError('no math-verify on this machine')\n")
    _, err = python("equal_expressions('x+1', '1+x')", env={**os.environ, "PYTHONPATH": str(tmp_path)}).communicate()
    assert err.strip().endswith("math-verify, which grades math, does not start: no math-verify on this machine")


def test_it_needs_neither_alarms_nor_resource_limits() -> None:
    code = f"""
import runpy, signal, sys
sys.modules["resource"] = None
del signal.alarm
runpy.run_path({str(WORKER)!r}, run_name="__main__")
"""
    lines = "".join(json.dumps(pair) + "\n" for pair in (["x+1", "1+x"], ["x+1", "2+x"]))
    done = subprocess.run([sys.executable, "-c", code], input=lines, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ready", "1", "0"]


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit")
def test_its_memory_is_limited() -> None:
    import resource

    assert equal_expressions("v+1", "1+v")
    (worker, *_) = mathverify._pool(os.getpid())._idle
    assert resource.prlimit(worker._process.pid, resource.RLIMIT_AS) == (1 << 30, 1 << 30)
