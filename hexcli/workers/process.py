"""A worker as a process of this machine: `python -m hexcli.workers.process`, JSON lines in and out.

It ends with its driver: when its stdin closes, whatever it is doing.
"""

import json
import os
import queue
import signal
import sys
import threading
from typing import Any, TextIO

from hexcli.workers.messages import Message


def main() -> None:
    """Serve whoever started this process. Its first line is the spec."""
    # A terminal's Ctrl-C is for the driver, which ends its workers; so is a job scheduler's SIGTERM to everybody.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    # What else is printed must not land among the messages.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    first = sys.stdin.readline()
    if not first:
        return
    # Before torch is imported, which takes seconds: the driver may end meanwhile.
    inbox: queue.Queue[Message] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin, inbox), daemon=True).start()
    from hexcli.workers.serving import serve
    from hexcli.workers.spec import Spec

    spec = Spec.from_dict(json.loads(first))

    def send(message: dict[str, Any]) -> None:
        try:
            out.write(json.dumps(message) + "\n")
            out.flush()
        except OSError:  # the driver is gone
            os._exit(1)

    serve(spec, inbox, send)


def _listen(stdin: TextIO, inbox: "queue.Queue[Message]") -> None:
    for line in stdin:
        if line.endswith("\n"):
            inbox.put(json.loads(line))
    os._exit(0)  # the driver is gone: nobody wants what is being decoded


if __name__ == "__main__":
    main()
