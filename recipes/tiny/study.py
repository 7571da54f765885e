"""The tables of the study of HEX on the embedded model, over the votes of its runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from choose import candidates, report
from figures import accuracy, best, difference, percent, right, share, single, table, unanswered, vote
from parts import BLOCKS, CANVAS, Kind, column_of
from selection import choices
from sheets import Sheet, common

from hexcli.recipe.file import load_recipes

SHIPPED, UNIFORM = "tiny", "uniform"
# The ensembles compared: votes -> blocks and samples of each. Fixed before anything was decoded.
HEX: Mapping[int, Mapping[str, int]] = {
    4: dict.fromkeys(("8", "16", "32", "64"), 1),
    6: dict.fromkeys(BLOCKS, 1),
    12: dict.fromkeys(BLOCKS, 2),
    16: dict.fromkeys(("8", "16", "32", "64"), 4),
    25: dict.fromkeys(("4", "8", "16", "32", "64"), 5),
}


def deterministic() -> tuple[str, ...]:
    """The six schedules of the recipes `greedy*.yaml`, chosen on calibration problems (choose.py)."""
    paths = sorted((Path(__file__).parent / "results").glob("greedy*.yaml"))
    ensembles = [recipe.ensemble(CANVAS) for path in paths for recipe in load_recipes(path)]
    chosen = {schedule for ensemble in ensembles for schedule in ensemble}
    return tuple(map(column_of, sorted(chosen, key=lambda schedule: schedule.cast_order)))


class Study:
    """All sheets, and the tables over them. A table whose votes are missing raises KeyError."""

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        self.sheets = {sheet.kind: sheet for sheet in sheets}

    def _sheet(self, task: str, temperature: float, *, canvas: int = CANVAS, model: str = SHIPPED) -> Sheet:
        kind = Kind(model, task, canvas, temperature)
        if kind not in self.sheets:
            raise KeyError(f"no votes of {kind}")
        return self.sheets[kind]

    def _greedy(self, sheet: Sheet, columns: Sequence[str]) -> str:
        together = vote(sheet, dict.fromkeys(columns, 1))
        singles = {column: single(sheet, column) for column in columns}
        first = np.array(sheet.first)
        parts = {"all": np.ones_like(first), "answer last": ~first, "answer first": first}
        parts = {name: mask for name, mask in parts.items() if mask.any() and (name == "all" or first.any())}
        oracle = np.maximum.reduce(list(singles.values()))
        top = best(singles)
        head = ["block", *(f"{name} (n = {int(mask.sum())})" for name, mask in parts.items()), "no answer"]
        head += ["end of text early", "bare answer"]
        rows = []
        for column, shares in singles.items():
            ends = (unanswered(sheet, column), share(sheet, sheet.early, column), share(sheet, sheet.bare, column))
            rows.append([column, *(accuracy(shares[mask]) for mask in parts.values()), *map(percent, ends)])
        for name, shares in (("**majority**", together), ("oracle", oracle)):
            rows.append([name, *(accuracy(shares[mask]) for mask in parts.values()), "", "", ""])
        gains = [difference(together[mask], singles[top][mask]) for mask in parts.values()]
        rows.append([f"majority - block {top}", *gains, "", "", ""])
        return table(head, rows)

    def candidates(self) -> str:
        """What the six schedules are chosen from, on calibration problems."""
        return candidates(self._sheet("sums-calibration", 0.0))

    def choice(self) -> str:
        """What is chosen, and how well choosing works."""
        sheet = self._sheet("sums-calibration", 0.0)
        return report(sheet, choices(sheet))

    def greedy(self) -> str:
        """The six schedules chosen on calibration problems, at temperature 0 on the test."""
        return self._greedy(self._sheet("sums", 0.0), deterministic())

    def blocks(self) -> str:
        """The blocks that nobody chose, in the same way."""
        return self._greedy(self._sheet("sums", 0.0), BLOCKS)

    def long(self) -> str:
        """Blocks on a canvas of 128."""
        sheet = self._sheet("sums", 0.0, canvas=128)
        return self._greedy(sheet, list(sheet.votes))

    def new(self) -> str:
        """The six schedules on the families never trained on."""
        return self._greedy(self._sheet("sums-new", 0.0), deterministic())

    def choices(self) -> str:
        """The six schedules on problems with four options."""
        return self._greedy(self._sheet("choices", 0.0), deterministic())

    def temperatures(self) -> str:
        """One vote of each block at each temperature."""
        cold, warm, hot = common(*(self._sheet("sums", temperature) for temperature in (0.0, 0.5, 0.9)))
        head = [f"block (n = {len(hot.problems)})"]
        head += [f"T = {sheet.kind.temperature:g}, mean of {len(sheet.votes['8'])}" for sheet in (cold, warm, hot)]
        rows = [
            [
                block,
                *(accuracy(single(sheet, block)) for sheet in (cold, warm, hot)),
                percent(share(hot, hot.early, block)),
            ]
            for block in BLOCKS
        ]
        return table([*head, "end of text early at 0.9"], rows)

    def votes(self) -> str:
        """HEX against the self-consistency of every block, at equal votes and temperature 0.9."""
        sheet = self._sheet("sums", 0.9)
        rows = []
        for votes, ensemble in HEX.items():
            own = vote(sheet, ensemble)
            alone = {block: vote(sheet, {block: votes}) for block in BLOCKS}
            top = best(alone)
            cells = [percent(shares.mean()) for shares in alone.values()]
            rows.append([str(votes), accuracy(own), *cells, f"{top}: {difference(own, alone[top])}"])
        return table(
            [f"votes (n = {len(sheet.problems)})", "HEX", *(f"block {block}" for block in BLOCKS), "HEX - best block"],
            rows,
        )

    def oracle(self) -> str:
        """Share of problems that any of the votes answers right."""
        sheet = self._sheet("sums", 0.9)
        rows = []
        for votes, ensemble in HEX.items():
            any_of = [
                float(np.concatenate([right(sheet, b)[:n] for b, n in plan.items()]).any(0).mean())
                for plan in (ensemble, *({block: votes} for block in BLOCKS))
            ]
            rows.append([str(votes), *map(percent, any_of)])
        return table([f"votes (n = {len(sheet.problems)})", "HEX", *(f"block {block}" for block in BLOCKS)], rows)

    def correlations(self) -> str:
        """Correlation over problems between the correctness of two generations, by their blocks."""
        sheet = self._sheet("sums", 0.9)
        samples = {block: right(sheet, block)[:8].astype(float) for block in BLOCKS}
        rows = []
        for one in BLOCKS:
            cells = []
            for other in BLOCKS:
                both = np.corrcoef(np.concatenate([samples[one], samples[other]]))
                count = len(samples[one])
                cross = both[:count, count:]
                cells.append(f"{cross[~np.eye(count, dtype=bool)].mean():.2f}")
            rows.append([f"**{one}**", *cells])
        return table([f"block (n = {len(sheet.problems)})", *BLOCKS], rows)

    def masks(self) -> str:
        """Training with LLaDA's masks and HEX, against mixed masks and one schedule: equal tokens seen, equal votes."""
        mixed, uniform = common(self._sheet("sums", 0.9), self._sheet("sums", 0.9, model=UNIFORM))
        rows = []
        for name, sheet in (("LLaDA's", uniform), ("mixed", mixed)):
            alone = {block: single(sheet, block) for block in BLOCKS}
            cells = [percent(shares.mean()) for shares in alone.values()]
            rows.append([f"{name}, one vote", *cells, ""])
            consistent = {block: vote(sheet, {block: 5}) for block in BLOCKS}
            rows.append([f"{name}, 5 votes of the block", *(percent(s.mean()) for s in consistent.values()), ""])
        own = vote(uniform, HEX[25])
        rows.append(["LLaDA's, HEX with 25 votes", *[""] * len(BLOCKS), accuracy(own)])
        rows.append(["mixed, HEX with 25 votes", *[""] * len(BLOCKS), accuracy(vote(mixed, HEX[25]))])
        alone = {block: vote(mixed, {block: 25}) for block in BLOCKS}
        top = best(alone)
        rows.append(
            ["mixed, 25 votes of the block", *(percent(s.mean()) for s in alone.values()), accuracy(alone[top])]
        )
        rows.append(
            [f"mixed, 25 votes of block {top} - LLaDA's, HEX", *[""] * len(BLOCKS), difference(alone[top], own)]
        )
        return table([f"n = {len(mixed.problems)}", *(f"block {block}" for block in BLOCKS), "all"], rows)


# In the order in which RESULTS.md has them.
TABLES: dict[str, Callable[[Study], str]] = {
    name: getattr(Study, name)
    for name in (
        *("candidates", "choice", "greedy", "blocks", "temperatures", "votes"),
        *("oracle", "correlations", "long", "new", "choices", "masks"),
    )
}
