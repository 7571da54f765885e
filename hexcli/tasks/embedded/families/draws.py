"""How often each family of word problems is drawn, in training and in the embedded tasks."""

from collections.abc import Callable, Mapping

from hexcli.tasks.embedded.families import portions, rates, relations, things
from hexcli.tasks.embedded.families.dice import Dice, Plot

Family = Callable[[Dice], Plot]

# How often each is drawn. Relations told out of order are the hardest, hence the most frequent.
TRAINED: Mapping[Family, int] = {
    things.gather: 2,
    things.boxes: 2,
    things.share: 2,
    things.bake: 2,
    things.packs: 2,
    things.garden: 2,
    things.school: 2,
    things.transfer: 2,
    things.wheels: 2,
    rates.bus: 2,
    rates.pages: 2,
    rates.tank: 2,
    rates.points: 2,
    rates.trip: 2,
    rates.shop: 3,
    rates.tickets: 2,
    rates.wages: 2,
    rates.savings: 2,
    portions.halves: 2,
    portions.percent: 2,
    portions.before: 3,
    portions.yard: 2,
    portions.average: 2,
    portions.machines: 2,
    portions.budget: 2,
    portions.exchange: 2,
    relations.chain: 2,
    relations.mixed: 6,
    relations.ages: 3,
    relations.prices: 3,
    relations.parts: 3,
}
# Never trained on: only the test task `sums-new` draws them.
NEW: Mapping[Family, int] = {relations.walkers: 1, relations.lending: 1}
