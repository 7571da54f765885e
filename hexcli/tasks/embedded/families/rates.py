"""Families about money, time and ways: so much an hour, so much each. Numbers are whole throughout."""

from hexcli.tasks.embedded.families.dice import DAYS, GOODS, PEOPLE, Dice, Plot, Step


def bus(d: Dice) -> Plot:
    """People getting on and off."""
    ride = d.pick(("bus", "train", "boat"))
    on_board = d.amount(5, 60)
    facts = [f"A {ride} starts with {on_board} people."]
    steps: list[Step] = []
    for stop in ("first", "second", "third")[: d.pick((1, 2, 2, 3))]:
        off, on = d.number(2, on_board - 2), d.amount(2, 30)
        if on_board > 4 and len(steps) < 3 and d.chance(0.5):
            facts.append(f"At the {stop} stop {off} people get off and {on} people get on.")
            steps += [Step("People left:", on_board, "-", off), Step("Now there are", on_board - off, "+", on)]
        elif on_board > 8 and d.chance(0.5):
            facts.append(f"At the {stop} stop {off} people get off.")
            steps.append(Step("Now there are", on_board, "-", off))
        else:
            facts.append(f"At the {stop} stop {on} people get on.")
            steps.append(Step("Now there are", on_board, "+", on))
        on_board = steps[-1].value
    if len(steps) not in (2, 3, 4):
        return bus(d)
    return Plot(facts, f"How many people are on the {ride} {d.pick(('now', 'in the end'))}?", steps)


def pages(d: Dice) -> Plot:
    """A long task done a little every day."""
    who, he = d.pick(PEOPLE)
    days, each, rest = d.number(2, 12), d.amount(4, 30), d.amount(3, 90)
    noun, does, did = d.pick((("pages", "reads", "read"), ("puzzles", "solves", "solve"), ("words", "learns", "learn")))
    done = days * each
    facts = [
        f"{who} wants to {did} {done + rest} {noun}.",
        d.pick(
            (
                f"{he.capitalize()} {does} {each} {noun} a day for {days} days.",
                f"For {days} days {he} {does} {each} {noun} every day.",
            )
        ),
    ]
    steps = [Step(f"In {days} days:", days, "*", each), Step("Left are", done + rest, "-", done, f" {noun}")]
    ask = f"How many {noun} are left?"
    if rest > 4 and d.chance(0.4):
        more = d.number(2, rest - 2)
        facts.append(f"On the next day {he} {does} {more} {noun}.")
        steps[1] = Step("Then left are", done + rest, "-", done)
        steps.append(Step("In the end:", rest, "-", more))
    return Plot(facts, ask, steps)


def tank(d: Dice) -> Plot:
    """Water running in and out by the minute."""
    start, rate, minutes = d.amount(5, 90), d.amount(2, 15), d.number(2, 12)
    flow = rate * minutes
    facts = [f"There are {start} liters of water in a tank."]
    if start > flow + 1 and d.chance(0.5):
        facts.append(f"Every minute {rate} liters run out, for {minutes} minutes.")
        steps = [Step("Together:", rate, "*", minutes), Step("The tank holds", start, "-", flow)]
    else:
        facts.append(f"Every minute {rate} liters run in, for {minutes} minutes.")
        steps = [Step("Together:", rate, "*", minutes), Step("The tank holds", start, "+", flow)]
    level = steps[-1].value
    if d.chance(0.6):
        if level > 8 and d.chance(0.6):
            used = d.number(2, min(level - 2, 900))
            facts.append(f"After that {d.pick(PEOPLE)[0]} takes out {used} liters.")
            steps.append(Step("Then it holds", level, "-", used))
        else:
            used = d.amount(2, 90)
            facts.append(f"After that {d.pick(PEOPLE)[0]} pours in {used} liters.")
            steps.append(Step("Then it holds", level, "+", used))
    return Plot(facts, f"How many liters are in the tank {d.pick(('now', 'in the end'))}?", steps)


def points(d: Dice) -> Plot:
    """Rounds of a game, with a bonus or a penalty."""
    who, he = d.pick(PEOPLE)
    rounds, each = d.number(2, 9), d.amount(3, 25)
    total = rounds * each
    facts = [
        d.pick(
            (
                f"{who} plays {rounds} rounds of a game and gets {each} points in each.",
                f"In a game {who} gets {each} points in each of {rounds} rounds.",
            )
        )
    ]
    steps = [Step("The rounds give", rounds, "*", each)]
    if d.chance(0.6):
        bonus = d.amount(2, 60)
        facts.append(f"At the end {he} gets {bonus} extra points.")
        steps.append(Step("With extra points:", total, "+", bonus))
    if len(steps) == 1 or d.chance(0.5):
        lost = d.number(2, min(steps[-1].value - 2, 600))
        facts.append(f"For a mistake {he} loses {lost} points.")
        steps.append(Step(f"{who} has", steps[-1].value, "-", lost))
    return Plot(facts, f"How many points does {who} have {d.pick(('now', 'in the end'))}?", steps)


def trip(d: Dice) -> Plot:
    """Hours at a speed, out of a long way."""
    who, he = d.pick(PEOPLE)
    move, fast = d.pick((("walks", d.number(2, 6)), ("rides", d.number(8, 25)), ("drives", d.number(30, 90))))
    hours, rest = d.number(2, 9), d.amount(3, 90)
    done = fast * hours
    if d.chance(0.5):
        facts = [f"{who} {move} {fast} miles an hour for {hours} hours.", f"Then {he} {move} {rest} more miles."]
        steps = [Step(f"In {hours} hours:", fast, "*", hours), Step("Together:", done, "+", rest, " miles")]
        return Plot(facts, f"How many miles does {who} go in all?", steps)
    facts = [
        f"{who} has to go {done + rest} miles.",
        f"{he.capitalize()} {move} {fast} miles an hour for {hours} hours.",
    ]
    steps = [Step(f"In {hours} hours:", fast, "*", hours), Step("Left are", done + rest, "-", done, " miles")]
    if rest > 5 and d.chance(0.4):
        more = d.number(2, rest - 2)
        facts.append(f"After a break {he} {move} {more} more miles.")
        steps[1] = Step("Then left are", done + rest, "-", done)
        steps.append(Step("In the end:", rest, "-", more, " miles"))
    return Plot(facts, "How many miles are left?", steps)


def shop(d: Dice) -> Plot:
    """Buying one or two kinds of things."""
    who, he = d.pick(PEOPLE)
    (one, many), (one2, many2) = d.several(GOODS, 2)
    a, price, b, price2 = d.number(2, 12), d.amount(2, 20), d.number(2, 12), d.amount(2, 12)
    cost, cost2 = a * price, b * price2
    facts = [
        d.pick(
            (
                f"{who} buys {a} {many} for {price} dollars each",
                f"A {one} costs {price} dollars. {who} buys {a} {many}",
            )
        )
    ]
    steps = [Step(f"The {many} cost", a, "*", price)]
    total = cost
    if d.chance(0.5):
        facts[0] += f" and {b} {many2} for {price2} dollars each."
        steps += [Step(f"The {many2} cost", b, "*", price2), Step("Together:", cost, "+", cost2, " dollars")]
        total = cost + cost2
    elif d.chance(0.4):
        facts[0] += f" and one {one2} for {price2} dollars."
        steps.append(Step("Together:", cost, "+", price2, " dollars"))
        total = cost + price2
    else:
        facts[0] += "."
    if len(steps) == 1 or d.chance(0.5):
        left = d.amount(2, 60)
        facts = d.pick(
            (
                [f"{who} has {total + left} dollars.", *facts],
                [*facts, f"{he.capitalize()} had {total + left} dollars before."],
            )
        )
        steps.append(Step(f"{who} has", total + left, "-", total, " left"))
        return Plot(facts, f"How many dollars does {who} have left?", steps)
    return Plot(facts, f"How many dollars does {who} {d.pick(('pay', 'spend'))} in all?", steps)


def tickets(d: Dice) -> Plot:
    """Tickets for adults and children."""
    adults, children = d.number(2, 20), d.number(2, 30)
    price, small = d.number(6, 30), d.number(2, 9)
    place = d.pick(("zoo", "museum", "circus"))
    facts = [
        d.pick(
            (
                f"At the {place} a ticket costs {price} dollars for adults and {small} dollars for children.",
                f"A {place} ticket for adults is {price} dollars. A ticket for children is {small} dollars.",
            )
        ),
        f"A group of {adults} adults and {children} children goes there.",
    ]
    first, second = adults * price, children * small
    steps = [
        Step("The adults pay", adults, "*", price),
        Step("The children pay", children, "*", small),
        Step("Together:", first, "+", second),
    ]
    if d.chance(0.3):
        off = d.number(2, min(90, first + second - 2))
        facts.append(f"The group gets {off} dollars off.")
        steps.append(Step("They pay", first + second, "-", off))
    return Plot(facts, f"How many dollars does the group pay {d.pick(('', 'in all '))}?".replace(" ?", "?"), steps)


def wages(d: Dice) -> Plot:
    """Work paid by the hour on two days."""
    who, he = d.pick(PEOPLE)
    day, day2 = d.several(DAYS, 2)
    pay, first, second = d.amount(4, 25), d.number(2, 9), d.number(2, 9)
    hours = first + second
    facts = [
        d.pick((f"{who} earns {pay} dollars an hour.", f"{who} gets {pay} dollars for an hour of work.")),
        f"{he.capitalize()} works {first} hours on {day} and {second} hours on {day2}.",
    ]
    steps = [Step(f"{who} works", first, "+", second, " hours"), Step(f"{he.capitalize()} earns", hours, "*", pay)]
    earned = hours * pay
    if d.chance(0.6):
        spent = d.number(2, min(900, earned - 2))
        facts.append(f"Then {he} spends {spent} dollars.")
        steps.append(Step(f"{who} has", earned, "-", spent, " left"))
        return Plot(facts, f"How many dollars of this does {who} have left?", steps)
    return Plot(facts, f"How many dollars does {who} earn in all?", steps)


def savings(d: Dice) -> Plot:
    """Saving by the week for something dear."""
    who, he = d.pick(PEOPLE)
    thing = d.pick(("bike", "camera", "guitar", "phone"))
    start, each, weeks, missing = d.amount(5, 90), d.amount(3, 20), d.number(2, 12), d.amount(3, 90)
    saved = each * weeks
    have = start + saved
    facts = [
        f"{who} has {start} dollars.",
        d.pick(
            (
                f"{he.capitalize()} saves {each} dollars a week for {weeks} weeks.",
                f"For {weeks} weeks {he} saves {each} dollars every week.",
            )
        ),
    ]
    steps = [Step(f"{who} saves", each, "*", weeks), Step(f"{he.capitalize()} has", start, "+", saved)]
    if d.chance(0.6):
        facts.insert(d.pick((0, 2)), f"A {thing} costs {have + missing} dollars.")
        steps.append(Step("Missing are", have + missing, "-", have))
        return Plot(facts, f"How many more dollars does {who} need for the {thing}?", steps)
    return Plot(facts, f"How many dollars does {who} have then?", steps)
