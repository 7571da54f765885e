"""The tables of RESULTS.md, from run folders or from the votes kept of them.

python recipes/tiny/results.py RUN... [--keep votes.json.gz] [--write RESULTS.md]
python recipes/tiny/results.py recipes/tiny/results/votes.json.gz --write recipes/tiny/RESULTS.md

In a text, what stands between `<!-- table NAME -->` and `<!-- end -->` is replaced by the table of that name.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
from figures import accuracy, best, difference, percent, right, single, table, unanswered, vote
from sheets import Kind, Sheet, load, read_runs, save

SHIPPED, UNIFORM = "tiny", "uniform"
SIX = (2, 4, 8, 16, 32, 64)
# The ensembles compared: votes -> schedules and samples of each. Fixed before anything was decoded.
HEX: Mapping[int, Mapping[int, int]] = {
    4: dict.fromkeys((8, 16, 32, 64), 1),
    6: dict.fromkeys(SIX, 1),
    12: dict.fromkeys(SIX, 2),
    16: dict.fromkeys((8, 16, 32, 64), 4),
    25: dict.fromkeys((4, 8, 16, 32, 64), 5),
}


class Study:
    """All sheets, and the tables over them. A table whose sheets are missing is None."""

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        self.sheets = {sheet.kind: sheet for sheet in sheets}

    def _sheet(self, task: str, temperature: float, *, canvas: int = 64, model: str = SHIPPED) -> Sheet:
        return self.sheets[Kind(model, task, canvas, temperature)]

    def _greedy(self, sheet: Sheet) -> str:
        singles = {block: single(sheet, block) for block in sheet.answers}
        first = np.array(sheet.first)
        parts = {"all": np.ones_like(first), "answer last": ~first, "answer first": first}
        parts = {name: mask for name, mask in parts.items() if mask.any() and (name == "all" or first.any())}
        together = vote(sheet, dict.fromkeys(sheet.answers, 1))
        oracle = np.maximum.reduce(list(singles.values()))
        top = best(singles)
        head = ["block", *(f"{name} (n = {int(mask.sum())})" for name, mask in parts.items()), "no answer"]
        head += ["end of text early", "bare answer"]
        rows = [
            [
                str(block),
                *(accuracy(shares[mask]) for mask in parts.values()),
                *map(percent, (unanswered(sheet, block), sheet.early[block], sheet.bare[block])),
            ]
            for block, shares in singles.items()
        ]
        for name, shares in (("**majority**", together), ("oracle", oracle)):
            rows.append([name, *(accuracy(shares[mask]) for mask in parts.values()), "", "", ""])
        gains = [difference(together[mask], singles[top][mask]) for mask in parts.values()]
        rows.append([f"majority - block {top}", *gains, "", "", ""])
        return table(head, rows)

    def greedy(self) -> str:
        """Every schedule at temperature 0 on the test."""
        return self._greedy(self._sheet("sums", 0.0))

    def long(self) -> str:
        """The same on a canvas of 128."""
        return self._greedy(self._sheet("sums", 0.0, canvas=128))

    def new(self) -> str:
        """The same on the families never trained on."""
        return self._greedy(self._sheet("sums-new", 0.0))

    def choices(self) -> str:
        """The same on problems with four options."""
        return self._greedy(self._sheet("choices", 0.0))

    def temperatures(self) -> str:
        """One vote of each block at each temperature."""
        sheets = {t: self._sheet("sums", t) for t in (0.0, 0.5, 0.9)}
        head = ["block", *(f"T = {t:g}, mean of {len(sheet.answers[8])}" for t, sheet in sheets.items())]
        rows = ([str(block), *(accuracy(single(sheet, block)) for sheet in sheets.values())] for block in SIX)
        return table(
            [*head, "end of text early at 0.9"], ([*row, percent(sheets[0.9].early[int(row[0])])] for row in rows)
        )

    def votes(self) -> str:
        """HEX against the self-consistency of every block, at equal votes and temperature 0.9."""
        sheet = self._sheet("sums", 0.9)
        rows = []
        for votes, ensemble in HEX.items():
            own = vote(sheet, ensemble)
            alone = {block: vote(sheet, {block: votes}) for block in SIX}
            top = best(alone)
            cells = [percent(shares.mean()) for shares in alone.values()]
            rows.append([str(votes), accuracy(own), *cells, f"{top}: {difference(own, alone[top])}"])
        return table(["votes", "HEX", *(f"block {block}" for block in SIX), "HEX - best block"], rows)

    def oracle(self) -> str:
        """Share of problems that any of the votes answers right."""
        sheet = self._sheet("sums", 0.9)
        rows = []
        for votes, ensemble in HEX.items():
            any_of = [
                float(np.concatenate([right(sheet, b)[:n] for b, n in plan.items()]).any(0).mean())
                for plan in (ensemble, *({block: votes} for block in SIX))
            ]
            rows.append([str(votes), *map(percent, any_of)])
        return table(["votes", "HEX", *(f"block {block}" for block in SIX)], rows)

    def correlations(self) -> str:
        """Correlation over problems between the correctness of two generations, by their blocks."""
        sheet = self._sheet("sums", 0.9)
        samples = {block: right(sheet, block)[:8].astype(float) for block in SIX}
        rows = []
        for one in SIX:
            cells = []
            for other in SIX:
                both = np.corrcoef(np.concatenate([samples[one], samples[other]]))
                count = len(samples[one])
                cross = both[:count, count:]
                cells.append(f"{cross[~np.eye(count, dtype=bool)].mean():.2f}")
            rows.append([f"**{one}**", *cells])
        return table(["block", *map(str, SIX)], rows)

    def masks(self) -> str:
        """Training with LLaDA's masks and HEX, against mixed masks and one schedule: equal tokens seen, equal votes."""
        mixed, uniform = self._sheet("sums", 0.9), self._sheet("sums", 0.9, model=UNIFORM)
        rows = []
        for name, sheet in (("LLaDA's", uniform), ("mixed", mixed)):
            alone = {block: single(sheet, block) for block in SIX}
            cells = [percent(shares.mean()) for shares in alone.values()]
            rows.append([f"{name}, one vote", *cells, ""])
            consistent = {block: vote(sheet, {block: 5}) for block in SIX}
            rows.append([f"{name}, 5 votes of the block", *(percent(s.mean()) for s in consistent.values()), ""])
        own = vote(uniform, HEX[25])
        rows.append(["LLaDA's, HEX with 25 votes", *[""] * len(SIX), accuracy(own)])
        rows.append(["mixed, HEX with 25 votes", *[""] * len(SIX), accuracy(vote(mixed, HEX[25]))])
        alone = {block: vote(mixed, {block: 25}) for block in SIX}
        top = best(alone)
        rows.append(
            ["mixed, 25 votes of the block", *(percent(s.mean()) for s in alone.values()), accuracy(alone[top])]
        )
        rows.append([f"mixed, 25 votes of block {top} - LLaDA's, HEX", *[""] * len(SIX), difference(alone[top], own)])
        return table(["", *(f"block {block}" for block in SIX), "all"], rows)


TABLES: dict[str, Callable[[Study], str]] = {
    name: getattr(Study, name)
    for name in ("greedy", "temperatures", "votes", "oracle", "correlations", "long", "new", "choices", "masks")
}


def main() -> None:
    """Read, keep, print or write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sources", type=Path, nargs="+", help="run folders, folders of them, or a kept file")
    parser.add_argument("--keep", type=Path, help="write all votes to this file")
    parser.add_argument("--write", type=Path, help="put the tables into this text instead of printing them")
    args = parser.parse_args()
    files = [path for path in args.sources if path.is_file()]
    runs = sorted({found.parent for path in args.sources if path.is_dir() for found in path.rglob("run.json")})
    sheets = [sheet for path in files for sheet in load(path)] + read_runs(runs)
    if args.keep:
        save(sheets, args.keep)
    study = Study(sheets)
    text = args.write.read_text() if args.write else ""
    for name, make in TABLES.items():
        try:
            made = make(study)
        except KeyError as missing:
            print(f"no table {name}: nothing of {missing}")
            continue
        if args.write:
            pattern = rf"(<!-- table {name} -->\n).*?(<!-- end -->)"
            text = re.sub(pattern, lambda found, made=made: f"{found[1]}\n{made}\n\n{found[2]}", text, flags=re.DOTALL)
        else:
            print(f"\n## {name}\n\n{made}")
    if args.write:
        args.write.write_text(text)


if __name__ == "__main__":
    main()
