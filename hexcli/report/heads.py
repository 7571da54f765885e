"""What stands above and below a table of a run: which run it is, and what is to be known of its numbers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.terminal import visible
from hexcli.runs.traits import phrase, unusual
from hexcli.scoring.draws import ENOUGH

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.text import Text


def titled(frame: Mapping[str, Any], differ: Sequence[str], *parts: "RenderableType") -> "Group":
    """Tables and lines under one that says what they are of, with the settings that are unusual, or `differ`."""
    from rich.console import Group
    from rich.text import Text

    settings = frame["settings"]
    named = [name for name in settings if name in {*unusual(settings), *differ, "task", "model"}]
    unfinished = "" if frame["complete"] else "  (unfinished run)"
    title = (
        f"{visible(frame['run'])}: {', '.join(visible(phrase(name, settings[name])) for name in named)}: "
        f"{plural(frame['problems'], 'problem')}, {plural(frame['generations'], 'generation')}{unfinished}"
    )
    return Group(Text(title, style="bold"), *parts)


def row_name(frame: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """What a row is called, with * where votes are missing of it."""
    name = str(row["name"])
    if row.get("kind") == "schedule":
        same = len({other["samples"] for other in frame["rows"] if other["kind"] == "schedule"}) == 1
        name = f"block {name}" + ("" if same or row["samples"] == 1 else f" (mean of {row['samples']})")
    if row.get("self_verified"):
        name += " (self-verified)"
    return f"{name} *" if row.get("partial") else name


def notes(frame: Mapping[str, Any], *, fair: bool = True) -> "list[Text]":
    """Below scores: what the rows are, the `fair` rival unless it has a row, and how the p-values came about."""
    lines = [_rows_are(frame)]
    if fair and (found := frame["equal_votes"]) is not None:
        best, everyone = found["best_single"], found["all_schedules"]
        low, high = found["ci95"]
        lines.append(
            f"{plural(found['votes'], 'vote')} of all schedules {100 * everyone['accuracy']:.1f} %, as many of "
            f"block {best['name']} {100 * best['accuracy']:.1f} %: {100 * found['difference']:+z.1f} points "
            f"({100 * low:+z.1f} to {100 * high:+z.1f}), p {found['p_value']:.3f}"
        )
    elif fair and (why := no_rival(frame)):
        lines.append(f"equal votes: {why}")
    lines.append(_tests(frame))
    return _dim(lines)


def no_rival(frame: Mapping[str, Any]) -> str:
    """Why as many votes of the best schedule are not beside those of all, where it has samples, but too few."""
    singles = {row["name"]: row["samples"] for row in frame["rows"] if row["kind"] == "schedule"}
    samples = singles[frame["best_single"]]
    if frame["equal_votes"] is not None or len(singles) < 2 or not 1 < samples < ENOUGH:
        return ""
    return f"not compared with {samples} samples: of two votes the first decides; --samples {ENOUGH} would do"


FEWEST = 6  # problems on which two differ, before any p-value can be below 0.05: 2 / 2^6


def both_have(frame: Mapping[str, Any], versus: Mapping[str, Any]) -> str:
    """Of a comparison that is not of all problems: of which it is."""
    number = versus["problems"]
    return f", on the {plural(number, 'problem')} both have" if number < frame["problems"] else ""


def _tests(frame: Mapping[str, Any]) -> str:
    """Where p-values come from, and what a correction for their number leaves of them, or that they are of too few."""
    pairs = [(row["name"], versus) for row in frame["rows"] for versus in row.get("versus", ())]
    exact = all(versus["test"] == "sign-flip, exact" for _, versus in pairs)
    how = "exact" if exact else "estimated where exact takes too long"
    line = f"p: sign-flip test over problems, {how}"
    if frame["problems"] < FEWEST:
        few = plural(frame["problems"], "problem")
        return f"{line}; with {few} no p can be below 0.05 (it takes {FEWEST})."
    if (number := frame["comparisons"]) > 1:
        holding = [f"{name} - {versus['name']}" for name, versus in pairs if versus["p_holm"] < 0.05]
        return f"{line}; below 0.05 after Holm's correction for {number} comparisons: {'; '.join(holding) or 'none'}."
    return f"{line}."


def _rows_are(frame: Mapping[str, Any]) -> str:
    samples = {row["samples"] for row in frame["rows"] if row["kind"] == "schedule"}
    mean = f" (mean of {plural(samples.pop(), 'sample')})" if len(samples) == 1 and samples != {1} else ""
    what = f"block: one vote of that schedule{mean}; oracle: any vote right; NFE: model calls"
    assumed = " (assumed: the imported files do not tell their steps)" if frame.get("nfe_assumed") else ""
    silent = any(row["abstained"] for row in frame["rows"])
    answered = "; answered: the share of its answers that are no abstention" if silent else ""
    return f"{what}{assumed}{answered}; 95 %: Wilson interval."


def votes_are(frame: Mapping[str, Any]) -> "list[Text]":
    """Below votes: what the columns are."""
    silent = "abstained: no vote has one; " if any(row["abstained"] for row in frame["rows"]) else ""
    agreement = "agreement: the share of a problem's answers that equal the winner, mean over problems."
    return _dim([f"voted: problems with an answer; {silent}ties: decided by the first cast.", agreement])


def passes(value: float) -> str:
    """Forward passes a problem in five characters or so, alike in a column and wherever they are written."""
    return f"{value:.0f}" if value >= 1000 else f"{value:.1f}"


def p_text(p_value: float) -> str:
    """A p-value in three digits."""
    return f"{p_value:.3f}" if p_value >= 0.001 else "<0.001"


def remarks(frame: Mapping[str, Any]) -> "list[Text]":
    """Below votes and scores: who was skipped, and what votes are missing."""
    skipped = [f"{one['name']} cannot vote: {one['reason']}" for one in frame["skipped"]]
    return _dim([*skipped, *_unequal(frame), *_until_decided(frame)])


def _unequal(frame: Mapping[str, Any]) -> list[str]:
    """What is to be known of a run whose problems have unequal numbers of votes, none left out on purpose."""
    votes = frame["votes_per_problem"]
    rows = [row for row in frame["rows"] if row.get("partial")]
    if frame["until_decided"] or not rows:
        return []
    fewest, most, problems = votes["fewest"], votes["most"], frame["problems"]
    if fewest == most:
        return [f"* has fewer problems than others, of {plural(most, 'vote')} each"]
    return [f"* lacks votes: problems have {fewest} to {most} of them, and {votes['full']} of {problems} all {most}"]


def _until_decided(frame: Mapping[str, Any]) -> list[str]:
    """What is to be known of a run whose votes are not all there, on purpose."""
    stopped = frame["until_decided"]
    if stopped is None:
        return []
    certainty = stopped.get("certainty", 1)  # joint runs have none of their own
    leading = f" once the leader led with {100 * certainty:g} % (Beta posterior)"
    note = f"{plural(stopped['not_needed'], 'vote')} not cast{leading if certainty < 1 else ''}. "
    aggregators = (row for row in frame["rows"] if row.get("kind", "aggregator") == "aggregator")
    if steady := [row["name"] for row in aggregators if "partial" not in row]:
        note += f"They could not change an answer of {' or '.join(steady)}. "
    return [note + "What is marked *, and ties and agreement, is of the votes there are."]


def _dim(lines: Sequence[str]) -> "list[Text]":
    from rich.text import Text

    return [Text(line, style="dim") for line in lines]
