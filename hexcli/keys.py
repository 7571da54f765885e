"""The identity of a generation: the key it is cached under, and the seed of its noise. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from hexcli.schedule import Schedule

GENERATION = "g2:"  # bump when equal inputs decode to something else than before
NOISE = "n1:"  # bump together with GENERATION when the noise is drawn differently

IDENTITY = ("model", "dtype", "prompt", "schedule")


def canonical_json(value: Any) -> bytes:
    """The one JSON text of a value, in UTF-8. Raises ValueError for NaN, infinities and lone surrogates."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def generation_about(*, model: str, dtype: str, prompt: str, schedule: Schedule) -> dict[str, Any]:
    """What a generation is a generation of, as JSON values: the very thing that its key is the hash of.

    `model` is the model's identity (what is in it), not its name or path.
    """
    return {"model": model, "dtype": dtype, "prompt": prompt, "schedule": _fields(schedule)}


def key_of(about: Mapping[str, Any]) -> str:
    """The cache key of `generation_about`'s fields. Raises ValueError where they are not exactly those."""
    if set(about) != set(IDENTITY):
        raise ValueError(f"a generation is identified by {', '.join(IDENTITY)}, not by {sorted(about)}")
    return GENERATION + hashlib.sha256(canonical_json(dict(about))).hexdigest()


def generation_key(*, model: str, dtype: str, prompt: str, schedule: Schedule) -> str:
    """The cache key: equal for equal (model identity, dtype, prompt, schedule), and for nothing else."""
    return key_of(generation_about(model=model, dtype=dtype, prompt=prompt, schedule=schedule))


def generation_keys(*, model: str, dtype: str, prompt: str, schedules: Sequence[Schedule]) -> list[str]:
    """The `generation_key` of each schedule. What they share is hashed once: a schedule is the last of the fields."""
    shared = canonical_json({"model": model, "dtype": dtype, "prompt": prompt}).removesuffix(b"}")
    begun, keys = hashlib.sha256(shared + b',"schedule":'), []
    for schedule in schedules:
        own = begun.copy()
        own.update(_text(schedule))
        keys.append(GENERATION + own.hexdigest())
    return keys


def noise_key(prompt: str, schedule: Schedule) -> int:
    """The seed of a generation's noise: 63 bits, never negative.

    It leaves the model out, so two models (or dtypes) decode the same prompt under the same noise; and shortcuts, so
    that what they change is not lost in the noise.
    """
    content = canonical_json({"prompt": prompt, "schedule": schedule.lossless().to_dict()})
    return int.from_bytes(hashlib.sha256(NOISE.encode() + content).digest()[:8], "big") >> 1


# Worked out once for all the problems of a run, and shared by their jobs: nobody changes them.
@lru_cache(maxsize=4096)
def _fields(schedule: Schedule) -> dict[str, Any]:
    return schedule.to_dict()


@lru_cache(maxsize=4096)
def _text(schedule: Schedule) -> bytes:
    return canonical_json(_fields(schedule)) + b"}"
