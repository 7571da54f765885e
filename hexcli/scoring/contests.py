"""Votes of a run in pools, and who meets whom: all values of an axis, mixed, against each of them alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Grades
from hexcli.scoring.curves import choices
from hexcli.scoring.draws import Pool, expected, mean
from hexcli.voter import Voter


@dataclass(frozen=True, slots=True)
class Pools:
    """The votes of one problem: each voter's by candidate, abstentions last, and whether the candidates are right."""

    right: tuple[bool, ...]
    of: Mapping[Voter, Pool]

    def right_of(self, voter: Voter) -> tuple[int, int]:
        """How many of a voter's votes are right, of how many."""
        pool = self.of[voter]
        return sum(count for count, good in zip(pool, self.right, strict=False) if good), sum(pool)


@dataclass(frozen=True, slots=True)
class Side:
    """Lines of voters, how many votes they cast together (on average: not always whole), and what one costs in NFE."""

    lines: tuple[tuple[Voter, ...], ...]
    votes: float
    nfe: float

    def for_nfe(self, budget: float) -> "Side":
        """As many votes as these forward passes pay for."""
        return Side(self.lines, round(budget / self.nfe, 9) if self.nfe else 0.0, self.nfe)

    def on(self, problem: Pools) -> float:
        """The chance that they elect a right answer."""
        lines = [tuple(problem.of[voter] for voter in line) for line in self.lines]
        return expected(lines, problem.right, self.votes)


@dataclass(frozen=True, slots=True)
class Contest:
    """All values of an axis, mixed, against each of them alone."""

    mixed: Side
    alone: tuple[Side, ...]

    def at_equal_nfe(self) -> "Contest | None":
        """As many votes each as the cheapest value's cost; None where the dearest could not cast one."""
        budget = min(side.votes * side.nfe for side in self.alone)
        sides = [side.for_nfe(budget) for side in (self.mixed, *self.alone)]
        return None if any(side.votes < 1 for side in sides) else Contest(sides[0], tuple(sides[1:]))


class Bench:
    """The votes of all problems as pools, what voters are called, and the forward passes that a vote of each takes."""

    def __init__(self, problems: Sequence[Pools], names: Mapping[Voter, str], nfe: Mapping[Voter, float]) -> None:
        self._problems, self.names, self.nfe = problems, names, nfe
        self.samples = {voter: max(sum(problem.of.get(voter, (0,))) for problem in problems) for voter in names}

    @classmethod
    def of(cls, counted: Count, grades: Grades) -> Self:
        """From the votes of a run."""
        problems: list[Pools] = []
        spent, cast = dict.fromkeys(counted.names, 0), dict.fromkeys(counted.names, 0)
        for ballot in counted.ballots:
            chosen, good = choices(ballot, [vote.voter for vote in ballot.votes], grades)
            pools: dict[Voter, list[int]] = {}
            for vote, candidate, generation in zip(ballot.votes, chosen, ballot.generations, strict=True):
                pools.setdefault(vote.expert, [0] * (len(good) + 1))[candidate] += 1
                spent[vote.expert] += generation.response.nfe
                cast[vote.expert] += 1
            problems.append(Pools(tuple(good), {one: tuple(pool) for one, pool in pools.items()}))
        return cls(problems, counted.names, {voter: spent[voter] / max(cast[voter], 1) for voter in counted.names})

    def problems(self, voters: Sequence[Voter], votes: int) -> list[Pools]:
        """The problems that have so many votes of each voter; a deterministic one casts its vote as often as asked."""
        kept = []
        for problem in self._problems:
            pools = {voter: _repeated(problem.of.get(voter, (0,)), voter, votes) for voter in voters}
            if all(sum(pool) >= votes for pool in pools.values()):
                kept.append(Pools(problem.right, pools))
        return kept

    def side(self, lines: tuple[tuple[Voter, ...], ...], votes: int) -> Side:
        """Votes of these lines, as evenly as can be, at their mean cost."""
        return Side(lines, votes, mean([mean([self.nfe[voter] for voter in line]) for line in lines]))


def _repeated(pool: Pool, voter: Voter, votes: int) -> Pool:
    """A vote that is the same however often it is cast, cast so often."""
    return tuple(votes * count for count in pool) if voter.schedule.deterministic and sum(pool) == 1 else pool
