"""The process that runs math-verify, for `hexcli.answers.mathverify`: run as a script, never imported.

It reads a line `["a", "b"]` of JSON, two expressions in LaTeX, and answers `1` (equal) or `0`. Whoever asks
kills it when it takes too long; it ends with its input, and by itself in case nobody is left to kill it.
"""

import json
import logging
import signal
import sys
from contextlib import suppress
from functools import lru_cache
from typing import Any
from zlib import crc32

MEMORY = 1 << 30  # bytes of address space; math-verify itself takes a quarter of it
ALARM = 5  # seconds for one comparison, where nobody came to kill it after 2
DIGITS = 30
PRECISION = 1e-15  # relative; closer values count as one
ZERO = 1e-40  # where a value that is 0 may end up: evalf goes on to 100 digits


def main() -> None:
    """Answer every line of the input."""
    replies, sys.stdout = sys.stdout, sys.stderr  # nothing else gets among the replies
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    logging.disable()
    try:
        equal("x^2-1", r"\frac{x^3-x}{x}")  # the first one takes ten times as long
    except ImportError as error:
        print(error, file=replies, flush=True)
        return
    _limit_memory()
    print("ready", file=replies, flush=True)
    for line in sys.stdin:
        a, b = json.loads(line)
        _alarm(ALARM)
        verdict = equal(a, b)
        _alarm(0)
        print(int(verdict), file=replies, flush=True)


def equal(a: str, b: str) -> bool:
    """Whether math-verify takes each for the other. It alone would also take `x^2=-1` for `x^2=-2`."""
    from math_verify import verify

    one, other = parsed(a), parsed(b)
    if one is None or other is None or differ(one, other):
        return False
    return all(verify(*pair, timeout_seconds=None) for pair in ((one, other), (other, one)))


@lru_cache(maxsize=1024)
def parsed(text: str) -> Any:
    """The sympy object behind an expression; None where math-verify reads none."""
    from math_verify import LatexExtractionConfig, parse
    from sympy import Expr, I, Symbol

    config = [LatexExtractionConfig()]
    found = parse(rf"\boxed{{{text}}}", config, fallback_mode="no_fallback", parsing_timeout=None)
    if found and isinstance(found[0], Expr):
        return found[0].subs(Symbol("i", real=False), I)  # what it makes of a lone i
    return found[0] if found else None


def differ(a: Any, b: Any) -> bool:
    """Whether two expressions have different values, with numbers for their variables.

    Settles most pairs at once, where math-verify first tries to simplify their difference.
    """
    with suppress(Exception):  # sympy raises anything on the senseless, which math-verify then judges
        x, y = value(a), value(b)
        return bool(abs(x - y) > max(ZERO, PRECISION * max(abs(x), abs(y))))
    return False


def value(expression: Any) -> Any:
    """Its value somewhere; of an equation the ratio of its sides' difference there and elsewhere."""
    from sympy import Eq

    if isinstance(expression, Eq):
        difference = expression.lhs - expression.rhs
        return _at(difference, 1) / _at(difference, 2)
    return _at(expression, 1)


def _at(expression: Any, start: int) -> Any:
    """Its value where every variable, by its name, has a number of its own, a little above `start`."""
    from sympy import Rational, im, re

    values = {symbol: start + Rational(crc32(str(symbol).encode()), 1 << 32) for symbol in expression.free_symbols}
    found = expression.subs(values).evalf(DIGITS)
    if not (re(found).is_finite and im(found).is_finite):
        raise ValueError(f"{found} is no value")
    return found


def _alarm(seconds: int) -> None:
    """End this process then, without asking Python; 0 for never."""
    with suppress(AttributeError):  # no alarms on Windows
        signal.alarm(seconds)


def _limit_memory() -> None:
    """Where the system can; a comparison that needs more fails, and counts as not equal."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
