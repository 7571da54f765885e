"""What is left to decode of a plan."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from hexcli.engine.deciding import Polls
from hexcli.engine.job import Job
from hexcli.records import Generation

CHUNK = 4  # batches whose rows are put in order of their length


@dataclass(slots=True)
class Todo:
    """Jobs left to decode. Jobs with one key are one generation, decoded once.

    polls       where they are given, jobs that cannot matter are left out
    failed      jobs that could not be done, with the reason, until they are told
    dropped     keys that nobody needs any more, since they were last taken
    not_needed  how many were left out; nfe_saved = the forward passes they would have taken at most, and nfe_wasted =
                those that were done of them
    """

    polls: Polls | None = None
    by_key: dict[str, list[Job]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    failed: list[tuple[Job, str]] = field(default_factory=list)
    not_needed: int = 0
    nfe_saved: int = 0
    nfe_wasted: int = 0

    def add(self, job: Job) -> None:
        self.by_key.setdefault(job.key, []).append(job)

    def close(self) -> None:
        """All jobs are added, and the votes that are there cast: leave out those of problems decided already."""
        for job in self.polls.open(self.jobs()) if self.polls is not None else ():
            self._drop(job)

    def cast(self, generation: Generation) -> Iterator[tuple[Job, int]]:
        """Count the vote of a generation; yields each job that is left out for it, and the forward passes saved."""
        for job in self.polls.cast(generation) if self.polls is not None else ():
            yield job, self._drop(job)

    def fail(self, key: str, reason: str) -> None:
        """The generation of this key cannot be made: nobody waits for it any more."""
        for job in self.by_key.pop(key):
            self.failed.append((job, reason))
            if self.polls is not None:
                self.polls.lose(job)

    def failures(self) -> Iterator[tuple[Job, str]]:
        """Those that failed since this was last asked."""
        while self.failed:
            yield self.failed.pop(0)

    def order(self, size: int, *, spare: int) -> Iterator[str]:
        """The keys to decode, in order; with polls see Polls.order. Ask again as long as some are left.

        Else in the order of the problems, but within a few batches of `size` the longest first. So neighbours share
        batches with little padding, and a run that is stopped holds its first problems.
        """
        if self.polls is not None:
            return self.polls.order(spare=spare)
        waiting = list(self.by_key.items())
        chunks = (waiting[start : start + CHUNK * size] for start in range(0, len(waiting), CHUNK * size))
        return (key for chunk in chunks for key, _ in sorted(chunk, key=lambda item: -item[1][0].length))

    def take_dropped(self) -> list[str]:
        """Keys that nobody needs any more, once each: some may be in a batch."""
        dropped, self.dropped = self.dropped, []
        return dropped

    def jobs(self) -> Iterator[Job]:
        return itertools.chain.from_iterable(self.by_key.values())

    @property
    def nfe(self) -> int:
        return sum(jobs[0].nfe for jobs in self.by_key.values())

    def _drop(self, job: Job) -> int:
        twins = self.by_key[job.key]
        twins.remove(job)
        saved = 0
        if not twins:
            del self.by_key[job.key]
            self.dropped.append(job.key)
            saved = job.nfe
        self.not_needed += 1
        self.nfe_saved += saved
        return saved
