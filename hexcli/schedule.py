"""A schedule: everything that decides how a generation is decoded besides the model and the prompt."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from hexcli import rules, shortcuts, steps
from hexcli.blocks import blocks_of, plus
from hexcli.bounds import in_reach, whole
from hexcli.remasking import REMASKING as REMASKING
from hexcli.remasking import rule_name
from hexcli.rules import ADAPTIVE, ALGORITHMS, PIPELINED, SHORTCUTS, Rules
from hexcli.steps import Commit as Commit
from hexcli.steps import usual_steps

# Fields younger than the first caches: left out of `to_dict` at these values, which mean off.
_OFF: dict[str, Any] = {**shortcuts.OFF, **rules.OFF}


class NewerError(ValueError):
    """A schedule has a field that this version does not know: a newer one wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Rules):
    """How one generation is decoded. Equal (model, prompt, schedule) means one and the same generation.

    gen_length   response canvas, in tokens
    blocks       lengths of the semi-autoregressive blocks in order; they sum to gen_length
    steps        denoising steps in total (for uneven blocks: gen_length / steps tokens a step)
    remasking    which masked positions commit first: one of REMASKING, or a rule of others (see remasking)
    temperature  0 = argmax; > 0 = Gumbel noise in float64
    seed         picks the noise; different seeds are different generations
    cfg_scale    classifier-free guidance; 0 = off

    What follows is faster, and changes what is decoded (Fast-dLLM, arXiv 2505.22618):

    kv_cache     none; prefix: a step computes from the current block to the end; dual: the current block; open (ours):
                 of the current block what is masked, and what the last four steps committed; likely (ours): so, but
                 of what is masked only a quarter of a block, eight tokens at least, those that had the likeliest
                 tokens when last computed; and a refresh leaves out what is masked behind the block. Keys and values
                 of the rest are kept from when they were last computed
    refresh      with a cache: everything is computed anew once this many tokens are committed; None = where a block
                 begins, as published
    prompt_refresh  with a cache: a refresh computes the prompt anew only once this many tokens are committed since it
                 last did, and else the canvas alone; None = every refresh does, as published
    threshold    a step commits also every position of its block whose token has this probability; None = off. `steps`
                 are then the most it takes: a step commits at least what brings it to where it would be without. With
                 steps = gen_length that is one token, as published

    The names are LLaDA's (ML-GSAI/LLaDA generate.py); what other samplers do otherwise is in `Rules`. Raises ValueError
    where the numbers do not fit.
    `to_dict` is part of every cache key: a field added later must be left out of it while it is off, lest all
    that is cached is lost.
    """

    blocks: tuple[int, ...]
    gen_length: int = 256
    steps: int = 128
    remasking: str = "low_confidence"
    temperature: float = 0.0
    seed: int = 0
    cfg_scale: float = 0.0
    kv_cache: str = "none"
    refresh: int | None = None
    threshold: float | None = None
    prompt_refresh: int | None = None

    def __hash__(self) -> int:
        # As good as of all fields, and several times as fast: every vote of a run is looked up by it.
        return hash((self.blocks, self.steps, self.temperature, self.seed, self.remasking, self.threshold))

    def __post_init__(self) -> None:
        self._check_numbers()
        object.__setattr__(self, "remasking", rule_name(self.remasking))
        shortcuts.check(self)
        others = ("remasking", "temperature", "threshold", "kv_cache")
        rules.check(self, **{name: getattr(self, name) for name in others})
        steps.check(self)

    def _check_numbers(self) -> None:
        # One JSON text for one schedule: equal values of another type or sign would be another cache key.
        object.__setattr__(self, "blocks", tuple(whole("block length", length) for length in self.blocks))
        for name in ("gen_length", "steps", "seed"):
            object.__setattr__(self, name, whole(name, getattr(self, name)))
        for name in ("temperature", "cfg_scale"):
            object.__setattr__(self, name, float(getattr(self, name)) + 0.0)
        in_reach("gen_length", self.gen_length)
        in_reach("steps", self.steps)
        if not self.blocks or min(self.blocks) < 1:
            raise ValueError(f"block lengths must be at least 1, not {plus(self.blocks)}")
        if sum(self.blocks) != self.gen_length:
            told = f"blocks {plus(self.blocks)} sum to {sum(self.blocks)}"
            raise ValueError(f"{told}, not to gen_length {self.gen_length}")
        for name in ("temperature", "cfg_scale"):
            if not 0.0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name} must be 0 or more, not {getattr(self, name)}")
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"seed must be between 0 and 2^63 - 1, not {self.seed}")

    @classmethod
    def parse(cls, text: str, *, gen_length: int, steps: int | None = None, **fields: Any) -> Self:
        """A schedule from its label: `32` = equal blocks of 32; `198+58` = these blocks. `steps` default to the usual.

        labels.read reads more than a label: `32@256:steps=64`. `fields` go through `rules.resolved`; `refresh` and
        `prompt_refresh` may be shares of the canvas: `1/4`.
        """
        fields = rules.resolved(fields)
        blocks = blocks_of(text, gen_length)
        if steps is None:
            adaptive = any(fields.get(name) is not None for name in ("threshold", *ADAPTIVE))
            steps = usual_steps(gen_length, adaptive)
        return cls(blocks=blocks, gen_length=gen_length, steps=steps, **shortcuts.in_tokens(fields, gen_length))

    @property
    def even(self) -> bool:
        """Whether all blocks have one length."""
        return len(set(self.blocks)) == 1

    @property
    def label(self) -> str:
        """What people call it: `32`, or `198+58` for uneven blocks."""
        return str(self.blocks[0]) if self.even else plus(self.blocks)

    @property
    def deterministic(self) -> bool:
        """Whether the seed has no effect. A rule of others may draw."""
        draws = self.certainty == "random" or self.certainty not in REMASKING
        return self.temperature == 0.0 and not draws and not self.alg_temp

    @property
    def certainty(self) -> str:
        """The rule of REMASKING that says which positions are certain."""
        if self.sampler in PIPELINED:
            return "entropy"
        return self.remasking if self.alg is None else ALGORITHMS[self.alg]

    @property
    def opens_first(self) -> bool:
        """Whether a block's first step commits its first token, and only that (Fast-dLLM's loop for Dream)."""
        return self.sampler == "dream" and self.kv_cache != "none"

    @property
    def adaptive(self) -> bool:
        """Whether a step may commit more than its share."""
        return any(getattr(self, name) is not None for name in ("threshold", *ADAPTIVE))

    @property
    def cast_order(self) -> tuple[Any, ...]:
        """Sort key of the votes: smallest block first, then the rest, then the seed ([hex] HEX.py's order)."""
        return _cast_order(self)

    @property
    def nfe(self) -> int:
        """Forward passes one generation takes, at most; see steps.nfe."""
        return _nfe(self)

    def commits(self) -> tuple[Commit, ...]:
        """The denoising steps in order; together they commit every position of the canvas once. See steps.py."""
        return steps.commits(self)

    def with_seed(self, seed: int) -> "Schedule":
        """The same schedule with another seed: in a vote, another sample of the same expert."""
        return _with_seed(self, seed)

    def under(self, said: Mapping[str, Any]) -> "Schedule":
        """The same schedule with shortcuts as `parse` takes them, and as many steps as it has."""
        return dataclasses.replace(self, **shortcuts.in_tokens(said, self.gen_length))

    def lossless(self) -> "Schedule":
        """The same schedule decoded without shortcuts."""
        off = {**shortcuts.OFF, **{name: rules.OFF[name] for name in SHORTCUTS}}
        if self.alg == "confidence_threshold":  # there is no such without a threshold
            off["alg"] = "maskgit_plus"
        if self.sampler == "fast_dllm_v2":  # nor that
            off["threshold"] = 1.0
        if self.sampler in PIPELINED:
            off |= {"sampler": "llada", "remasking": "entropy", "block_add_threshold": rules.OFF["block_add_threshold"]}
        return dataclasses.replace(self, **off)

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON values; `from_dict` reads them back."""
        return dict(_fields(self))

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """A schedule from `to_dict`'s fields. Raises NewerError on unknown ones, ValueError on missing or odd ones."""
        known = {field.name for field in dataclasses.fields(cls)}
        if unknown := sorted(set(fields) - known):
            raise NewerError(f"unknown schedule fields: {', '.join(unknown)}")
        if "blocks" not in fields:
            raise ValueError("a schedule needs its blocks")
        lists = {name: tuple(fields[name]) for name in ("blocks", "suppress_tokens") if name in fields}
        return cls(**{**fields, **lists})


# A run asks these of every generation, and has few schedules.
@lru_cache(maxsize=4096)
def _cast_order(schedule: Schedule) -> tuple[Any, ...]:
    mean_block = schedule.gen_length / len(schedule.blocks)
    rest = (schedule.gen_length, schedule.steps, schedule.temperature, schedule.cfg_scale)
    named = tuple(str(value) for value in schedule.rules().values())
    fast = (schedule.kv_cache, schedule.refresh or 0, schedule.threshold or 0.0, named, schedule.prompt_refresh or 0)
    return (mean_block, *rest, schedule.remasking, schedule.blocks, *fast, schedule.seed)


@lru_cache(maxsize=4096)
def _with_seed(schedule: Schedule, seed: int) -> Schedule:
    return dataclasses.replace(schedule, seed=seed)


@lru_cache(maxsize=4096)
def _fields(schedule: Schedule) -> dict[str, Any]:
    fields = {each.name: getattr(schedule, each.name) for each in dataclasses.fields(schedule)}
    return {name: _listed(value) for name, value in without_off(fields).items()}


@lru_cache(maxsize=4096)
def _nfe(schedule: Schedule) -> int:
    return steps.nfe(schedule, schedule.commits())


def without_off(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a schedule or a recipe without those younger than the first caches that are off."""
    return {name: value for name, value in fields.items() if name not in _OFF or value != _OFF[name]}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
