"""What people type by mistake, and the command they meant.

`hex decode PROMPT` takes any text, so whatever is given where a prompt stands (a task, a file, a run folder, the second
half of a list) would be decoded as a prompt: it is refused here, with the command that does what was meant.
"""

import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from hexcli.cli.examples import EXAMPLES
from hexcli.errors import UsageError
from hexcli.runs.folders import run_folder
from hexcli.runs.mistakes import RUN_FILES
from hexcli.runs.rows import MANIFEST

DATA_FILES = (".jsonl", ".json", ".csv", ".parquet", ".tsv", ".txt")
YAML_FILES = (".yaml", ".yml")
_NUMBERS = re.compile(r"[\d+@,.]+(:\w+=[\w.]+)*,?")


def prompt_of(words: Sequence[str], schedules: Sequence[str]) -> str | None:
    """The prompt that was typed, if one was. Raises UsageError where it is none, with the right command."""
    if not words:
        return None
    for word in words:
        _refuse_dashes(word)
    if all(_NUMBERS.fullmatch(word) for word in words):
        _refuse_numbers(words, schedules)
    if len(words) > 1:
        plain = [word for word in words if _meant(word)]
        if plain:
            raise UsageError(_refusal(plain[0]))
        raise UsageError(f"a prompt of several words stands in quotes: hex decode '{' '.join(words)}'")
    if _meant(words[0]):
        raise UsageError(_refusal(words[0]))
    return words[0]


def _refuse_dashes(word: str) -> None:
    if word[:1] in "–—−" and word[:1]:
        raise UsageError(f"'{word}' begins with a long dash: options begin with plain hyphens, --{word.lstrip('–—−-')}")
    if re.fullmatch(r"[a-z_]+=\S*", word):
        name = word.partition("=")[0].replace("_", "-")
        raise UsageError(f"'{word}' is no prompt: if it is an option, write --{name} {word.partition('=')[2]}")


def _refuse_numbers(words: Sequence[str], schedules: Sequence[str]) -> None:
    joined = ",".join(word.strip(",") for word in [*schedules, *words])
    if schedules:
        raise UsageError(
            f"'{' '.join(words)}' beside --schedules is no prompt: a list has commas and no spaces: "
            f"hex decode -s {joined}"
        )
    one = words[0] if len(words) == 1 else ""
    limit = f" (or --limit {one} for so many problems)" if one.isdecimal() else ""
    raise UsageError(f"'{' '.join(words)}' is no prompt: block lengths are --schedules: hex decode -s {joined}{limit}")


def _meant(word: str) -> bool:
    return bool(word.strip()) and not re.search(r"\s", word) and _refusal(word) != ""


def _refusal(word: str) -> str:
    """Why a single word is no prompt, and what to type instead; empty where it may be one."""
    from hexcli.cli.options.choices import CHOICES

    named = {kind: list(CHOICES[kind]()) for kind in ("tasks", "models", "aggregators", "recipes")}
    path = Path(word)
    suffix = path.suffix.lower()
    if word == "-":
        return "'-' is no prompt: what comes by a pipe is put in quotes, hex decode \"$(cat)\""
    if word in ("help", "version", "list"):
        return f"'{word}' is no prompt: hex decode --help, hex --version and hex tasks, hex models say what there is"
    if word in EXAMPLES and word != "decode":
        return f"'{word}' is a command, no prompt: hex {word} --help says how it is called"
    if suffix in YAML_FILES:
        return _yaml(path)
    if path.name in RUN_FILES and (path.parent / MANIFEST).is_file():
        return f"'{word}' is a file of a run, no prompt: its votes are counted by hex vote {path.parent}"
    if suffix in DATA_FILES:
        return f"'{word}' is a file, no prompt: its rows are decoded by hex decode --data {word}"
    if word in named["tasks"]:
        return f"'{word}' is a task, no prompt: hex decode --task {word}"
    if word in named["models"] or re.fullmatch(r"[\w.-]+/[\w.-]*[A-Za-z]-?\d[\w.-]*", word):
        return f"'{word}' is a model, no prompt: hex decode --model {word}"
    if word in named["recipes"]:
        return f"'{word}' is a recipe, no prompt: hex sweep {word}"
    if word in named["aggregators"]:
        return f"'{word}' is an aggregator, no prompt: hex vote -a {word}"
    if (run := run_folder(path)) != path:
        return f"'{word}' is a run, no prompt: its votes are counted by hex vote {run}"
    if path.is_dir():
        if (path / "config.json").is_file():
            return f"'{word}' is the folder of a model, no prompt: hex decode --model {word}"
        return f"'{word}' is a folder, no prompt: runs are counted by hex vote {word} and hex score {word}"
    if path.is_file():
        return f"'{word}' is a file, no prompt: to decode its text, hex decode \"$(cat {word})\""
    for ending in YAML_FILES:
        if path.with_name(f"{path.name}{ending}").is_file():
            return _yaml(path.with_name(f"{path.name}{ending}"))
    if "/" in word and re.fullmatch(r"[\w./-]+", word):
        return f"there is no '{word}', and it is no prompt: runs are counted by hex vote {word}, decoded by hex decode"
    near = difflib.get_close_matches(word.lower(), named["tasks"] + named["models"], n=1, cutoff=0.75)
    if near:
        option = "--task" if near[0] in named["tasks"] else "--model"
        return f"'{word}' is a prompt of one word: did you mean {option} {near[0]}? A prompt is a text in quotes"
    return ""


def use_of(word: str) -> str:
    """For a name of what there is to choose from: `, or hex sweep demo`, the command that takes it; else nothing."""
    _, found, command = _refusal(word).partition(", no prompt: ")
    return f", or {command}" if found else ""


def _yaml(path: Path) -> str:
    """A YAML file: a recipe, or a custom task."""
    from hexcli.errors import HexError
    from hexcli.yaml_file import read_mapping

    if not path.is_file():
        return f"there is no file '{path}', and it is no prompt: a recipe is run by hex sweep {path}, a task by --task"
    try:
        fields = read_mapping(path, "recipe or task", "model, task, ...")
    except HexError:
        fields = {}
    if "fields" in fields or "extract" in fields:
        return f"'{path}' is a task, no prompt: hex decode --task {path}"
    return f"'{path}' is a recipe, no prompt: hex sweep {path}"
