"""Families about things: heaps, boxes, shares, rows. Numbers are whole throughout."""

from hexcli.tasks.embedded.families.dice import PEOPLE, THINGS, Dice, Plot, Step


def gather(d: Dice) -> Plot:
    """Getting and giving away one kind of thing, 2 to 5 times."""
    who, he = d.pick(PEOPLE)
    things = d.pick(THINGS)
    have = d.amount(5, 80)
    facts = [d.pick((f"{who} has {have} {things}.", f"{who} starts with {have} {things}."))]
    steps: list[Step] = []
    for _ in range(d.pick((2, 3, 3, 4, 4, 5))):
        if have > 6 and d.chance(0.5):
            change = d.number(2, have - 2)
            told = d.pick(("gives away", "loses", "sells"))
            steps.append(Step(f"{who} has", have, "-", change))
        else:
            change = d.amount(2, 60)
            told = d.pick(("finds", "gets", "buys"))
            steps.append(Step(f"{who} has", have, "+", change))
        have = steps[-1].value
        facts.append(f"{he.capitalize() if len(steps) == 1 else 'Then ' + he} {told} {change} {things}.")
    return Plot(facts, d.pick((f"How many {things} does {who} have now?", f"How many {things} are left?")), steps)


def boxes(d: Dice) -> Plot:
    """Equal boxes, then some things taken out or put in."""
    who, _ = d.pick(PEOPLE)
    things, holder = d.pick(THINGS), d.pick(("boxes", "bags", "jars"))
    count, each = d.number(2, 12), d.amount(3, 20)
    steps = [Step(f"The {holder} hold", count, "*", each)]
    facts = [
        d.pick(
            (
                f"{who} has {count} {holder} with {each} {things} in each.",
                f"There are {count} {holder}. Each of the {holder} holds {each} {things}.",
            )
        )
    ]
    if d.chance(0.6):
        more = d.amount(2, 60)
        facts.append(f"There are {more} more {things} on the table.")
        steps.append(Step(f"All {things} are", steps[-1].value, "+", more))
    if len(steps) == 1 or d.chance(0.5):
        less = d.number(2, min(steps[-1].value - 2, 600))
        facts.append(d.pick((f"Then {less} {things} are lost.", f"{who} sells {less} of the {things}.")))
        steps.append(Step("The rest is", steps[-1].value, "-", less))
    return Plot(facts, f"How many {things} are there {d.pick(('now', 'in the end'))}?", steps)


def share(d: Dice) -> Plot:
    """Two heaps put together and shared equally."""
    (who, _), (other, _) = d.several(PEOPLE, 2)
    things = d.pick(THINGS)
    friends, each = d.number(2, 9), d.amount(3, 20)
    total = friends * each
    first = d.number(2, total - 2)
    facts = [
        f"{who} has {first} {things} and {other} has {total - first} {things}.",
        f"They put them together and share them equally among {friends} {d.pick(('children', 'friends'))}.",
    ]
    steps = [Step("Together they have", first, "+", total - first), Step("Each gets", total, "/", friends)]
    ask = f"How many {things} does each {'child' if 'children' in facts[1] else 'friend'} get?"
    if d.chance(0.5):
        third, _ = d.pick([person for person in PEOPLE if person[0] not in (who, other)])
        eaten = d.amount(2, 30)
        if d.chance(0.5) or eaten > each - 2:
            facts.append(f"{third} is one of them and had {eaten} {things} before.")
            steps.append(Step(f"{third} has", each, "+", eaten))
        else:
            facts.append(f"{third} is one of them and gives away {eaten} {things} later.")
            steps.append(Step(f"{third} has", each, "-", eaten))
        ask = f"How many {things} does {third} have in the end?"
    return Plot(facts, ask, steps)


def bake(d: Dice) -> Plot:
    """Trays of cakes, some eaten, the rest packed."""
    who, he = d.pick(PEOPLE)
    food = d.pick(("cookies", "rolls", "muffins"))
    trays, bags, each = d.number(2, 20), d.number(2, 9), d.amount(2, 10)
    per_tray = d.amount(3, 12)
    total, packed = trays * per_tray, bags * each
    if packed > total - 2:
        return bake(d)
    facts = [
        f"{who} bakes {trays} trays of {food} with {per_tray} {food} on each tray.",
        d.pick(
            (
                f"The friends eat {total - packed} of them.",
                f"{he.capitalize()} gives away {total - packed} {food}.",
            )
        ),
        f"{he.capitalize()} packs the rest equally into {bags} bags.",
    ]
    steps = [
        Step(f"{who} bakes", trays, "*", per_tray, f" {food}"),
        Step("The rest is", total, "-", total - packed),
        Step("Each bag gets", packed, "/", bags),
    ]
    return Plot(facts, f"How many {food} are in each bag?", steps)


def packs(d: Dice) -> Plot:
    """A stock divided into equal packs, some of them sold."""
    who, he = d.pick(PEOPLE)
    things, pack = d.pick(THINGS), d.pick(("packs", "boxes", "bags"))
    size, count = d.number(2, 12), d.amount(4, 20)
    sold = d.number(2, count - 2)
    facts = [
        f"{who} puts {size * count} {things} into {pack} of {size}.",
        f"{he.capitalize()} sells {sold} {pack}.",
    ]
    steps = [
        Step(f"{who} has", size * count, "/", size, f" {pack}"),
        Step("Left are", count, "-", sold, f" {pack}"),
    ]
    if d.chance(0.5):
        price = d.number(2, 20)
        facts.append(f"Each of the other {pack} is sold for {price} dollars.")
        steps.append(Step("They bring", count - sold, "*", price, " dollars"))
        return Plot(facts, f"How many dollars do the other {pack} bring?", steps)
    return Plot(facts, f"How many {pack} are left?", steps)


def garden(d: Dice) -> Plot:
    """Rows of plants in one or two beds."""
    who, _ = d.pick(PEOPLE)
    plant = d.pick(("trees", "roses", "plants"))
    rows, each = d.number(2, 12), d.amount(3, 15)
    total = rows * each
    steps = [Step("The rows have", rows, "*", each, f" {plant}")]
    facts = [
        d.pick(
            (
                f"A garden has {rows} rows with {each} {plant} in each row.",
                f"{who} plants {rows} rows of {plant}, {each} {plant} in each row.",
            )
        )
    ]
    if d.chance(0.4):
        rows2, each2 = d.number(2, 9), d.number(3, 12)
        facts.append(f"Behind the house there are {rows2} more rows with {each2} {plant} in each.")
        steps += [Step("Behind are", rows2, "*", each2), Step("Together:", total, "+", rows2 * each2)]
    if len(steps) == 1 or d.chance(0.5):
        dead = d.number(2, min(500, steps[-1].value - 2))
        facts.append(f"In winter {dead} {plant} die.")
        steps.append(Step("The rest is", steps[-1].value, "-", dead))
    return Plot(facts, f"How many {plant} are there {d.pick(('now', 'in the end'))}?", steps)


def school(d: Dice) -> Plot:
    """Classes of boys and girls, carried by buses or seated in rows."""
    classes, boys, girls = d.number(2, 20), d.number(3, 25), d.number(3, 25)
    each = boys + girls
    facts = [
        d.pick(
            (
                f"A school has {classes} classes. Each class has {boys} boys and {girls} girls.",
                f"There are {boys} boys and {girls} girls in each of the {classes} classes of a school.",
            )
        )
    ]
    steps = [Step("A class has", boys, "+", girls), Step("The school has", classes, "*", each)]
    total = classes * each
    if d.chance(0.4):
        absent = d.number(2, min(90, total - 2))
        facts.append(f"Today {absent} children are ill.")
        steps.append(Step("The rest is", total, "-", absent))
        return Plot(facts, "How many children are at school today?", steps)
    if d.chance(0.5):
        teachers = d.number(2, 30)
        facts.append(f"There are also {teachers} teachers.")
        steps.append(Step("With teachers:", total, "+", teachers))
        return Plot(facts, "How many people are at the school?", steps)
    return Plot(facts, d.pick(("How many children are there?", "How many children does the school have?")), steps)


def transfer(d: Dice) -> Plot:
    """Things going from one person to another."""
    (who, _), (other, _) = d.several(PEOPLE, 2)
    things = d.pick(THINGS)
    first, second = d.amount(8, 90), d.amount(3, 80)
    given = d.number(2, first - 3)
    facts = [
        d.pick(
            (
                f"{who} has {first} {things} and {other} has {second} {things}.",
                f"{other} has {second} {things}. {who} has {first} {things}.",
            )
        ),
        d.pick((f"{who} gives {given} {things} to {other}.", f"{other} gets {given} {things} from {who}.")),
    ]
    mine, yours = Step(f"{who} has", first, "-", given), Step(f"{other} has", second, "+", given)
    if d.chance(0.4):
        big, small = max(mine.value, yours.value), min(mine.value, yours.value)
        if big - small < 2:
            return transfer(d)
        more, less = (who, other) if mine.value == big else (other, who)
        ask = f"How many more {things} does {more} have than {less} now?"
        return Plot(facts, ask, [mine, yours, Step(f"{more} has", big, "-", small, " more")])
    if d.chance(0.5):
        lost = d.number(2, yours.value - 2)
        facts.append(f"Then {other} loses {lost} {things}.")
        steps = [yours, Step(f"Then {other} has", yours.value, "-", lost)]
        return Plot(facts, f"How many {things} does {other} have now?", steps)
    found = d.amount(2, 50)
    facts.append(f"Then {who} finds {found} {things}.")
    steps = [mine, Step(f"Then {who} has", mine.value, "+", found)]
    return Plot(facts, f"How many {things} does {who} have now?", steps)


def wheels(d: Dice) -> Plot:
    """Two kinds of things with so many parts each."""
    first, second, part, parts, other_parts = d.pick(
        (
            ("chickens", "cows", "legs", 2, 4),
            ("bikes", "cars", "wheels", 2, 4),
            ("chairs", "stools", "legs", 4, 3),
            ("cars", "trucks", "wheels", 4, 6),
        )
    )
    a, b = d.amount(2, 30), d.amount(2, 20)
    where = d.pick(("On a farm", "In the yard", "Behind the house"))
    facts = [f"{where} there are {a} {first} and {b} {second}."]
    facts.append(f"The {first} have {parts} {part} each and the {second} have {other_parts} {part} each.")
    steps = [
        Step(f"The {first} have", a, "*", parts),
        Step(f"The {second} have", b, "*", other_parts),
        Step("Together:", a * parts, "+", b * other_parts, f" {part}"),
    ]
    return Plot(facts, f"How many {part} are there {d.pick(('in all', 'together'))}?", steps)
