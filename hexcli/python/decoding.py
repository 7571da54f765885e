"""Decoding, in Python: into the cache and a run folder, as the commands do."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Unpack

from hexcli.python.asking import asked, parts_of
from hexcli.python.fields import Fields
from hexcli.python.loading import Generations
from hexcli.python.public import public
from hexcli.python.rows import DataLike
from hexcli.python.running import How, run_into, tell
from hexcli.python.said import SchedulesLike
from hexcli.python.weights import ModelLike
from hexcli.python.written import Written
from hexcli.task import Task


@public
def decode(
    prompt: str | None = None,
    *,
    task: str | Path | Task | None = None,
    model: ModelLike = "tiny",
    schedules: SchedulesLike = ("8", "16", "32"),
    limit: int | str | None = None,
    samples: int = 1,
    seed: int = 0,
    temperature: float = 0.0,
    gen_length: int | None = None,
    steps: int | None = None,
    data: DataLike | None = None,
    prompts: str | Sequence[str] = (),
    fewshot: int | None = None,
    settings: Mapping[str, Any] | None = None,
    output: str | Path | None = None,
    device: str = "auto",
    batch_size: int | Literal["auto"] | None = None,
    certainty: float | None = None,
    trust_remote_code: bool = False,
    progress: bool = True,
    workers: int | None = None,
    **fields: Unpack[Fields],
) -> Generations:
    """Decode a task, or one prompt, under several schedules, as `hex decode`: what is cached is not decoded again.

    What is asked: prompt or task, data, limit, prompts, fewshot. Of whom, and under what: model, schedules, samples,
    seed, temperature, gen_length, steps, settings, fields. Where to: output. How it
    runs: the rest.

    prompt       one of your own, instead of a task
    task         a name, the YAML file of a task, "mine.py:my_task", or a hexcli.task.Task of your script; with neither
        prompt nor task, 50 problems of the embedded one
    model        a short name (`hex models`), a folder or a hub id; or one in memory, (network, tokenizer), which is
        written beside the run to model-<hash>/ (docs/python.md)
    schedules    block lengths, or schedules with fields of their own ("32@256:steps=64"): one, a list, or "8,16,32"
    limit        problems: the first so many, or "A-B" counted from 0
    samples      generations a schedule; they need a temperature, or another rule that draws
    seed         of the first sample; the others have the next ones
    temperature  0: the likeliest token; the paper has 0.9 with 5 samples
    gen_length   response canvas in tokens; None: the model's own
    steps        denoising steps; None: half of the canvas, and all of it under a threshold
    data         a file with the task's rows, instead of its own dataset; or the rows: a list of mappings or of
        questions, a data frame or a datasets.Dataset, which are written beside the run to data-<hash>.jsonl; without
        a task, their columns tell how they are read (docs/own-tasks.md)
    prompts      wordings of the prompt, by name, or YAML files of your own; each votes by itself
    fewshot      examples before the question, from the task's training split
    settings     further fields of a recipe as a mapping, where a script has them in one
    output       the run folder; None: runs/<task>-<model>-<recipe>, as the command has it
    device       "auto", "cpu", "cuda:0", ...
    batch_size   rows decoded together; None: what the memory takes
    certainty    stop each problem where its vote is decided (1), or likely so (above 0.5)
    trust_remote_code  whether a checkpoint whose architecture hex does not know may run its own Python code
    progress     whether stderr shows how it goes
    workers      processes that decode, as `--workers`; None: this one. They run nothing of yours, so that a script
        needs no `if __name__ == "__main__"` and a notebook may ask for them
    fields       any other field of a recipe by its name: remasking="entropy", fast=True, kv_cache="dual",
        dtype="float32", model_args={...}; docs/recipes.md has them all

    Returns every generation of the run folder, also of earlier calls. Raises hexcli.errors.UsageError where the
    settings do not fit, HexError where model or dataset cannot be had. A KeyboardInterrupt loses nothing that is
    finished: the same call goes on from there.
    """
    arguments = locals()
    how = How(device, batch_size, certainty, trust_remote_code, progress, workers)
    with Written() as written:
        found = asked(arguments, written)
        if found.reading is not None:
            written.told.append(f"read as: {found.reading}")
        _tell(written, progress)
        return run_into(found.recipe, found.path, found.problems, how)


@public
def sweep(
    recipe: str | Path | Mapping[str, Any] | Generations,
    *,
    limit: int | str | None = None,
    settings: Mapping[str, Any] | None = None,
    output: str | Path | None = None,
    device: str = "auto",
    batch_size: int | Literal["auto"] | None = None,
    certainty: float | None = None,
    trust_remote_code: bool = False,
    progress: bool = True,
    workers: int | None = None,
) -> list[Generations]:
    """Decode every run of a recipe, as `hex sweep`: a list in it means one run for each value.

    recipe       a YAML file, the name of one that ships with hex ("demo"), or its fields as a mapping, whose data may
        be rows, as of `decode`; or a run, to finish it or to repeat it
    limit        problems, as of `decode`, in place of the recipe's
    settings     other fields that replace those of the recipe
    output       the folder of the run folders; None: runs/, and of a run its own place
    device       as of `decode`
    batch_size   as of `decode`
    certainty    as of `decode`
    trust_remote_code  as of `decode`
    progress     as of `decode`
    workers      as of `decode`

    Raises as `decode`; all runs are checked before one begins.
    """
    how = How(device, batch_size, certainty, trust_remote_code, progress, workers).checked()
    with Written() as written:
        found = parts_of(recipe, limit, settings, output, written)
        _tell(written, progress)
        return [run_into(one.recipe, one.path, one.problems, how) for one in found]


def _tell(written: Written, progress: bool) -> None:
    for line in written.told if progress else ():
        tell(line)
