"""The rows of several runs as those of one: each generation once, whoever has it.

Equal (problem, model, precision, prompt, schedule) is one generation: where two sources have it, that of the first
counts. So shards of a run, further seeds, other canvases and other models all join alike.
"""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hexcli.records import Generation
from hexcli.runs.rows import Name, Reader
from hexcli.runs.sources import Source, lines_of


@dataclass(slots=True, kw_only=True)
class Joined:
    """The generations of several sources.

    generations  each once, in the order of the sources
    members      for each source the names of the generations that it has, also of those that an earlier one has
    twice        how many were in an earlier source already; differing = those of them whose text is another there
    damaged      rows that could not be read
    """

    generations: dict[Name, Generation] = field(default_factory=dict)
    members: list[set[Name]] = field(default_factory=list)
    twice: int = 0
    differing: int = 0
    damaged: int = 0

    def add(self, found: Iterable[Generation]) -> None:
        """The generations of one more source."""
        own: set[Name] = set()
        for one in found:
            name = (one.problem.id, one.voter)
            if name in own:
                continue
            own.add(name)
            before = self.generations.setdefault(name, one)
            if before is not one:
                self.twice += 1
                self.differing += before.response.text != one.response.text
        self.members.append(own)


def read_joint(
    joint: Path, sources: Sequence[Source], *, again: str, warn: Callable[[str], None], light: bool = False
) -> Joined:
    """The rows of a joint run, from its sources. Raises UsageError where one of them is not what was joined."""
    reader, joined = Reader(light=light), Joined()
    for source in sources:
        file = source.find(joint, again=again, warn=warn)
        found = []
        for line in lines_of(file, source.bytes):
            if not line.strip():
                continue
            try:
                found.append(cast_by(source, reader.read(line)))
            except ValueError:  # as when it was joined
                joined.damaged += 1
        joined.add(found)
    return joined


def cast_by(source: Source, generation: Generation) -> Generation:
    """A generation of a source as it votes in the joint run."""
    schedule = generation.schedule
    if source.shift and generation.source is not None:
        schedule = schedule.with_seed(schedule.seed + source.shift)
    if not source.who and schedule is generation.schedule:
        return generation
    return dataclasses.replace(generation, model=source.who, schedule=schedule)
