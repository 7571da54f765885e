"""One generation to have, and the jobs that a prompt makes: one for each schedule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hexcli.alignment import aligned_nfe
from hexcli.keys import generation_about, generation_keys, noise_key
from hexcli.records import Problem
from hexcli.schedule import Schedule
from hexcli.voter import Voter, voter_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One generation to have: decoded, or found under its `key`. `about` is what the key is the hash of.

    prompt_name    of the wording that the prompt is in (Voter.prompt)
    trained_block  see batch.Row
    nfe            forward passes it takes at most
    """

    problem: Problem
    prompt: str
    prompt_ids: tuple[int, ...]
    schedule: Schedule
    key: str
    about: dict[str, object]
    trained_block: int | None
    nfe: int
    prompt_name: str = ""

    @property
    def voter(self) -> Voter:
        """Who will vote."""
        return voter_of(self.schedule, self.prompt_name)

    @property
    def noise_key(self) -> int:
        """See keys.noise_key; worked out where it is needed: most jobs of a run that goes on are there already."""
        return noise_key(self.prompt, self.schedule)

    @property
    def length(self) -> int:
        """Tokens in prompt and canvas."""
        return len(self.prompt_ids) + self.schedule.gen_length


def jobs_of(
    problem: Problem,
    prompt: str,
    ids: tuple[int, ...],
    schedules: Sequence[Schedule],
    block: int | None,
    *,
    model: str,
    dtype: str,
    prompt_name: str = "",
) -> Iterator[Job]:
    """The jobs of one problem under one prompt, in cast order."""
    keys = generation_keys(model=model, dtype=dtype, prompt=prompt, schedules=schedules)
    for schedule, key in zip(schedules, keys, strict=True):
        yield Job(
            problem=problem,
            prompt=prompt,
            prompt_ids=ids,
            schedule=schedule,
            key=key,
            about=generation_about(model=model, dtype=dtype, prompt=prompt, schedule=schedule),
            trained_block=block,
            nfe=schedule.nfe if block is None else aligned_nfe(schedule, len(ids), block),
            prompt_name=prompt_name,
        )
