"""The tables of AXES.md, of the votes in `results/axes`; what takes minutes is kept beside them.

python recipes/tiny/axes.py --count                    counts anew: results/axes/counted.json
python recipes/tiny/axes.py --write recipes/tiny/AXES.md   puts the tables into the text
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from figures import accuracy, difference, filled, percent, table
from kept import load
from mixes import SAMPLES, Ballots, choose
from rival import majorities, rival

from hexcli.schedule import Schedule
from hexcli.scoring.axes import axes
from hexcli.scoring.paired import holm, paired
from hexcli.voter import Voter, voter_of

FOLDER = Path(__file__).parent / "results" / "axes"
COUNTED = FOLDER / "counted.json"
USUAL = "plain"  # the wording of `sums` where nothing else is said
WORDINGS = ("", "reasoning", "answer")
HEX = ("4", "8", "16", "32", "64")  # in the wording `plain`, canvas 64: the paper's ensemble


def schedule_name(schedule: Schedule) -> str:
    """`32@128`, `64:remasking=entropy`"""
    canvas = "" if schedule.gen_length == 64 else f"@{schedule.gen_length}"
    rule = "" if schedule.remasking == "low_confidence" else f":remasking={schedule.remasking}"
    return f"{schedule.label}{canvas}{rule}"


def voter_name(voter: Voter) -> str:
    """`64@128, T = 0.9, reasoning`"""
    return f"{schedule_name(voter.schedule)}, T = {voter.schedule.temperature:g}, {voter.prompt or USUAL}"


class Study:
    """The votes, and what was counted of them."""

    def __init__(self, counted: Mapping[str, Any] | None = None) -> None:
        (self.calibration,) = load(FOLDER / "calibration.json.gz")
        single, blocks, self.test = load(FOLDER / "test.json.gz")
        self.all = self.test.joined(blocks).joined(single)
        self.counted = counted or {}

    def hot(self, temperature: float = 0.9) -> list[Voter]:
        """The voters of the grid at a temperature."""
        return [voter for voter in self.test.answers if voter.schedule.temperature == temperature]

    def warm(self) -> list[Voter]:
        """The voters that have several temperatures: canvas 64, the default rule."""
        plain = [one for one in self.test.answers if one.schedule.remasking == "low_confidence"]
        return [one for one in plain if one.schedule.gen_length == 64]

    def count(self) -> dict[str, Any]:
        """What takes minutes: the axes on the test, and the mixes chosen on calibration problems."""
        grid = axes(self.test.bench(self.hot(), USUAL), USUAL)
        warm = axes(self.test.bench(self.warm(), USUAL), USUAL)
        rows = [row for row in grid["rows"] if row["axis"] != "all"]
        rows.insert(3, next(row for row in warm["rows"] if row["axis"] == "temperature"))
        ballots = Ballots(self.calibration)
        hot = [voter for voter in self.calibration.answers if voter.schedule.temperature]
        mixes = {}
        for votes, pool, samples in ((5, list(self.calibration.answers), 1), (25, hot, SAMPLES)):
            found = choose(ballots, pool, samples)
            told = [{"schedule": one.schedule.to_dict(), "prompt": one.prompt} for one in found.voters]
            mixes[str(votes)] = {"voters": told, "calibration": found.accuracy, "tried": found.tried, "pool": len(pool)}
        return {"problems": len(self.test.problems), "axes": rows, "mixes": mixes}

    def voters(self) -> str:
        """One vote, and five, of each voter on calibration problems."""
        ballots, rows = Ballots(self.calibration), []
        for voter in self.calibration.answers:
            if voter.prompt:
                continue
            cells = []
            for name in WORDINGS:
                own = voter_of(voter.schedule, name)
                one = percent(float(ballots.alone(own, 1).mean()))
                many = (
                    f" / {percent(majorities(self.calibration, own))}" if len(self.calibration.answers[own]) > 1 else ""
                )
                cells.append(one + many)
            rows.append([schedule_name(voter.schedule), f"{voter.schedule.temperature:g}", *cells])
        head = f"schedule (n = {len(self.calibration.problems)})"
        return table([head, "T", *(name or USUAL for name in WORDINGS)], rows)

    def axes(self, mode: str) -> str:
        """What each axis pays on the test."""
        rows, told = [], [row for row in self.counted["axes"] if row[mode] is not None]
        compared = [
            met[against]
            for row in told
            for met in (row[mode]["equal_votes"], row[mode]["equal_nfe"])
            for against in ("over_mean", "over_best")
            if met[against] is not None
        ]
        corrected = dict(zip(map(id, compared), holm([one["p_value"] for one in compared]), strict=True))
        for row in told:
            cells = [row["axis"], ", ".join(value["value"] for value in row["values"]), str(row["lines"])]
            votes, nfe = row[mode]["equal_votes"], row[mode]["equal_nfe"]
            cells += [f"{votes['votes']:g}", percent(votes["accuracy"])]
            for met, against in ((votes, "over_mean"), (votes, "over_best"), (nfe, "over_mean"), (nfe, "over_best")):
                cells.append(self._gain(met[against], corrected))
            rows.append(cells)
        head = [f"axis (n = {self.counted['problems']})", "values", "lines", "votes", "accuracy"]
        gains = ("mean value", "best value", "mean value, equal NFE", "best value, equal NFE")
        return table([*head, *(f"- {gain}" for gain in gains)], rows)

    @staticmethod
    def _gain(versus: Mapping[str, Any] | None, corrected: Mapping[int, float]) -> str:
        if versus is None:
            return ""
        low, high = (100 * end for end in versus["ci95"])
        best = f"{versus['value']}: " if "value" in versus else ""
        star = "" if corrected[id(versus)] < 0.05 else " (n.s.)"
        return f"{best}{100 * versus['difference']:+.1f} [{low:+.1f}, {high:+.1f}]{star}"

    def correlations(self) -> str:
        """Whether votes are right on the same problems, within and across the values of each axis."""
        rows = []
        for row in self.counted["axes"]:
            found = row["correlation"]
            rows.append(
                [row["axis"], *("" if found[one] is None else f"{found[one]:.2f}" for one in ("within", "across"))]
            )
        return table([f"axis (n = {self.counted['problems']})", "within a value", "across values"], rows)

    def mixes(self) -> str:
        """The mixes chosen on calibration problems, on the test, beside the rival's votes and HEX."""
        ballots, best = Ballots(self.all), rival(self.calibration)
        hex_voters = [voter for voter in self.all.answers if self._of_hex(voter)]
        rows, n = [], len(self.all.problems)
        for votes, samples in ((5, 1), (25, SAMPLES)):
            alone = ballots.alone(best, votes)
            told = self.counted["mixes"][str(votes)]["voters"]
            chosen = [voter_of(Schedule.from_dict(one["schedule"]), one["prompt"]) for one in told]
            sides = [
                ("best mix", ballots.right(chosen, samples), ballots.cost(chosen, samples)),
                ("HEX: blocks 4 to 64, plain", ballots.right(hex_voters, samples), ballots.cost(hex_voters, samples)),
                (f"rival: {voter_name(best)}", alone, votes * ballots.nfe[best]),
            ]
            for name, shares, nfe in sides:
                gain = "" if shares is alone else f"{difference(shares, alone)}, p = {self._p(shares - alone)}"
                rows.append([str(votes), name, f"{nfe:.0f}", accuracy(shares), gain])
        return table([f"votes (n = {n})", "who", "NFE", "accuracy", "- rival"], rows)

    @staticmethod
    def _p(differences: Any) -> str:
        return f"{paired(differences.tolist()).p_value:.3f}"

    @staticmethod
    def _of_hex(voter: Voter) -> bool:
        schedule = voter.schedule
        usual = schedule.remasking == "low_confidence" and schedule.gen_length == 64 and schedule.temperature == 0.9
        return usual and not voter.prompt and schedule.label in HEX

    def chosen(self) -> str:
        """Who is in the mixes, what they reached on calibration problems, and how many mixes were tried."""
        rows = []
        for votes, mix in self.counted["mixes"].items():
            told = [voter_of(Schedule.from_dict(one["schedule"]), one["prompt"]) for one in mix["voters"]]
            names = "; ".join(map(voter_name, told))
            rows.append([votes, names, percent(mix["calibration"]), str(mix["pool"]), str(mix["tried"])])
        n = len(self.calibration.problems)
        return table(["votes", "voters", f"calibration (n = {n})", "voters to choose from", "mixes tried"], rows)


TABLES: Mapping[str, Callable[[Study], str]] = {
    "voters": Study.voters,
    "axes": lambda study: study.axes("fixed"),
    "together": lambda study: study.axes("together"),
    "correlations": Study.correlations,
    "chosen": Study.chosen,
    "mixes": Study.mixes,
}


def made(study: Study, text: str, names: Sequence[str] = tuple(TABLES)) -> str:
    """The text with its tables."""
    for name in names:
        text = filled(text, name, TABLES[name](study))
    return text


def main() -> None:
    """Count, or write."""
    parser = argparse.ArgumentParser(description="The tables of AXES.md.")
    parser.add_argument("--count", action="store_true", help="count anew what takes minutes")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into this text")
    args = parser.parse_args()
    if args.count:
        COUNTED.write_text(json.dumps(Study().count(), indent=1) + "\n")
    study = Study(json.loads(COUNTED.read_text()))
    if args.write:
        args.write.write_text(made(study, args.write.read_text()))
    else:
        print("\n\n".join(f"## {name}\n\n{table(study)}" for name, table in TABLES.items()))


if __name__ == "__main__":
    main()
