"""From votes to what `hex vote` and `hex score` report."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hexcli.json_file import json_line
from hexcli.runs.counting import Count
from hexcli.runs.mistakes import no_targets
from hexcli.runs.traits import traits
from hexcli.scoring.alike import same_as
from hexcli.scoring.contestants import Contestant, Grades, aggregator, oracle, schedules
from hexcli.scoring.curves import curves
from hexcli.scoring.fair import equal_votes
from hexcli.scoring.graded import graded_rows
from hexcli.scoring.joint import beside_sources
from hexcli.scoring.paired import holm
from hexcli.scoring.rows import HINDSIGHT, best_single, category_names, row
from hexcli.voting.calibration import Calibration
from hexcli.voting.rules import MissingSignalError
from hexcli.voting.votes import Decision


def vote_frame(
    counted: Count, aggregators: Sequence[str], calibration: Calibration | None = None
) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    """What `hex vote --json` prints of a run, and what votes.jsonl keeps: a row per aggregator and problem."""
    decided, skipped = decisions_of(counted, aggregators, calibration)
    rows: list[tuple[dict[str, Any], bool]] = []
    alike = same_as(decided)
    for name, decisions in decided.items():
        voted = [decision for decision in decisions if decision.answer is not None]
        summary = {
            "name": name,
            "voted": len(voted),
            "abstained": len(decisions) - len(voted),
            "ties": sum(decision.tie for decision in voted),
            "agreement": sum(decision.agreement for decision in voted) / len(voted) if voted else 0.0,
            **({"same_as": alike[name]} if name in alike else {}),
        }
        rows.append((summary, counted.short([decision.read for decision in decisions])))
    return {**counted.frame(rows), "settings": traits(counted), "skipped": skipped}, _vote_details(counted, decided)


def vote_lines(details: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The lines of votes.jsonl. The votes of a problem stand in the row of each aggregator: their text is made once."""
    texts: dict[str, bytes] = {}
    for detail in details:
        problem = detail["problem_id"]
        if problem not in texts:
            texts[problem] = json_line(detail["votes"])
        rest = json_line({name: value for name, value in detail.items() if name != "votes"})
        yield rest.removesuffix(b"}\n") + b', "votes": ' + texts[problem].removesuffix(b"\n") + b"}\n"


class Scored(NamedTuple):
    """What `hex score` prints of a run, and the rows of its graded.jsonl."""

    frame: dict[str, Any]
    graded: Iterator[dict[str, Any]]


def score_frame(counted: Count, aggregators: Sequence[str], calibration: Calibration | None = None) -> dict[str, Any]:
    """What `hex score --json` prints of a run. See `score_run`."""
    return score_run(counted, aggregators, calibration).frame


def score_run(counted: Count, aggregators: Sequence[str], calibration: Calibration | None = None) -> Scored:
    """What `hex score` makes of a run; its frame says too how many comparisons of answers were not decided."""
    with counted.grading() as undecided:
        frame, graded = _scored(counted, aggregators, calibration)
    return Scored({**frame, "undecided": len(undecided)}, graded)


def voted_rows(
    counted: Count, aggregators: Sequence[str], calibration: Calibration | None = None
) -> tuple[Iterator[dict[str, Any]], list[dict[str, str]]]:
    """The rows of `graded_rows` where no problem has a target, and which aggregators cannot decide, with the reason."""
    found, skipped = decisions_of(counted, list(dict.fromkeys([*aggregators, "majority"])), calibration)
    return graded_rows(counted, Grades(counted), found), skipped


def _scored(counted: Count, aggregators: Sequence[str], calibration: Calibration | None) -> Scored:
    """A row for every schedule, every aggregator, and the oracle; and every generation and decision graded.

    Aggregators are compared with the best single schedule, chosen in hindsight, and with plain majority, problem
    by problem; so are equally many votes of all schedules and of the best one. Each comparison has its p-value, and
    one corrected for how many there are. Problems without a target are voted on, and left out. Raises UsageError
    where no problem has one.
    """
    everything, counted = counted, counted.labelled
    if not counted.ballots:
        raise no_targets(counted.run.path, counted.run.manifest.recipe, "score")
    found, skipped = decisions_of(everything, list(dict.fromkeys([*aggregators, "majority"])), calibration)
    decided = {
        name: [
            decision
            for ballot, decision in zip(everything.ballots, decisions, strict=True)
            if ballot.problem.target is not None
        ]
        for name, decisions in found.items()
    }
    grades = Grades(counted)
    singles = schedules(counted, grades)
    best = best_single(singles)
    majority = aggregator(counted, grades, "majority", decided["majority"])
    categories = category_names(counted)
    ensembles = [aggregator(counted, grades, name, decided[name]) for name in decided if name in aggregators]
    ceiling = oracle(counted, grades)
    alike = same_as({name: own for name, own in decided.items() if name in aggregators})
    rows = [
        *((row(one, [], categories), one.short) for one in singles),
        *((_with(alike, row(one, _rivals(one, best, majority), categories)), one.short) for one in ensembles),
        (row(ceiling, [], categories), ceiling.short),
    ]
    fair = equal_votes(counted, grades, best)
    beside = beside_sources(counted, grades)
    frame = {
        **counted.frame(rows),
        "settings": traits(counted),
        "without_target": len(everything.ballots) - len(counted.ballots),
        "skipped": skipped,
        "best_single": best.name,
        "equal_votes": fair,
        **({"joint": beside} if beside else {}),
        **({"nfe_assumed": True} if counted.run.manifest.steps_assumed else {}),
        "comparisons": _correct([found for found, _ in rows], fair, beside or ()),
        "curves": curves(counted, grades),
    }
    return Scored(frame, graded_rows(everything, grades, {name: found[name] for name in found if name in aggregators}))


def _with(alike: Mapping[str, str], found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "same_as": alike[found["name"]]} if found["name"] in alike else found


def only(frame: Mapping[str, Any], aggregators: Sequence[str]) -> dict[str, Any]:
    """The frame of vote or score as it is of these aggregators alone; p-values are corrected for what is left."""
    rows = [
        {
            **{key: value for key, value in found.items() if key != "same_as" or value in aggregators},
            **({"versus": [dict(one) for one in found["versus"]]} if "versus" in found else {}),
        }
        for found in frame["rows"]
        if found.get("kind", "aggregator") != "aggregator" or found["name"] in aggregators
    ]
    left: dict[str, Any] = {"rows": rows, "skipped": [one for one in frame["skipped"] if one["name"] in aggregators]}
    if "comparisons" in frame:
        fair = frame["equal_votes"] and dict(frame["equal_votes"])
        beside = [_copied(one) for one in frame.get("joint", ())]
        left |= {"equal_votes": fair, **({"joint": beside} if beside else {})}
        left["comparisons"] = _correct(rows, fair, beside)
    return {**frame, **left}


def _copied(beside: Mapping[str, Any]) -> dict[str, Any]:
    equal = beside["at_equal_nfe"]
    return {**beside, "versus": dict(beside["versus"]), "at_equal_nfe": {**equal, "versus": dict(equal["versus"])}}


def _correct(rows: Sequence[dict[str, Any]], fair: dict[str, Any] | None, beside: Sequence[dict[str, Any]] = ()) -> int:
    """Put `p_holm` beside every p-value: corrected for how many there are, which is returned."""
    compared = [versus for found in rows for versus in found.get("versus", ())] + ([fair] if fair else [])
    compared += [versus for one in beside for versus in (one["versus"], one["at_equal_nfe"]["versus"])]
    for versus, corrected in zip(compared, holm([one["p_value"] for one in compared]), strict=True):
        versus["p_holm"] = corrected
    return len(compared)


def _rivals(own: Contestant, best: Contestant, majority: Contestant) -> list[tuple[str, Contestant]]:
    rivals = [(HINDSIGHT, best)]
    return rivals if own.name == majority.name else [*rivals, ("majority", majority)]


def decisions_of(
    counted: Count, aggregators: Sequence[str], calibration: Calibration | None
) -> tuple[dict[str, list[Decision]], list[dict[str, str]]]:
    """The decisions of each aggregator, and which cannot decide on these votes, with the reason."""
    decided: dict[str, list[Decision]] = {}
    skipped: list[dict[str, str]] = []
    for name in aggregators:
        try:
            decided[name] = counted.decide(name, calibration)
        except MissingSignalError as error:
            skipped.append({"name": name, "reason": str(error)})
    return decided, skipped


def _vote_details(counted: Count, decided: Mapping[str, Sequence[Decision]]) -> Iterator[dict[str, Any]]:
    votes = [
        [
            {
                "schedule_label": counted.names[vote.expert],
                **({"prompt": vote.prompt} if vote.prompt else {}),
                "seed": vote.schedule.seed,
                "answer": vote.answer,
            }
            for vote in ballot.votes
        ]
        for ballot in counted.ballots
    ]
    for name, decisions in decided.items():
        for ballot, decision, own in zip(counted.ballots, decisions, votes, strict=True):
            yield {
                "problem_id": ballot.problem.id,
                "aggregator": name,
                "answer": decision.answer,
                "tie": decision.tie,
                **({"broken": list(decision.broken)} if decision.tie else {}),
                "agreement": decision.agreement,
                "tallies": [
                    {"answer": tally.answer, "votes": tally.votes, "support": tally.support}
                    for tally in decision.tallies
                ],
                "votes": own,
            }
