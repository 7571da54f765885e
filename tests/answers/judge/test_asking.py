"""The processes that run sympy: they start once, can be killed, and never outlive who asked."""

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

from hexcli.answers.judge import asking
from hexcli.answers.math.question import question
from hexcli.answers.math.reading import read
from tests.driving import as_in_a_terminal

WORKER = Path(asking.__file__).with_name("worker.py")
# What no question of ours is: numbers that are worked out for ever.
BOMB = json.dumps(["equal", ["^", ["n", "9", "1"], ["^", ["n", "9", "1"], ["n", "9", "1"]]], ["n", "3", "1"]])
START = """
import os, sys
from hexcli.answers.judge import asking
from hexcli.answers.math.question import question
from hexcli.answers.math.reading import read
def equal(a, b):
    return asking.equal_expressions(question("equal", read(a), read(b)))
def worker():
    return asking._pool(os.getpid())._idle[0]._process.pid
"""
posix = pytest.mark.skipif(os.name != "posix", reason="signals")


def python(code: str, **options: object) -> "subprocess.Popen[str]":
    """A Python that can name its workers and prints as it goes."""
    command = [sys.executable, "-u", "-W", "error", "-c", START + code]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload,no-any-return]


def ask(kind: str, a: str, b: str) -> str:
    one, two = read(a), read(b)
    assert one is not None and two is not None
    return question(kind, one, two)


def equal(a: str, b: str) -> bool:
    return asking.equal_expressions(ask("equal", a, b))


def ended(process: int) -> bool:
    """Whether a process that is not our child ends within a minute."""
    for _ in range(1200):
        with suppress(ProcessLookupError):
            os.kill(process, 0)
            time.sleep(0.05)
            continue
        return True
    return False


@pytest.mark.parametrize(
    ("kind", "a", "b", "same"),
    [
        ("equal", "x^2-1", "(x-1)(x+1)", True),
        ("equal", "x^2-1", "(x-1)(x+2)", False),
        ("equal", r"\sin 75^\circ", r"\frac{\sqrt6+\sqrt2}{4}", True),
        ("equal", r"\sin^2 x", r"1-\cos^2 x", True),
        ("equal", r"\ln 4", r"2\ln 2", True),
        ("equal", r"\ln x^2", r"2\ln x", True),
        ("equal", r"\sqrt{x^2}", "x", False),
        ("equal", r"\sqrt2+\ln 2", r"\sqrt2+\ln 2+10^{-80}", False),
        ("equal", r"f(2x)", "f(x+x)", True),
        ("equal", r"f(2x)", "f(x)", False),
        ("proportional", r"2\sin x-2y", r"3y-3\sin x", True),
        ("proportional", r"2\sin x-2y", r"3y-2\sin x", False),
        ("rising", r"2\sin x-2y", r"3\sin x-3y", True),
        ("rising", r"2\sin x-2y", r"3y-3\sin x", False),
    ],
)
def test_it_knows_algebra(kind: str, a: str, b: str, same: bool) -> None:
    assert asking.equal_expressions(ask(kind, a, b)) == asking.equal_expressions(ask(kind, b, a)) == same


def test_a_pair_is_asked_once_in_either_order() -> None:
    equal("y+2", "2+y")
    before = asking._asked.cache_info().misses
    assert equal("y+2", "2+y") and equal("2+y", "y+2")
    assert asking._asked.cache_info().misses == before


def test_a_bomb_is_killed_and_the_next_question_answered() -> None:
    with pytest.raises(TimeoutError, match=r"not decided within 0\.6 s of processor time"):
        asking.equal_expressions(BOMB)
    assert equal("z+1", "1+z")
    with pytest.raises(TimeoutError):  # remembered
        asking.equal_expressions(BOMB)


def test_what_ended_a_process_is_asked_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, asked = asking._Pool(), []
    monkeypatch.setattr(asking._Worker, "ask", lambda worker, question: asked.append(question) or "")
    assert pool.ask("a question") is None
    assert asked == ["a question"] * 2


@posix
def test_a_machine_that_is_busy_elsewhere_changes_no_verdict() -> None:
    """A process that does not get to run for longer than a question may take: it is waited for."""
    assert equal("w+1", "1+w")
    process = asking._pool(os.getpid())._idle[-1]._process.pid  # who is asked next
    os.kill(process, signal.SIGSTOP)
    waking = threading.Timer(asking.SECONDS + 0.4, os.kill, (process, signal.SIGCONT))
    waking.start()
    try:
        assert equal(r"\sin 18^\circ", r"\frac{\sqrt5-1}{4}")
    finally:
        waking.join()
    assert asking._pool(os.getpid())._idle[-1]._process.pid == process  # nobody killed it


def test_threads_ask_at_the_same_time() -> None:
    answers: dict[int, bool] = {}

    def ask(number: int) -> None:
        answers[number] = equal(f"t+{number}", f"{number // 2 * 2}+t")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: number % 2 == 0 for number in range(12)}
    assert len(asking._pool(os.getpid())._idle) <= (os.cpu_count() or 1)


def test_a_worker_that_died_is_replaced() -> None:
    assert equal("u+1", "1+u")
    for worker in asking._pool(os.getpid())._idle:
        worker._process.kill()
        worker._process.wait()
    assert equal("u+2", "2+u")


@posix
def test_it_ends_with_the_process_that_asked() -> None:
    asking = python("assert equal('x+1', '1+x')\nprint(worker())")
    out, err = asking.communicate()
    assert (asking.returncode, err) == (0, "")
    assert ended(int(out))


@posix
def test_it_ends_when_that_process_is_killed() -> None:
    asking = python("equal('x+1', '1+x')\nprint(worker())\nsys.stdin.read()", stdin=subprocess.PIPE)
    assert asking.stdout is not None
    worker = int(asking.stdout.readline())
    asking.kill()
    asking.communicate()
    assert ended(worker)


@posix
def test_ctrl_c_in_a_comparison_ends_both() -> None:
    """Of which the worker stands still, so that it never ends before."""
    code = "equal('x+1', '1+x')\nprint(worker())\nsys.stdin.readline()\nprint('asks')\nequal('x+2', '2+x')"
    asking = python(
        code,
        stdin=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=as_in_a_terminal,
    )
    assert asking.stdout is not None and asking.stdin is not None
    worker = int(asking.stdout.readline())
    os.kill(worker, signal.SIGSTOP)
    print(file=asking.stdin, flush=True)
    assert asking.stdout.readline() == "asks\n"
    time.sleep(0.1)  # into the question, most often; before it, Ctrl-C ends both as well
    os.killpg(asking.pid, signal.SIGINT)  # as a terminal does: to everybody
    _, err = asking.communicate()
    assert err.strip().endswith("KeyboardInterrupt")
    assert asking.returncode == -signal.SIGINT
    assert ended(worker)


@posix
def test_a_fork_has_workers_of_its_own() -> None:
    code = """
assert equal('x+1', '1+x')
child = os.fork()
assert equal('x+2', '2+x') and not equal('x+2', '3+x')
if child:
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), equal('x+3', '3+x'))
"""
    out, _ = python(code).communicate()
    assert out.split() == ["0", "True"]


@pytest.mark.parametrize("task", ["sums", "gsm8k"])
def test_other_tasks_are_scored_without_it(task: str, tmp_path: Path) -> None:
    for name in ("run.json", "generations.jsonl"):
        text = (Path(__file__).parents[2] / "golden" / "run" / name).read_text(encoding="utf-8")
        text = text.replace('"task": "sums"', f'"task": "{task}"').replace('"target": null', '"target": "4"')
        (tmp_path / name).write_text(text, encoding="utf-8")
    code = f"""
import sys
from hexcli.cli.main import run
assert run(["score", {str(tmp_path)!r}, "--json"]) == 0
assert not {{"hexcli.answers.judge.asking", "math_verify", "sympy"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_nothing_of_it_is_imported_here() -> None:
    code = "assert equal('x+1', '1+x')\nprint({'sympy', 'math_verify'} & set(sys.modules))"
    assert python(code).communicate() == ("set()\n", "")


def test_without_sympy_there_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "sympy.py").write_text("raise ImportError('no sympy on this machine')\n")
    path = os.pathsep.join((str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])))
    environment = {**os.environ, "PYTHONPATH": path}
    _, err = python("equal('x+1', '1+x')", env=environment).communicate()
    assert err.strip().endswith("sympy, which grades math, does not start: no sympy on this machine")


def test_it_needs_neither_alarms_nor_resource_limits() -> None:
    code = f"""
import runpy, signal, sys
sys.modules["resource"] = None
del signal.setitimer
runpy.run_path({str(WORKER)!r}, run_name="__main__")
"""
    lines = "".join(ask("equal", *pair) + "\n" for pair in (("x+1", "1+x"), ("x+1", "2+x")))
    done = subprocess.run([sys.executable, "-c", code], input=lines, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ready", "1", "0"]


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit")
def test_its_memory_is_limited() -> None:
    import resource

    assert equal("v+1", "1+v")
    (worker, *_) = asking._pool(os.getpid())._idle
    assert resource.prlimit(worker._process.pid, resource.RLIMIT_AS) == (1 << 30, 1 << 30)
