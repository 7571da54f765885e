"""Arguments that a function does not have, and those that were meant: words of other libraries for what ours do."""

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hexcli.errors import ArgumentError
from hexcli.python.fields import Fields

# What is said in place of an argument, as far as the function has it.
_MEANT: dict[str, str] = {
    **dict.fromkeys(("block_length", "block_lengths", "block_size", "blocks", "block", "schedule"), "schedules"),
    **dict.fromkeys(("num_samples", "n_samples", "votes", "k", "seeds", "num_return_sequences"), "samples"),
    **dict.fromkeys(("max_tokens", "max_new_tokens", "max_length", "length", "canvas"), "gen_length"),
    **dict.fromkeys(("num_steps", "diffusion_steps", "nfe"), "steps"),
    **dict.fromkeys(("n", "num_problems", "max_samples", "problems", "first"), "limit"),
    **dict.fromkeys(("dataset", "benchmark", "tasks"), "task"),
    **dict.fromkeys(("rows", "df", "frame", "input", "file", "questions"), "data"),
    **dict.fromkeys(("text", "question", "messages"), "prompt"),
    **dict.fromkeys(("models", "model_name", "checkpoint", "model_path", "pretrained"), "model"),
    **dict.fromkeys(("out", "output_dir", "run", "path", "save", "folder", "name"), "output"),
    **dict.fromkeys(("aggregator", "method", "voting", "rule"), "aggregators"),
    **dict.fromkeys(("gpu", "cuda", "gpus", "devices"), "device"),
    **dict.fromkeys(("bs", "batch"), "batch_size"),
    **dict.fromkeys(("num_workers", "jobs", "n_jobs", "processes"), "workers"),
    **dict.fromkeys(("precision", "torch_dtype"), "dtype"),
    **dict.fromkeys(("temp", "T"), "temperature"),
    **dict.fromkeys(("cfg", "guidance", "guidance_scale"), "cfg_scale"),
    **dict.fromkeys(("until_decided", "decide_at", "early_stop", "confidence"), "certainty"),
    **dict.fromkeys(("template", "prompt_template", "wording"), "prompts"),
    **dict.fromkeys(("num_fewshot", "n_shot", "shots"), "fewshot"),
    **dict.fromkeys(("verbose", "quiet", "silent", "show_progress", "tqdm"), "progress"),
    **dict.fromkeys(("overrides", "set", "config", "kwargs"), "settings"),
}
# What no argument does, and what does.
_ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("dry_run", "estimate", "preview"), "hexcli.plan(...) tells what it takes: the same arguments"),
    **dict.fromkeys(("resume", "restart"), "the same call goes on where it stopped: leave it out"),
    **dict.fromkeys(("cache_dir", "cache"), "the cache is where the environment's HEX_CACHE_DIR says"),
    **dict.fromkeys(("split", "subset"), "a task has its own split: hex tasks; other rows are data=..."),
    **dict.fromkeys(("token", "hf_token"), "a hub's token is read from the environment's HF_TOKEN"),
    **dict.fromkeys(("tokenizer",), "a model's folder holds its tokenizer: model='folder'"),
}
_FLAGS = {"quiet": "progress=False", "silent": "progress=False", "until_decided": "certainty=1"}


def bind(function: Callable[..., Any], arguments: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    """Raises ArgumentError where a function cannot be called so: what is wrong, what was meant, and all there is."""
    parameters = inspect.signature(function).parameters
    known = [one.name for one in parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    more = list(Fields.__annotations__) if len(known) < len(parameters) else []
    if not known and (arguments or named):
        raise ArgumentError(f"hexcli.{function.__name__}() takes no argument: it lists all")
    for name in named:
        if name not in known and name not in more:
            raise ArgumentError(_unknown(function.__name__, name, known, more))
    places = [one.name for one in parameters.values() if one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    call = f"hexcli.{function.__name__}"
    if len(arguments) > len(places):
        takes = f"{', '.join(places)} without a name" if places else "nothing without a name"
        raise ArgumentError(f"{call} takes {takes}, all else by name: {_all(known)}")
    if twice := [name for name in places[: len(arguments)] if name in named]:
        raise ArgumentError(f"{call}: {twice[0]} is said twice, by its place and by its name")
    for name in places[len(arguments) :]:
        if name not in named and parameters[name].default is inspect.Parameter.empty:
            raise ArgumentError(f"{call} needs {name}: {call}({', '.join(_needed(parameters))})")


def _unknown(function: str, name: str, known: Iterable[str], more: Iterable[str]) -> str:
    """The message for an argument that there is none of."""
    said, every = f"hexcli.{function} has no argument '{name}'", [*known, *more]
    meant = _MEANT.get(name)
    if meant in every:
        hint = f"say {_FLAGS[name]}" if name in _FLAGS else f"did you mean {meant}?"
    elif name in _ELSEWHERE:
        hint = _ELSEWHERE[name]
    elif near := difflib.get_close_matches(name.lower().replace("-", "_"), every, n=1, cutoff=0.6):
        hint = f"did you mean {near[0]}?"
    elif function == "sweep" and name in _recipe_keys():
        hint = f"fields of the recipe are settings={{{name!r}: ...}}"
    else:
        hint = ""
    fields = "" if not more else "; and the fields of a recipe, remasking, fast, dtype, ... (docs/python.md)"
    return f"{said}: {hint}{' ' if hint.endswith('?') else '; ' if hint else ''}known: {_all(known)}{fields}"


# What the commands, or other libraries, call a function.
_FUNCTIONS = {
    **dict.fromkeys(("generate", "run", "sample", "infer"), "decode"),
    **dict.fromkeys(("evaluate", "eval", "accuracy"), "score"),
    **dict.fromkeys(("estimate", "dry_run", "preview", "costs"), "plan"),
    **dict.fromkeys(("aggregate", "majority_vote", "consensus"), "majority"),
    **dict.fromkeys(("read", "open", "load_run"), "load"),
    **dict.fromkeys(("list_runs", "list"), "runs"),
    **dict.fromkeys(("import_run", "import_files", "load_dataset"), "import_"),
}
_COMMANDS = ("grade", "show", "bench", "cache", "reproduce")


def no_function(name: str, known: Iterable[str]) -> AttributeError:
    """The error for a name that `import hexcli` does not offer."""
    names = list(known)
    if name in _COMMANDS:
        return AttributeError(f"hexcli has no '{name}' in Python: in a notebook, !hex {name} (--json: as data)")
    near = [_FUNCTIONS[name]] if name in _FUNCTIONS else difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    hint = f"did you mean '{near[0]}'? " if near else ""
    return AttributeError(f"hexcli has no '{name}': {hint}known: {_all(names)}")


def _recipe_keys() -> list[str]:
    import dataclasses

    from hexcli.recipe.recipe import Recipe

    return [field.name for field in dataclasses.fields(Recipe)]


def _needed(parameters: Mapping[str, inspect.Parameter]) -> list[str]:
    return [one.name for one in parameters.values() if one.default is inspect.Parameter.empty]


def _all(names: Iterable[str]) -> str:
    return ", ".join(names)
