"""Which jobs of a plan are worth doing: votes are counted as they come, and a problem stops when it is decided."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hexcli.engine.job import Job
from hexcli.engine.plan import Plan
from hexcli.records import Generation
from hexcli.runs.ballots import vote_of
from hexcli.task import same_text
from hexcli.voter import Voter, in_cast_order
from hexcli.voting.deciding import decided, votes_needed
from hexcli.voting.ordering import in_turn
from hexcli.voting.votes import Election, Vote, remembered


@dataclass(slots=True)
class _Poll:
    """One problem, `place` being its number in the plan.

    votes    those that are cast
    jobs     those whose votes are not, in the order to do them; `started` ones are on their way
    needed   votes it still needs at least; 0: it is decided
    """

    place: int
    votes: dict[Voter, Vote] = field(default_factory=dict)
    jobs: dict[Voter, Job] = field(default_factory=dict)
    started: set[Voter] = field(default_factory=set)
    needed: int = 0

    @property
    def next(self) -> Job | None:
        """The next job to begin, needed or not; None where all are on their way."""
        if len(self.started) == len(self.jobs):
            return None
        return next(job for voter, job in self.jobs.items() if voter not in self.started)

    @property
    def spare(self) -> int:
        """Jobs on their way beyond those that it needs for certain."""
        return len(self.started) - self.needed


class Polls:
    """The votes of every problem of a plan, and which of its jobs to do next.

    First `cast` what is there already, then `open` the jobs that are left, then do them in `order` and
    `cast` each: what `open` and `cast` return need not be done, also where it is on its way. The votes of a run folder
    that its plan does not ask for count as well, as they will when the run is voted on.

    certainty  see voting.deciding.decided
    labels     see voting.ordering.in_turn
    """

    def __init__(
        self, plan: Plan, certainty: float, held: Iterable[Generation] = (), labels: Sequence[str] = ()
    ) -> None:
        self.task = plan.task
        self.certainty, self.labels = certainty, labels
        self.merging = plan.task.equal is not same_text
        self._equal = remembered(plan.task.equal)
        self._polls = {problem.id: _Poll(place) for place, problem in enumerate(plan.problems)}
        self._twins: dict[str, list[Job]] = {}
        self._hungry: list[tuple[int, str]] = []  # a heap of problems that may need more than is on its way
        self._on_their_way = 0
        for generation in held:
            self.cast(generation)

    def open(self, jobs: Iterable[Job]) -> list[Job]:
        """Take the jobs that are left to do; returns those that need not be done."""
        waiting: dict[str, dict[Voter, Job]] = {}
        for job in jobs:
            waiting.setdefault(job.problem.id, {})[job.voter] = job
            self._twins.setdefault(job.key, []).append(job)
        for problem, own in waiting.items():
            self._polls[problem].jobs = {voter: own[voter] for voter in in_turn(own, self.labels)}
        return [job for problem in waiting for job in self._count(problem)]

    def cast(self, generation: Generation) -> list[Job]:
        """Count a generation's vote; returns the jobs that are no longer needed."""
        problem, voter = generation.problem.id, generation.voter
        poll = self._polls.get(problem)
        if poll is None:
            return []
        poll.votes[voter] = vote_of(generation, self.task)
        poll.jobs.pop(voter, None)
        self._end(poll, [voter])
        return self._count(problem) if poll.jobs else []

    def lose(self, job: Job) -> None:
        """This vote will not be cast."""
        poll = self._polls[job.problem.id]
        poll.jobs.pop(job.voter, None)
        poll.started.discard(job.voter)

    def order(self, *, spare: int) -> Iterator[str]:
        """The keys of the jobs to do, each chosen when it is asked for. Where it has none, it may have some later.

        Breadth first: of each problem no more jobs at once than it needs in the best case, those of the first problems
        before those of later ones. Where there is none, and fewer than `spare` jobs are on their way, one more of the
        problem with the fewest that may be in vain.
        """
        for problem, poll in self._polls.items():
            self._end(poll, list(poll.started))  # what was on its way was lost as memory ran out
            self._hunger(problem)
        return Order(lambda: self._begin(self._needed() or self._spare(spare)))

    def _begin(self, job: Job | None) -> str | None:
        for twin in self._twins[job.key] if job else ():
            poll = self._polls[twin.problem.id]
            if twin.voter in poll.jobs and twin.voter not in poll.started:
                poll.started.add(twin.voter)
                self._on_their_way += 1
        return None if job is None else job.key

    def _needed(self) -> Job | None:
        """The next job that is not in vain, whatever comes."""
        while self._hungry:
            poll = self._polls[self._hungry[0][1]]
            if poll.spare < 0 and (job := poll.next) is not None:
                return job
            heapq.heappop(self._hungry)
        return None

    def _spare(self, most: int) -> Job | None:
        if self._on_their_way >= most:
            return None
        polls = (poll for poll in self._polls.values() if poll.next is not None)
        poll = min(polls, key=lambda poll: poll.spare, default=None)
        return None if poll is None else poll.next

    def _hunger(self, problem: str) -> None:
        poll = self._polls[problem]
        if poll.spare < 0 and poll.next is not None:
            heapq.heappush(self._hungry, (poll.place, problem))

    def _end(self, poll: _Poll, voters: Iterable[Voter]) -> None:
        for voter in voters:
            if voter in poll.started:
                poll.started.remove(voter)
                self._on_their_way -= 1

    def _count(self, problem: str) -> list[Job]:
        """See whether the problem is decided; returns the jobs that it takes back then."""
        poll = self._polls[problem]
        votes = [poll.votes[voter] for voter in in_cast_order(poll.votes)]
        election = Election.of(votes, self._equal)
        if not decided(election, poll.jobs, certainty=self.certainty, merging=self.merging):
            poll.needed = votes_needed(election, poll.jobs, certainty=self.certainty)
            self._hunger(problem)
            return []
        poll.needed = 0
        unneeded = list(poll.jobs.values())
        poll.jobs = {}
        self._end(poll, list(poll.started))
        return unneeded


class Order(Iterator[str]):
    """What a function gives. Unlike other iterators it may go on after it ended: none is none for now."""

    def __init__(self, choose: Callable[[], str | None]) -> None:
        self._choose = choose

    def __next__(self) -> str:
        key = self._choose()
        if key is None:
            raise StopIteration
        return key
