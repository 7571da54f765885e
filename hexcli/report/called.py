"""What runs are called beside each other in a figure: by what tells them apart."""

import re
from collections.abc import Sequence

from hexcli.report.terminal import visible
from hexcli.runs.counting import Count
from hexcli.runs.traits import differing, phrase, traits

LONGEST = 34  # characters that a legend bears
BRIEF = 24  # of settings: longer ones say less than a name that people chose
_HASH = re.compile(r"-[0-9a-f]{8}$")


def called(runs: Sequence[Count]) -> list[str]:
    """A name for each run: the settings in which they differ, where these tell all of them apart and are short.

    Else its folder's name, without the recipe's hash where no two are then the same; or longer settings where two are,
    or where nobody chose the names.
    Which schedules there are is said only where nothing else tells the runs apart.
    """
    folders = [one.run.name for one in runs]
    if len(runs) < 2:
        return folders
    bare = [_HASH.sub("", name) for name in folders]
    telling = len(set(bare)) == len(runs) and all(bare)
    longest = BRIEF if telling and bare == folders else LONGEST
    settings = [traits(one) for one in runs]
    differ = differing(settings)
    for names in ([name for name in differ if name != "schedules"], differ):
        found = [", ".join(phrase(name, own.get(name, "none")) for name in names) for own in settings]
        if len(set(found)) == len(runs) and max(len(visible(name)) for name in found) <= longest:
            return found
    return bare if telling else folders


def shortened(name: str, run: Count, told: Sequence[str]) -> str:
    """A run's name without the traits that are told beside it: `tiny`, of `tiny, T 0 and 0.9`."""
    settings = traits(run)
    padded = f", {name}, "
    for trait in told:
        padded = padded.replace(f", {phrase(trait, settings.get(trait, 'none'))}, ", ", ")
    return padded.strip(", ")
