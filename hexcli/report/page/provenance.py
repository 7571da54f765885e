"""Where a run comes from, in words and as the command that makes it again."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from hexcli import rules
from hexcli.errors import plural
from hexcli.insight.findings import Findings
from hexcli.runs.asked import Asked
from hexcli.runs.reading import Run, joining
from hexcli.version import VERSION

# Fields of a recipe that are options of `hex decode` of the same name and stand first; every other one is, too, but for
# those that are said in another way.
_FIRST = (
    "task", "data", "model", "gen_length", "steps", "remasking", "temperature", "cfg_scale", "kv_cache", "refresh",
    "threshold", "samples", "seed", "limit", "dtype", "fewshot", "fewshot_data", "fewshot_seed",
)  # fmt: skip
_OTHERWISE = ("schedules", "prompts", "model_args")
_OFF = {**rules.OFF, "remasking": "low_confidence", "temperature": 0.0, "cfg_scale": 0.0, "kv_cache": "none",
        "samples": 1, "seed": 0, "dtype": "auto", "fewshot_seed": 0}  # fmt: skip


def command(run: Run) -> str | None:
    """What makes the run again, a command a line: the `hex decode` of each recipe, of a joint run the `hex vote`. None
    for generations made elsewhere."""
    if run.manifest.sources:
        return joining(run.path, run.manifest.sources).strip("`")
    found = [_decode(asked, run.manifest.certainty) for asked in run.manifest.asked]
    return "\n".join(line for own in found for line in own) or None


def _decode(asked: Asked, certainty: float | None) -> list[str]:
    recipe = asked.recipe
    schedules = recipe.get("schedules")
    if not isinstance(schedules, list | tuple) or "import" in recipe:
        return []
    words = ["--schedules", ",".join(map(str, schedules))]
    if prompts := recipe.get("prompts"):
        words += ["--prompt", ",".join(map(str, prompts))]
    for name in dict.fromkeys((*_FIRST, *recipe)):
        value = recipe.get(name)
        if name not in _OTHERWISE and value not in (None, False) and value != _OFF.get(name):
            words += _option(name, value)
    arguments = recipe.get("model_args")
    for key, value in sorted(arguments.items()) if isinstance(arguments, Mapping) else ():
        words += ["-M", f"{key}={str(value).lower() if isinstance(value, bool) else value}"]
    if certainty is not None:
        words += ["--until-decided"] if certainty == 1 else ["--decide-at", f"{certainty:g}"]
    if not asked.problems:
        return [shlex.join(["hex", "decode", *words])]
    return [shlex.join(["hex", "decode", one["question"], *_without_task(words)]) for one in asked.problems]


def _without_task(words: Sequence[str]) -> list[str]:
    """A prompt of one's own is of no other task."""
    place = words.index("--task")
    return [*words[:place], *words[place + 2 :]]


def _option(name: str, value: Any) -> list[str]:
    said = f"--{name.replace('_', '-')}"
    if value is True:
        return [said]
    if isinstance(value, list | tuple):
        return [said, ",".join(map(str, value))] if value else []
    return [said, f"{value:g}" if isinstance(value, float) else str(value)]


def provenance(found: Findings) -> list[tuple[str, str]]:
    """What is known of the run, as (what, value), in the order a reader asks."""
    manifest, counted = found.counted.run.manifest, found.counted
    labelled, problems = len(found.labelled.ballots), len(counted.ballots)
    rows = [
        ("Model", manifest.model),
        ("Identity", manifest.model_identity),
        ("Precision", manifest.dtype),
        ("Task", f"{manifest.task}, version {manifest.task_version}"),
        ("Data", manifest.data or "the task's own dataset"),
        ("Problems", f"{problems:,}" if labelled == problems else f"{problems:,}, {labelled:,} of them with a target"),
        ("Generations", f"{len(counted.run.generations):,} of {manifest.expected:,}"),
        ("Schedules", ", ".join(counted.names.values())),
        ("Prompts", _prompts(found)),
        ("Settings", _settings(found)),
        ("Decoded", f"{manifest.created} with hexcli {manifest.hexcli}"),
        ("Hardware", ", ".join(f"{key} {value}" for key, value in manifest.hardware.items()) or "not told"),
        ("Counted", f"with hexcli {VERSION}"),
        ("Left out", "; ".join(f"{one['name']}: {one['reason']}" for one in found.frame["skipped"])),
    ]
    return [(what, value) for what, value in rows if value]


def _prompts(found: Findings) -> str:
    """The wordings of a run that has not only the task's own, with how many examples each shows."""
    asked, usual = found.counted.run.manifest.prompts, found.counted.task.usual
    named = list(dict.fromkeys(voter.prompt for voter in found.counted.names))
    return "" if named == [""] else ", ".join(_wording(name or usual, asked.get(name, {})) for name in named)


def _wording(name: str, said: Any) -> str:
    shown = said.get("shown") or len(said.get("examples", ())) if isinstance(said, dict) else 0
    return f"{name} ({plural(shown, 'example')})" if shown else name


def _settings(found: Findings) -> str:
    """What all schedules of the run share, beside their blocks."""
    experts = list(found.counted.names)
    rows: list[dict[str, Any]] = [expert.schedule.to_dict() for expert in experts]
    shared = {
        key: value
        for key, value in rows[0].items()
        if key not in ("blocks", "seed") and all(row.get(key) == value for row in rows)
    }
    return ", ".join(f"{key} {value}" for key, value in shared.items())


def remarks(found: Findings) -> list[str]:
    """What a reader must know before believing a number of this run."""
    manifest, counted = found.counted.run.manifest, found.counted
    said = []
    if not counted.complete:
        there = len(counted.run.generations)
        said.append(
            f"Unfinished: {there:,} of {plural(manifest.expected, 'generation')}. All numbers are of what is there."
        )
    if manifest.not_needed:
        said.append(
            f"Stopped where decided: {plural(manifest.not_needed, 'vote')} not cast; what is partial lacks them."
        )
    without = sum(not one.response.commit_step for one in counted.run.generations)
    if without:
        what = "It has" if without == len(counted.run.generations) else f"{plural(without, 'generation')} have"
        said.append(f"{what} no tokens (made elsewhere): no order of commits, early ends or replay.")
    missing = len(counted.ballots) - len(found.labelled.ballots)
    if missing and found.scored:
        said.append(f"{missing:,} of {plural(len(counted.ballots), 'problem')} without a target: voted on, not scored.")
    if not found.scored:
        said.append("No problem has a target: there are votes, and nothing to score them by.")
    return said
