"""The order of commits: which position of the canvas is filled in at which step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hexcli.records import Generation
from hexcli.runs.counting import Count
from hexcli.voter import Voter

FINEST = 64  # bins along each side at most: what a figure can show


@dataclass(frozen=True, slots=True, kw_only=True)
class Commits:
    """A schedule's generations put over each other.

    gen_length, steps  extent of both sides: positions of the canvas, and steps that the longest generation took
    counts             tokens committed: a row for each bin of positions, in it one number for each bin of steps
    generations        how many are counted; those without tokens are not
    """

    name: str
    gen_length: int
    steps: int
    counts: tuple[tuple[int, ...], ...]
    generations: int


def commits(counted: Count) -> list[Commits]:
    """For each schedule of the run that has tokens, in cast order."""
    own: dict[Voter, list[Generation]] = {expert: [] for expert in counted.names}
    for ballot in counted.ballots:
        for vote, generation in zip(ballot.votes, ballot.generations, strict=True):
            if generation.response.commit_step:
                own[vote.expert].append(generation)
    return [commits_of(name, own[expert]) for expert, name in counted.names.items() if own[expert]]


def commits_of(name: str, generations: Sequence[Generation]) -> Commits:
    """The generations of one schedule, or a single one; each must have tokens. Positions never committed (behind the
    end of the text, step -1) are not counted. Raises ValueError where there are none."""
    if not generations:
        raise ValueError("no generations, no commits")
    gen_length = generations[0].schedule.gen_length
    steps = max(max(one.response.commit_step) for one in generations) + 1
    whole = _count((one.response.commit_step for one in generations), gen_length, max(steps, 1))
    return Commits(
        name=name,
        gen_length=gen_length,
        steps=max(steps, 1),
        counts=_binned(whole, gen_length, max(steps, 1)),
        generations=len(generations),
    )


def _count(canvases: Iterable[Sequence[int]], gen_length: int, steps: int) -> list[int]:
    """Tokens at each (position, step), position by position; what is never committed falls into a last cell."""
    whole = [0] * (gen_length * steps + 1)
    starts = range(0, gen_length * steps, steps)
    for canvas in canvases:
        for start, step in zip(starts, canvas, strict=True):
            whole[start + step if step >= 0 else -1] += 1
    return whole


def _binned(whole: Sequence[int], gen_length: int, steps: int) -> tuple[tuple[int, ...], ...]:
    rows, columns = min(gen_length, FINEST), min(steps, FINEST)
    grid = [[0] * columns for _ in range(rows)]
    for position in range(gen_length):
        row = grid[position * rows // gen_length]
        for step in range(steps):
            row[step * columns // steps] += whole[position * steps + step]
    return tuple(map(tuple, grid))
