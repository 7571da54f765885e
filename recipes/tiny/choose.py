"""Six deterministic schedules, chosen on calibration problems for the accuracy of their majority.

python recipes/tiny/choose.py RUN... [--recipes recipes/tiny/results]

How is told in selection.py.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from figures import accuracy, best, difference, percent, single, table, unanswered, vote
from parts import schedule_of
from selection import Chosen, choices, taken
from sheets import Sheet, collect

from hexcli.errors import HexError, UsageError

TASK = "sums-calibration"


def candidates(sheet: Sheet) -> str:
    """Every candidate by itself."""
    first, rows = np.array(sheet.first), []
    for column in sheet.votes:
        own = single(sheet, column)
        nfe = schedule_of(column, sheet.kind.gen_length).nfe
        parts = [percent(own[mask].mean()) if mask.any() else "" for mask in (~first, first)]
        rows.append([column, str(nfe), accuracy(own), *parts, percent(unanswered(sheet, column))])
    head = ["candidate", "NFE", f"all (n = {len(first)})", "answer last", f"answer first (n = {first.sum()})"]
    return table([*head, "no answer"], rows)


def report(sheet: Sheet, found: Mapping[str, Chosen]) -> str:
    """The choices as a table, the one that is taken in bold."""
    singles = {column: single(sheet, column) for column in sheet.votes}
    rows = []
    for name, chosen in found.items():
        own = vote(sheet, dict.fromkeys(chosen.columns, 1))
        top = best({column: singles[column] for column in chosen.columns})
        cells = [", ".join(chosen.columns), accuracy(own), f"{top}: {difference(own, singles[top])}"]
        means, spreads = 100 * chosen.held_out.mean(0), 100 * chosen.held_out.std(0)
        cells += [f"{means[0]:.1f}", *(f"{means[at]:+.1f} (sd {spreads[at]:.1f})" for at in (1, 2))]
        rows.append([f"**{name}**" if name == taken(found) else name, *cells])
    head = ["chosen among", "six", f"majority (n = {len(sheet.problems)})", "- best of the six"]
    return table([*head, "held out: majority", "- best of the six", "- best candidate"], rows)


def only(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet to choose on, never one of the test. Raises UsageError where there is none, or several."""
    found = [sheet for sheet in sheets if sheet.kind.task == TASK and sheet.kind.temperature == 0]
    if len(found) != 1:
        kinds = "; ".join(str(sheet.kind) for sheet in found or sheets) or "nothing"
        raise UsageError(f"schedules are chosen on {TASK} at temperature 0, by runs of one model; here is {kinds}")
    return found[0]


def recipes(columns: Sequence[str], gen_length: int) -> dict[str, str]:
    """Recipe files of columns by name: one for each remasking rule, as a recipe has only one."""
    rules: dict[tuple[str, int], list[str]] = {}
    for schedule in (schedule_of(column, gen_length) for column in columns):
        rules.setdefault((schedule.remasking, schedule.steps), []).append(schedule.label)
    files = {}
    for number, ((rule, steps), labels) in enumerate(rules.items(), start=1):
        text = f"""# The six schedules that choose.py chose on calibration problems, those of {rule}.
task: [sums, sums-new, choices]
schedules: [{", ".join(labels)}]
gen_length: {gen_length}
steps: {steps}
remasking: {rule}
temperature: 0
"""
        files["greedy.yaml" if number == 1 else f"greedy-{number}.yaml"] = text
    return files


def main() -> None:
    """Read the runs, choose, print, and write the recipes of the choice that is taken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sources", type=Path, nargs="+", help="run folders, folders of them, or a kept file")
    parser.add_argument("--recipes", type=Path, help="folder in which the choice replaces greedy*.yaml")
    args = parser.parse_args()
    try:
        sheet = only(collect(args.sources))
        found = choices(sheet)
    except HexError as error:
        sys.exit(str(error))
    print(f"{sheet.kind}\n\n{candidates(sheet)}\n\n{report(sheet, found)}")
    if args.recipes:
        for old in args.recipes.glob("greedy*.yaml"):
            old.unlink()
        for name, text in recipes(found[taken(found)].columns, sheet.kind.gen_length).items():
            (args.recipes / name).write_text(text)


if __name__ == "__main__":
    main()
