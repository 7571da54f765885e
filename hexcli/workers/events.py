"""What comes back from whoever decodes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # they import torch, which takes seconds
    from hexcli.sampling.decoded import Decoded
    from hexcli.sampling.row import Row


@dataclass(frozen=True, slots=True)
class Task:
    """A row to decode, under the key of its generation."""

    key: str
    row: "Row"


@dataclass(frozen=True, slots=True)
class Done:
    """A row is decoded, on a device of this name."""

    key: str
    canvas: "Decoded"
    device: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A row has no result; the others go on."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Rows that were taken and are not decoded: memory ran out, or their worker ended. They are to be given again."""

    keys: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Wasted:
    """Forward passes of rows that nobody needed any more."""

    nfe: int


@dataclass(frozen=True, slots=True)
class Waited:
    """Nothing came for a while: time to look at what others do."""


Event = Done | Failed | Returned | Wasted | Waited
