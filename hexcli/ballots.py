"""From a run folder to votes: offline, no torch, no model, no dataset.

Votes are extracted from the saved texts each time, so a better extraction or a new aggregator needs no GPU.
They never carry the target, and the extractor never sees it.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.errors import UsageError
from hexcli.records import Generation, Problem
from hexcli.runs import Run
from hexcli.schedule import Schedule
from hexcli.tasks import TASKS, Task, get_task
from hexcli.voting import Decision, Vote, get_aggregator


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """The votes of one problem in cast order, each beside the generation it was extracted from."""

    problem: Problem
    generations: tuple[Generation, ...]
    votes: tuple[Vote, ...]

    def decide(self, aggregator: str, task: Task) -> Decision:
        """What the aggregator makes of the votes."""
        return get_aggregator(aggregator)(self.votes, task.equal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A run, its votes counted: what vote and score report from."""

    run: Run
    task: Task
    ballots: tuple[Ballot, ...]
    complete: bool

    @property
    def targets(self) -> bool:
        """Whether every problem has a target to score by; prompts of one's own have none."""
        return all(ballot.problem.target is not None for ballot in self.ballots)

    def frame(self, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The run's entry in `--json`, around its rows."""
        return {
            "run": self.run.manifest.name,
            "task": self.task.name,
            "model": self.run.manifest.model,
            "problems": len(self.ballots),
            "generations": sum(len(ballot.votes) for ballot in self.ballots),
            "complete": self.complete,
            "rows": list(rows),
        }


def count(run: Run, *, schedules: Sequence[str] = (), samples: int | None = None) -> Count:
    """Extract the votes of a run: all, or those of some schedules (by label) or of the first samples.

    Raises UsageError where that leaves none.
    """
    if run.manifest.task not in TASKS:
        raise UsageError(f"{run.path} is of task '{run.manifest.task}', which this version of hex does not know")
    task = get_task(run.manifest.task)
    labels = {generation.schedule.label for generation in run.generations}
    for label in schedules:
        if label not in labels:
            raise UsageError(f"{run.path} has no schedule {label}: it has {', '.join(sorted(labels)) or 'none'}")
    by_problem: dict[str, list[Generation]] = {}
    for generation in run.generations:
        if not schedules or generation.schedule.label in schedules:
            by_problem.setdefault(generation.problem.id, []).append(generation)
    if samples is not None:
        by_problem = {name: _first_samples(own, samples) for name, own in by_problem.items()}
    ballots = [cast(by_problem[name], task) for name in sorted(by_problem)]
    if not ballots:
        raise UsageError(f"{run.path} has no generations to vote on: finish it with `hex decode`")
    return Count(
        run=run,
        task=task,
        ballots=tuple(ballots),
        complete=run.manifest.complete and len(run.generations) >= run.manifest.expected,
    )


def cast(generations: Sequence[Generation], task: Task) -> Ballot:
    """The votes of one problem's generations. Raises ValueError where there are none."""
    if not generations:
        raise ValueError("no generations, no ballot")
    generations = sorted(generations, key=lambda generation: generation.schedule.cast_order)
    problem = generations[0].problem
    blind = dataclasses.replace(problem, target=None)  # nor may an extractor peek
    votes = tuple(
        Vote(
            answer=task.extract(generation.response.text, blind),
            schedule_label=generation.schedule.label,
            seed=generation.schedule.seed,
            first_step_logprob=generation.response.first_step_logprob,
        )
        for generation in generations
    )
    return Ballot(problem=problem, generations=tuple(generations), votes=votes)


def _first_samples(generations: Sequence[Generation], samples: int) -> list[Generation]:
    """The generations of the lowest `samples` seeds of each schedule."""
    experts: dict[Schedule, list[Generation]] = {}
    for generation in sorted(generations, key=lambda generation: generation.schedule.seed):
        experts.setdefault(generation.schedule.with_seed(0), []).append(generation)
    return [generation for own in experts.values() for generation in own[:samples]]
