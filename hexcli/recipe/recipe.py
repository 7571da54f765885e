"""A recipe: what one run decodes, in a few fields."""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hexcli.errors import UsageError, plural
from hexcli.keys import canonical_json
from hexcli.labels import FIELDS, Said
from hexcli.recipe.shard import range_meant, shard_of
from hexcli.rules import Rules
from hexcli.schedule import Schedule, without_off
from hexcli.shortcuts import fast
from hexcli.tasks.file_names import TASK_FILES, plain_name, subject_of

T = TypeVar("T")
DTYPES = ("auto", "float32", "bfloat16", "float16", "float8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(Rules):
    """One run: the generations of one model on one task under an ensemble of schedules.

    task        a name (see hexcli.tasks), or the YAML file of a custom task
    data        a file with the task's rows; None = the task's own dataset
    prompts     wordings by name, or YAML files (tasks.prompts.file); none = the task's own
    fewshot     examples before the question, drawn from the task's training split or from fewshot_data, with
                fewshot_seed; None = none, and every row of fewshot_data where there is one
    schedules   `32`, `198+58`, or with fields of their own: `32@256:remasking=entropy` (see labels)
    gen_length  canvas in tokens; None = the model's own default
    steps       denoising steps; None = half of gen_length, and gen_length under a threshold
    kv_cache    none, prefix, dual, open or likely; with refresh, threshold and prompt_refresh, see Schedule.parse. The
                rules of published samplers are those of Schedule, their defaults those of rules.resolved
    samples     generations a schedule, with seeds seed, seed + 1, ...
    limit       problems: None = all, `50` = the first 50, `100-149` = these, counted from 0
    shard       of those, None = all, `2/4` = every fourth, beginning with the second (see shard)
    record_steps  whether rows tell what their texts would have been after each step, for the `temporal` vote
    dtype       of the weights; auto = bfloat16 on a GPU, float32 on a CPU; float8 = bfloat16 whose products are of
                8-bit floats, on GPUs that have them
    model_args  options of loading the model, (key, value) in order of key (see models/options.py)
    """

    model: str = "tiny"
    task: str = "sums"
    data: str | None = None
    prompts: tuple[str, ...] = ()
    fewshot: int | None = None
    fewshot_data: str | None = None
    fewshot_seed: int = 0
    schedules: tuple[str, ...] = ("8", "16", "32")
    gen_length: int | None = None
    steps: int | None = None
    remasking: str = "low_confidence"
    temperature: float = 0.0
    cfg_scale: float = 0.0
    kv_cache: str = "none"
    refresh: int | str | None = None
    threshold: float | None = None
    prompt_refresh: int | str | None = None
    samples: int = 1
    seed: int = 0
    limit: str | None = None
    shard: str | None = None
    record_steps: bool = False
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
        ensemble = [schedule for label in self.schedules for schedule in self._samples_of(label, gen_length)]
        if self.record_steps and (cached := next((one for one in ensemble if one.kv_cache != "none"), None)):
            raise UsageError(
                f"record_steps needs every position at every step, and kv_cache {cached.kv_cache} computes some: leave "
                "one out"
            )
        if len(set(ensemble)) < len(ensemble):
            raise UsageError(f"a schedule is named twice in {','.join(self.schedules)}")
        return sorted(ensemble, key=lambda schedule: schedule.cast_order)

    def base(self, gen_length: int) -> dict[str, Any]:
        """The fields of its schedules that do not say them themselves (see labels)."""
        base = {name: getattr(self, name) for name in FIELDS}
        return {**base, "gen_length": gen_length if self.gen_length is None else self.gen_length}

    def _samples_of(self, label: str, gen_length: int) -> list[Schedule]:
        """One schedule of the ensemble, with each of its seeds. Raises UsageError."""
        try:
            said = Said.of(label)
            first = dataclasses.replace(said.schedule(self.base(gen_length)), seed=self.seed)
        except ValueError as error:
            raise UsageError(str(error)) from None
        count = self.samples if said.samples is None else said.samples
        if count < 1:
            raise UsageError(f"samples must be at least 1, not {count}, in schedule '{label}'")
        if self.seed + count > 2**63:
            raise UsageError(f"seeds must stay below 2^63: {self.seed} is too large for {plural(count, 'sample')}")
        if count > 1 and first.deterministic:
            one = "" if self.temperature == 0 else f", or one sample of it ({label}:samples=1)"
            if one == "" and any("temperature=" in other for other in self.schedules):
                one = f"; or say samples of the schedules above 0 alone: {first.label}:temperature=0.9:samples={count}"
            raise UsageError(
                f"{plural(count, 'sample')} at temperature 0 would be {plural(count, 'time')} the same generation: "
                f"set --temperature (0.9 in the paper), or --remasking random{one}"
            )
        return [first.with_seed(seed) for seed in range(self.seed, self.seed + count)]

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
        raise UsageError(
            f"limit must be a number of problems (50) or a range from 0 (100-149), not '{self.limit}'"
            f"{range_meant(self.limit)}"
        )

    def taken(self, problems: Sequence[T]) -> Sequence[T]:
        """Of all problems, or of their numbers, those that it takes. Raises UsageError as `span`, and on a shard."""
        limited = problems[self.span()]
        if self.shard is None:
            return limited
        number, count = shard_of(self.shard)
        return limited[number - 1 :: count]

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON values, without those that older runs lack where they are off or empty."""
        fields = without_off(
            {**dataclasses.asdict(self), "schedules": list(self.schedules), "model_args": self.options}
        )
        if "suppress_tokens" in fields:
            fields["suppress_tokens"] = ",".join(map(str, self.suppress_tokens))
        fields["prompts"] = list(self.prompts)
        later = ("prompts", "fewshot", "fewshot_data", "fewshot_seed", "record_steps", "shard")
        for name in ("data", "model_args", *later):
            if not fields[name]:
                del fields[name]
        return fields

    def run_name(self) -> str:
        """`<task>-<model>-<what is unusual>-<8 hex of the recipe>`: the same command finds the same run again."""
        return "-".join([*self._subject, *self._unusual, self._digest])

    @property
    def old_run_name(self) -> str:
        """What versions before 0.2 called it: `<task>-<model>-<8 hex of the recipe>`. They had no shards."""
        return "-".join([*self._subject_before, self._digest])

    def folder(self, runs: Path) -> Path:
        """Its run folder among `runs`: one that an earlier version made of the same recipe, where it is there."""
        new, old = runs / self.run_name(), runs / self.old_run_name
        colon = runs / "-".join([*self._subject_before, *self._unusual, self._digest])
        before = [colon] if self.shard is not None else [colon, old]
        return new if new.exists() else next((one for one in before if one.is_dir()), new)

    @property
    def _digest(self) -> str:
        whole = {name: value for name, value in self.to_dict().items() if name != "shard"}  # shards of one run share it
        return hashlib.sha256(canonical_json(whole)).hexdigest()[:8]

    @property
    def _subject(self) -> tuple[str, str]:
        return subject_of(self.task), self._subject_before[1]

    @property
    def _subject_before(self) -> tuple[str, str]:
        """As folders of tasks in Python files once began: `cups.py:cups`, with a colon, which tar takes for a host."""
        return plain_name(self.task), Path(self.model.rstrip("/")).name

    @property
    def _shortcuts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("kv_cache", "refresh", "threshold", "prompt_refresh")}

    @property
    def _unusual(self) -> list[str]:
        """The settings that people tell runs apart by, where they are not the usual ones: `T0.9x5`, `c128`, `fast`."""
        hot = (f"T{self.temperature:g}" if self.temperature else "") + (f"x{self.samples}" if self.samples > 1 else "")
        shortcuts = {name: value for name, value in self._shortcuts.items() if value is not None}
        parts = [
            "" if self.kv_cache == "none" else self.kv_cache,
            "" if self.refresh is None else f"refresh{self.refresh}".replace("/", "of"),
            "" if self.prompt_refresh is None else f"prompt{self.prompt_refresh}".replace("/", "of"),
            "" if self.threshold is None else f"above{self.threshold:g}",
        ]
        words = [
            hot,
            "+".join(Path(text).stem if text.endswith(TASK_FILES) else text for text in self.prompts),
            "" if self.fewshot is None else f"{self.fewshot}shot",
            "" if self.gen_length is None else f"c{self.gen_length}",
            "" if self.steps is None else f"s{self.steps}",
            "" if self.remasking == "low_confidence" else self.remasking,
            f"cfg{self.cfg_scale:g}" if self.cfg_scale else "",
            "steps" if self.record_steps else "",
            *(["fast"] if shortcuts == fast(self.temperature) else parts),
            "" if self.shard is None else "shard{}of{}".format(*shard_of(self.shard)),
        ]
        return [word for word in words if word]
