"""The process that knows algebra, for `hexcli.answers.judge.asking`: run as a script, which needs no package.

It reads a line of JSON, a question of `hexcli.answers.math.question`, builds sympy's objects from the trees in it,
and answers `1` (equal), `0` (different) or `?` (cannot tell). Two values are different where they differ at a point,
to as many digits as it takes; equal where no difference is found in 200 digits at three points. A question that takes
more than 0.6 s of the processor's time ends the process.
"""

import json
import signal
import sys
from contextlib import suppress
from typing import Any
from zlib import crc32

MEMORY = 1 << 30  # bytes of address space
SECONDS = 0.6  # of processor time for one question, so that the load of the machine decides nothing
DIGITS = 15  # that a difference must be known to, to be one
MOST_DIGITS = 200  # worked out for that; where all of them cancel, there is no difference
POINTS = 3
FUNCTIONS = {
    "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot", "sec": "sec", "csc": "csc", "arcsin": "asin",
    "arccos": "acos", "arctan": "atan", "arccot": "acot", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "ln": "log",
    "abs": "Abs", "floor": "floor", "ceil": "ceiling", "binom": "binomial", "sgn": "sign", "arg": "arg", "max": "Max",
    "min": "Min",
}  # fmt: skip


def main() -> None:
    """Answer every line of the input."""
    replies, sys.stdout = sys.stdout, sys.stderr  # nothing else gets among the replies
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    try:
        decided(["equal", ["f", "sin", ["/", ["v", r"\\pi"], ["n", "6", "1"]]], ["n", "1", "2"]])  # the first is slow
    except ImportError as error:
        print(error, file=replies, flush=True)
        return
    _limit_memory()
    print("ready", file=replies, flush=True)
    for line in sys.stdin:
        _limit_time(SECONDS)
        try:
            verdict = decided(json.loads(line))
        except Exception:  # noqa: BLE001  sympy raises anything on the senseless
            verdict = None
        _limit_time(0)
        print("?" if verdict is None else int(verdict), file=replies, flush=True)


def decided(question: Any) -> bool | None:
    """Whether two values are equal, or two differences of sides proportional (`rising`: by a positive factor)."""
    kind, a, b = question
    one, other = built(a), built(b)
    return _equal(one, other) if kind == "equal" else _proportional(one, other, kind == "rising")


def _equal(one: Any, other: Any) -> bool | None:
    difference = one - other
    if difference == 0:
        return True
    if difference.is_Rational:
        return False
    asked = 0
    for point in range(POINTS):
        values = _values(difference.free_symbols, point)
        if any(value < 0 for value in values.values()) and not _defined(difference, values):
            continue
        zero = _zero(difference.subs(values))
        if zero is False:
            return False
        asked += zero is not None
        if not values:
            break
    return True if asked else None


def _proportional(one: Any, other: Any, rising: bool) -> bool | None:
    """Whether the ratio of two differences is the same everywhere."""
    first = _values(one.free_symbols, 0)
    if one.free_symbols != other.free_symbols or not first:
        return False
    ratios = one.subs(first), other.subs(first)
    if any(_zero(ratio) is not False for ratio in ratios):
        return None
    if rising and not (ratios[0] / ratios[1]).evalf(DIGITS) > 0:
        return False
    return _equal(one * ratios[1], other * ratios[0])


def _zero(number: Any) -> bool | None:
    """Whether a number is zero, as far as can be told; None where it is no number."""
    from sympy.core.evalf import PrecisionExhausted

    try:
        found = number.evalf(DIGITS, maxn=MOST_DIGITS, strict=True)
    except PrecisionExhausted:
        return True
    if not found.is_number or not found.is_finite:
        return None
    return bool(found == 0)


def _values(symbols: Any, point: int) -> dict[Any, Any]:
    """A number for every variable, by its name: a little above 1, below 1, and of either sign."""
    from sympy import Rational

    found = {}
    for symbol in symbols:
        chance = crc32(f"{symbol} {point}".encode())
        value = Rational(chance, 1 << 32) + (1 if point == 0 else Rational(1, 8))
        found[symbol] = -value if point == 2 and chance % 3 else value
    return found


def _defined(expression: Any, values: dict[Any, Any]) -> bool:
    """Whether no root or logarithm of a negative number is in it there."""
    from sympy import Pow, log

    bases = [power.base for power in expression.atoms(Pow) if not power.exp.is_integer]
    bases += [logarithm.args[0] for logarithm in expression.atoms(log)]
    return all(bool(base.subs(values).evalf(DIGITS) > 0) for base in bases if base.free_symbols)


def built(tree: Any) -> Any:
    """sympy's object for a tree of the question. Raises ValueError for what it does not know."""
    import sympy

    kind, *rest = tree
    if kind == "n":
        return sympy.Rational(int(rest[0], 16), int(rest[1], 16))
    if kind == "v":
        known = {r"\pi": sympy.pi, "e": sympy.E, "i": sympy.I}
        return known.get(rest[0]) or sympy.Symbol(rest[0])
    if kind == "f":
        return _function(rest[0], [built(part) for part in rest[1:]])
    parts = [built(part) for part in rest]
    if kind == "+":
        return sympy.Add(*parts)
    if kind == "*":
        return sympy.Mul(*parts)
    if kind == "/":
        return parts[0] / parts[1]
    if kind == "root":
        return _root(*parts)
    if kind == "^":
        return parts[0] ** parts[1]
    raise ValueError(f"what is {kind}?")


def _root(degree: Any, of: Any) -> Any:
    import sympy

    if of.is_real and of.is_negative and degree.is_odd:
        return -(sympy.root(-of, degree))
    return sympy.root(of, degree)


def _function(name: str, arguments: list[Any]) -> Any:
    import sympy

    if name == "log":
        return sympy.log(arguments[1]) / sympy.log(arguments[0])
    if name == "!":
        return sympy.factorial(arguments[0])
    if name in FUNCTIONS:
        return getattr(sympy, FUNCTIONS[name])(*arguments)
    return sympy.Symbol(f"{name}{tuple(arguments)}")  # f(2x) is f(x + x), and else anything


def _limit_time(seconds: float) -> None:
    """End this process after so much processor time, without asking Python; 0 for never."""
    with suppress(AttributeError):  # no such timer on Windows
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    """Where the system can; a question that needs more is not decided."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
