"""How often a majority of votes drawn from pools is right: the expected value over all draws, not one of them. Pure.

A pool holds the votes of one voter on one problem, counted by candidate. A line is the pools of voters that differ in
one thing only; an ensemble takes its votes from lines as evenly as can be: each line gives as many as the others, or
one more, and within a line each pool likewise; who gives one more, and which votes of a pool, is drawn evenly. Votes
of a pool are drawn without putting them back. **Ties are split**: of t leaders of which r are right, r / t counts. So
no order of casting is in the result, which the project's own majority has (the first cast wins).
"""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

Pool = tuple[int, ...]  # votes for each candidate, and at the end the abstentions
Line = tuple[Pool, ...]
Taken = tuple[int, ...]  # votes for each candidate, of those drawn
Spread = Mapping[Taken, float]

ENOUGH = 3  # votes, for a majority to be more than its first
_WIDEST = 1_500  # products of states that a step may take; above, the value is estimated
DRAWS = 200  # seeded draws that an estimate is the mean over
_SEED = 0


class _TooWideError(Exception):
    """There are more ways to draw than are worth counting."""


def expected(lines: Sequence[Line], right: Sequence[bool], votes: float) -> float:
    """The chance, 0 to 1, that so many votes drawn from the lines elect a right candidate.

    right  of each candidate; each pool counts as many, and its abstentions
    votes  between two whole numbers n and n + 1: the mean of both, weighted so that on average so many are drawn

    Exact, but where there are too many ways to draw: then the mean over DRAWS seeded draws. Raises ValueError where
    less than one vote is asked for, or a pool has fewer than its part.
    """
    whole = math.floor(votes + 1e-9)
    if whole < 1:
        raise ValueError(f"{votes} votes are less than one")
    share = votes - whole
    part = _expected(*_plain(lines, right), whole)
    return part if share < 1e-9 else (1 - share) * part + share * _expected(*_plain(lines, right), whole + 1)


def _plain(lines: Sequence[Line], right: Sequence[bool]) -> tuple[tuple[Line, ...], tuple[bool, ...]]:
    """The same problem with candidates and lines in one order, so that equal ones are worked out once."""
    columns = [tuple(pool[place] for line in lines for pool in line) for place in range(len(right))]
    order = sorted(range(len(right)), key=lambda place: (not right[place], columns[place]))
    plain = (tuple(sorted((*(pool[place] for place in order), pool[-1]) for pool in line)) for line in lines)
    return tuple(sorted(plain)), tuple(right[place] for place in order)


@lru_cache(maxsize=65_536)
def _expected(lines: tuple[Line, ...], right: tuple[bool, ...], votes: int) -> float:
    spare = -(-votes // len(lines))
    if short := [pool for line in lines for pool in line if sum(pool) < -(-spare // len(line))]:
        raise ValueError(f"{votes} votes of {len(lines)} lines, and a pool of {sum(short[0])}")
    cast = [place for place in range(len(right)) if any(pool[place] for line in lines for pool in line)]
    if not any(right[place] for place in cast):
        return 0.0
    if all(right[place] for place in cast) and not any(pool[-1] for line in lines for pool in line):
        return 1.0
    try:
        every = _evenly([_of_line(line) for line in lines], votes)
    except _TooWideError:
        return _estimated(lines, right, votes)
    return math.fsum(share * _won(taken, right) for taken, share in every.items())


def _won(taken: Taken, right: Sequence[bool]) -> float:
    """The share of the leading candidates that is right; 0 where nobody has a vote."""
    most = max(taken)
    leaders = [good for count, good in zip(taken, right, strict=True) if count == most]
    return sum(leaders) / len(leaders) if most else 0.0


def _of_line(line: Line) -> Callable[[int], Spread]:
    return lambda votes: _evenly([lambda part, pool=pool: _of_pool(pool, part) for pool in line], votes)  # type: ignore[misc]


def _evenly(sources: Sequence[Callable[[int], Spread]], votes: int) -> Spread:
    """What is drawn where each source gives its part, and as many as are left over, any of them, one more."""
    part, over = divmod(votes, len(sources))
    reached: dict[tuple[int, Taken], float] = {(0, ()): 1.0}
    for number, source in enumerate(sources, start=1):
        further: dict[tuple[int, Taken], float] = {}
        for more in range(2 if over else 1):
            given = source(part + more)
            if len(given) * len(reached) > _WIDEST:
                raise _TooWideError
            for (extra, taken), share in reached.items():
                # Not more extras than are left over, and not fewer than the sources to come can still give.
                if extra + more > over or extra + more + len(sources) - number < over:
                    continue
                for own, chance in given.items():
                    both = tuple(map(sum, zip(taken, own, strict=True))) if taken else own
                    further[extra + more, both] = further.get((extra + more, both), 0.0) + share * chance
        reached = further
    ways = math.comb(len(sources), over)
    return {taken: share / ways for (_, taken), share in reached.items()}


@lru_cache(maxsize=65_536)
def _of_pool(pool: Pool, votes: int) -> Spread:
    """So many votes of a pool: the hypergeometric distribution over its candidates."""
    ways = math.comb(sum(pool), votes)
    return {taken[:-1]: number / ways for taken, number in _taken(pool, votes)}


def _taken(pool: Pool, votes: int) -> Iterator[tuple[Taken, int]]:
    """All ways to take so many from a pool, by what is taken, and how many there are of each."""
    first, *others = pool
    if not others:
        if votes <= first:
            yield (votes,), math.comb(first, votes)
        return
    for number in range(max(votes - sum(others), 0), min(first, votes) + 1):
        for rest, ways in _taken(tuple(others), votes - number):
            yield (number, *rest), math.comb(first, number) * ways


def _estimated(lines: Sequence[Line], right: Sequence[bool], votes: int) -> float:
    """The mean over seeded draws."""
    draw, total = random.Random(_SEED), 0.0
    ballots = [[[place for place, count in enumerate(pool) for _ in range(count)] for pool in line] for line in lines]
    for _ in range(DRAWS):
        counts = [0] * len(lines[0][0])
        for line, own in zip(ballots, _parts(len(lines), votes, draw), strict=True):
            for cast, part in zip(line, _parts(len(line), own, draw), strict=True):
                if part == 1:
                    counts[cast[int(draw.random() * len(cast))]] += 1
                elif part:
                    for candidate in cast if part == len(cast) else draw.sample(cast, part):
                        counts[candidate] += 1
        total += _won(tuple(counts[:-1]), right)
    return total / DRAWS


def _parts(sources: int, votes: int, draw: random.Random) -> list[int]:
    part, over = divmod(votes, sources)
    parts = [part] * sources
    for place in draw.sample(range(sources), over) if over else ():
        parts[place] += 1
    return parts


def mean(values: Sequence[float]) -> float:
    """Of at least one value."""
    return math.fsum(values) / len(values)
