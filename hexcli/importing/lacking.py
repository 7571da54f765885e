"""What neither the files of an import nor its options tell: all of it at once, with a command line that does."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.answers.grading import LETTERS
from hexcli.errors import UsageError
from hexcli.importing.guessing import of_schedule
from hexcli.importing.matching import read_by
from hexcli.importing.sample import Sample, SampleFile
from hexcli.runs.folders import RUNS
from hexcli.tasks.registry import TASKS

# Schedule fields without which nothing can be imported: LLaDA's usual ones, and HEX's temperature.
_EXAMPLES = {"gen_length": "256", "block_length": "32", "temperature": "0.9"}
_APART = (8, 32, 16, 64, 4, 128, 2, 256)  # block lengths for several files that are likely of one each
_USE = "it tells voters apart and counts NFE; no answer depends on it"
_CALLED = {"task": "the --task", "output": "the run folder (-o)"}
_DRAWN = "the temperature at which the samples of a question were drawn"
# What says a block length in a file's name, and what says that files are samples.
_BLOCK = re.compile(r"(?:^|[^a-z])(?:b|bl|bs|blk|block)(?:_?(?:len|length|size))?[-_=]?(\d+)(?!\d)", re.IGNORECASE)
_SAMPLE = re.compile(r"(?:seed|sample|run|rep|repeat|trial|draw|s)[-_=]?\d+", re.IGNORECASE)


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
    if task is None and all(file.run is None for file in files):
        more["task"] = _task_of(files)
    if output is None:
        name = Path(files[0].name).name.split(".")[0] or "imported"
        more["output"] = str(RUNS / (f"{name}-imported" if (RUNS / name).exists() else name))
    lacking: dict[str, str] = {}
    for file in files:
        for name in _lacking(file, given):
            lacking.setdefault(name, file.name)
    rows = [sample.rest for file in files for sample in file.samples]
    usual = {*given, *(name for file in files for name in (*file.given, *file.fields))}
    theirs = {name: of_schedule(name, rows) for name in ("block_length", "gen_length", "temperature", "steps")}
    fields = {name: field for name, field in theirs.items() if field and name not in usual}
    apart = {} if "block_length" in fields else _apart(files, typed, given)
    drawn = "temperature" not in {*lacking, *fields} and _repeat(files, given, apart, fields)
    more |= {name: _EXAMPLES[name] for name in _EXAMPLES if name in lacking or (drawn and name == "temperature")}
    if output is not None and not {*more} - ({"temperature"} if drawn else set()):
        return output
    told = [_CALLED[name] for name in more if name in _CALLED] + [name for name in _EXAMPLES if name in lacking]
    which = f", which {next(iter(lacking.values()))} does not state ({_USE})" if lacking else ""
    which += f"; and {_DRAWN}" if drawn else ""
    more = {name: value for name, value in more.items() if name not in fields}
    options = [(_option(name), value) for name, value in more.items() if not (apart and name == "block_length")]
    words = [apart.get(word, word) for word in _with_fields(typed, fields)]
    line = shlex.join([*words, *(word for option in options for word in option)])
    tasks = "; hex tasks lists the tasks" if "task" in more else ""
    raise UsageError(f"not said: {_listed(told)}{which}: e.g. {line}{tasks}")


def unread(files: Sequence[SampleFile], given: Mapping[str, Any]) -> list[str]:
    """What to tell of fields that may be of a schedule, by their names, and are not read."""
    found = []
    for file in files:
        samples = [sample for sample in file.samples if sample.schedule is None]
        stated = {name for sample in samples for name in sample.stated}
        for name in ("gen_length", "temperature", "steps"):
            theirs = of_schedule(name, [sample.rest for sample in samples])
            if theirs and file.format == "jsonl" and name not in {*stated, *given, *file.given, *file.fields}:
                found.append(
                    f"{file.name}: its field '{theirs}' is not read; if it is the {name}: --fields {name}={theirs}"
                )
    return found


def _with_fields(typed: Sequence[str], fields: Mapping[str, str]) -> list[str]:
    """The words with what is proposed of fields, in the --fields that is there or one more."""
    said = [f"{name}={theirs}" for name, theirs in fields.items()]
    words = list(typed)
    if said and "--fields" in words:
        place = words.index("--fields") + 1
        words[place] = ",".join([words[place], *said])
    elif said:
        words += ["--fields", ",".join(said)]
    return words


def _task_of(files: Sequence[SampleFile]) -> str:
    """A task that may be meant: by a file's name, by the rows of lm-eval, by what the right answers look like."""
    first = files[0]
    if named := sorted((name for name in TASKS if name in first.name.lower()), key=len):
        return named[-1]
    sample = first.samples[0]
    if sample.doc is not None:
        return next(iter(read_by(*sample.doc)), "gsm8k")
    targets = [str(one.target) for one in first.samples if one.target is not None]
    if sample.about.get("choices") or (targets and all(len(one) == 1 and one.upper() in LETTERS for one in targets)):
        return "arc"
    return "math" if any("\\" in one for one in targets) else "gsm8k"


def _apart(files: Sequence[SampleFile], typed: Sequence[str], given: Mapping[str, Any]) -> dict[str, str]:
    """Words of `typed`, files that tell no block length -> each with one of its own: under one for all they would be
    samples of one voter. Empty where they are too few or too many, or their names say that they are samples."""
    lacking = {file.name for file in files if "block_length" in _lacking(file, given)}
    words = [word for word in dict.fromkeys(typed) if Path(word).name in lacking and Path(word).is_file()]
    lengths = _lengths([Path(word).name for word in words], int(given.get("gen_length", _EXAMPLES["gen_length"])))
    if len(words) < 2 or not lengths or len(words) != len(lacking):
        return {}
    return {word: f"{word}:block_length={length}" for word, length in zip(words, lengths, strict=True)}


def _lengths(names: Sequence[str], canvas: int) -> list[int]:
    """A block length for each file: the one in its name, or one of _APART; none where they are samples."""
    said = [int(match[1]) if (match := _BLOCK.search(Path(name).stem)) else 0 for name in names]
    if len(set(said)) == len(said) and all(length and canvas % length == 0 for length in said):
        return said
    if len(names) > 1 and len({_SAMPLE.sub("#", name) for name in names}) == 1:
        return []
    usual = [length for length in _APART if canvas % length == 0]
    return usual[: len(names)] if len(names) <= len(usual) else []


def _repeat(
    files: Sequence[SampleFile], given: Mapping[str, Any], apart: Mapping[str, str], fields: Mapping[str, str]
) -> bool:
    """Whether a question has several samples, as things would be, at a temperature that nobody says."""
    lengths = {Path(word).name: said for word, said in apart.items()}
    seen: set[object] = set()
    for file in files:
        if "temperature" in {*given, *file.given}:
            continue
        for name in _names(file, lengths.get(file.name, ""), fields):
            if name in seen:
                return True
            seen.add(name)
    return False


def _names(file: SampleFile, apart: str, fields: Mapping[str, str]) -> Iterator[object]:
    for sample in file.samples:
        if sample.schedule is None and "temperature" not in sample.stated:
            told = [sample.rest.get(theirs) for theirs in fields.values()]
            yield _asked(sample), repr(sample.stated), repr(file.given), apart, repr(told)


def _asked(sample: Sample) -> object:
    return repr(sample.doc) if sample.doc is not None else (sample.question, sample.about.get("problem_id"))


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
