"""What schedules are called: a name is what `--schedules` takes for that schedule. Pure.

8                        blocks of 8; the canvas, steps, rule and temperature are those of the command or recipe
8@128                    on a canvas of 128 tokens
48+16                    these blocks
32:remasking=entropy     another rule; any field of Schedule, several one behind the other
16@64:steps=64:T=0.9     T is short for temperature
8:temperature=0:samples=1   one sample, whatever the others have
"""

import dataclasses
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hexcli import rules
from hexcli.errors import unknown
from hexcli.schedule import Schedule
from hexcli.shortcuts import SHARES, in_tokens
from hexcli.steps import usual_steps

SHORT = {"T": "temperature", "canvas": "gen_length"}
_MEANT = {"temp": "T", "t": "T", "length": "canvas", "n": "samples"}  # what others call them
SAMPLES = "samples"  # said of a schedule, and no field of it: how many seeds it is decoded with
_NO_FIELDS = ("blocks", "seed")  # the label, and what tells the samples of one expert apart
FIELDS: dict[str, tuple[type, ...]] = {
    each.name: typing.get_args(each.type) or (each.type,)
    for each in dataclasses.fields(Schedule)
    if each.name not in _NO_FIELDS
}


@lru_cache(maxsize=4096)
def expert(schedule: Schedule) -> Schedule:
    """The schedule without its seed: votes that differ in the seed only are samples of one expert."""
    return schedule.with_seed(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a text says of a schedule: its block label, fields of Schedule, and how many samples; no more."""

    label: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    samples: int | None = None

    @classmethod
    def of(cls, text: str) -> "Said":
        """The parts of a text. Raises ValueError, with what a schedule looks like, where it is none."""
        head, *settings = text.strip().split(":")
        label, at, canvas = head.partition("@")
        pairs = [("gen_length", canvas)] if at else []
        for setting in settings:
            name, equals, value = setting.partition("=")
            if not equals:
                raise ValueError(f"'{setting}' in schedule '{text}' is no field=value: write {label}:steps=64")
            pairs.append((_field(name), value))
        said = {name: _value(name, value, text) for name, value in pairs}
        if len(said) < len(pairs):
            raise ValueError(f"schedule '{text}' says one field twice")
        return cls(label=label.strip(), samples=said.pop(SAMPLES, None), fields=said)

    @property
    def text(self) -> str:
        """The text again, in one spelling, without the samples."""
        canvas = f"@{self.fields['gen_length']}" if "gen_length" in self.fields else ""
        return self.label + canvas + "".join(_setting(name, self.fields[name]) for name in _rest(self.fields))

    def schedule(self, base: Mapping[str, Any]) -> Schedule:
        """The schedule, with the fields of `base` where nothing else is said. Raises ValueError where they do not fit.

        A canvas of its own has its own usual number of steps, where the base says none.
        """
        return Schedule.parse(self.label, **{**base, **self.fields})

    def fits(self, schedule: Schedule) -> bool:
        """Whether all that is said holds of the schedule."""
        lengths = self.label.split("+")
        even = len(lengths) > 1 and len(set(lengths)) == 1  # 16+16 is blocks of 16, on a canvas of 32
        label, length = (lengths[0], int(lengths[0]) * len(lengths)) if even else (self.label, schedule.gen_length)
        said = {"label": label, "gen_length": length, **in_tokens(self.fields, schedule.gen_length)}
        return all(getattr(schedule, name) == value for name, value in said.items())


def read(text: str, base: Mapping[str, Any]) -> Schedule:
    """The schedule that a text names; `base` has at least gen_length. Raises ValueError."""
    return Said.of(text).schedule(base)


def names(
    schedules: Iterable[Schedule], base: Mapping[str, Any] | None = None, written: Sequence[str] = ()
) -> dict[Schedule, str]:
    """A name for each distinct schedule without its seed, in cast order: a text that `read` makes it from, with `base`.

    base     the fields that go without saying: those of the run's first recipe, or else of the first schedule
    written  texts that people wrote for some of them, which are kept

    So a name means one schedule, and does not change when other schedules join.
    """
    experts = list(dict.fromkeys(expert(schedule) for schedule in schedules))
    if base is None:
        base = _fields_of(experts[0]) if experts else {}
    kept: dict[Schedule, str] = {}
    for text in written:
        said = Said.of(text)
        kept.setdefault(expert(said.schedule(base)), said.text)
    in_order = sorted(experts, key=lambda schedule: schedule.cast_order)
    return {one: kept.get(one) or _name(one, base) for one in in_order}


def base_of(schedules: Iterable[Schedule]) -> dict[str, Any]:
    """A base for schedules of several runs, whatever their order: of each field the value that all have, else its
    default. Where canvases differ there is none, and every name says its own."""
    fields = [_fields_of(one) for one in schedules]
    plain = {each.name: each.default for each in dataclasses.fields(Schedule)} | {"gen_length": None, "steps": None}
    found = {name: {one[name] for one in fields} for name in FIELDS}
    return {name: min(values) if len(values) == 1 else plain[name] for name, values in found.items()}


def matching(text: str, named: Mapping[Schedule, str]) -> list[Schedule]:
    """The schedules meant by `text`: one by its name, or all of which it is true. None where it is no such text."""
    if by_name := [schedule for schedule, name in named.items() if name == text]:
        return by_name
    try:
        said = Said.of(text)
        return [schedule for schedule in named if said.fits(schedule)]
    except ValueError:
        return []


def _name(schedule: Schedule, base: Mapping[str, Any]) -> str:
    """The shortest text: the label, and what is not as in the base."""
    defaults = {each.name: each.default for each in dataclasses.fields(Schedule)}
    steps = base.get("steps") or usual_steps(schedule.gen_length, schedule.adaptive)
    plain = {**defaults, **base, "steps": steps}
    # What the schedule's own sampler takes where nobody says otherwise goes without saying, too.
    own = ("sampler", "remasking") if schedule.alg is None else ("alg", "remasking")
    implied = rules.resolved({**plain, **{name: getattr(schedule, name) for name in own}})
    unsaid = ("top_k", "eb_threshold") if schedule.alg is None else ("top_k", "sampler")
    usual = rules.resolved(plain) | {name: implied[name] for name in unsaid}
    usual = in_tokens(usual, schedule.gen_length)
    differing = {name: value for name in FIELDS if (value := getattr(schedule, name)) != usual[name]}
    return Said(label=schedule.label, fields=differing).text


def _fields_of(schedule: Schedule) -> dict[str, Any]:
    fields = {name: getattr(schedule, name) for name in FIELDS}
    usual = schedule.steps == usual_steps(schedule.gen_length, schedule.adaptive)
    return {**fields, "steps": None} if usual else fields


def _rest(fields: Mapping[str, Any]) -> list[str]:
    return [name for name in FIELDS if name in fields and name != "gen_length"]


def _setting(name: str, value: Any) -> str:
    if value is None or isinstance(value, bool):
        text = {None: "off", True: "true", False: "false"}[value]
        text = "0" if name == "top_k" else text  # unsaid it is Dream's
    elif isinstance(value, tuple):
        text = "+".join(map(str, value)) or "off"
    else:
        text = repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
    return f":{name}={text}"


def _field(name: str) -> str:
    plain = SHORT.get(name.strip(), name.strip().replace("-", "_"))
    if plain not in FIELDS and plain != SAMPLES:
        if plain == "seed":
            raise ValueError("a schedule has no seed of its own: --seed says the first, --samples how many")
        if plain.lower() in _MEANT:
            raise ValueError(f"unknown field of a schedule '{name}': did you mean '{_MEANT[plain.lower()]}'?")
        said = str(unknown("field of a schedule", name, [*FIELDS, SAMPLES]))
        usual = "e.g. steps, temperature (T), remasking, samples, gen_length (canvas); hex decode --help lists all"
        raise ValueError(said if "did you mean" in said else f"{said.partition(': ')[0]}: {usual}")
    return plain


def _value(name: str, text: str, schedule: str) -> Any:
    kinds = FIELDS.get(name, (int,))
    plain = text.strip()
    if plain == "off" and type(None) in kinds:
        return None
    if name == "suppress_tokens":
        return _ids(plain, schedule)
    if bool in kinds and plain in ("true", "false"):
        return plain == "true"
    if name in SHARES and "/" in plain:
        return plain
    kind = next(kind for kind in kinds if kind is not type(None))
    try:
        if kind is bool:
            raise ValueError
        return kind(plain)
    except ValueError:
        wanted = {int: "a whole number", float: "a number", bool: "true or false"}[kind]
        raise ValueError(f"{name} must be {wanted}, not '{plain}', in schedule '{schedule}'") from None


def _ids(text: str, schedule: str) -> tuple[int, ...]:
    try:
        return () if text == "off" else tuple(int(part) for part in text.split("+"))
    except ValueError:
        raise ValueError(f"suppress_tokens are token ids (5+126081), not '{text}', in schedule '{schedule}'") from None
