"""The recording in the README: one problem of the embedded model under four schedules, decoded as anyone can."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
COMMAND = ["decode", "Nina has 18 plums. Ben has 15 more plums than Nina. Kate has 3 times as many plums as Ben. "
           "How many plums does Kate have?", "--schedules", "4,8,32,64"]  # fmt: skip

if __name__ == "__main__":
    subprocess.run(
        [sys.executable, "-m", "hexcli", *COMMAND, "--record", str(HERE / "decoding.svg")],
        check=True,
        stdout=subprocess.DEVNULL,
    )
