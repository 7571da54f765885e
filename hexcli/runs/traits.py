"""What a run was decoded under, setting by setting, as people say it: what tells runs apart."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from hexcli.errors import HexError
from hexcli.runs.ballots import task_of
from hexcli.runs.counting import Count
from hexcli.runs.manifest import Manifest
from hexcli.runs.naming import names_of
from hexcli.runs.reading import Run
from hexcli.runs.rows import Name
from hexcli.schedule import Schedule
from hexcli.shortcuts import FAST, fast, in_tokens
from hexcli.voter import DEFAULT, Voter

# Fields of a schedule that have a trait of their own name, or are told by its label.
_OWN = ("blocks", "gen_length", "steps", "remasking", "temperature", "seed", "cfg_scale", *FAST)
_RULES = {each.name: each.default for each in fields(Schedule) if each.name not in _OWN}
_USUAL = {
    "T": "0",
    "samples": "1",
    "rule": "low_confidence",
    "guidance": "0",
    "shortcuts": "none",
    "options": "none",
}
# Fields of a recipe that its schedules, or the head of a table, tell already.
_TOLD = {
    "model",
    "task",
    "schedules",
    "dtype",
    "samples",
    "import",
    "schedule",
    "fields",
    "model_args",
    *_OWN,
    *_RULES,
}


def traits(counted: Count, expert: Voter | None = None) -> dict[str, str]:
    """The settings of the schedules that vote in a run, and of what was asked of it, in words; `expert`: of that alone.

    Runs of equal traits differ at most in what is there. Several values are joined by commas.
    """
    fullest = max(counted.ballots, key=lambda ballot: len(ballot.votes))
    voters = [vote.voter for vote in fullest.votes if expert in (None, vote.expert)]
    names = {one: name for one, name in counted.names.items() if expert in (None, one)}
    return _told(counted.run.manifest, names, voters, counted.task.usual)


def traits_of(path: Path, manifest: Manifest, names: Collection[Name]) -> dict[str, str]:
    """As `traits`, of a run of which only the names of its generations were read; empty where it has none."""
    voters: dict[str, list[Voter]] = {}
    for problem, voter in names:
        voters.setdefault(problem, []).append(voter)
    if not voters:
        return {}
    bare = Run(path=path, manifest=manifest, generations=())
    try:
        usual = task_of(bare).usual
    except HexError:  # of a task that is not to be had: its own wording has no name
        usual = DEFAULT
    named = names_of(manifest, list(dict.fromkeys(voter for _, voter in names)), usual)
    fullest = max(voters.values(), key=len)
    return _told(manifest, named, fullest, usual)


def unusual(found: Mapping[str, str]) -> list[str]:
    """The traits to name of a run that stands alone: those that differ from what is usual."""
    usual = {**_USUAL, "steps": _joined(str(int(length) // 2) for length in found["canvas"].split(","))}
    return [name for name, value in found.items() if value != usual.get(name, value) or name in _RULES]


def unsaid(several: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Of the traits in which runs differ, the value that goes without saying: the usual one, or that of most runs.

    A trait without such a value has to be said of every run.
    """
    found = {}
    for name in differing(several):
        ((value, most),) = Counter(one.get(name, "none") for one in several).most_common(1)
        if name in _USUAL:
            found[name] = _USUAL[name]
        elif 2 * most > len(several):
            found[name] = value
    return found


def differing(several: Sequence[Mapping[str, str]]) -> list[str]:
    """The traits in which runs differ."""
    known = dict.fromkeys(name for found in several for name in found)
    return [name for name in known if len({found.get(name, "none") for found in several}) > 1]


def phrase(name: str, value: str) -> str:
    """A trait in a head: `T 0.9`, `T 0 and 0.9`, `5 samples`, `32 steps`, `fast`, `some with prefix cache`."""
    if name == "T":
        *others, last = value.split(",")
        return f"T {', '.join(others)} and {last}" if others else f"T {last}"
    if name in ("samples", "steps"):
        return f"{value} {name[:-1] if value == '1' else name}"
    if name == "shortcuts":
        ways = [way for way in value.split(",") if way != "none"] or ["no shortcuts"]
        said = " or ".join(ways)
        return f"some with {said}" if {"none"} < {*value.split(",")} else said
    if name == "limit":
        return "all problems" if value == "none" else f"limit {value}"
    return value if name in ("task", "model") else f"{name} {value}"


def _told(manifest: Manifest, named: Mapping[Voter, str], fullest: Iterable[Voter], usual: str) -> dict[str, str]:
    """The traits, of those that vote and what they are called, and the voters of the problem that has most votes."""
    experts = list(dict.fromkeys(one.schedule for one in named))
    recipes = [asked.recipe for asked in manifest.asked]
    told = {
        "task": manifest.task,
        "model": manifest.model,
        "dtype": manifest.dtype,
        "T": _joined(f"{warmth:g}" for warmth in sorted({one.temperature for one in experts})),
        "samples": str(max(Counter(voter.expert for voter in fullest).values(), default=0)),
        "canvas": _joined(str(one.gen_length) for one in experts),
        "steps": _joined(str(one.steps) for one in experts),
        "rule": _joined(one.remasking for one in experts),
        "guidance": _joined(f"{one.cfg_scale:g}" for one in experts),
        "shortcuts": _joined(_shortcuts(one) for one in experts),
        "prompts": _joined(one.prompt or usual for one in named),
        "schedules": ",".join(named.values()),
        "limit": _joined(str(recipe.get("limit") or "none") for recipe in recipes),
        "seed": _joined(str(recipe.get("seed", 0)) for recipe in recipes),
        "options": _joined(_pairs(recipe.get("model_args", {})) for recipe in recipes),
    }
    others = {name for recipe in recipes for name in recipe if name not in {*_TOLD, *told}}
    said = [name for name, usual in _RULES.items() if any(getattr(one, name) != usual for one in experts)]
    rules = {name: _joined(_words(getattr(one, name)) for one in experts) for name in said}
    more = {name: _joined(_words(recipe.get(name)) for recipe in recipes) for name in sorted(others)}
    return {**told, **rules, **more}


def _shortcuts(schedule: Schedule) -> str:
    meant = in_tokens(fast(schedule.temperature), schedule.gen_length)
    if {name: getattr(schedule, name) for name in meant} == meant and schedule.prompt_refresh is None:
        return "fast"
    words = [] if schedule.kv_cache == "none" else [f"{schedule.kv_cache} cache"]
    words += [] if schedule.refresh is None else [f"refresh {schedule.refresh}"]
    words += [] if schedule.threshold is None else [f"threshold {schedule.threshold:g}"]
    return " ".join(words) or "none"


def _joined(values: Iterable[str]) -> str:
    return ",".join(dict.fromkeys(values))


def _pairs(options: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in options.items()) or "none"


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return _pairs({name: _words(own) for name, own in value.items()})
    if isinstance(value, list | tuple):
        return "+".join(map(_words, value)) or "none"
    return "none" if value in (None, "", {}) else str(value)
