"""Who votes: a schedule, and the wording of the prompt that it is asked in; and what they are called. Pure.

8                 that schedule, in a run whose prompts all have the task's own wording
8 · plain         it, asked in the wording `plain`; where a run has several, every name says its own
8 · llada         it, by the model `llada`, in a joint run of several models; both: `8 · plain · llada`
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hexcli.labels import matching, names
from hexcli.schedule import Schedule

DEFAULT = "default"  # what a task's own wording is called where the task does not say
_BETWEEN = "·"
_SAYING = f" {_BETWEEN} "


@dataclass(frozen=True, slots=True)
class Voter:
    """One who votes. Without its seed (`expert`) it is who the samples of one schedule and wording are of.

    prompt  the name of the wording; empty for the task's own, as in all runs that know no other
    model   which model, or which run, of a joint run where they are told apart; empty in every other run
    """

    schedule: Schedule
    prompt: str = ""
    model: str = ""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A schedule has thirty fields, and voters are keys of nearly everything that is counted.
        object.__setattr__(self, "_hash", hash((self.schedule, self.prompt, self.model)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        """Made anew in another process, where texts have other hashes."""
        return voter_of, (self.schedule, self.prompt, self.model)

    @property
    def seed(self) -> int:
        """The schedule's."""
        return self.schedule.seed

    @property
    def expert(self) -> "Voter":
        """The voter without its seed: votes that differ in the seed only are samples of one expert."""
        return _expert(self)

    @property
    def cast_order(self) -> tuple[Any, ...]:
        """Sort key of the votes: the schedule's, of one schedule the task's own wording first, then the seed."""
        return _cast_order(self)


@lru_cache(maxsize=4096)
def voter_of(schedule: Schedule, prompt: str = "", model: str = "") -> Voter:
    """The voter; equal ones are one object."""
    return Voter(schedule, prompt, model)


@lru_cache(maxsize=4096)
def _expert(voter: Voter) -> Voter:
    return voter_of(voter.schedule.with_seed(0), voter.prompt, voter.model)


@lru_cache(maxsize=4096)
def _cast_order(voter: Voter) -> tuple[Any, ...]:
    *rest, seed = voter.schedule.cast_order
    return (*rest, voter.prompt, voter.model, seed)


def in_cast_order(voters: Iterable[Voter]) -> list[Voter]:
    """The voters in the order in which their votes are cast."""
    return sorted(voters, key=_cast_order)


def voter_names(
    voters: Iterable[Voter],
    base: Mapping[str, Any] | None = None,
    written: Sequence[str] = (),
    usual: str = DEFAULT,
) -> dict[Voter, str]:
    """A name for each distinct voter without its seed, in cast order. `base` and `written` are those of `labels.names`;
    `usual` is what the task's own wording is called."""
    experts = list(dict.fromkeys(voter.expert for voter in voters))
    called = names([voter.schedule for voter in experts], base, written)
    several = len({voter.prompt for voter in experts}) > 1

    def name(one: Voter) -> str:
        prompt = one.prompt or (usual if several else "")
        return _SAYING.join(part for part in (called[one.schedule], prompt, one.model) if part)

    return {one: name(one) for one in in_cast_order(experts)}


def meant(text: str, named: Mapping[Voter, str], usual: str = DEFAULT) -> list[Voter]:
    """The voters meant by `text`: one by its name, all of a model by that, or all of which it is true: `8` of any
    wording and model, `8 · plain`, `8 · llada`.

    None where it is no such text.
    """
    for said in (lambda voter: named[voter], lambda voter: voter.model):
        if by_name := [voter for voter in named if said(voter) == text]:
            return by_name
    schedule, *others = (part.strip() for part in text.split(_BETWEEN))
    asked = [voter for voter in named if {*others} <= {voter.prompt or usual, voter.model} - {""}]
    called = {voter: named[voter].partition(_SAYING)[0] for voter in asked}
    fitting = {
        (found, model)
        for model in {voter.model for voter in asked}  # one may have it by that name, another as it is true of it
        for found in matching(schedule, {one.schedule: called[one] for one in asked if one.model == model})
    }
    return [voter for voter in asked if (voter.schedule, voter.model) in fitting]


def asked_in(prompts: Iterable[str], named: Mapping[Voter, str], usual: str = DEFAULT) -> list[Voter]:
    """The voters asked in one of these wordings, by their names; `plain` is `plain+4shot` too where there is no other.

    Raises ValueError, naming those there are, on one that nobody is asked in.
    """
    there = dict.fromkeys(voter.prompt or usual for voter in named)
    wanted = set[str]()
    for text in prompts:
        found = [name for name in there if name == text] or [name for name in there if name.partition("+")[0] == text]
        if not found:
            raise ValueError(f"no prompt {text}: it has {', '.join(there) or 'none'}")
        wanted.update(found)
    return [voter for voter in named if (voter.prompt or usual) in wanted]
