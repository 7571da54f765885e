"""A recipe: what to decode, in a few fields. YAML <-> dataclass; a list-valued field means a sweep.

    model: tiny
    task: sums
    schedules: [8, 16, 32]
    temperature: [0, 0.9]      # a list: one run for each value

`schedules` is the ensemble of one run, so it is a list already; a list of lists sweeps over ensembles.
"""

import dataclasses
import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, unknown
from hexcli.keys import canonical_json
from hexcli.schedule import Schedule

DTYPES = ("auto", "float32", "bfloat16", "float16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One run: the generations of one model on one task under an ensemble of schedules.

    schedules   labels, `32` or `198+58` (see Schedule.parse)
    gen_length  canvas in tokens; None = the model's own default
    steps       denoising steps; None = half of gen_length
    samples     generations a schedule, with seeds seed, seed + 1, ...
    limit       problems: None = all, `50` = the first 50, `100-149` = these, counted from 0
    dtype       of the weights; auto = bfloat16 on a GPU, float32 on a CPU
    """

    model: str = "tiny"
    task: str = "sums"
    schedules: tuple[str, ...] = ("8", "16", "32")
    gen_length: int | None = None
    steps: int | None = None
    remasking: str = "low_confidence"
    temperature: float = 0.0
    cfg_scale: float = 0.0
    samples: int = 1
    seed: int = 0
    limit: str | None = None
    dtype: str = "auto"

    def ensemble(self, gen_length: int) -> list[Schedule]:
        """Every schedule of the run in cast order; `gen_length` serves where the recipe leaves it open.

        Raises UsageError where the numbers do not fit, or where samples would all be the same generation.
        """
        if self.samples < 1:
            raise UsageError(f"samples must be at least 1, not {self.samples}")
        if not self.schedules:
            raise UsageError("a run needs at least one schedule: --schedules 8,16,32")
        try:
            first = [
                Schedule.parse(
                    label,
                    gen_length=gen_length if self.gen_length is None else self.gen_length,
                    steps=self.steps,
                    remasking=self.remasking,
                    temperature=self.temperature,
                    cfg_scale=self.cfg_scale,
                    seed=self.seed,
                )
                for label in self.schedules
            ]
        except ValueError as error:
            raise UsageError(str(error)) from None
        if len(set(first)) < len(first):
            raise UsageError(f"a schedule is named twice in {','.join(self.schedules)}")
        if self.samples > 1 and self.temperature == 0 and self.remasking != "random":
            raise UsageError(
                f"{self.samples} samples at temperature 0 would be {self.samples} times the same generation: "
                "set --temperature (0.9 in the paper), or --remasking random"
            )
        seeds = range(self.seed, self.seed + self.samples)
        ensemble = (schedule.with_seed(seed) for schedule in first for seed in seeds)
        return sorted(ensemble, key=lambda schedule: schedule.cast_order)

    def span(self) -> slice:
        """The problems to take, as a slice of the task. Raises UsageError on a limit that is no such thing."""
        if self.limit is None:
            return slice(None)
        first, dash, last = self.limit.partition("-")
        try:
            if not dash:
                count = int(first)
                if count > 0:
                    return slice(0, count)
            elif 0 <= int(first) <= int(last):
                return slice(int(first), int(last) + 1)
        except ValueError:
            pass
        raise UsageError(f"limit must be a number of problems (50) or a range from 0 (100-149), not '{self.limit}'")

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return {**dataclasses.asdict(self), "schedules": list(self.schedules)}

    def run_name(self) -> str:
        """`<task>-<model>-<8 hex of the recipe>`: the same command finds the same run again."""
        digest = hashlib.sha256(canonical_json(self.to_dict())).hexdigest()[:8]
        model = Path(self.model.rstrip("/")).name
        return f"{self.task}-{model}-{digest}"


_TYPES: dict[str, tuple[type, ...]] = {
    "model": (str,),
    "task": (str,),
    "gen_length": (int,),
    "steps": (int,),
    "remasking": (str,),
    "temperature": (int, float),
    "cfg_scale": (int, float),
    "samples": (int,),
    "seed": (int,),
    "limit": (int, str),
    "dtype": (str,),
}
_KINDS: dict[type, str] = {int: "a whole number", float: "a number", str: "text"}
_NULLABLE = {"gen_length", "steps", "limit"}


def load_recipes(path: Path, overrides: Mapping[str, Any] | None = None) -> list[Recipe]:
    """Every run of a recipe file. Raises UsageError naming the file and what is wrong in it."""
    import yaml

    try:
        fields = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not a text file") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise UsageError(f"{path}{where}: not YAML: {getattr(error, 'problem', None) or error}") from None
    if not isinstance(fields, dict):
        raise UsageError(f"{path} is not a recipe: it must be a mapping of fields (model, task, schedules, ...)")
    try:
        return expand({**fields, **(overrides or {})})
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def expand(fields: Mapping[str, Any]) -> list[Recipe]:
    """One recipe for each combination of the list-valued fields, in their order. Raises UsageError."""
    known = [field.name for field in dataclasses.fields(Recipe)]
    for name in fields:
        if name not in known:
            raise unknown("recipe key", str(name), known)
    axes = [[(name, value) for value in _values(name, fields[name])] for name in known if name in fields]
    return [_checked(Recipe(**dict(cell))) for cell in itertools.product(*axes)]


def _values(name: str, value: Any) -> list[Any]:
    """The values a field sweeps over; one where it is not a list."""
    if name == "schedules":
        if not isinstance(value, list):
            value = [value]
        ensembles = value if any(isinstance(item, list) for item in value) else [value]
        return [_ensemble(ensemble) for ensemble in ensembles]
    values = value if isinstance(value, list) else [value]
    if not values:
        raise UsageError(f"{name} is an empty list")
    return [_scalar(name, item) for item in values]


def _ensemble(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, bool) or not isinstance(item, int | str):
            raise UsageError(f"schedules must be block lengths (32) or lengths in order (198+58), not {item!r}")
    return tuple(part.strip() for item in items for part in str(item).split(","))


def _scalar(name: str, value: Any) -> Any:
    if value is None and name in _NULLABLE:
        return None
    kinds = _TYPES[name]
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise UsageError(f"{name} must be {' or '.join(_KINDS[kind] for kind in kinds)}, not {value!r}")
    if name == "limit":
        return str(value)
    if float in kinds:
        return float(str(value))
    return value


def _checked(recipe: Recipe) -> Recipe:
    recipe.span()
    if recipe.dtype not in DTYPES:
        raise unknown("dtype", recipe.dtype, DTYPES)
    return recipe
