"""A recipe: what one run decodes, in a few fields."""

import dataclasses
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.keys import canonical_json
from hexcli.schedule import Schedule, without_off
from hexcli.tasks.registry import TASK_FILES

DTYPES = ("auto", "float32", "bfloat16", "float16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One run: the generations of one model on one task under an ensemble of schedules.

    task        a name (see hexcli.tasks), or the YAML file of a custom task
    data        a file with the task's rows; None = the task's own dataset
    schedules   labels, `32` or `198+58` (see Schedule.parse)
    gen_length  canvas in tokens; None = the model's own default
    steps       denoising steps; None = half of gen_length, and gen_length under a threshold
    kv_cache    none, prefix or dual; with refresh and threshold, see Schedule
    samples     generations a schedule, with seeds seed, seed + 1, ...
    limit       problems: None = all, `50` = the first 50, `100-149` = these, counted from 0
    dtype       of the weights; auto = bfloat16 on a GPU, float32 on a CPU
    model_args  options of loading the model, (key, value) in order of key (see models/options.py)
    """

    model: str = "tiny"
    task: str = "sums"
    data: str | None = None
    schedules: tuple[str, ...] = ("8", "16", "32")
    gen_length: int | None = None
    steps: int | None = None
    remasking: str = "low_confidence"
    temperature: float = 0.0
    cfg_scale: float = 0.0
    kv_cache: str = "none"
    refresh: int | None = None
    threshold: float | None = None
    samples: int = 1
    seed: int = 0
    limit: str | None = None
    dtype: str = "auto"
    model_args: tuple[tuple[str, Any], ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        """`model_args` as a mapping."""
        return dict(self.model_args)

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
                    kv_cache=self.kv_cache,
                    refresh=self.refresh,
                    threshold=self.threshold,
                    seed=self.seed,
                )
                for label in self.schedules
            ]
        except ValueError as error:
            raise UsageError(str(error)) from None
        if self.seed + self.samples > 2**63:
            raise UsageError(f"seeds must stay below 2^63: {self.seed} is too large for {self.samples} samples")
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
        """The fields as JSON values, without those that older runs lack where they are off or empty."""
        fields = without_off(
            {**dataclasses.asdict(self), "schedules": list(self.schedules), "model_args": self.options}
        )
        for name in ("data", "model_args"):
            if not fields[name]:
                del fields[name]
        return fields

    def run_name(self) -> str:
        """`<task>-<model>-<8 hex of the recipe>`: the same command finds the same run again."""
        digest = hashlib.sha256(canonical_json(self.to_dict())).hexdigest()[:8]
        model = Path(self.model.rstrip("/")).name
        task = Path(self.task).stem if self.task.endswith(TASK_FILES) else self.task
        return f"{task}-{model}-{digest}"
