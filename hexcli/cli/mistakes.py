"""What people type by mistake, and the command they meant.

`hex decode PROMPT` takes any text, so whatever is given where a prompt stands (a task, a file, a run folder, the second
half of a list) would be decoded as a prompt: it is refused here, with the command that does what was meant.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from hexcli.errors import UsageError

DATA_FILES = (".jsonl", ".json", ".csv", ".parquet", ".tsv", ".txt")
YAML_FILES = (".yaml", ".yml")
_NUMBERS = re.compile(r"[\d+@,.]+(:\w+=[\w.]+)*,?")
# Commands of other tools, and words for what ours do.
SYNONYMS = {
    "run": "decode", "generate": "decode", "infer": "decode", "sample": "decode", "predict": "decode",
    "eval": "score", "evaluate": "score", "results": "score", "accuracy": "score", "scores": "score",
    "majority": "vote", "aggregate": "vote", "grid": "sweep", "launch": "sweep", "benchmark": "bench",
    "speed": "bench", "model": "models", "task": "tasks", "list-tasks": "tasks", "datasets": "tasks",
    "recipe": "recipes", "load": "import", "clear": "prune", "clean": "prune", "delete": "prune", "rm": "prune",
    "ls": "stats", "list": "stats", "info": "stats", "check": "verify", "dump": "export",
}  # fmt: skip


# Options of other tools, and words for what ours do; those that a command has are named.
OPTION_SYNONYMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("--block-length", "--block-size", "--blocks", "--block-lengths", "--block"), ("--schedules",)),
    **dict.fromkeys(("--num-samples", "--n-samples", "--votes", "--seeds", "--k", "--num-votes"), ("--samples",)),
    **dict.fromkeys(("--max-tokens", "--max-new-tokens", "--max-length", "--length", "--canvas"), ("--gen-length",)),
    **dict.fromkeys(("--num-steps", "--diffusion-steps", "--nfe"), ("--steps",)),
    **dict.fromkeys(("--dataset", "--tasks", "--benchmark"), ("--task", "--data")),
    **dict.fromkeys(("--checkpoint", "--model-path", "--pretrained", "--models", "--model-name"), ("--model",)),
    **dict.fromkeys(("--out", "--output-dir", "--out-dir", "--save", "--run"), ("--output",)),
    **dict.fromkeys(("--gpu", "--gpus", "--cuda", "--cpu"), ("--device",)),
    **dict.fromkeys(("--num-problems", "--max-samples", "--n", "--first", "--num", "--problems"), ("--limit",)),
    **dict.fromkeys(("--remask", "--strategy", "--remasking-strategy", "--alg"), ("--remasking",)),
    **dict.fromkeys(("--force", "--no-confirm"), ("--yes", "--overwrite")),
    **dict.fromkeys(("--precision", "--torch-dtype"), ("--dtype",)),
    **dict.fromkeys(("--cfg", "--guidance", "--guidance-scale"), ("--cfg-scale",)),
    **dict.fromkeys(("--bs", "--batch"), ("--batch-size",)),
    "--method": ("--aggregator",),
    "--temp": ("--temperature",),
}
RECIPE_KEYS = ("--schedules", "--model", "--task", "--samples", "--seed", "--temperature", "--gen-length", "--steps",
               "--remasking", "--cfg-scale", "--dtype", "--kv-cache", "--refresh", "--threshold")  # fmt: skip


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


def no_command(name: str, known: Iterable[str]) -> str:
    """The message for a command that there is none of."""
    names = list(known)
    near = SYNONYMS.get(name.lower().replace("_", "-"))
    if near not in names:
        near = next(iter(difflib.get_close_matches(name.lower(), names, n=1)), None)
    if name == "help":
        return "No such command 'help': add --help to a command, e.g. hex decode --help"
    hint = f"did you mean '{near}'? " if near else ""
    return f"No such command '{name}': {hint}known: {', '.join(names)}"


def one_dash(arguments: Sequence[str], options: Iterable[str]) -> str | None:
    """The message where a long option was written with one dash, which reads as a short one and its value."""
    known = set(options)
    for argument in arguments:
        if argument == "--":
            return None
        name = argument.partition("=")[0]
        long = "-" + name.replace("_", "-")
        if re.fullmatch(r"-[a-z][\w-]+", name) and long in known:
            return f"{name} has one dash: options of several letters have two, {long}"
    return None


def no_option(name: str, near: Sequence[str], known: Iterable[str]) -> str:
    """The message for an option that there is none of."""
    options, plain = list(known), name.lower().replace("_", "-")
    candidates = (
        [one for one in options if one == plain],
        [one for one in OPTION_SYNONYMS.get(plain, ()) if one in options],
        [one for one in options if one.startswith(plain)],
        [one for one in near if one != "--help"][:1],
    )
    if re.fullmatch(r"-\d+", name):
        return f"no option {name}: problems are counted from 0, and a value that begins with a dash stands behind --"
    found = next((one for one in candidates if one), [])
    if "--set" in options and plain not in options and {plain, *OPTION_SYNONYMS.get(plain, ())} & set(RECIPE_KEYS):
        found = [one for one in (plain, *OPTION_SYNONYMS.get(plain, ())) if one in RECIPE_KEYS]
        plain = found[0]
        return f"no option {name}: a key of the recipe is changed by --set {plain.lstrip('-').replace('-', '_')}=VALUE"
    hint = f"did you mean {' or '.join(found)}?" if found else f"there are {', '.join(options)}"
    return f"no option {name}: {hint}"


def _refuse_dashes(word: str) -> None:
    if word[:1] in "–—−" and word[:1]:
        raise UsageError(f"'{word}' begins with a long dash: options begin with plain hyphens, --{word.lstrip('–—−')}")
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
    if suffix in YAML_FILES:
        return _yaml(path)
    if suffix in DATA_FILES:
        return f"'{word}' is a file, no prompt: its rows are --data of a task: hex decode --task gsm8k --data {word}"
    if word in named["tasks"]:
        return f"'{word}' is a task, no prompt: hex decode --task {word}"
    if word in named["models"] or re.fullmatch(r"[\w.-]+/[\w.-]*[A-Za-z]-?\d[\w.-]*", word):
        return f"'{word}' is a model, no prompt: hex decode --model {word}"
    if word in named["recipes"]:
        return f"'{word}' is a recipe, no prompt: hex sweep {word}"
    if word in named["aggregators"]:
        return f"'{word}' is an aggregator, no prompt: hex vote -a {word}"
    if path.is_dir():
        if (path / "config.json").is_file():
            return f"'{word}' is the folder of a model, no prompt: hex decode --model {word}"
        return f"'{word}' is a folder, no prompt: runs are counted by hex vote {word} and hex score {word}"
    if path.is_file():
        return f"'{word}' is a file, no prompt: to decode its text, hex decode \"$(cat {word})\""
    if "/" in word and re.fullmatch(r"[\w./-]+", word):
        return f"there is no '{word}', and it is no prompt: runs are counted by hex vote {word}, decoded by hex decode"
    near = difflib.get_close_matches(word.lower(), named["tasks"] + named["models"], n=1, cutoff=0.75)
    if near:
        option = "--task" if near[0] in named["tasks"] else "--model"
        return f"'{word}' is a prompt of one word: did you mean {option} {near[0]}? A prompt is a text in quotes"
    return ""


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
