"""Accuracy by block length, and beside it how often the end comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.insight.ending import early_share
from hexcli.runs.counting import Count
from hexcli.stats import wilson
from hexcli.voter import Voter


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A schedule among the others.

    length      of its blocks, in tokens; the mean of uneven ones
    accuracy    of one vote, with its 95 % interval; None where there are no targets
    early, known  generations whose end was committed early (see `ending`), of those that tell; early95: interval of
                the share, (0, 1) where none tells
    """

    name: str
    length: float
    gen_length: int
    temperature: float
    accuracy: float | None
    ci95: tuple[float, float] | None
    early: int
    known: int
    early95: tuple[float, float]

    @property
    def early_rate(self) -> float | None:
        """The share of the outputs that end early; None where none tells."""
        return self.early / self.known if self.known else None


def blocks(counted: Count, rows: Sequence[Mapping[str, Any]]) -> list[Block]:
    """One for each schedule of the run, in cast order. `rows` are those of its score frame; none: no accuracies.

    The interval of an accuracy counts problems; that of early ends, generations.
    """
    scored = {row["name"]: row for row in rows if row["kind"] == "schedule"}
    generations: dict[Voter, list[Any]] = {expert: [] for expert in counted.names}
    for ballot in counted.ballots:
        for vote, generation in zip(ballot.votes, ballot.generations, strict=True):
            generations[vote.expert].append(generation)
    found = []
    for expert, name in counted.names.items():
        early, known = early_share(generations[expert])
        row = scored.get(name)
        found.append(
            Block(
                name=name,
                length=expert.schedule.gen_length / len(expert.schedule.blocks),
                gen_length=expert.schedule.gen_length,
                temperature=expert.schedule.temperature,
                accuracy=row["accuracy"] if row else None,
                ci95=(row["ci95"][0], row["ci95"][1]) if row else None,
                early=early,
                known=known,
                early95=wilson(early, known),
            )
        )
    return found
