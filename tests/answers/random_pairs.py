r"""Random expressions whose exact values are known, in many spellings: equal values are equal answers, and only they.

The evaluator here shares nothing with the one it tests: a value is a sum of rational multiples of
sqrt(n) pi^k x^a y^b with n free of squares, which are independent of each other, so that values can be compared.

python -m tests.answers.random_pairs 100000 --seed 0      prints how many pairs, of them equal, and each wrong one
"""

import argparse
import math
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from hexcli.answers.equality import verdict
from hexcli.answers.judge.asking import equal_expressions

Key = tuple[int, int, int, int]  # n, k, a, b
Value = dict[Key, Fraction]
ONE: Key = (1, 0, 0, 0)


@dataclass(frozen=True)
class Tree:
    """`kind` is number, name, +, *, /, ^ or sqrt; `parts` are trees, or what a number or a name is."""

    kind: str
    parts: tuple["Tree | Fraction | str | int", ...]


def plus(a: Value, b: Value) -> Value:
    found = dict(a)
    for key, factor in b.items():
        found[key] = found.get(key, Fraction(0)) + factor
    return {key: factor for key, factor in found.items() if factor}


def times(a: Value, b: Value) -> Value:
    found: Value = {}
    for (n, k, x, y), f in a.items():
        for (m, j, u, v), g in b.items():
            square = math.gcd(n, m)
            key = (n * m // square**2, k + j, x + u, y + v)
            found = plus(found, {key: f * g * square})
    return found


def inverse(a: Value) -> Value:
    """Of a single term. Raises ValueError for others."""
    if len(a) != 1:
        raise ValueError("no single term")
    (((n, k, x, y), factor),) = a.items()
    return {(n, -k, -x, -y): 1 / (factor * n)}


def root(a: Value) -> Value:
    """The square root of a positive rational number."""
    if set(a) != {ONE} or a[ONE] < 0:
        raise ValueError("no positive number")
    number = a[ONE].numerator * a[ONE].denominator
    square = max(d for d in range(1, math.isqrt(number) + 1) if number % d**2 == 0)
    return {(number // square**2, 0, 0, 0): Fraction(square, a[ONE].denominator)}


def value(tree: Tree) -> Value:
    """What a tree is worth. Raises ValueError or ZeroDivisionError where that is not told here."""
    match tree:
        case Tree("number", (Fraction() as number,)):
            return {ONE: number} if number else {}
        case Tree("name", (str() as name,)):
            return {(1, *(int(name == other) for other in ("pi", "x", "y"))): Fraction(1)}
        case Tree("+", (Tree() as a, Tree() as b)):
            return plus(value(a), value(b))
        case Tree("-", (Tree() as a, Tree() as b)):
            return plus(value(a), times({ONE: Fraction(-1)}, value(b)))
        case Tree("*", (Tree() as a, Tree() as b)):
            return times(value(a), value(b))
        case Tree("/", (Tree() as a, Tree() as b)):
            return times(value(a), inverse(value(b)))
        case Tree("^", (Tree() as a, int() as n)):
            base, found = value(a) if n >= 0 else inverse(value(a)), {ONE: Fraction(1)}
            for _ in range(abs(n)):
                found = times(found, base)
            return found
        case Tree("sqrt", (Tree() as a,)):
            return root(value(a))
    raise ValueError(f"what is {tree}?")


def number(dice: random.Random) -> Tree:
    kind = dice.random()
    if kind < 0.6:
        return Tree("number", (Fraction(dice.randint(0, 12)),))
    if kind < 0.85:
        return Tree("number", (Fraction(dice.randint(1, 9), dice.randint(2, 9)),))
    return Tree("number", (Fraction(dice.randint(1, 400), 100),))


def grown(dice: random.Random, depth: int) -> Tree:
    """A random tree."""
    if depth == 0 or dice.random() < 0.15:
        return number(dice) if dice.random() < 0.7 else Tree("name", (dice.choice(("pi", "x", "y")),))
    kind = dice.choice("++--***//^s")
    if kind == "s":
        return Tree("sqrt", (number(dice),))
    if kind == "^":
        return Tree("^", (grown(dice, depth - 1), dice.choice((2, 2, 3, -1, -2))))
    return Tree(kind, (grown(dice, depth - 1), grown(dice, depth - 1)))


def turned(dice: random.Random, tree: Tree) -> Tree:
    """Another tree of the same value."""
    match tree:
        case Tree("+" | "*" as kind, (Tree() as a, Tree() as b)):
            one, two = turned(dice, a), turned(dice, b)
            if kind == "*" and two.kind in "+-" and dice.random() < 0.5:
                left, right = two.parts
                assert isinstance(left, Tree) and isinstance(right, Tree)
                return Tree(two.kind, (Tree("*", (one, left)), Tree("*", (one, right))))
            return Tree(kind, (two, one) if dice.random() < 0.5 else (one, two))
        case Tree("-", (Tree() as a, Tree() as b)):
            minus = Tree("*", (Tree("number", (Fraction(-1),)), turned(dice, b)))
            return (
                Tree("+", (turned(dice, a), minus))
                if dice.random() < 0.5
                else Tree("-", (turned(dice, a), turned(dice, b)))
            )
        case Tree("/", (Tree() as a, Tree() as b)):
            if dice.random() < 0.3:
                return Tree("*", (turned(dice, a), Tree("^", (turned(dice, b), -1))))
            factor = Tree("number", (Fraction(dice.randint(2, 5)),))
            scale = dice.random() < 0.3
            over, under = turned(dice, a), turned(dice, b)
            return (
                Tree("/", (Tree("*", (factor, over)), Tree("*", (under, factor))))
                if scale
                else Tree("/", (over, under))
            )
        case Tree("^", (Tree() as a, 2)) if dice.random() < 0.5:
            return Tree("*", (turned(dice, a), turned(dice, a)))
        case Tree("^" as kind, (Tree() as a, int() as n)):
            return Tree(kind, (turned(dice, a), n))
        case Tree("number", (Fraction() as found,)) if dice.random() < 0.2:
            part = Fraction(dice.randint(1, 5), dice.randint(1, 3))
            return Tree("-", (Tree("number", (found + part,)), Tree("number", (part,))))
    return tree


def changed(dice: random.Random, tree: Tree) -> Tree:
    """The tree with one thing in it changed: most often another value, and never by much."""
    if tree.kind == "number":
        found = tree.parts[0]
        assert isinstance(found, Fraction)
        return Tree("number", (dice.choice((found + 1, found * 10, found + Fraction(1, 100), 1 / (abs(found) + 2))),))
    if tree.kind == "name":
        return Tree("name", (dice.choice(("pi", "x", "y")),))
    if tree.kind in "+-*/" and dice.random() < 0.3:
        return Tree(dice.choice("+-*/"), tree.parts)
    if tree.kind == "^" and dice.random() < 0.5:
        return Tree("^", (tree.parts[0], dice.choice((2, 3, -1, -2))))
    places = [place for place, part in enumerate(tree.parts) if isinstance(part, Tree)]
    place = dice.choice(places)
    part = tree.parts[place]
    assert isinstance(part, Tree)
    return Tree(tree.kind, (*tree.parts[:place], changed(dice, part), *tree.parts[place + 1 :]))


# How tightly a text holds together, from a sum on.
SUM, SIGNED, TERM, FACTOR, ATOM = range(5)


def spelled(dice: random.Random, tree: Tree) -> str:
    """The tree in LaTeX, or typed, or both at once, as people and models do."""
    text = _text(dice, tree)[0]
    around = dice.random()
    if around < 0.1:
        return f"${text}$"
    if around < 0.15:
        return rf"\({text}\)"
    return rf"\displaystyle {text}." if around < 0.2 else text


def _within(dice: random.Random, tree: Tree, level: int) -> str:
    text, own = _text(dice, tree)
    if own >= level and dice.random() < 0.93:
        return text
    return rf"\left({text}\right)" if dice.random() < 0.4 else f"({text})"


def _text(dice: random.Random, tree: Tree) -> tuple[str, int]:
    match tree:
        case Tree("number", (Fraction() as found,)):
            return _numeral(dice, found)
        case Tree("name", ("pi",)):
            return dice.choice((r"\pi ", "π", r"{\pi}")), ATOM
        case Tree("name", (str() as name,)):
            return name, ATOM
        case Tree("+" | "-" as kind, (Tree() as a, Tree() as b)):
            space = dice.choice(("", " "))
            sign = "−" if kind == "-" and dice.random() < 0.1 else kind
            return f"{_within(dice, a, SUM)}{space}{sign}{space}{_within(dice, b, TERM)}", SUM
        case Tree("*", (Tree() as a, Tree() as b)):
            return _product(dice, a, b), TERM
        case Tree("/", (Tree() as a, Tree() as b)):
            return _quotient(dice, a, b)
        case Tree("^", (Tree() as a, int() as n)):
            base = _within(dice, a, ATOM)
            if n == -1 and dice.random() < 0.3:
                return rf"\frac{{1}}{{{_text(dice, a)[0]}}}", FACTOR
            if n == 2 and dice.random() < 0.1:
                return f"{base}²", FACTOR
            raised = dice.choice((f"^{{{n}}}", f"^{n}", f"^{{ {n} }}", f"**{n}" if n > 0 else f"^{{{n}}}"))
            return base + raised, FACTOR
        case Tree("sqrt", (Tree() as a,)):
            inner, _ = _text(dice, a)
            if len(inner) == 1 and dice.random() < 0.3:
                return rf"\sqrt{inner}", ATOM
            if inner.isdigit() and dice.random() < 0.2:
                return f"√{inner}", ATOM
            if dice.random() < 0.1:
                return (
                    f"{_within(dice, a, ATOM)}^{dice.choice(('{1/2}', '{0.5}', '(1/2)', chr(92) + 'frac12'))}",
                    FACTOR,
                )
            return dice.choice((rf"\sqrt{{{inner}}}", f"sqrt({inner})", f"√({inner})")), ATOM
    raise ValueError(f"what is {tree}?")


def _numeral(dice: random.Random, found: Fraction) -> tuple[str, int]:
    if found < 0:
        return "-" + _numeral(dice, -found)[0], SIGNED
    if found.denominator == 1:
        return dice.choice((str(found), str(found), str(found), f"{found}.0")), ATOM
    over, under = found.numerator, found.denominator
    kind = dice.random()
    decimal = f"{over / under:.10f}".rstrip("0")
    if kind < 0.2 and Fraction(decimal) == found:
        return decimal.removeprefix("0") if dice.random() < 0.2 else decimal, ATOM
    if kind < 0.35:
        return f"{over}/{under}", TERM
    if kind < 0.45 and over > under:
        whole, rest = divmod(over, under)
        return dice.choice((rf"{whole}\frac{{{rest}}}{{{under}}}", f"{whole} {rest}/{under}")), TERM
    if over < 10 and under < 10 and dice.random() < 0.3:
        return rf"\frac{over}{under}", FACTOR
    return rf"\{dice.choice(('frac', 'dfrac', 'tfrac'))}{{{over}}}{{{under}}}", FACTOR


def _product(dice: random.Random, a: Tree, b: Tree) -> str:
    left, right = _within(dice, a, TERM), _within(dice, b, FACTOR)
    if left[-1] not in "0123456789" and dice.random() < 0.4 and right[0] in "(√\\xyπ{":
        return f"{left}{right}"  # side by side
    if left[-1].isdigit() and right[0] in "(xyπ√" and dice.random() < 0.5:
        return f"{left}{right}"
    return left + dice.choice(("*", " * ", r"\cdot ", r" \times ", "·", "×")) + right


def _quotient(dice: random.Random, a: Tree, b: Tree) -> tuple[str, int]:
    if dice.random() < 0.6:
        return rf"\frac{{{_text(dice, a)[0]}}}{{{_text(dice, b)[0]}}}", FACTOR
    sign = dice.choice(("/", " / ", r" \div ", "÷"))
    return f"{_within(dice, a, TERM)}{sign}{_within(dice, b, FACTOR)}", TERM


def _listed(dice: random.Random, texts: list[str]) -> str:
    join = dice.choice((", ", ",  ", r",\ ", "; ", r" \text{ and } ", r"\text{ or }"))
    around = dice.choice((("", ""), ("", ""), (r"\{", r"\}"), (r"\left\{", r"\right\}")))
    return around[0] + join.join(texts) + around[1]


def pair(dice: random.Random) -> tuple[str, str, bool]:
    """Two answers, and whether they are the same: expressions, points, or lists in any order."""
    while True:
        tree = grown(dice, dice.choice((1, 2, 2, 3)))
        other = turned(dice, tree)
        if dice.random() < 0.5:
            other = changed(dice, other) if dice.random() < 0.8 else grown(dice, 2)
        try:
            ours, theirs = value(tree), value(other)
        except (ValueError, ZeroDivisionError):
            continue
        shape = dice.random()
        if shape < 0.8 or ours == theirs == {}:
            return spelled(dice, tree), spelled(dice, other), ours == theirs
        extra = Tree("number", (Fraction(dice.randint(13, 99)),))
        first, second = spelled_plainly(dice, tree), spelled_plainly(dice, other)
        if shape < 0.9:
            return f"({first}, {extra.parts[0]})", rf"\left({second},{extra.parts[0]}\right)", ours == theirs
        if any(value(extra) == one for one in (ours, theirs)):
            continue
        mixed = [[first, str(extra.parts[0])], [second, str(extra.parts[0])]]
        for texts in mixed:
            dice.shuffle(texts)
        return _listed(dice, mixed[0]), _listed(dice, mixed[1]), ours == theirs


def spelled_plainly(dice: random.Random, tree: Tree) -> str:
    """Without what goes around a whole answer."""
    return _text(dice, tree)[0]


def wrong(seed: int, judge: Callable[[str], bool] = equal_expressions) -> str:
    """What is wrong with the pair of a seed; empty where it is judged rightly."""
    a, b, same = pair(random.Random(seed))
    found = verdict(a, b, judge)
    if found.equal == same and found.equal == verdict(b, a, judge).equal and found.by != "undecided":
        return ""
    return f"seed {seed}: {a}   {b}   are {'the same' if same else 'different'}, judged by {found.by}: {found.equal}"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("pairs", type=int)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    faults = equal = 0
    for seed in range(options.seed, options.seed + options.pairs):
        equal += pair(random.Random(seed))[2]
        if fault := wrong(seed):
            faults += 1
            print(fault, flush=True)
    print(f"{options.pairs} pairs, {equal} of them equal: {faults} wrong")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
