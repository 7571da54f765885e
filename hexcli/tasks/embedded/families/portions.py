"""Families about parts of a whole, ways back and means: longer ways to the answer. Numbers are whole throughout."""

from hexcli.tasks.embedded.families.dice import DAYS, GOODS, PEOPLE, THINGS, Dice, Plot, Step

FRACTIONS = (("half", 2), ("a third", 3), ("a quarter", 4))


def halves(d: Dice) -> Plot:
    """A fraction given away, then sometimes a fraction of the rest."""
    who, he = d.pick(PEOPLE)
    (other, _) = d.pick([person for person in PEOPLE if person[0] != who])
    things = d.pick(THINGS)
    (first, by), (second, by2) = d.pick(FRACTIONS), d.pick(FRACTIONS)
    have = by * by2 * d.amount(2, 12)
    gone = have // by
    facts = [f"{who} has {have} {things}.", f"{he.capitalize()} gives {first} of them to {other}."]
    steps = [Step(f"{other} gets", have, "/", by), Step(f"{who} has", have, "-", gone)]
    rest = have - gone
    if rest % by2 == 0 and d.chance(0.6):
        facts.append(f"Then {he} sells {second} of the rest.")
        steps += [Step(f"{who} sells", rest, "/", by2), Step("Left are", rest, "-", rest // by2)]
    elif d.chance(0.5):
        found = d.amount(2, 60)
        facts.append(f"Then {he} finds {found} {things}.")
        steps.append(Step(f"Then {who} has", rest, "+", found))
    return Plot(facts, f"How many {things} does {who} have in the end?", steps)


def percent(d: Dice) -> Plot:
    """So many percent of a round number, and what is left."""
    total, share = 100 * d.amount(2, 9), d.number(2, 60)
    things = d.pick(THINGS)
    taken = total // 100 * share
    facts = [f"A shop has {total} {things}.", f"On {d.pick(DAYS)} it sells {share} percent of them."]
    steps = [Step("One percent is", total, "/", 100), Step("Sold are", total // 100, "*", share)]
    if d.chance(0.5):
        price = d.number(2, 9)
        facts.append(f"Each is sold for {price} dollars.")
        steps.append(Step("They bring", taken, "*", price, " dollars"))
        return Plot(facts, "How many dollars do they bring?", steps)
    steps.append(Step("Left are", total, "-", taken, f" {things}"))
    return Plot(facts, f"How many {things} are left?", steps)


def before(d: Dice) -> Plot:
    """What there was at first, from what there is in the end: back through 2 to 4 changes."""
    who, he = d.pick(PEOPLE)
    things = d.pick(THINGS)
    value = d.amount(5, 80)
    steps: list[Step] = []
    told: list[str] = []
    for _ in range(d.pick((2, 3, 3, 4))):
        if value > 6 and d.chance(0.5):
            change = d.number(2, value - 2)
            told.append(f"{d.pick(('finds', 'gets', 'buys'))} {change} {things}.")
            steps.append(Step(f"Before that {he} had", value, "-", change))
        else:
            change = d.amount(2, 60)
            told.append(f"{d.pick(('gives away', 'loses', 'sells'))} {change} {things}.")
            steps.append(Step(f"Before that {he} had", value, "+", change))
        value = steps[-1].value
    opening, *later = reversed(told)
    facts = [f"{who} {opening}", *(f"Then {he} {fact}" for fact in later)]
    last = d.pick((f"Now {he} has {steps[0].left} {things}.", f"In the end {he} has {steps[0].left} {things}."))
    return Plot([*facts, last], f"How many {things} did {who} have at first?", steps)


def yard(d: Dice) -> Plot:
    """The area of a yard, less a pool, at a price."""
    long, wide = d.amount(6, 30), d.number(4, 20)
    who, he = d.pick(PEOPLE)
    facts = [f"{who} has a yard that is {long} meters long and {wide} meters wide."]
    steps = [Step("The yard has", long, "*", wide)]
    area = long * wide
    if d.chance(0.6):
        length, width = d.number(2, min(9, long - 2)), d.number(2, min(6, wide - 2))
        facts.append(f"A pool in it is {length} meters long and {width} meters wide.")
        steps += [Step("The pool has", length, "*", width), Step("The rest is", area, "-", length * width)]
        area -= length * width
    if len(steps) == 1 or d.chance(0.4):
        price = d.number(2, 9)
        facts.append(f"For each square meter {'of the rest ' if len(steps) > 1 else ''}{he} pays {price} dollars.")
        steps.append(Step(f"{who} pays", area, "*", price, " dollars"))
        return Plot(facts, f"How many dollars does {who} pay?", steps)
    return Plot(facts, "How many square meters are left?", steps)


def average(d: Dice) -> Plot:
    """The mean of three or four amounts."""
    who, he = d.pick(PEOPLE)
    things = d.pick(THINGS)
    days = d.pick((3, 3, 4))
    amounts = [d.amount(3, 60) for _ in range(days - 1)]
    last = days * d.amount(10, 60) - sum(amounts)
    if last < 2:
        return average(d)
    amounts.append(last)
    listed = ", ".join(map(str, amounts[:-1])) + f" and {amounts[-1]}"
    total = amounts[0]
    steps: list[Step] = []
    for amount in amounts[1:]:
        steps.append(Step("Together:", total, "+", amount))
        total += amount
    steps.append(Step("A day:", total, "/", days))
    does = d.pick(("sells", "finds", "gets"))
    does_not = {"sells": "sell", "finds": "find", "gets": "get"}[does]
    fact = f"In {days} days {who} {does} {listed} {things}."
    return Plot([fact], f"How many {things} does {he} {does_not} a day on average?", steps)


def machines(d: Dice) -> Plot:
    """Two machines running side by side, some of what they make broken."""
    first, second, hours = d.amount(3, 20), d.amount(3, 20), d.number(2, 12)
    things = d.pick(("toys", "cups", "plates", "lamps", "buttons"))
    total = (first + second) * hours
    broken = d.number(2, min(90, total - 2))
    facts = [
        d.pick(
            (
                f"One machine makes {first} {things} an hour and another makes {second}.",
                f"Two machines make {first} and {second} {things} an hour.",
            )
        ),
        f"Both run for {hours} hours.",
    ]
    steps = [Step("In an hour:", first, "+", second), Step(f"In {hours} hours:", first + second, "*", hours)]
    if d.chance(0.7):
        facts.append(f"{broken} of the {things} are broken.")
        steps.append(Step("The rest is", total, "-", broken))
        return Plot(facts, f"How many good {things} do they make?", steps)
    return Plot(facts, f"How many {things} do they make?", steps)


def budget(d: Dice) -> Plot:
    """What is left of a month's pay, over some months."""
    who, he = d.pick(PEOPLE)
    rent, food, left = d.amount(20, 90), d.amount(10, 60), d.amount(5, 60)
    pay, months = rent + food + left, d.number(2, 12)
    facts = [
        f"{who} earns {pay} dollars a month.",
        d.pick(
            (
                f"{he.capitalize()} pays {rent} dollars for the house and {food} dollars for food each month.",
                f"Each month the house costs {rent} dollars and food costs {food} dollars.",
            )
        ),
        f"{he.capitalize()} saves the rest for {months} months.",
    ]
    steps = [
        Step("Without the house:", pay, "-", rent),
        Step("Without food:", pay - rent, "-", food),
        Step(f"In {months} months:", left, "*", months, " dollars"),
    ]
    return Plot(facts, f"How many dollars does {who} save?", steps)


def exchange(d: Dice) -> Plot:
    """Some things bought, and as many others as the rest of the money allows."""
    who, he = d.pick(PEOPLE)
    (one, many), (one2, many2) = d.several(GOODS, 2)
    count, price, price2, count2 = d.number(2, 9), d.amount(3, 20), d.number(2, 9), d.amount(2, 12)
    cost, rest = count * price, price2 * count2
    facts = [
        f"{who} has {cost + rest} dollars.",
        f"A {one} costs {price} dollars and a {one2} costs {price2} dollars.",
        f"{he.capitalize()} buys {count} {many}.",
    ]
    steps = [
        Step(f"The {many} cost", count, "*", price),
        Step(f"{who} has", cost + rest, "-", cost, " left"),
        Step(f"{he.capitalize()} can buy", rest, "/", price2, f" {many2}"),
    ]
    return Plot(facts, f"How many {many2} can {he} buy with the rest?", steps)
