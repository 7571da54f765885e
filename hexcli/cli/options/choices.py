"""The names that options choose from, read from their registries when help is printed or a shell completes a word."""

from collections.abc import Callable, Iterable

Names = Callable[[], Iterable[str]]


def _tasks() -> Iterable[str]:
    from hexcli.tasks.registry import TASKS

    return [name for name in TASKS if name != "prompt"]  # what a prompt of one's own is filed under


def _prompts() -> Iterable[str]:
    from hexcli.tasks.prompts.names import NAMES

    return NAMES


def _models() -> Iterable[str]:
    from hexcli.models.registry import MODELS

    return MODELS


def _aggregators() -> Iterable[str]:
    from hexcli.voting.aggregators import AGGREGATORS

    return AGGREGATORS


def _remasking() -> Iterable[str]:
    from hexcli.remasking import OFFERED, REMASKING

    return [*REMASKING, *OFFERED]


def _kv_caches() -> Iterable[str]:
    from hexcli.shortcuts import KV_CACHES

    return KV_CACHES


def _dtypes() -> Iterable[str]:
    from hexcli.recipe.recipe import DTYPES

    return DTYPES


def _fields() -> Iterable[str]:
    from hexcli.labels import FIELDS, SAMPLES

    return [name for name in (*FIELDS, SAMPLES) if name != "gen_length"]


def _model_args() -> Iterable[str]:
    import dataclasses

    from hexcli.models.options import ModelOptions

    return sorted([*(field.name for field in dataclasses.fields(ModelOptions)), "dtype"])


def _modes() -> Iterable[str]:
    from hexcli.bench.names import MODES

    return MODES


def _shapes() -> Iterable[str]:
    from hexcli.bench.names import SHAPES

    return SHAPES


def _formats() -> Iterable[str]:
    from hexcli.importing.reading import FORMATS

    return FORMATS


def _recipes() -> Iterable[str]:
    from hexcli.recipe.shipped import shipped

    return [one.name for one in shipped().values() if one.kind == "recipe"]


CHOICES: dict[str, Names] = {
    "tasks": _tasks,
    "prompts": _prompts,
    "models": _models,
    "aggregators": _aggregators,
    "remasking": _remasking,
    "kv_caches": _kv_caches,
    "dtypes": _dtypes,
    "fields": _fields,
    "model_args": _model_args,
    "modes": _modes,
    "shapes": _shapes,
    "formats": _formats,
    "recipes": _recipes,
}


def listed(text: str) -> str:
    """A help text with its lists filled in: `{tasks}` becomes the names of all tasks."""
    for kind, names in CHOICES.items():
        if (place := f"{{{kind}}}") in text:
            text = text.replace(place, ", ".join(names()))
    return text


def completing(kind: str) -> Callable[[str], list[str]]:
    """The autocompletion of an option: names that begin as the word does; in a list, behind its last comma."""

    def complete(incomplete: str) -> list[str]:
        before, comma, word = incomplete.rpartition(",")
        return [f"{before}{comma}{name}" for name in CHOICES[kind]() if name.startswith(word)]

    return complete
