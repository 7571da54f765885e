"""What commands take of a run that `make` made: seconds of the processor's time (the least of three) and memory.

python -m tests.load.measure OUT
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

AGAIN = 3
PART = ["limit=0-511", "limit=[0-511,512-1023]"]  # of the problems: 2,048 generations a run of four schedules
PLAN = ["-s", "8,16,32,64", "--temperature", "0.9", "--limit", "2048"]


class Taken(NamedTuple):
    """What a process took: user and system time in seconds, and the most memory that it held, in MB."""

    seconds: float
    megabytes: float


def taken(arguments: list[str], cache: Path) -> Taken:
    """What `hex` with these arguments takes. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "hexcli", *arguments]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, env={**os.environ, "HEX_CACHE_DIR": str(cache)})
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command)
    return Taken(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measured(arguments: list[str], cache: Path) -> Taken:
    """The least that it takes in AGAIN runs."""
    several = [taken(arguments, cache) for _ in range(AGAIN)]
    return Taken(*map(min, zip(*several, strict=True)))


def main(out: Path, samples: str) -> None:
    """Print a line a command."""
    run, cache = out / "run", out / "cache"
    decode = ["decode", *PLAN, "--samples", samples, "-o", str(run)]
    recipe = out / "sweep.yaml"
    recipe.write_text("{model: tiny, task: sums, schedules: [8, 16, 32, 64], temperature: 0.9}")
    seeds = f"seed={list(range(int(samples)))}"
    sweep = ["sweep", str(recipe), "-o", str(out / "runs"), "--set"]
    commands = {
        "vote": ["vote", str(run)],
        "score": ["score", str(run)],
        "decode, nothing left": decode,
        "dry run": [*decode, "--dry-run"],
        "dry run, another folder": [*decode[:-1], str(out / "none"), "--dry-run"],
        "sweep, one run finished": [*sweep, PART[0], "--set", "seed=0"],
        f"sweep, {2 * int(samples)} runs finished": [*sweep, PART[1], "--set", seeds],
        "cache stats": ["cache", "stats"],
    }
    for name, arguments in commands.items():
        seconds, megabytes = measured(arguments, cache)
        print(f"{name:24} {seconds:6.1f} s {megabytes:6.0f} MB", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "13")
