"""What people type by mistake, and the command they meant.

`hex decode PROMPT` takes any text, so whatever is given where a prompt stands (a task, a file, a run folder, the second
half of a list) would be decoded as a prompt: it is refused here, with the command that does what was meant.
"""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from hexcli.cli.examples import EXAMPLES
from hexcli.errors import UsageError

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
    from hexcli.engine.prompted import no_prompt

    if word in ("help", "version", "list"):
        return f"'{word}' is no prompt: hex decode --help, hex --version and hex tasks, hex models say what there is"
    if word.lower() in ("yes", "no", "true", "false", "on", "off"):
        return f"'{word}' is no prompt: --fast, --json and their like take no value: leave it out"
    if word == "decode":
        return "'decode' is said twice: leave one out"
    if word in EXAMPLES:
        return f"'{word}' is a command, no prompt: hex {word} --help says how it is called"
    return no_prompt(word)


def use_of(word: str) -> str:
    """For a name of what there is to choose from: `, or hex sweep demo`, the command that takes it; else nothing."""
    _, found, command = _refusal(word).partition(", no prompt: ")
    return f", or {command}" if found and command.startswith("hex") else ""


def choosing(word: str) -> str:
    """The option of `hex cache prune` that a word by itself was meant for, with it."""
    from hexcli.runs.folders import run_folder
    from hexcli.tasks.registry import TASKS

    if re.fullmatch(r"\d+[mhdw]", word):
        return f"--older-than {word}"
    if _NUMBERS.fullmatch(word):
        return f"--schedules {word}"
    if run_folder(Path(word)).is_dir():
        return f"--run {shlex.quote(word)}"
    return f"--task {word}" if word in TASKS else f"--model {shlex.quote(word)}"
