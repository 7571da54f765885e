"""What neither the files of an import nor its options tell: all of it at once, with a command line that does."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.importing.naming import of_schedule
from hexcli.importing.sample import SampleFile
from hexcli.runs.folders import RUNS
from hexcli.tasks.registry import TASKS

# Schedule fields without which nothing can be imported: LLaDA's usual ones, and HEX's temperature.
_EXAMPLES = {"gen_length": "256", "block_length": "32", "temperature": "0.9"}
_APART = (8, 32, 16, 64)  # block lengths for several files that are likely of one each
_USE = "it tells voters apart and counts NFE; no answer depends on it"
_CALLED = {"task": "the --task", "output": "the run folder (-o)"}


def require_all(
    files: Sequence[SampleFile],
    *,
    task: str | None,
    output: Path | None,
    given: Mapping[str, Any],
    typed: Sequence[str],
) -> Path:
    """The run folder to be. Raises UsageError naming everything that `typed`, the command, leaves out."""
    more: dict[str, str] = {}
    first = files[0].name
    if task is None and all(file.run is None for file in files):
        named = sorted((name for name in TASKS if name in first.lower()), key=len)
        more["task"] = named[-1] if named else "gsm8k"
    if output is None:
        name = Path(first).name.split(".")[0] or "imported"
        more["output"] = str(RUNS / (f"{name}-imported" if (RUNS / name).exists() else name))
    lacking: dict[str, str] = {}
    for file in files:
        for name in _lacking(file, given):
            lacking.setdefault(name, file.name)
    more |= {name: _EXAMPLES[name] for name in _EXAMPLES if name in lacking}
    apart = _apart(files, typed, given)
    if output is not None and not more:
        return output
    told = [_CALLED[name] for name in more if name in _CALLED] + [name for name in _EXAMPLES if name in lacking]
    which = f", which {next(iter(lacking.values()))} does not state ({_USE})" if lacking else ""
    rows = [sample.rest for file in files for sample in file.samples]
    fields = {name: theirs for name in lacking if (theirs := of_schedule(name, rows))}
    more = {name: value for name, value in more.items() if name not in fields}
    more |= {"fields": ",".join(f"{name}={theirs}" for name, theirs in fields.items())} if fields else {}
    options = [(_option(name), value) for name, value in more.items() if not (apart and name == "block_length")]
    line = shlex.join([*(apart.get(word, word) for word in typed), *(word for option in options for word in option)])
    tasks = "; hex tasks lists the tasks" if "task" in more else ""
    raise UsageError(f"not said: {_listed(told)}{which}: e.g. {line}{tasks}")


def _apart(files: Sequence[SampleFile], typed: Sequence[str], given: Mapping[str, Any]) -> dict[str, str]:
    """Words of `typed`, files that tell no block length -> each with one of its own: under one for all they would be
    samples of one voter. Empty where they are too few or too many."""
    lacking = {file.name for file in files if "block_length" in _lacking(file, given)}
    words = [word for word in dict.fromkeys(typed) if Path(word).name in lacking and Path(word).is_file()]
    if not 1 < len(words) <= len(_APART) or len(words) != len(lacking):
        return {}
    return {word: f"{word}:block_length={length}" for word, length in zip(words, _APART, strict=False)}


def _lacking(file: SampleFile, given: Mapping[str, Any]) -> list[str]:
    """The fields of _EXAMPLES that some row of the file does not have."""
    usual = {*file.assumed, *given, *file.given}
    stated = {id(sample.stated): sample.stated for sample in file.samples if sample.schedule is None}.values()
    found = []
    for name in _EXAMPLES:
        either = {name, "blocks"} if name == "block_length" else {name}
        if not either & usual and any(not either & set(one) for one in stated):
            found.append(name)
    return found


def _option(name: str) -> str:
    return "-o" if name == "output" else f"--{name.replace('_', '-')}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
