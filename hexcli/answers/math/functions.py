"""Powers, roots and functions of exact values: rational where they are, else atoms named by what they are of."""

import math
from fractions import Fraction

from hexcli.answers.math.scalars import MOST_BITS, Scalar, TooLargeError

_LARGEST_FACTORIAL = 5_000
_PRIMES = [n for n in range(2, 1000) if all(n % d for d in range(2, math.isqrt(n) + 1))]


def power(base: Scalar, exponent: Scalar, real: bool = False) -> Scalar:
    """A power; `real`: odd roots of negative numbers are negative.

    Raises ZeroDivisionError, and TooLargeError for a root of a number that is too large to be factored.
    """
    by = exponent.number
    if by is not None and by.denominator == 1:
        if base.number == 1 or base.number == 0:
            if base.number == 0 and by < 0:
                raise ZeroDivisionError("division by zero")
            return Scalar.of(1) if base.number == 1 or by == 0 else base
        try:
            return base ** int(by)
        except TooLargeError:
            return _opaque("pow", [base, exponent])
    if by is not None:
        return _root(base, by, real)
    if exponent.under != {(): Fraction(1)} or (base.number is not None and base.number <= 0):
        return _opaque("pow", [base, exponent])
    found = Scalar.of(1)  # 2^(n+1) is 2 * 2^n
    for monomial, factor in exponent.over.items():
        if not monomial:
            found = found * power(base, Scalar.of(factor))
        else:
            found = found * Scalar.atom(_name("pow", [base, Scalar({monomial: Fraction(1)}, exponent.under)]), factor)
    return found


def _root(base: Scalar, by: Fraction, real: bool) -> Scalar:
    single = base.monomial
    if base.number == 0:
        if by < 0:
            raise ZeroDivisionError("division by zero")
        return base
    if single is None:
        content = _content(base)
        if content == 1:
            return Scalar.atom(_name("pow", [base]), by)
        return _root(Scalar.of(content), by, real) * Scalar.atom(_name("pow", [base * Scalar.of(1 / content)]), by)
    monomial, factor = single
    found = Scalar.of(1)
    if factor < 0:
        if by.denominator == 2 and not monomial:
            found = Scalar.atom("i") ** by.numerator
        elif by.denominator % 2 and real:
            found = Scalar.of((-1) ** by.numerator)
        else:
            return Scalar.atom(_name("pow", [base]), by)
        factor = -factor
    for side, sign in ((factor.numerator, 1), (factor.denominator, -1)):
        for prime, times in _factors(side):
            found = found * Scalar.atom(f"#{prime:x}", by * times * sign)
    for name, exponent in monomial:
        if exponent.denominator == 1 and exponent % 2 == 0 and by.denominator % 2 == 0:
            name = f"abs({Scalar.atom(name).key})"
        found = found * Scalar.atom(name, exponent * by)
    return found


def _content(scalar: Scalar) -> Fraction:
    """The positive rational that divides all coefficients."""
    factors = list(scalar.over.values())
    return Fraction(math.gcd(*(f.numerator for f in factors)), math.lcm(*(f.denominator for f in factors)))


def _factors(number: int) -> list[tuple[int, int]]:
    """A positive number in powers of primes; what is left without small ones counts as a prime, if no square."""
    found = []
    if number.bit_length() > 4000:
        raise TooLargeError("too large a number for a root")
    for prime in _PRIMES:
        times = 0
        while number % prime == 0:
            number //= prime
            times += 1
        if times:
            found.append((prime, times))
    root = math.isqrt(number)
    if number > 1:
        if number > 10**6 and root * root != number:
            raise TooLargeError("too large a number for a root")  # it may have a square in it
        found.append((root, 2) if root * root == number else (number, 1))
    return found


def applied(function: str, arguments: list[Scalar]) -> Scalar:
    """The value of a function; an atom, where it has no rational one."""
    numbers = [argument.number for argument in arguments]
    known = [number for number in numbers if number is not None]
    if len(known) == len(numbers) and (found := _of_numbers(function, known)) is not None:
        return Scalar.of(found)
    if function == "abs" and arguments[0].over:
        first = min(arguments[0].over)
        if arguments[0].over[first] < 0:
            arguments = [-arguments[0]]
    return _opaque(function, arguments)


def _of_numbers(function: str, numbers: list[Fraction]) -> Fraction | None:
    """The value of a function of rational numbers, where it is rational too."""
    first = numbers[0]
    whole = [number.numerator for number in numbers] if all(number.denominator == 1 for number in numbers) else []
    if function == "abs":
        return abs(first)
    if function == "floor":
        return Fraction(math.floor(first))
    if function == "ceil":
        return Fraction(math.ceil(first))
    if function in ("max", "min"):
        return max(numbers) if function == "max" else min(numbers)
    if function in ("gcd", "lcm") and whole:
        return Fraction(math.gcd(*whole) if function == "gcd" else math.lcm(*whole))
    if function == "!" and whole and 0 <= whole[0] <= _LARGEST_FACTORIAL:
        return Fraction(math.factorial(whole[0]))
    if function == "binom" and whole and 0 <= whole[0] <= _LARGEST_FACTORIAL and whole[1] >= 0:
        return Fraction(math.comb(*whole))
    if function == "log":
        return _logarithm(*numbers)
    return Fraction(0) if function == "ln" and first == 1 else None


def _logarithm(base: Fraction, of: Fraction) -> Fraction | None:
    if base <= 0 or base == 1 or of <= 0 or max(of.numerator, of.denominator).bit_length() > 2000:
        return None
    if base.numerator.bit_length() > 500 or base.denominator.bit_length() > 500:
        return None
    logs = [math.log(x.numerator) - math.log(x.denominator) for x in (of, base)]
    found = Fraction(logs[0] / logs[1]).limit_denominator(12)
    if abs(found.numerator) > 2000:
        return None
    return found if base**found.numerator == of**found.denominator else None


def _opaque(function: str, arguments: list[Scalar]) -> Scalar:
    return Scalar.atom(_name(function, arguments))


def _name(function: str, arguments: list[Scalar]) -> str:
    name = f"{function}({';'.join(argument.key for argument in arguments)})"
    if len(name) > MOST_BITS:
        raise TooLargeError("too long an expression")
    return name
