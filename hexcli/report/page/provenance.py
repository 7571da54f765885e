"""Where a run comes from, in words and as the command that makes it again."""

import shlex
from collections.abc import Mapping
from typing import Any

from hexcli.errors import plural
from hexcli.insight.findings import Findings
from hexcli.runs.manifest import Manifest
from hexcli.version import VERSION

# Fields of a recipe that are options of `hex decode` of the same name.
_OPTIONS = (
    "task", "data", "model", "gen_length", "steps", "remasking", "temperature", "cfg_scale", "kv_cache", "refresh",
    "threshold", "samples", "seed", "limit", "dtype", "fewshot", "fewshot_data", "fewshot_seed",
)  # fmt: skip
_OFF = {"remasking": "low_confidence", "temperature": 0.0, "cfg_scale": 0.0, "kv_cache": "none", "samples": 1,
        "seed": 0, "dtype": "auto"}  # fmt: skip


def command(manifest: Manifest) -> str | None:
    """The `hex decode` that decodes the run again; None for generations made elsewhere."""
    recipe = manifest.recipe
    schedules = recipe.get("schedules")
    if not isinstance(schedules, list | tuple) or "import" in recipe:
        return None
    words = ["hex", "decode", "--schedules", ",".join(map(str, schedules))]
    if prompts := recipe.get("prompts"):
        words += ["--prompt", ",".join(map(str, prompts))]
    for name in _OPTIONS:
        value = recipe.get(name)
        if value is not None and value != _OFF.get(name):
            words += [f"--{name.replace('_', '-')}", f"{value:g}" if isinstance(value, float) else str(value)]
    arguments = recipe.get("model_args")
    for key, value in sorted(arguments.items()) if isinstance(arguments, Mapping) else ():
        words += ["-M", f"{key}={str(value).lower() if isinstance(value, bool) else value}"]
    if (certainty := manifest.certainty) is not None:
        words += ["--until-decided"] if certainty == 1 else ["--decide-at", f"{certainty:g}"]
    return shlex.join(words)


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
