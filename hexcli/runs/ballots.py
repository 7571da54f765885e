"""From a run folder to votes: offline, no torch, no model, no dataset.

Votes are extracted from the saved texts each time, so a better extraction or a new aggregator needs no GPU.
They never carry the target, and the extractor never sees it.
"""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from hexcli.answers.confidence import answer_confidence
from hexcli.answers.drafts import held
from hexcli.answers.settled import settled
from hexcli.answers.signs import path_logprob, reached, room
from hexcli.errors import UsageError
from hexcli.records import Generation, Problem
from hexcli.runs.reading import Run
from hexcli.task import Task
from hexcli.tasks.registry import TASKS, get_task
from hexcli.voting.aggregators import get_aggregator
from hexcli.voting.votes import Decision, Election, Equal, Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """The votes of one problem in cast order, each beside the generation it was extracted from."""

    problem: Problem
    generations: tuple[Generation, ...]
    election: Election

    @property
    def votes(self) -> tuple[Vote, ...]:
        """The votes, generation by generation."""
        return self.election.votes

    def decide(self, aggregator: str) -> Decision:
        """What the aggregator makes of these votes alone. Raises MissingSignalError where it cannot."""
        (decision,) = get_aggregator(aggregator)([self.election], None)
        return decision


def task_of(run: Run) -> Task:
    """The run's task; a custom one as the run folder keeps it. Raises UsageError where it is not to be had."""
    if run.manifest.definition:
        from hexcli.tasks.custom import make_task

        try:
            return make_task(run.manifest.definition)
        except UsageError as error:
            raise UsageError(f"{run.path} is of a task that cannot be read: {error}") from None
    if ".py:" in run.manifest.task and run.manifest.task not in TASKS:
        raise UsageError(
            f"{run.path} is of a task in a Python file, which runs only if you say --task {run.manifest.task}"
        )
    if run.manifest.task not in TASKS:
        raise UsageError(f"{run.path} is of task '{run.manifest.task}', which this version of hex does not know")
    return get_task(run.manifest.task)


def cast(generations: Sequence[Generation], task: Task, equal: Equal | None = None) -> Ballot:
    """The votes of one problem's generations; `equal` is the task's, or one that remembers it.

    Raises ValueError where there are none.
    """
    if not generations:
        raise ValueError("no generations, no ballot")
    generations = sorted(generations, key=lambda generation: generation.voter.cast_order)
    blind = _blind(generations[0].problem)
    votes = [vote_of(one, task, blind if one.problem is generations[0].problem else None) for one in generations]
    election = Election.of(votes, equal or task.equal)
    return Ballot(problem=generations[0].problem, generations=tuple(generations), election=election)


def vote_of(generation: Generation, task: Task, blind: Problem | None = None) -> Vote:
    """The vote that a generation casts; `blind` is its problem without the target, where that is made already."""
    blind = blind or _blind(generation.problem)
    answer, logprob = task.extract(generation.response.text, blind), generation.response.first_step_logprob
    return Vote(
        answer=answer,
        schedule=generation.schedule,
        prompt=generation.prompt_name,
        model=generation.model,
        first_step_logprob=logprob if logprob is not None and math.isfinite(logprob) else None,
        confidence=None if answer is None else answer_confidence(generation, answer),
        path_logprob=path_logprob(generation),
        settled=None if (stood := settled(generation, answer)) is None else stood.share,
        room=room(generation),
        reached=reached(generation.response.text),
        valid=None if answer is None or task.check is None else task.check(answer, blind),
        said=None if generation.response.drafts is None else cache(partial(_said, generation, task)),
    )


def _blind(problem: Problem) -> Problem:
    """What an extractor is shown: it may not peek at the target."""
    return dataclasses.replace(problem, target=None)


def _said(generation: Generation, task: Task) -> list[tuple[str | None, int, int]]:
    """The answers in a generation's drafts: each with the first step that it was in and the first that it was not.

    A text that ended early stands for the steps that were left, as in the published loop, which goes through them.
    """
    schedule, response = generation.schedule, generation.response
    blind = _blind(generation.problem)
    steps = 0 if schedule.adaptive else len(schedule.commits())
    return [(task.extract(text, blind), start, end) for text, start, end in held(response, steps)]
