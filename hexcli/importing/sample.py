"""What the readers of all formats give: samples, as their file tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hexcli.records import Response
from hexcli.runs.manifest import Manifest
from hexcli.schedule import Schedule

# What a file of another program may state of a schedule; block_length or blocks. What else samplers of other models
# call so (top_p, eps) is kept, and no schedule.
STATED = (
    *("gen_length", "block_length", "blocks", "steps", "remasking", "temperature", "cfg_scale"),
    *("kv_cache", "refresh", "threshold", "seed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One generation as a file tells it.

    row       its number in the file, counted from 1
    target    the right answer in the file's own form; None where it does not tell
    stated    what the file states of its schedule, of STATED
    doc       the row of the task's dataset, where the file carries it, and its index from 0
    about     problem_id, choices, category and first_step_logprob, where the file states them
    id_guessed  the problem_id is that of a field that is called otherwise
    schedule  the whole schedule, in rows of hex's own
    response  of those, all that hex knows of a generation
    ends      of those, Generation.token_ends
    prompt_name  of the wording of its prompt (Voter.prompt), where the file has it
    rest      every other field of the row: nothing of the source is lost
    """

    row: int
    question: str
    text: str
    prompt: str = ""
    target: Any = None
    stated: Mapping[str, Any] = field(default_factory=dict)
    doc: tuple[Mapping[str, Any], int] | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    id_guessed: bool = False
    schedule: Schedule | None = None
    response: Response | None = None
    ends: tuple[int, ...] | None = None
    prompt_name: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """A file that was read.

    model     None where it does not tell
    run       the run.json beside it, where it is of a run of hex
    header    what it tells of all its rows
    assumed   what holds of its schedules unless it or an option says otherwise
    given     what the user says of its schedules, of STATED
    fields    what the user says that its fields are, as far as it has them
    has       the fields of its first row, in words
    notes     what to tell of how it was read
    """

    name: str
    format: str
    sha256: str
    model: str | None = None
    run: Manifest | None = None
    header: Mapping[str, Any] = field(default_factory=dict)
    assumed: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    has: str = ""
    notes: Sequence[str] = ()
    samples: Sequence[Sample] = ()


def without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The row's other fields."""
    return {name: value for name, value in row.items() if name not in names}


def text_of(row: Mapping[str, Any], name: str) -> str:
    """A field that must be text. Raises ValueError naming it."""
    if name not in row:
        raise ValueError(f"no field '{name}' (it has: {', '.join(map(str, row)) or 'none'})")
    value = row[name]
    if not isinstance(value, str):
        raise ValueError(f"field '{name}' must be text, not {value!r:.60}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"field '{name}' holds half a surrogate pair: it is no valid text") from None
    return value
