"""Six deterministic schedules, chosen on calibration problems for the accuracy of their majority.

python recipes/tiny/choose.py RUN...

The candidates are the schedules of the runs; those of the cheapest are chosen among, so that all six cost the same.
A set is built by adding the schedule that helps most, one by one, and then by exchanging one for another as long as
that helps. What is chosen and scored on the same problems looks better than it is, so the whole choice is made again
on random halves of the problems and scored on the other halves.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from figures import Shares, accuracy, difference, majority, percent, right, single, table, unanswered
from numpy.typing import NDArray
from parts import schedule_of
from sheets import Sheet, collect
from study import BLOCKS

from hexcli.errors import HexError, UsageError

SIZE = 6
SPLITS = 20
TASK = "sums-calibration"

Votes = NDArray[np.int32]  # of the candidates in cast order: [candidates, problems]; see Sheet.votes
Choice = tuple[int, ...]  # places of candidates, rising


def shares(votes: Votes, target: Votes, chosen: Choice) -> Shares:
    """Whether the majority of the chosen is right: [problems]"""
    return (majority(votes[list(chosen)]) == target).astype(float)


def choose(votes: Votes, target: Votes, pool: Choice, size: int = SIZE) -> Choice:
    """The set of `size` candidates of the pool whose majority is right most often, as far as small changes find it.

    Of equally good changes the first is made.
    """
    chosen: Choice = ()
    while len(chosen) < min(size, len(pool)):
        chosen, score = _best(votes, target, [_with(chosen, one) for one in pool if one not in chosen])
    while True:
        kept = [tuple(one for one in chosen if one != out) for out in chosen]
        changed = [_with(rest, one) for rest in kept for one in pool if one not in chosen]
        if not changed:
            return chosen
        other, better = _best(votes, target, changed)
        if better <= score:
            return chosen
        chosen, score = other, better


def _with(chosen: Choice, one: int) -> Choice:
    return tuple(sorted((*chosen, one)))


def _best(votes: Votes, target: Votes, sets: Sequence[Choice]) -> tuple[Choice, float]:
    scores = [float(shares(votes, target, chosen).mean()) for chosen in sets]
    place = int(np.argmax(scores))
    return sets[place], scores[place]


def held_out(votes: Votes, target: Votes, pool: Choice) -> NDArray[np.float64]:
    """[SPLITS, 3]: accuracy of the majority, and its lead over the best of the six and over the best candidate.

    Each chosen on one random half of the problems and scored on the other; "the best" is the best there, in hindsight.
    """
    dice, found = np.random.default_rng(0), []
    for _ in range(SPLITS):
        here, there = np.array_split(dice.permutation(len(target)), 2)
        chosen = choose(votes[:, here], target[here], pool)
        singles = (votes[:, there] == target[there]).mean(1)
        own = float(shares(votes[:, there], target[there], chosen).mean())
        found.append((own, own - singles[list(chosen)].max(), own - singles.max()))
    return np.array(found)


def pools(columns: Sequence[str], gen_length: int) -> dict[str, Choice]:
    """What is chosen among, by what it is called: places of columns."""
    plain = tuple(place for place, column in enumerate(columns) if column in BLOCKS)
    schedules = [schedule_of(column, gen_length) for column in columns]
    return {
        f"{', '.join(columns[place] for place in plain)}: no choice": plain,
        "all candidates": tuple(range(len(columns))),
        "even blocks": tuple(place for place, schedule in enumerate(schedules) if schedule.even),
        "low_confidence": tuple(p for p, schedule in enumerate(schedules) if schedule.remasking == "low_confidence"),
    }


def candidates(sheet: Sheet) -> str:
    """Every candidate by itself."""
    first, rows = np.array(sheet.first), []
    for column in sheet.votes:
        own = single(sheet, column)
        nfe = schedule_of(column, sheet.kind.gen_length).nfe
        parts = [percent(own[mask].mean()) for mask in (~first, first)]
        rows.append([column, str(nfe), accuracy(own), *parts, percent(unanswered(sheet, column))])
    head = ["candidate", "NFE", f"all (n = {len(first)})", "answer last", f"answer first (n = {first.sum()})"]
    return table([*head, "no answer"], rows)


def choices(sheet: Sheet) -> tuple[str, Mapping[str, list[str]]]:
    """The table of what was chosen, and the chosen columns of every pool."""
    nfe = {column: schedule_of(column, sheet.kind.gen_length).nfe for column in sheet.votes}
    cheap = [column for column in sheet.votes if nfe[column] == min(nfe.values())]
    different: dict[bytes, str] = {}
    for column in cheap:  # one that votes as another on every problem would only give that one two votes
        different.setdefault(sheet.votes[column].tobytes(), column)
    columns = list(different.values())
    votes = np.concatenate([sheet.votes[column] for column in columns])
    singles = [right(sheet, column)[0].astype(float) for column in columns]
    top = max(singles, key=np.mean)
    rows, found = [], {}
    for name, pool in pools(columns, sheet.kind.gen_length).items():
        if len(pool) < SIZE:
            continue
        chosen = choose(votes, sheet.target, pool)
        own = shares(votes, sheet.target, chosen)
        best = max((singles[place] for place in chosen), key=np.mean)
        found[name] = [columns[place] for place in chosen]
        cells = [accuracy(own), difference(own, best), difference(own, top)]
        kept = held_out(votes, sheet.target, pool)
        means, spreads = 100 * kept.mean(0), 100 * kept.std(0)
        cells += [f"{means[0]:.1f}", *(f"{means[at]:+.1f} (sd {spreads[at]:.1f})" for at in (1, 2))]
        rows.append([name, ", ".join(found[name]), *cells])
    leads = ["- best of the six", "- best candidate"]
    head = ["chosen among", "six", f"majority (n = {len(sheet.problems)})", *leads, "held out: majority", *leads]
    return table(head, rows), found


def only(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet to choose on. Raises UsageError where that is not clear, or not allowed."""
    kinds = "; ".join(str(sheet.kind) for sheet in sheets) or "nothing"
    if len(sheets) != 1 or sheets[0].kind.task != TASK or sheets[0].kind.temperature != 0:
        raise UsageError(f"schedules are chosen on {TASK} at temperature 0, from runs of one model; here is {kinds}")
    return sheets[0]


def main() -> None:
    """Read the runs, choose, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sources", type=Path, nargs="+", help="run folders, folders of them, or a kept file")
    try:
        sheet = only(collect(parser.parse_args().sources))
    except HexError as error:
        sys.exit(str(error))
    print(f"{sheet.kind}\n\n{candidates(sheet)}\n\n{choices(sheet)[0]}")


if __name__ == "__main__":
    main()
