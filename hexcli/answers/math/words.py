r"""Words that an answer may hold besides mathematics: units, counted things, what changes a value.

A unit that one of two answers leaves out makes no difference, another unit does, and so does any word that is
neither a unit nor a thing that word problems count.
"""

from collections.abc import Sequence

SCALES = {"dozen": 12, "dozens": 12, "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9,
          "trillion": 10**12}  # fmt: skip
# Bases in words, and numbers that stand for themselves.
NUMERALS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
            "eleven": 11, "twelve": 12, "sixteen": 16}  # fmt: skip

# One line a unit: the name it goes by here, then its other spellings; plurals with -s and -es are added.
_UNITS = """
degree deg degs
radian rad
percent pct percentage
cent ¢
dollar usd buck
euro eur €
pound £ gbp lb lbs
yen ¥ jpy
rupee ₹ rs inr
mm millimeter millimetre
cm centimeter centimetre
dm decimeter decimetre
m meter metre
km kilometer kilometre
inch in
foot feet ft
yard yd yds
mile mi
g gram gm
mg milligram
kg kilogram kilo
ounce oz
ton tonne
liter l litre L
ml milliliter millilitre mL
gallon gal
quart qt
pint pt
cup
teaspoon tsp
tablespoon tbsp
second sec secs s
minute min mins
hour hr h hrs
day
week
month
year yr yrs
century centuries
mph
kph kmh kmph
mpg
cc
calorie
kcal
acre
hectare
celsius
fahrenheit
kelvin
joule J
newton N
watt W
volt V
ohm
hertz Hz
mole mol
"""
UNITS: dict[str, str] = {}
for _line in _UNITS.split("\n"):
    for _word in _line.split():
        UNITS[_word] = _line.split()[0]
        if len(_word) > 2:  # no ms, gs
            UNITS.setdefault(_word + "s", _line.split()[0])
UNITS["inches"] = "inch"
# What is made of several: its units, those below the line with a slash.
COMPOUND = {"mph": ("mile", "/hour"), "kph": ("km", "/hour"), "mpg": ("mile", "/gallon"), "cc": ("cm^3",)}
# Short ones that are variables as well: units only behind a space, or in text.
LETTER_UNITS = frozenset("mgshlLJNWV")
# Before or behind a unit, part of it: square inches, cm squared.
POWERS = {"square": 2, "sq": 2, "squared": 2, "cubic": 3, "cu": 3, "cubed": 3}

_GENERIC = (
    "unit",
    "way",
    "time",
    "number",
    "value",
    "solution",
    "integer",
    "total",
    "point",
    "possibility",
    "possibilities",
)
# What word problems count: units, too.
_COUNTED = (
    "angle animal apple arrangement arrow athlete bag ball balloon banana bird block boat bolt book bottle box boxes "
    "boy bus buses cake candy candies card car case cat chair chicken child children choice chocolate circle city "
    "cities class classes coin color colour combination complete component cookie copy copies corner couple cow "
    "crayon cube cut diagonal dice digit dish dishes dog dot dress dresses edge egg element employee event face "
    "factor female fish flavor flower friend frog function game girl glass glasses grade guest handshake head horse "
    "house integer intersection item jar kid kind lap leaf leaves leg length letter line male man marble match "
    "matches member men mark move multiple object orange ordering page pair pairing part party parties path "
    "pattern pebble pen pencil people permutation person persons piece plant plate player point possibility "
    "possibilities prime problem puppy puppies puzzle question rabbit ribbon root rope row section seat segment set "
    "shape sheep sheet shirt shoe side slice song space square squares stamp star step stick story stories "
    "student student's subset team term test tile ticket time times toy toys tree triangle trip value vertex "
    "vertices vote way woman women word"
)
COUNTED = frozenset(_COUNTED.split())
JOINING = ("and", "or")
TOTAL = ("total", "all", "altogether")  # behind `in`, which is no inch there
# Words in front of a number that add nothing to it.
ABOUT = ("about", "approximately", "exactly", "only")


def unit_of(word: str) -> str | None:
    """The unit that a word means, None where it is none."""
    return UNITS.get(word) or UNITS.get(word.lower() if len(word) > 1 else word)


def counted(word: str) -> str | None:
    """The thing that is counted, in the singular: empty for what is said of any number (`ways`), None for others."""
    for one in (word.lower(), word.lower().removesuffix("s")):
        if one in _GENERIC or one in COUNTED:
            return "" if one in _GENERIC else one
    return None


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELLED = {word: value for value, word in enumerate(_SMALL.split())}
_SPELLED |= {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}


def spelled_number(words: Sequence[str]) -> tuple[int, int]:
    """The number that words begin with and how many they are: `twenty five`, `twenty-five`; (0, 0) where none is."""
    parts = words[0].casefold().split("-")
    taken = 1
    if len(parts) == 1 and len(words) > 1 and _ones(words[1]) and _SPELLED.get(parts[0], 0) >= 20:
        parts, taken = [parts[0], words[1].casefold()], 2
    values = [_SPELLED.get(part) for part in parts]
    if len(parts) == 1 and values[0] is not None:
        return values[0], 1
    if len(parts) == 2 and values[0] and values[0] >= 20 and _ones(parts[1]):
        return values[0] + _SPELLED[parts[1]], taken
    return 0, 0


def _ones(word: str) -> bool:
    return 0 < _SPELLED.get(word.casefold(), 0) < 10
