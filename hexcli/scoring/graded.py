"""What was right, generation by generation and problem by problem: the rows of graded.jsonl, made after every vote."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hexcli.records import Generation
from hexcli.runs.ballots import Ballot
from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Grades
from hexcli.voting.votes import Decision


def graded_rows(counted: Count, grades: Grades, decided: Mapping[str, Sequence[Decision]]) -> Iterator[dict[str, Any]]:
    """The rows of each problem: its generations in cast order, then what each aggregator decided of them.

    All rows have the same columns, those that say nothing of a row are null; so a dataset has one type a column.
    `class` is what the group of equal answers is called that the answer belongs to. Nothing is called right or wrong
    of a problem without a target.
    """
    for place, ballot in enumerate(counted.ballots):
        about = _problem(ballot)
        classes = {id(vote): candidate for candidate in ballot.election.candidates for vote in candidate.votes}
        for vote, generation in zip(ballot.votes, ballot.generations, strict=True):
            candidate = classes.get(id(vote))
            yield {
                "row": "generation",
                **about,
                "schedule": counted.names[vote.expert],
                "prompt": vote.prompt or counted.task.usual,
                **decoded(generation, counted),
                "aggregator": None,
                "answer": vote.answer,
                "class": None if candidate is None else candidate.answer,
                "votes": 0 if candidate is None else len(candidate.votes),
                **_grade(grades, vote.answer, ballot),
                "tie": None,
                "agreement": None,
                "nfe": generation.response.nfe,
                "seconds": generation.response.seconds,
                "question": ballot.problem.question,
                "text": generation.response.text,
            }
        for name, decisions in decided.items():
            decision = decisions[place]
            yield {
                "row": "decision",
                **about,
                "schedule": None,
                "prompt": None,
                **dict.fromkeys(DECODED),
                "aggregator": name,
                "answer": decision.answer,
                "class": decision.answer,
                "votes": decision.tallies[0].votes if decision.tallies else 0,
                **_grade(grades, decision.answer, ballot),
                "tie": decision.tie,
                "agreement": decision.agreement,
                "nfe": sum(generation.response.nfe for generation in ballot.generations[: decision.read]),
                "seconds": sum(generation.response.seconds for generation in ballot.generations[: decision.read]),
                "question": None,
                "text": None,
            }


# How a generation was decoded: the columns that `decoded` fills.
DECODED = ("model", "blocks", "block_length", "gen_length", "steps", "temperature", "remasking", "seed")


def decoded(generation: Generation, counted: Count) -> dict[str, Any]:
    """How a generation was decoded; a block length only where all blocks have one."""
    schedule = generation.schedule
    return {
        "model": generation.model or counted.run.manifest.model,
        "blocks": schedule.label,
        "block_length": schedule.blocks[0] if schedule.even else None,
        "gen_length": schedule.gen_length,
        "steps": schedule.steps,
        "temperature": schedule.temperature,
        "remasking": schedule.remasking,
        "seed": schedule.seed,
    }


def _problem(ballot: Ballot) -> dict[str, Any]:
    problem = ballot.problem
    return {"problem_id": problem.id, "category": problem.category, "target": problem.target}


def _grade(grades: Grades, answer: str | None, ballot: Ballot) -> dict[str, Any]:
    if ballot.problem.target is None:
        return {"correct": None, "credit": None}
    credit = grades.credits([[answer]], [ballot])
    return {"correct": grades.right(answer, ballot), "credit": credit[0][0] if credit else None}
