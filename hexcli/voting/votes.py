"""One problem's votes, grouped into candidates, and the decision made of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from hexcli.schedule import Schedule
from hexcli.voter import Voter, voter_of

Equal = Callable[[str, str], bool]

# What can break a tie: more votes, what a rule prefers, the first cast.
VOTES, PREFERRED, FIRST = "votes", "preferred ", "first"

# Supports are sums of weights: those that differ by less than rounding are a tie.
_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The answer extracted from one generation, or an abstention (answer None). It never carries the target.

    schedule            what it was decoded under; its seed tells the samples of one expert apart
    prompt              the wording it was asked in (Voter.prompt)
    model               whose vote it is, in a joint run (Voter.model)
    first_step_logprob  the generation's one-step estimate of its mean log-likelihood a token ([hex])
    confidence          of the tokens that spell the answer when they were committed, in (0, 1]: the geometric mean
    path_logprob        log-likelihood of the path that was taken (answers.signs.path_logprob)
    settled             share of the steps after which the answer stood, in (0, 1] (answers.settled)
    room                tokens of the canvas behind the end of the text
    reached             whether what is boxed stands in the text before the box, too
    valid               whether the answer is possible by what the question says (Task.check)
    said                what the text said on its way: each answer (None: none) with the first step at which it did and
                        the first at which it no longer did; worked out where it is asked for
    voter               who is voting: schedule and wording; expert = the same without the seed

    Signals are None where the run does not tell them.
    """

    answer: str | None
    schedule: Schedule
    first_step_logprob: float | None = None
    confidence: float | None = None
    path_logprob: float | None = None
    settled: float | None = None
    room: int | None = None
    reached: bool | None = None
    valid: bool | None = None
    said: Callable[[], Sequence[tuple[str | None, int, int]]] | None = field(default=None, repr=False, compare=False)
    prompt: str = ""
    model: str = ""
    voter: Voter = field(init=False, repr=False, compare=False)
    expert: Voter = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "voter", voter_of(self.schedule, self.prompt, self.model))
        object.__setattr__(self, "expert", self.voter.expert)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The votes for one answer, in cast order; `first` is the place of the first among all votes."""

    answer: str
    votes: tuple[Vote, ...]
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """An answer with its votes, and what they weighed."""

    answer: str
    votes: int
    support: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an aggregator decided for one problem.

    answer   the winner; None where every vote abstained
    tie      whether another answer had as much support, so that a tie-break decided
    broken   of a tie, what told the winner from another answer, in turn: VOTES, PREFERRED and the place (from 0) of the
             number that was preferred, FIRST; empty where a rule made its decision without Election.decide
    tallies  every answer with its votes, winner first
    cast     votes that gave an answer
    read     votes looked at, abstentions included: the first so many in cast order, the others need not exist
    """

    answer: str | None
    tie: bool
    tallies: tuple[Tally, ...]
    cast: int
    read: int
    broken: tuple[str, ...] = field(default=(), compare=False)

    @property
    def agreement(self) -> float:
        """Share of the cast votes that gave the winning answer; 0 where nothing was decided."""
        return self.tallies[0].votes / self.cast if self.tallies else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """The votes of one problem in cast order, and its candidates in the order in which they were first cast."""

    votes: tuple[Vote, ...]
    candidates: tuple[Candidate, ...]
    equal: Equal = field(default=str.__eq__, repr=False, compare=False)

    @classmethod
    def of(cls, votes: Sequence[Vote], equal: Equal) -> Self:
        """Group the votes: equal answers are one candidate (see `classes`); abstentions are none."""
        names: dict[str, str] = {}
        for group in classes((vote.answer for vote in votes if vote.answer is not None), equal):
            names.update(dict.fromkeys(group, _spelling(group, votes)))
        members: dict[str, list[Vote]] = {}
        firsts: dict[str, int] = {}
        for place, vote in enumerate(votes):
            if vote.answer is not None:
                name = names[vote.answer]
                members.setdefault(name, []).append(vote)
                firsts.setdefault(name, place)
        candidates = (Candidate(answer=name, votes=tuple(own), first=firsts[name]) for name, own in members.items())
        return cls(votes=tuple(votes), candidates=tuple(candidates), equal=equal)

    def decide(
        self,
        support: Callable[[Candidate], float],
        prefer: Callable[[Candidate], float | tuple[float, ...]] = lambda candidate: 0.0,
    ) -> Decision:
        """The candidate with the most support. A tie goes to the one with more votes, then to the one to
        `prefer` (the highest; of several numbers the first that differs), then to the first cast. Raises TypeError
        or ValueError where support is no number."""
        supports = {candidate.answer: _rounded(support(candidate), candidate.answer) for candidate in self.candidates}
        ranked = sorted(
            sorted(sorted(self.candidates, key=lambda one: one.first), key=prefer, reverse=True),
            key=lambda one: (-supports[one.answer], -len(one.votes)),
        )
        tied = [one for one in ranked if supports[one.answer] == supports[ranked[0].answer]]
        return Decision(
            answer=ranked[0].answer if ranked else None,
            tie=len(tied) > 1,
            broken=_broken(tied, prefer) if len(tied) > 1 else (),
            tallies=tuple(
                Tally(answer=one.answer, votes=len(one.votes), support=supports[one.answer]) for one in ranked
            ),
            cast=sum(len(one.votes) for one in ranked),
            read=len(self.votes),
        )


def _rounded(support: float, answer: str) -> float:
    """As much support as is compared."""
    if support is None or isinstance(support, str):
        raise TypeError(f"the support of the candidate {answer!r:.40} is {support!r:.40}, no number")
    if support != support:
        raise ValueError(f"the support of the candidate {answer!r:.40} is nan: no candidate is before it or behind it")
    return round(support, _DIGITS)


def _broken(tied: Sequence[Candidate], prefer: Callable[[Candidate], float | tuple[float, ...]]) -> tuple[str, ...]:
    """Of candidates with equal support, the winner first: what told it from one of the others, in turn."""
    winner, *others = tied
    found = []
    rivals = [one for one in others if len(one.votes) == len(winner.votes)]
    if len(rivals) < len(others):
        found.append(VOTES)
    own = _numbers(prefer(winner))
    preferred = [_numbers(prefer(one)) for one in rivals]
    for place in range(len(own)):
        alike = [one for one in preferred if one[: place + 1] == own[: place + 1]]
        if len(alike) < len(preferred):
            found.append(f"{PREFERRED}{place}")
        preferred = alike
    return (*found, FIRST) if preferred else tuple(found)


def _numbers(preferred: float | tuple[float, ...]) -> tuple[float, ...]:
    return preferred if isinstance(preferred, tuple) else (preferred,)


def classes(answers: Iterable[str], equal: Equal) -> list[list[str]]:
    """The distinct answers in groups of equal ones: the connected components of `equal`.

    A checker of mathematics is not transitive: it finds a = b and b = c, and runs out of time or of rules on
    a = c. Equality itself is, so what is proved by way of a third answer counts; and components, unlike "joins
    the first candidate it equals", do not depend on the order of the votes. `equal` is asked once a pair at
    most, the alphabetically first answer first, and not at all within a group.
    """
    groups: list[list[str]] = []
    for answer in sorted(set(answers)):
        joined = [group for group in groups if any(equal(member, answer) for member in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(member for group in joined for member in group), answer])
    return groups


def remembered(equal: Equal) -> Equal:
    """`equal`, asked once for each pair of answers, whichever comes first."""
    known: dict[tuple[str, str], bool] = {}

    def remembering(a: str, b: str) -> bool:
        pair = (a, b) if a < b else (b, a)
        if pair not in known:
            known[pair] = a == b or equal(*pair)
        return known[pair]

    return remembering


def _spelling(group: Sequence[str], votes: Sequence[Vote]) -> str:
    """What a group is called: its most frequent spelling, of those the shortest, then the alphabetically first."""
    if len(group) == 1:
        return group[0]
    given = [vote.answer for vote in votes]
    return min(group, key=lambda answer: (-given.count(answer), len(answer), answer))
