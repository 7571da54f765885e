"""Recipe files: YAML <-> recipes. A list-valued field means a sweep.

    model: tiny
    task: sums
    schedules: [8, 16, 32]
    temperature: [0, 0.9]      # a list: one run for each value

`schedules` and `prompts` are the ensemble of one run, so they are lists already; a list of lists sweeps over ensembles.
A schedule may have a canvas, steps, ... of its own: `32@256:steps=64` (see labels).
"""

import dataclasses
import difflib
import itertools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, unknown
from hexcli.models.options import read_options
from hexcli.recipe.published import as_published
from hexcli.recipe.recipe import DTYPES, Recipe
from hexcli.recipe.shipped import shipped
from hexcli.recipe.size import MOST, require_size
from hexcli.remasking import OFFERED, rule_name
from hexcli.rules import OFF
from hexcli.shortcuts import FAST_SAMPLED
from hexcli.tasks.registry import DATA_FILES, TASKS, get_task
from hexcli.yaml_file import read_mapping

_TYPES: dict[str, tuple[type, ...]] = {
    "model": (str,),
    "task": (str,),
    "data": (str,),
    "fewshot": (int,),
    "fewshot_data": (str,),
    "fewshot_seed": (int,),
    "gen_length": (int,),
    "steps": (int,),
    "remasking": (str,),
    "temperature": (int, float),
    "cfg_scale": (int, float),
    "kv_cache": (str,),
    "refresh": (int, str),
    "threshold": (int, float),
    "prompt_refresh": (int, str),
    "samples": (int,),
    "seed": (int,),
    "limit": (int, str),
    "shard": (str,),
    "dtype": (str,),
    **dict.fromkeys(("eps", "alg_temp", "top_p", "entropy_threshold", "eb_threshold", "factor"), (int, float)),
    **dict.fromkeys(("credit_alpha", "boost_gamma", "decay_beta", "editing_threshold"), (int, float)),
    "block_add_threshold": (int, float),
    **dict.fromkeys(("top_k", "max_post_steps", "early_ban_steps"), (int,)),
    **dict.fromkeys(("sampler", "alg", "confidence_dtype"), (str,)),
    **dict.fromkeys(("logits_eos_inf", "confidence_eos_eot_inf", "full_canvas", "record_steps"), (bool,)),
    "suppress_tokens": (int, str),
}
# What the command line says, and a recipe does not.
_OPTIONS = ("until_decided", "decide_at", "vote_order", "batch_size", "device", "workers", "engine", "output",
            "retry_failed", "trust_remote_code", "gpus_per_worker")  # fmt: skip
_KINDS: dict[type, str] = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
_NULLABLE = {
    "data",
    "fewshot",
    "fewshot_data",
    "gen_length",
    "steps",
    "refresh",
    "threshold",
    "prompt_refresh",
    "limit",
    "shard",
}
_NULLABLE |= {name for name, default in OFF.items() if default is None}


def load_recipes(path: Path, overrides: Mapping[str, Any] | None = None, most: int | None = MOST) -> list[Recipe]:
    """Every run of a recipe file. Raises UsageError naming the file and what is wrong in it; `most`: see `expand`."""
    if path.suffix.lower() in DATA_FILES:
        raise UsageError(f"{path} is no recipe but rows of data: hex decode --task TASK --data {path}")
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name the recipe files in it, e.g. hex sweep {path / '*.yaml'}")
    if not path.exists():
        raise UsageError(_nowhere(path))
    fields = read_mapping(path, "recipe", "model, task, schedules, ...")
    if "extract" in fields or "fields" in fields:
        raise UsageError(f"{path} is a task, not a recipe: decode it with hex decode --task {path}")
    try:
        return expand({**fields, **(overrides or {})}, most)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def _nowhere(path: Path) -> str:
    """What to say of a recipe that is not there."""
    known = {one.name: one for one in shipped().values()}
    if (one := known.get(path.stem)) is not None:
        use = f"hex sweep {one.name}" if one.kind == "recipe" else f"hex decode --task {one.path}"
        return f"cannot read {path}: no such file; the {one.kind} '{one.name}' that comes with hex: {use}"
    if str(path) in TASKS:
        return f"'{path}' is a task, not a recipe: hex decode --task {path}"
    if "=" in str(path):
        return f"'{path}' is no recipe: a key is changed by --set {path}"
    for ending in (".yaml", ".yml"):
        if (file := Path(f"{path}{ending}")).is_file():
            return f"no recipe '{path}': did you mean the file {file}?"
    here = [str(one) for pattern in ("*.yaml", "*.yml") for one in sorted(path.parent.glob(pattern))]
    if near := difflib.get_close_matches(str(path), here, n=1):
        return f"cannot read {path}: no such file; did you mean {near[0]}?"
    recipes = [one.name for one in known.values() if one.kind == "recipe"]
    if path.suffix or "/" in str(path):
        return f"no recipe file {path}; those that come with hex: {', '.join(recipes)}"
    return f"{unknown('recipe', path.stem, recipes)}; or give a YAML file"


def expand(fields: Mapping[str, Any], most: int | None = MOST, *, recorded: bool = False) -> list[Recipe]:
    """One recipe for each combination of the list-valued fields, in their order.

    `recorded`: they are what a run was decoded by, and nothing goes without saying (see published.py). Raises
    UsageError, also where they mean more than `most` generations in all.
    """
    known = [field.name for field in dataclasses.fields(Recipe)]
    for name in fields:
        if name not in known:
            raise _no_key(str(name), known)
    axes = {name: _values(name, fields[name]) for name in known if name in fields}
    usual = Recipe()
    require_size({name: axes.get(name, [getattr(usual, name)]) for name in known}, most)
    cells = itertools.product(*axes.values())
    said = [dict(zip(axes, cell, strict=True)) for cell in cells]
    return [_checked(Recipe(**(one if recorded else as_published(one)))) for one in said]


def _no_key(name: str, known: Sequence[str]) -> UsageError:
    """What to say of a key that no recipe has: an option of the command line may be meant."""
    plain = name.replace("-", "_")
    if plain == "fast":
        parts = ", ".join(f"{key}: {value}" for key, value in FAST_SAMPLED.items())
        return UsageError(f"a recipe has no key 'fast': write its parts, {parts} (kv_cache: open at temperature 0)")
    if plain in _OPTIONS:
        return UsageError(f"a recipe has no key '{name}': the command says it, hex sweep --{plain.replace('_', '-')}")
    return unknown("recipe key", name, known)


def _values(name: str, value: Any) -> list[Any]:
    """The values a field sweeps over; one where it is not a list."""
    if name == "schedules":
        if not isinstance(value, list):
            value = [value]
        ensembles = value if any(isinstance(item, list) for item in value) else [value]
        return [_ensemble(ensemble) for ensemble in ensembles]
    if name == "prompts":
        items = value if isinstance(value, list) else [] if value is None else [value]
        return (
            [_prompts(item) for item in items] if any(isinstance(item, list) for item in items) else [_prompts(items)]
        )
    if name == "model_args":
        return [_model_args(item) for item in (value if isinstance(value, list) else [value])]
    values = value if isinstance(value, list) else [value]
    if not values:
        raise UsageError(f"{name} is an empty list")
    return [_scalar(name, item) for item in values]


def _ensemble(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, bool) or not isinstance(item, int | str):
            raise UsageError(f"schedules must be block lengths (32) or lengths in order (198+58), not {item!r}")
        _require_text("schedules", str(item))
    return tuple(part.strip() for item in items for part in str(item).split(","))


def _prompts(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if not isinstance(item, str) or not item.strip():
            raise UsageError(f"prompts must be names of wordings (plain) or YAML files, not {item!r}")
        _require_text("prompts", item)
    return tuple(part.strip() for item in items for part in item.split(","))


def _model_args(value: Any) -> tuple[tuple[str, Any], ...]:
    if value is None:
        return ()
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise UsageError(f"model_args must be a mapping (adapter: PATH), not {value!r}")
    for key, setting in value.items():
        _require_text("model_args", key)
        _require_text(f"model_args {key}", str(setting))
        if isinstance(setting, list | dict) or setting is None:
            raise UsageError(f"model_args {key} must be one value, not {setting!r}; a sweep is a list of mappings")
    return tuple(sorted(value.items()))


def _scalar(name: str, value: Any) -> Any:
    if value is None and name in _NULLABLE:
        return None
    kinds = _TYPES[name]
    if isinstance(value, bool) != (kinds == (bool,)) or not isinstance(value, kinds):
        several = isinstance(value, str) and "," in value
        hint = f": several values are a list, {name}=[{value}]" if several else ""
        raise UsageError(f"{name} must be {' or '.join(_KINDS[kind] for kind in kinds)}, not {value!r}{hint}")
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{name} must be a finite number, not {value}")
    if isinstance(value, str):
        _require_text(name, value)
    if name == "limit":
        return str(value)
    if name == "suppress_tokens":
        return _ids(str(value))
    if float in kinds:
        return float(str(value))
    return value


def _require_text(name: str, value: str) -> None:
    """Raises UsageError on text that no file name, no request and no run.json can hold."""
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise UsageError(f"{name} is not valid UTF-8 text")
    if "\0" in value:
        raise UsageError(f"{name} holds a NUL character")


def _ids(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise UsageError(f"suppress_tokens are token ids, comma-separated (2,126081), not '{text}'") from None


def _checked(recipe: Recipe) -> Recipe:
    recipe.taken(())
    if len(recipe.prompts) == 1 and recipe.prompts[0] == get_task(recipe.task).usual:
        recipe = dataclasses.replace(recipe, prompts=())  # one recipe, one run, however it is said
    options = recipe.options
    if (named := options.pop("dtype", None)) is not None:
        # Another spelling of the field: one recipe, one run, however it is said.
        if recipe.dtype not in ("auto", named):
            raise UsageError(f"two dtypes: {recipe.dtype}, and {named} in the model's options")
        recipe = dataclasses.replace(recipe, dtype=str(named))
    if recipe.dtype not in DTYPES:
        raise unknown("dtype", recipe.dtype, DTYPES)
    read = read_options(options)
    if recipe.remasking in OFFERED:  # with the hash of its source: a changed rule is another run
        recipe = dataclasses.replace(recipe, remasking=rule_name(recipe.remasking))
    return dataclasses.replace(recipe, model_args=tuple((key, getattr(read, key)) for key in sorted(options)))
