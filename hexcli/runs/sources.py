"""The runs that a joint run is of: named by what is in them, found where they stand, and checked."""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from hexcli.errors import HexError, UsageError
from hexcli.files import open_file, why
from hexcli.runs.rows import GENERATIONS

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One of the runs that a joint run is of: which rows, and who cast them.

    name    the run's
    path    its folder, seen from the joint run's
    copy    the file in the joint run that holds its rows; empty where they are not copied
    sha256  of the first `bytes` bytes of its rows, which are `rows` lines
    model, model_identity, dtype  of its run.json
    who     what tells its votes from those of the other sources (Voter.model); empty where nothing does
    shift   added to the seeds of rows made elsewhere: they are other samples than those of the sources before it
    ids     (its id, the joint run's) of each problem that a source before it has under another id: matched by question
    """

    name: str
    path: str
    sha256: str
    bytes: int
    rows: int
    model: str
    model_identity: str
    dtype: str
    copy: str = ""
    who: str = ""
    shift: int = 0
    ids: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object in `sources` of run.json."""
        fields = asdict(self)
        del fields["ids"]
        return {**fields, "ids": dict(self.ids)} if self.ids else fields

    @classmethod
    def from_dict(cls, fields: Any) -> Self:
        """Raises ValueError where it is no such object."""
        if not isinstance(fields, Mapping):
            raise ValueError("field 'sources' is of the wrong type")
        kinds = {name: kind for name, kind in cls.__annotations__.items() if name != "ids"}
        ids = fields.get("ids", {})
        if not (isinstance(ids, Mapping) and all(isinstance(one, str) for one in ids.values())):
            raise ValueError("field 'ids' of a source is of the wrong type")
        try:
            found = {name: fields[name] for name in kinds}
        except KeyError as missing:
            raise ValueError(f"a source has no field {missing}") from None
        for name, value in found.items():
            number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
            if not (number if kinds[name] in (int, "int") else isinstance(value, str)):
                raise ValueError(f"field '{name}' of a source is of the wrong type")
        if "/" in found["copy"] or "\\" in found["copy"] or found["copy"].startswith("."):
            raise ValueError(f"the copy of a source is a file of its run, not '{found['copy']}'")
        return cls(**found, ids=tuple(ids.items()))

    def find(self, joint: Path, *, again: str, warn: Callable[[str], None]) -> Path:
        """The file of its rows, whose content is the one that was joined. Raises UsageError where there is none.

        Looked for in the joint run, where the run stood, and among the runs beside the joint one and in folders there,
        whatever they are called now. `again`: the command that joins anew.
        """
        if self.copy:
            if not (joint / self.copy).is_file():
                raise UsageError(f"{joint} lacks '{self.copy}', its copy of {self.name}: copy the folder whole")
            if not self._held_by(joint / self.copy):
                raise UsageError(f"'{joint / self.copy}' is not what was copied of {self.name}: {again}")
            return joint / self.copy
        folder = Path(os.path.normpath(joint / self.path))
        recorded = folder / GENERATIONS
        for file in (recorded, *_beside(joint)):
            if self._held_by(file):
                if file.stat().st_size > self.bytes:
                    warn(f"'{file.parent}' has grown since it was joined into {joint}; to take in what is new: {again}")
                return file
        if recorded.is_file():
            raise UsageError(f"'{folder}' has changed since it was joined into {joint}: {again}")
        raise UsageError(
            f"{joint} is of the run {self.name}, which is not at '{folder}' nor beside {joint}: "
            f"move it there, or join with --copy: {again}"
        )

    def stands(self, joint: Path) -> str:
        """The folder of the run, as a command names it: where it stood, or the one beside the joint run that has its
        rows now. Where none has them, where it stood."""
        folder = Path(os.path.normpath(joint / self.path))
        if not self.copy and not (folder / GENERATIONS).is_file():
            with contextlib.suppress(HexError):  # to find its rows says what cannot be read
                folder = next((file.parent for file in _beside(joint) if self._held_by(file)), folder)
        return str(folder)

    def is_in(self, folder: Path) -> bool:
        """Whether the run in a folder has these rows. Raises HexError where it cannot be read."""
        return self._held_by(folder / GENERATIONS)

    def _held_by(self, file: Path) -> bool:
        """Whether a file begins with these rows."""
        try:
            return file.is_file() and file.stat().st_size >= self.bytes and digest(file, self.bytes) == self.sha256
        except OSError as error:
            raise HexError(f"cannot read '{file}': {why(error)}") from None


def _beside(joint: Path) -> list[Path]:
    """The rows of the runs beside a joint one, and of those in folders there."""
    shelf = joint.resolve().parent
    if shelf.is_relative_to(here := Path.cwd()):
        shelf = shelf.relative_to(here)
    return [*sorted(shelf.glob(f"*/{GENERATIONS}")), *sorted(shelf.glob(f"*/*/{GENERATIONS}"))]


def digest(file: Path, count: int) -> str:
    """The SHA-256 of the first `count` bytes of a file. Raises OSError."""
    found = hashlib.sha256()
    with open_file(file) as descriptor, os.fdopen(os.dup(descriptor), "rb") as stream:
        while count > 0 and (part := stream.read(min(count, _CHUNK))):
            found.update(part)
            count -= len(part)
    return found.hexdigest()


def lines_of(file: Path, count: int) -> Iterator[bytes]:
    """The lines in the first `count` bytes of a file. Raises HexError."""
    try:
        with open_file(file) as descriptor, os.fdopen(os.dup(descriptor), "rb") as stream:
            while count > 0 and (line := stream.readline()):
                yield line[:count]
                count -= len(line)
    except OSError as error:
        raise HexError(f"cannot read '{file}': {why(error)}") from None
