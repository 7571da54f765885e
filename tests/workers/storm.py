"""Kills at random times, many of them: `python -m tests.workers.storm worker --times 20` (no part of the test suite).

worker   SIGKILL for one of two worker processes, also while it loads its model; the command goes on by itself
driver   SIGKILL for the command, whose workers then have to end; the same command finishes the run
actor    SIGKILL for one of two Ray actors
signal   SIGINT one to five times, SIGTERM or SIGHUP, for the command; the same command finishes the run

Each time in a fresh folder and cache. Counted are generations that are lost (were in cache or run folder, and are no
more), decoded twice, and unequal to those of the undisturbed run; tracebacks; exit codes that are none of those said;
workers that outlive their command.
"""

import argparse
import collections
import contextlib
import io
import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from hexcli.cli.main import run
from hexcli.store.store import open_store
from tests.driving import start
from tests.workers.test_processes import COMMAND, Token, children, state, tokens
from tests.workers.test_ray import actors

WORKERS = {"worker": ["--workers", "2"], "driver": ["--workers", "2"], "signal": ["--workers", "2"],
           "actor": ["--engine", "ray", "--workers", "2"]}  # fmt: skip
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
LONGEST = 300.0


def saved() -> set[str]:
    """What the cache holds."""
    if not Path(os.environ["HEX_CACHE_DIR"], "generations").exists():
        return set()
    with open_store(warn=lambda message: None) as store:
        return set(store)


def finish(found: collections.Counter[str], wanted: Token) -> None:
    """The same command finishes what was begun, in this process."""
    kept, rows = saved(), set[tuple[str, str, int]]()
    if Path("run/generations.jsonl").exists():
        with contextlib.suppress(json.JSONDecodeError):
            rows = set(tokens("run"))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([*COMMAND, "-o", "run", "--json"])
    said = json.loads(out.getvalue())
    found["unfinished"] += code != 0
    found["twice"] += max(said["decoded"] - (len(wanted) - len(kept)), 0)
    found["lost"] += max(len(rows) - said["in_run"], 0) + max(len(kept) - said["in_run"] - said["from_cache"], 0)


def once(kind: str, draw: random.Random, duration: float, wanted: Token) -> collections.Counter[str]:
    """One kill, and what came of it."""
    found: collections.Counter[str] = collections.Counter(tried=1)
    driver = start(*COMMAND, *WORKERS[kind], "-o", "run", "--json")
    time.sleep(draw.uniform(0, 0.9 * duration))
    workers = children(driver.pid) if driver.poll() is None and kind != "actor" else []
    if kind in ("worker", "actor"):
        while driver.poll() is None and not (
            workers := actors(driver.pid) if kind == "actor" else children(driver.pid)
        ):
            time.sleep(0.02)
        with contextlib.suppress(IndexError, ProcessLookupError):
            os.kill(draw.choice(workers), signal.SIGKILL)
            found["killed"] += 1
    elif driver.poll() is None:
        found["killed"] += 1
        how = "SIGKILL" if kind == "driver" else draw.choice(SIGNALS)
        found[how] += 1
        for _ in range(draw.choice((1, 2, 5)) if how == "SIGINT" else 1):
            with contextlib.suppress(ProcessLookupError):
                os.kill(driver.pid, getattr(signal, how))
            time.sleep(0.01)
    out, err = driver.communicate(timeout=LONGEST)
    found["tracebacks"] += "Traceback" in err + out
    allowed = {"worker": (0,), "actor": (0,), "driver": (0, -signal.SIGKILL), "signal": (0, 130)}[kind]
    if driver.returncode not in allowed:
        found[f"exit code {driver.returncode}"] += 1
    if driver.returncode not in allowed or "Traceback" in err:
        print(f"exit code {driver.returncode}:\n{err}", file=sys.stderr)
    if kind in ("worker", "actor") and driver.returncode == 0:
        found["twice"] += json.loads(out)["decoded"] - len(wanted)
        found["restarts"] += "started again" in err
    deadline = time.monotonic() + 30
    while any(state(one) != "Z" for one in workers) and kind in ("driver", "signal") and time.monotonic() < deadline:
        time.sleep(0.05)
    found["outliving"] += sum(state(one) != "Z" for one in workers) if kind != "actor" else 0
    finish(found, wanted)
    now = tokens("run")
    found["unequal"] += sum(now.get(name) != ids for name, ids in wanted.items()) + len(now.keys() - wanted.keys())
    return found


def main() -> None:
    """The counts of so many kills, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=sorted(WORKERS))
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    draw, total = random.Random(asked.seed), collections.Counter[str]()
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        os.environ["HEX_CACHE_DIR"] = f"{folder}/cache-undisturbed"
        began = time.monotonic()
        driver = start(*COMMAND, *WORKERS[asked.kind], "-o", "undisturbed")
        driver.communicate(timeout=LONGEST)
        duration, wanted = time.monotonic() - began, tokens("undisturbed")
        for number in range(asked.times):
            place = Path(folder, str(number))
            place.mkdir()
            os.environ["HEX_CACHE_DIR"] = str(place / "cache")
            with contextlib.chdir(place):
                total += once(asked.kind, draw, duration, wanted)
            print(json.dumps(dict(total)), file=sys.stderr, flush=True)
    never = dict.fromkeys(("lost", "twice", "unequal", "unfinished", "tracebacks", "outliving"), 0)
    print(json.dumps({"kind": asked.kind, **never, **total}))


if __name__ == "__main__":
    main()
