"""Whether two equations or inequalities are the same, by moving all to one side: `y=2x+1` and `y-2x=1`."""

from fractions import Fraction

from hexcli.answers.math.evaluating import evaluated
from hexcli.answers.math.scalars import Monomial, Polynomial, Scalar
from hexcli.answers.math.tree import Negative, Relation, Sum


def same_relation(a: Relation, b: Relation) -> bool | None:
    """Whether two are the same up to a factor; None where exact arithmetic does not tell."""
    if len(a.signs) != 1 or a.signs != b.signs or a.signs[0] not in ("=", r"\neq", "<", r"\leq"):
        return None
    try:
        ours, theirs = (evaluated(Sum((one.sides[0], Negative(one.sides[1])))) for one in (a, b))
    except (ValueError, ZeroDivisionError, OverflowError, RecursionError):
        return None
    even = a.signs[0] in ("=", r"\neq")
    if _normal(ours, even) == _normal(theirs, even):
        return True
    plain = all(one.under == {(): 1} and not any(_special(atom) for atom in one.atoms) for one in (ours, theirs))
    return False if plain else None


def _special(atom: str) -> bool:
    return "(" in atom or atom[0] == "#" or atom in (r"\pi", "e", "i")


def _normal(difference: Scalar, even: bool) -> tuple[Polynomial, Polynomial]:
    """The same for all multiples (`even`: negative ones too), and in an equation without fractions."""
    over = difference.over
    if even:
        over = _whole(over)
    if not over:
        return {}, difference.under
    first = over[min(over)]
    factor = first if even else abs(first)
    return {monomial: value / factor for monomial, value in over.items()}, {} if even else difference.under


def _whole(polynomial: Polynomial) -> Polynomial:
    """Times what takes the names out of the denominators."""
    least: dict[str, Fraction] = {}
    for monomial in polynomial:
        for name, exponent in monomial:
            least[name] = min(least.get(name, Fraction(0)), exponent)
    found: dict[Monomial, Fraction] = {}
    for monomial, value in polynomial.items():
        exponents = dict.fromkeys(least, Fraction(0)) | dict(monomial)
        key = tuple(sorted((n, e - least[n]) for n, e in exponents.items() if e != least[n]))
        found[key] = value
    return found
