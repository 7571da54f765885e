"""The votes of voters on a set of problems, answers and forward passes: what AXES.md is made of, in one small file."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, Self

from hexcli.records import Problem
from hexcli.runs.counting import count
from hexcli.runs.reading import Run
from hexcli.schedule import Schedule
from hexcli.scoring.contests import Bench, Pools
from hexcli.voter import Voter, in_cast_order, voter_names, voter_of


class Cast(NamedTuple):
    """One vote: whose (with its seed), on which problem, what it says ("": nothing), and its forward passes."""

    voter: Voter
    problem: str
    answer: str
    nfe: int


@dataclass(kw_only=True)
class Kept:
    """The problems that every voter has all its votes of.

    targets, first   of each problem: the right answer, and whether it is asked for before the way to it
    answers          voter without its seed -> sample -> problem -> answer ("": none)
    nfe              voter -> forward passes of one vote, the mean over samples and problems
    """

    model: str
    task: str
    problems: list[str]
    targets: list[str]
    first: list[bool]
    answers: dict[Voter, list[list[str]]] = field(default_factory=dict)
    nfe: dict[Voter, float] = field(default_factory=dict)

    @classmethod
    def of(cls, model: str, task: str, problems: Mapping[str, Problem], casts: Iterable[Cast]) -> Self:
        """From votes in any order."""
        found: dict[Voter, dict[str, Cast]] = {}
        for cast in casts:
            found.setdefault(cast.voter, {})[cast.problem] = cast
        whole = [name for name in problems if all(name in own for own in found.values())]
        asked = [problems[name] for name in whole]
        kept = cls(
            model=model,
            task=task,
            problems=whole,
            targets=[problem.target or "" for problem in asked],
            first=[not problem.question.endswith("?") for problem in asked],
        )
        passes: dict[Voter, list[int]] = {}
        for voter in in_cast_order(found):
            own = [found[voter][name] for name in whole]
            kept.answers.setdefault(voter.expert, []).append([cast.answer for cast in own])
            passes.setdefault(voter.expert, []).extend(cast.nfe for cast in own)
        kept.nfe = {voter: round(sum(own) / max(len(own), 1), 4) for voter, own in passes.items()}
        return kept

    @classmethod
    def of_run(cls, path: Path) -> Self:
        """From a run folder."""
        run = Run.read(path, warn=print, light=True)
        ballots = count(run).ballots
        casts = (
            Cast(vote.voter, ballot.problem.id, vote.answer or "", generation.response.nfe)
            for ballot in ballots
            for vote, generation in zip(ballot.votes, ballot.generations, strict=True)
        )
        problems = {ballot.problem.id: ballot.problem for ballot in ballots}
        return cls.of(run.manifest.model, run.manifest.task, problems, casts)

    def bench(self, voters: Iterable[Voter], usual: str) -> Bench:
        """Some of its voters, as `hex score --axes` has those of a run. `usual`: the task's own wording."""
        chosen = in_cast_order(voters)
        problems = []
        for place, target in enumerate(self.targets):
            given = {voter: [sample[place] for sample in self.answers[voter]] for voter in chosen}
            candidates = list(dict.fromkeys(answer for own in given.values() for answer in own if answer))
            pools = {voter: tuple(own.count(answer) for answer in (*candidates, "")) for voter, own in given.items()}
            problems.append(Pools(tuple(answer == target for answer in candidates), pools))
        names = voter_names(chosen, {"gen_length": 64, "temperature": 0.9}, usual=usual)
        return Bench(problems, names, self.nfe)

    def joined(self, other: "Kept") -> "Kept":
        """With the voters of another file, of the same task, on the problems of both; of equal voters the other's."""
        if (self.model, self.task) != (other.model, other.task):
            raise ValueError(
                f"{self.task} by {self.model}, {other.task} by {other.model}: their votes do not go together"
            )
        one, two = self.on(other.problems), other.on(self.problems)
        return replace(one, answers={**one.answers, **two.answers}, nfe={**one.nfe, **two.nfe})

    def on(self, problems: Sequence[str]) -> "Kept":
        """On those of its problems that are among these."""
        wanted = set(problems)
        places = [place for place, name in enumerate(self.problems) if name in wanted]
        return replace(
            self,
            problems=[self.problems[place] for place in places],
            targets=[self.targets[place] for place in places],
            first=[self.first[place] for place in places],
            answers={
                voter: [[sample[place] for place in places] for sample in own] for voter, own in self.answers.items()
            },
        )


def save(kept: Sequence[Kept], path: Path) -> None:
    """Write files of votes as one: gzipped JSON, equal bytes for equal votes."""
    parts = [
        {
            **{name: getattr(one, name) for name in ("model", "task", "problems", "targets", "first")},
            "voters": [
                {
                    "schedule": voter.schedule.to_dict(),
                    "prompt": voter.prompt,
                    "nfe": one.nfe[voter],
                    "answers": answers,
                }
                for voter, answers in one.answers.items()
            ],
        }
        for one in kept
    ]
    path.write_bytes(gzip.compress(json.dumps(parts, separators=(",", ":")).encode(), 9, mtime=0))


def load(path: Path) -> list[Kept]:
    """The votes in a file of `save`."""
    out = []
    for part in json.loads(gzip.decompress(path.read_bytes())):
        voters = part.pop("voters")
        named = [(voter_of(Schedule.from_dict(one["schedule"]), one["prompt"]), one) for one in voters]
        answers = {voter: one["answers"] for voter, one in named}
        out.append(Kept(**part, answers=answers, nfe={voter: one["nfe"] for voter, one in named}))
    return out
