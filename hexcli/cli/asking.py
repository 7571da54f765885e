"""A question to whoever is at the terminal, before something is taken away."""

import sys

from hexcli.errors import UsageError


def agreed(question: str, unanswered: str) -> bool:
    """Ask on stderr, where only y or yes is a yes. Raises UsageError(`unanswered`) where nobody answers."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        print(file=sys.stderr)
        raise UsageError(unanswered)
    return answer.strip().lower() in ("y", "yes")
