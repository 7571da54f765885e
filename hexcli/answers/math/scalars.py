"""Exact values: quotients of polynomials over the rationals, in names, roots of primes, and what is taken as it is.

A monomial is its atoms with rational exponents, an atom a text: `x`, `#2` for a root of 2, `sin(...)`. `i` squared
is -1, and `#2` squared is 2. Equal values have equal cross products, so that no common divisor has to be found.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Self

Monomial = tuple[tuple[str, Fraction], ...]
Polynomial = Mapping[Monomial, Fraction]

MOST_TERMS = 400
MOST_BITS = 60_000  # of a number; 5,000! has 54,233
_MOST_BELOW = 40
_HUGE = re.compile(r"(?:pow|!|binom)\((?:-?[0-9a-f]+/1/1/1;?)+\)")
_CONSTANTS = frozenset((r"\pi", "e"))
_ONE: Polynomial = {(): Fraction(1)}


class TooLargeError(ValueError):
    """A value that is not worked out here."""


@dataclass(frozen=True)
class Scalar:
    """`over` / `under`; the second is never zero, and 1 where it would be a single monomial."""

    over: Polynomial
    under: Polynomial

    @classmethod
    def of(cls, value: Fraction | int) -> Self:
        """A number."""
        return cls({(): Fraction(value)} if value else {}, _ONE)

    @classmethod
    def atom(cls, name: str, exponent: Fraction = Fraction(1)) -> Self:
        """A power of something that is taken as it is."""
        return cls(_collected([((((name, exponent),) if exponent else ()), Fraction(1))]), _ONE)

    @property
    def number(self) -> Fraction | None:
        """Its value, where it is a rational number."""
        if self.under != _ONE or len(self.over) > 1 or (self.over and () not in self.over):
            return None
        return self.over.get((), Fraction(0))

    @property
    def monomial(self) -> tuple[Monomial, Fraction] | None:
        """Where it is a single one: the monomial and its coefficient."""
        return next(iter(self.over.items())) if self.under == _ONE and len(self.over) == 1 else None

    @cached_property
    def atoms(self) -> frozenset[str]:
        """What it is made of."""
        return frozenset(name for side in (self.over, self.under) for monomial in side for name, _ in monomial)

    @property
    def free(self) -> bool:
        """Whether its atoms have nothing to do with each other: then other polynomials are other values."""
        return not any("(" in atom for atom in self.atoms) and not self.atoms >= _CONSTANTS

    @property
    def huge(self) -> bool:
        """Whether it is a power, factorial or binomial of numbers that was too large to be worked out."""
        return any(_HUGE.fullmatch(atom) for atom in self.atoms)

    @cached_property
    def key(self) -> str:
        """Equal for equal values, where nothing is divided by a sum."""
        return "/".join(_written(side) for side in (self.over, self.under))

    def __add__(self, other: "Scalar") -> "Scalar":
        if self.under == other.under:
            return _quotient(_added(self.over, other.over), self.under)
        over = _added(_times(self.over, other.under), _times(other.over, self.under))
        return _quotient(over, _times(self.under, other.under))

    def __neg__(self) -> "Scalar":
        return Scalar({monomial: -factor for monomial, factor in self.over.items()}, self.under)

    def __mul__(self, other: "Scalar") -> "Scalar":
        return _quotient(_times(self.over, other.over), _times(self.under, other.under))

    def __truediv__(self, other: "Scalar") -> "Scalar":
        return _quotient(_times(self.over, other.under), _times(self.under, other.over))

    def __pow__(self, exponent: int) -> "Scalar":
        if exponent < 0:
            return (Scalar.of(1) / self) ** -exponent
        if self.monomial:
            monomial, factor = self.monomial
            size = max(factor.numerator.bit_length(), factor.denominator.bit_length())
            if size * exponent > MOST_BITS:
                raise TooLargeError("too large a power")
            return Scalar(_collected([(tuple((n, e * exponent) for n, e in monomial), factor**exponent)]), _ONE)
        if exponent > 40:
            raise TooLargeError("too large a power")
        found = Scalar.of(1)
        for _ in range(exponent):
            found = found * self
        return found

    def same(self, other: "Scalar") -> bool:
        """Whether the values are equal as they are written: always right where it says yes."""
        if self.under == other.under:
            return self.over == other.over
        return _times(self.over, other.under) == _times(other.over, self.under)


def _quotient(over: Polynomial, under: Polynomial) -> Scalar:
    if not under:
        raise ZeroDivisionError("division by zero")
    if len(under) > _MOST_BELOW:
        raise TooLargeError("too many terms to divide by")
    if len(under) > 1:
        first = under[min(under)]
        if first == 1:
            return Scalar(over, under)
        return Scalar({m: f / first for m, f in over.items()}, {m: f / first for m, f in under.items()})
    if under == _ONE:
        return Scalar(over, under)
    ((monomial, factor),) = under.items()
    inverse = tuple((name, -exponent) for name, exponent in monomial)
    return Scalar(_collected(((*own, *inverse), times / factor) for own, times in over.items()), _ONE)


def _added(a: Polynomial, b: Polynomial) -> Polynomial:
    found = dict(a)
    for monomial, factor in b.items():
        found[monomial] = found.get(monomial, Fraction(0)) + factor
        if not found[monomial]:
            del found[monomial]
    return _bounded(found)


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    if a == _ONE or b == _ONE:
        return b if a == _ONE else a
    if len(a) * len(b) > MOST_TERMS:
        raise TooLargeError("too many terms")
    return _collected(((*m, *n), f * g) for m, f in a.items() for n, g in b.items())


def _collected(terms: Iterable[tuple[Monomial, Fraction]]) -> Polynomial:
    """The sum of monomials whose atoms may be unsorted and repeated."""
    found: dict[Monomial, Fraction] = {}
    for monomial, factor in terms:
        exponents: dict[str, Fraction] = {}
        for name, exponent in monomial:
            exponents[name] = exponents.get(name, Fraction(0)) + exponent
        for name in [name for name in exponents if name[0] == "#" or name == "i"]:
            factor *= _whole_part(name, exponents)
        key = tuple(sorted((name, exponent) for name, exponent in exponents.items() if exponent))
        found[key] = found.get(key, Fraction(0)) + factor
    return _bounded({monomial: factor for monomial, factor in found.items() if factor})


def _bounded(polynomial: Polynomial) -> Polynomial:
    """The polynomial. Raises TooLargeError for numbers of too many digits."""
    for factor in polynomial.values():
        if factor.numerator.bit_length() + factor.denominator.bit_length() > 2 * MOST_BITS:
            raise TooLargeError("too large a number")
    return polynomial


def _whole_part(name: str, exponents: dict[str, Fraction]) -> Fraction:
    """Take the whole powers of a root, or of i, out of the exponents; returns their value."""
    exponent = exponents[name]
    if name == "i":
        if exponent.denominator != 1:
            return Fraction(1)
        exponents[name] = exponent % 2
        return Fraction(-1 if exponent % 4 >= 2 else 1)
    whole = exponent.numerator // exponent.denominator
    exponents[name] = exponent - whole
    if abs(whole) * int(name[1:], 16).bit_length() > MOST_BITS:
        raise TooLargeError("too large a power")
    return Fraction(int(name[1:], 16)) ** whole


def _written(polynomial: Polynomial) -> str:
    """In hexadecimal: Python prints no decimals of more than 4,300 digits."""
    terms = []
    for monomial, factor in sorted(polynomial.items()):
        atoms = "".join(f"*{name}^{e.numerator:x}/{e.denominator:x}" for name, e in monomial)
        terms.append(f"{factor.numerator:x}/{factor.denominator:x}{atoms}")
    return "+".join(terms)
