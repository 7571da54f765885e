"""Families of word problems about relations: who has more than whom, told in order or not.

The last two are never trained on: they are what the task `sums-new` asks.
"""

from itertools import pairwise

from hexcli.tasks.embedded.families.dice import GOODS, PEOPLE, THINGS, Dice, Plot, Step

# How a relation is told: with k more, k fewer, k times as many. {a} is told through {b}.
AMOUNT = (
    "{a} has {k} more {x} than {b}.",
    "{a} has {k} fewer {x} than {b}.",
    "{a} has {k} times as many {x} as {b}.",
)
AGE = ("{a} is {k} years older than {b}.", "{a} is {k} years younger than {b}.", "{a} is {k} times as old as {b}.")
PRICE = (
    "A {a} costs {k} dollars more than a {b}.",
    "A {a} costs {k} dollars less than a {b}.",
    "A {a} costs {k} times as much as a {b}.",
)
WAY = (
    "{a} walks {k} more miles a day than {b}.",
    "{a} walks {k} fewer miles a day than {b}.",
    "{a} walks {k} times as many miles a day as {b}.",
)


def _climb(
    d: Dice, names: list[str], telling: tuple[str, str, str], words: str, start: int, things: str = ""
) -> tuple[list[str], list[Step]]:
    """A chain of relations up from the first name: one fact and one step for each further name."""
    facts: list[str] = []
    steps: list[Step] = []
    value = start
    for below, name in pairwise(names):
        kind = d.pick((0, 0, 1, 1, 2)) if 4 < value < 500 else (d.pick((0, 2)) if value < 500 else 1)
        number = (d.number(2, 60), d.number(2, min(value - 2, 90)) if value > 4 else 0, d.number(2, 6))[kind]
        steps.append(Step(words.format(a=name), value, "+-*"[kind], number))
        facts.append(telling[kind].format(a=name, b=below, k=number, x=things))
        value = steps[-1].value
    return facts, steps


def chain(d: Dice) -> Plot:
    """Amounts told in order, each through the one before."""
    names = [name for name, _ in d.several(PEOPLE, d.pick((3, 4, 4)))]
    things = d.pick(THINGS)
    start = d.amount(3, 40)
    facts, steps = _climb(d, names, AMOUNT, "{a} has", start, things)
    return _asked(d, names, [f"{names[0]} has {start} {things}.", *facts], steps, things, start)


def mixed(d: Dice) -> Plot:
    """The same with the facts in any order, most often the known amount last."""
    names = [name for name, _ in d.several(PEOPLE, d.pick((3, 4, 4)))]
    things = d.pick(THINGS)
    start = d.amount(3, 40)
    facts, steps = _climb(d, names, AMOUNT, "{a} has", start, things)
    told = [*facts[::-1], f"{names[0]} has {start} {things}."] if d.chance(0.5) else []
    told = told or d.shuffled([f"{names[0]} has {start} {things}.", *facts])
    return _asked(d, names, told, steps, things, start)


def _asked(d: Dice, names: list[str], facts: list[str], steps: list[Step], things: str, start: int) -> Plot:
    """Ask for the end of the chain, or for the sum or the difference of its two ends."""
    last = names[-1]
    value = steps[-1].value
    if d.chance(0.5 if len(steps) == 2 else 0.3):
        if d.chance(0.5):
            ask = f"How many {things} do {names[0]} and {last} have together?"
            return Plot(facts, ask, [*steps, Step("Together:", start, "+", value, f" {things}")])
        if abs(value - start) > 1:
            more, less = (last, names[0]) if value > start else (names[0], last)
            step = Step(f"{more} has", max(value, start), "-", min(value, start), " more")
            return Plot(facts, f"How many more {things} does {more} have than {less}?", [*steps, step])
    return Plot(facts, f"How many {things} does {last} have?", steps)


def ages(d: Dice) -> Plot:
    """Ages in any order, now or some years from now."""
    names = [name for name, _ in d.several(PEOPLE, 3)]
    start = d.number(3, 25)
    facts, steps = _climb(d, names, AGE, "{a} is", start)
    if steps[-1].value > 99:
        return ages(d)
    told = [f"{names[0]} is {start} years old.", *facts]
    told = d.shuffled(told) if d.chance(0.6) else told
    last = names[-1]
    if d.chance(0.5):
        later = d.number(2, 20)
        steps.append(Step(f"Then {last} is", steps[-1].value, "+", later))
        return Plot(told, f"How old will {last} be in {later} years?", steps)
    return Plot(told, f"How old is {last}?", steps)


def prices(d: Dice) -> Plot:
    """Prices told through each other, in any order; some are bought."""
    (first, _), (second, _), (third, many) = d.several(GOODS, 3)
    start = d.number(3, 30)
    facts, steps = _climb(d, [first, second, third], PRICE, "A {a} costs", start)
    told = [f"A {first} costs {start} dollars.", *facts]
    told = d.shuffled(told) if d.chance(0.7) else told
    if d.chance(0.4) and steps[-1].value < 50:
        count = d.number(2, 9)
        steps.append(Step(f"{count} {many} cost", steps[-1].value, "*", count))
        return Plot(told, f"How many dollars do {count} {many} cost?", steps)
    if d.chance(0.4):
        steps.append(Step("Together:", start, "+", steps[-1].value, " dollars"))
        return Plot(told, f"How many dollars do a {first} and a {third} cost together?", steps)
    return Plot(told, f"How many dollars does a {third} cost?", steps)


def parts(d: Dice) -> Plot:
    """A whole told last or first, a part of it by a relation, the rest asked."""
    (who, _), (other, _), (third, _) = d.several(PEOPLE, 3)
    things = d.pick(THINGS)
    first, rest = d.amount(3, 30), d.amount(2, 60)
    facts, steps = _climb(d, [who, other], AMOUNT, "{a} has", first, things)
    total = first + steps[-1].value
    told = [
        *facts,
        f"{who} has {first} {things}.",
        f"{who}, {other} and {third} have {total + rest} {things} together.",
    ]
    steps.append(Step(f"{who} and {other} have", first, "+", steps[-1].value))
    steps.append(Step(f"{third} has", total + rest, "-", total))
    return Plot(d.shuffled(told), f"How many {things} does {third} have?", steps)


def walkers(d: Dice) -> Plot:
    """Test only: relations between ways walked, in any order, for some days."""
    names = [name for name, _ in d.several(PEOPLE, 3)]
    start = d.number(2, 20)
    facts, steps = _climb(d, names, WAY, "{a} walks", start)
    if steps[-1].value > 60:
        return walkers(d)
    told = d.shuffled([f"{names[0]} walks {start} miles a day.", *facts])
    days = d.number(2, 9)
    steps.append(Step(f"In {days} days:", steps[-1].value, "*", days))
    return Plot(told, f"How many miles does {names[-1]} go in {days} days?", steps)


def lending(d: Dice) -> Plot:
    """Test only: equal boxes, and what goes and comes back."""
    noun = d.pick(("books", "plates", "cups", "toys"))
    count, each = d.number(2, 9), d.number(3, 20)
    total = count * each
    taken = d.number(2, min(total - 2, 60))
    back = d.number(2, 40)
    facts = [
        f"In a school there are {count} boxes on the table, and {each} {noun} are in each of them.",
        f"On {d.pick(('Monday', 'Friday'))} the children get {taken} of the {noun}.",
        f"On {d.pick(('Saturday', 'Sunday'))} they put {back} {noun} into them.",
    ]
    steps = [
        Step("The boxes hold", count, "*", each),
        Step("The rest is", total, "-", taken),
        Step("Now there are", total - taken, "+", back),
    ]
    return Plot(facts, f"How many {noun} are in the boxes in the end?", steps)
