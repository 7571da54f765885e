"""`--record`: how a problem was decoded, kept as a picture that moves."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hexcli.cli.output import warn
from hexcli.errors import HexError, unknown
from hexcli.report.target import check_target

if TYPE_CHECKING:
    from hexcli.insight.inspection import Inspection
    from hexcli.runs.ballots import Ballot

COLOURS = ("step", "confidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A file to record into, and what colours its tokens (one of COLOURS)."""

    path: Path
    colour: str

    @classmethod
    def to(cls, path: Path, colour: str) -> Self:
        """Raises UsageError, before anything is decoded, where the file cannot be written."""
        from hexcli.report.motion.files import MARK, check_name

        check_name(path)
        check_target(path, MARK)
        return cls(path=path, colour=colour)

    def of_run(self, run: Path) -> None:
        """Record the first problem of a run folder."""
        from hexcli.insight.inspection import inspect
        from hexcli.runs.counting import count
        from hexcli.runs.finding import find_problem

        (inspection,) = inspect(count(find_problem(run, "#0", warn=warn).run), ["majority"], whole=False)
        self.of(inspection)

    def of_ballot(self, ballot: "Ballot") -> None:
        """Record a problem that belongs to no run."""
        from hexcli.insight.inspection import ungraded

        self.of(ungraded(ballot))

    def of(self, inspection: "Inspection") -> None:
        """Record what is to be seen of a problem."""
        from hexcli.report.motion.files import record

        try:
            record(self.path, inspection, by=self.colour)
        except OSError as error:
            raise HexError(f"cannot write '{self.path}': {error.strerror or error}") from None
        print(f"recorded {inspection.ballot.problem.id} in {self.path}", file=sys.stderr)


def colour_by(colour: str | None) -> str:
    """What --colour says. Raises UsageError where it is none of COLOURS."""
    if colour is not None and colour not in COLOURS:
        raise unknown("colour", colour, COLOURS)
    return colour or COLOURS[0]


def recording_to(path: Path | None, colour: str | None) -> Recording | None:
    """What --record and --colour ask for. Raises UsageError where they cannot be had."""
    by = colour_by(colour)
    return None if path is None else Recording.to(path, by)
