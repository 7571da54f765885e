"""What is given where a prompt stands, and is none: the name of a task or a model, a file, a run."""

import difflib
import re
from pathlib import Path

from hexcli.errors import HexError
from hexcli.models.registry import MODELS
from hexcli.recipe.shipped import shipped
from hexcli.runs.folders import run_folder
from hexcli.runs.mistakes import RUN_FILES
from hexcli.runs.rows import MANIFEST
from hexcli.tasks.file_names import DATA_FILES, TASK_FILES
from hexcli.tasks.registry import TASKS
from hexcli.voting.aggregators import AGGREGATORS
from hexcli.yaml_file import read_mapping


def no_prompt(word: str) -> str:
    """Why a single word is no prompt, and what to type instead; empty where it may be one."""
    if not word.strip() or re.search(r"\s", word):
        return ""
    named = {
        "tasks": [name for name in TASKS if name != "prompt"],
        "models": list(MODELS),
        "aggregators": list(AGGREGATORS),
        "recipes": [one.name for one in shipped().values() if one.kind == "recipe"],
    }
    path = Path(word)
    suffix = path.suffix.lower()
    if word == "-":
        return "'-' is no prompt: what comes by a pipe is put in quotes, hex decode \"$(cat)\""
    if suffix in TASK_FILES:
        return _yaml(path)
    if path.name in RUN_FILES and (path.parent / MANIFEST).is_file():
        return f"'{word}' is a file of a run, no prompt: its votes are counted by hex vote {path.parent}"
    if suffix in (*DATA_FILES, ".txt"):
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
    for ending in TASK_FILES:
        if path.with_name(f"{path.name}{ending}").is_file():
            return _yaml(path.with_name(f"{path.name}{ending}"))
    if "/" in word and re.fullmatch(r"[\w./-]+", word):
        return f"there is no '{word}', and it is no prompt: runs are counted by hex vote {word}, decoded by hex decode"
    near = difflib.get_close_matches(word.lower(), named["tasks"] + named["models"], n=1, cutoff=0.75)
    if near:
        option = "--task" if near[0] in named["tasks"] else "--model"
        return f"'{word}' is a prompt of one word: did you mean {option} {near[0]}? A prompt is a text in quotes"
    return ""


def _yaml(path: Path) -> str:
    """A YAML file: a recipe, or a custom task."""
    if not path.is_file():
        return f"there is no file '{path}', and it is no prompt: a recipe is run by hex sweep {path}, a task by --task"
    try:
        fields = read_mapping(path, "recipe or task", "model, task, ...")
    except HexError:
        fields = {}
    if "fields" in fields or "extract" in fields:
        return f"'{path}' is a task, no prompt: hex decode --task {path}"
    return f"'{path}' is a recipe, no prompt: hex sweep {path}"
