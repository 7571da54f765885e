"""Which jobs of a plan are worth doing: votes are counted as they come, and a problem stops when it is decided."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hexcli.engine.plan import Job, Plan
from hexcli.records import Generation
from hexcli.runs.ballots import vote_of
from hexcli.schedule import Schedule
from hexcli.task import same_text
from hexcli.voting.deciding import decided, round_robin, votes_needed
from hexcli.voting.votes import Election, Vote, remembered


@dataclass(slots=True)
class _Poll:
    """One problem.

    votes    those that are cast
    jobs     those whose votes are not, in the order to do them; `started` ones are on their way
    needed   votes it still needs at least; 0: it is decided
    """

    votes: dict[Schedule, Vote] = field(default_factory=dict)
    jobs: dict[Schedule, Job] = field(default_factory=dict)
    started: set[Schedule] = field(default_factory=set)
    needed: int = 0

    def next(self) -> Job | None:
        return next((job for schedule, job in self.jobs.items() if schedule not in self.started), None)


class Polls:
    """The votes of every problem of a plan, and which of its jobs to do next.

    First `cast` what is there already, then `open` the jobs that are left, then do them in `order` and
    `cast` each: what `open` and `cast` return need not be done. The votes of a run folder that its plan does not
    ask for count as well, as they will when the run is voted on.

    certainty  see voting.deciding.decided
    """

    def __init__(self, plan: Plan, certainty: float, held: Iterable[Generation] = ()) -> None:
        self.task = plan.task
        self.certainty = certainty
        self.merging = plan.task.equal is not same_text
        self._equal = remembered(plan.task.equal)
        self._polls = {problem.id: _Poll() for problem in plan.problems}
        self._twins: dict[str, list[Job]] = {}
        for generation in held:
            self.cast(generation)

    def open(self, jobs: Iterable[Job]) -> list[Job]:
        """Take the jobs that are left to do; returns those that need not be done."""
        waiting: dict[str, dict[Schedule, Job]] = {}
        for job in jobs:
            waiting.setdefault(job.problem.id, {})[job.schedule] = job
            self._twins.setdefault(job.key, []).append(job)
        for problem, own in waiting.items():
            self._polls[problem].jobs = {schedule: own[schedule] for schedule in round_robin(own)}
        return [job for problem in waiting for job in self._count(self._polls[problem])]

    def cast(self, generation: Generation) -> list[Job]:
        """Count a generation's vote; returns the jobs that are no longer needed."""
        poll = self._polls.get(generation.problem.id)
        if poll is None:
            return []
        schedule = generation.schedule
        poll.votes[schedule] = vote_of(generation, self.task)
        poll.jobs.pop(schedule, None)
        poll.started.discard(schedule)
        return self._count(poll) if poll.jobs else []

    def order(self, *, fill: bool) -> Iterator[str]:
        """The keys of the jobs to do, each chosen when it is asked for.

        Problem by problem, of each no more jobs at once than it needs in the best case: these are never in vain.
        Where there is none, `fill` has one more of the problem with the fewest others on their way; else the order
        ends, and is asked for again once all of it is done.
        """
        for poll in self._polls.values():
            poll.started.clear()  # what was on its way is done, or was lost as memory ran out
        spare = True
        while (job := self._next(spare)) is not None:
            spare = fill
            for twin in self._twins[job.key]:
                poll = self._polls[twin.problem.id]
                if twin.schedule in poll.jobs:
                    poll.started.add(twin.schedule)
            yield job.key

    def _next(self, spare: bool) -> Job | None:
        others: tuple[int, Job] | None = None
        for poll in self._polls.values():
            if len(poll.jobs) > len(poll.started) and (job := poll.next()) is not None:
                extra = len(poll.started) - poll.needed
                if extra < 0:
                    return job
                if spare and (others is None or extra < others[0]):
                    others = extra, job
        return others and others[1]

    def _count(self, poll: _Poll) -> list[Job]:
        """See whether the problem is decided; returns the jobs that it takes back then."""
        votes = sorted(poll.votes.values(), key=lambda vote: vote.schedule.cast_order)
        election = Election.of(votes, self._equal)
        if not decided(election, poll.jobs, certainty=self.certainty, merging=self.merging):
            poll.needed = votes_needed(election, poll.jobs, certainty=self.certainty)
            return []
        poll.needed = 0
        unneeded = [job for schedule, job in poll.jobs.items() if schedule not in poll.started]
        for job in unneeded:
            del poll.jobs[job.schedule]
        return unneeded
