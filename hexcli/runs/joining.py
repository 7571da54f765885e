"""The rows of several runs as those of one: each generation once, whoever has it.

Equal (problem, model, precision, prompt, schedule) is one generation: where two sources have it, that of the first
counts. So shards of a run, further seeds, other canvases and other models all join alike.
"""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hexcli.records import Generation, Problem
from hexcli.runs.rows import Name, Reader
from hexcli.runs.sources import Source, lines_of


@dataclass(slots=True, kw_only=True)
class Joined:
    """The generations of several sources.

    generations  each once, in the order of the sources
    problems     each as the first source has it, with the right answer and the category of whichever tells them
    members      for each source the names of the generations that it has, also of those that an earlier one has
    twice        how many were in an earlier source already; differing = those of them whose text is another there
    damaged      rows that could not be read
    """

    generations: dict[Name, Generation] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    members: list[set[Name]] = field(default_factory=list)
    twice: int = 0
    differing: int = 0
    damaged: int = 0

    def add(self, found: Iterable[Generation]) -> None:
        """The generations of one more source."""
        own: set[Name] = set()
        told: set[str] = set()  # problems of which this source tells more
        for one in found:
            name = (one.problem.id, one.voter)
            if name in own:
                continue
            own.add(name)
            if self._learn(one.problem):
                told.add(one.problem.id)
            before = self.generations.setdefault(name, self._alike(one))
            if before.response is not one.response:
                self.twice += 1
                self.differing += before.response.text != one.response.text
        if told:
            self.generations = {
                name: self._alike(one) if name[0] in told else one for name, one in self.generations.items()
            }
        self.members.append(own)

    def _learn(self, problem: Problem) -> bool:
        """Whether a problem tells more than it was known to be."""
        known = self.problems.setdefault(problem.id, problem)
        target = problem.target if known.target is None else known.target
        category = problem.category if known.category is None else known.category
        if (target, category) == (known.target, known.category):
            return False
        self.problems[problem.id] = dataclasses.replace(known, target=target, category=category)
        return True

    def _alike(self, one: Generation) -> Generation:
        """The generation with its problem as all have it."""
        problem = self.problems[one.problem.id]
        return one if one.problem == problem else dataclasses.replace(one, problem=problem)


def read_joint(
    joint: Path, sources: Sequence[Source], *, again: str, warn: Callable[[str], None], light: bool = False
) -> Joined:
    """The rows of a joint run, from its sources. Raises UsageError where one of them is not what was joined."""
    reader, joined = Reader(light=light), Joined()
    for source in sources:
        file, cast = source.find(joint, again=again, warn=warn), cast_by(source)
        found = []
        for line in lines_of(file, source.bytes):
            if not line.strip():
                continue
            try:
                found.append(cast(reader.read(line)))
            except ValueError:  # as when it was joined
                joined.damaged += 1
        joined.add(found)
    return joined


def cast_by(source: Source) -> Callable[[Generation], Generation]:
    """A generation of a source -> as it votes in the joint run."""
    ids = dict(source.ids)

    def cast(generation: Generation) -> Generation:
        schedule, problem = generation.schedule, generation.problem
        if source.shift and generation.source is not None:
            schedule = schedule.with_seed(schedule.seed + source.shift)
        if joint := ids.get(problem.id):
            problem = dataclasses.replace(problem, id=joint)
        if not source.who and schedule is generation.schedule and problem is generation.problem:
            return generation
        return dataclasses.replace(generation, model=source.who, schedule=schedule, problem=problem)

    return cast
