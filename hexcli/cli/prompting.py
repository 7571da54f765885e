"""`hex decode PROMPT`: a prompt of one's own is the only problem there is."""

import shlex
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from hexcli.cli.options.groups import DEFAULTS
from hexcli.cli.outcomes import How, preview_with, progress, run_with_progress, show_preview, stopped_run
from hexcli.cli.output import print_json, tell, warn
from hexcli.cli.recording import Recording
from hexcli.cli.stopping import stopped, telling
from hexcli.errors import UsageError, plural
from hexcli.labels import FIELDS
from hexcli.recipe.recipe import Recipe
from hexcli.records import Generation, Problem
from hexcli.report.terminal import visible


def refuse_problems(data: str | None, limit: str | None, shard: str | None) -> None:
    """Options that choose problems choose none beside a prompt. Raises UsageError."""
    if data is not None:
        raise UsageError("--data takes the problems of a task, and a prompt of your own is one: leave one out")
    if limit is not None:
        raise UsageError("--limit takes problems of a task, and a prompt of your own is none: leave one out")
    if shard is not None:
        raise UsageError("--shard takes a part of a task's problems, and a prompt of your own is none: leave one out")


def problems_named(task: str | None, prompt: str | None, data: str | None) -> dict[str, Any]:
    """The fields of a recipe that say its problems: rows may name their task themselves (recipe.file)."""
    if task is prompt is None and data is not None:
        return {"data": data}
    return {"task": task or ("prompt" if prompt is not None else DEFAULTS.task), "data": data}


def tell_reading(task: str | None, data: str | None, recipe: Recipe) -> None:
    """Of rows without a task: as what they are read, on stderr."""
    from hexcli.engine.plan import choose_problems
    from hexcli.tasks.custom import names_fields
    from hexcli.tasks.file_names import TASK_FILES, data_file
    from hexcli.tasks.registry import get_task

    if data_file(recipe.task):
        own = get_task(recipe.task)
        choose_problems(recipe, own)  # what is wrong in a row is said instead
        tell(f"read as: {own.summary}; its prompt, and how to change it: hex tasks {shlex.quote(recipe.task)}")
    elif recipe.task.endswith(TASK_FILES) and not names_fields(recipe.task):
        said = get_task(recipe.task).definition["fields"].items()
        named = ", ".join(f'{role} = "{one if isinstance(one, str) else "+".join(one)}"' for role, one in said)
        tell(f"read as: {named}; fields in {shlex.quote(recipe.task)} may say otherwise")
    elif task != recipe.task and (task or data) is not None:
        tell(f"read as: rows of {recipe.task}, its prompt and its grading (--task {recipe.task})")


def show_prompts(recipe: Recipe, prompt: str | None, how: How, as_json: bool) -> None:
    """`--show-prompt`: what the model is asked first, in every wording."""
    from hexcli.engine.first_prompt import first_prompts
    from hexcli.tasks.prompt import problem_of

    problems = None if prompt is None else [problem_of(prompt)]
    if of_decoding := _of_decoding(recipe, how):
        tell(f"of decoding, and no part of the prompt: {', '.join(of_decoding)}")
    found = first_prompts(recipe, problems, device=how.device, warn=warn, trust_remote_code=how.trust_remote_code)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for place, one in enumerate(found):
        size = "its tokenizer is not here: without chat template" if one.tokens is None else plural(one.tokens, "token")
        wording = f", --prompt {visible(one.wording)}" if len(found) > 1 else ""
        print(f"{chr(10) * (place > 0)}{visible(one.problem)} as {visible(recipe.model)} gets it{wording} ({size}):")
        print(visible(one.text, lines=True))


def _of_decoding(recipe: Recipe, how: How) -> list[str]:
    """The options that were said and are no part of a prompt, by the keys of the recipe that they set."""
    usual = {name: getattr(DEFAULTS, name) for name in ("schedules", "samples", *FIELDS)}
    names = [name for name, value in usual.items() if getattr(recipe, name) != value]
    return [name.replace("_", "-") for name in (*names, *(["batch_size"] if how.batch_size is not None else []))]


def refuse_retry(output: Path | None, *, retry_failed: bool) -> None:
    """A prompt that is kept in no run folder has no failures to remember. Raises UsageError."""
    if retry_failed and output is None:
        raise UsageError("--retry-failed is of a run folder, and this prompt has none (-o RUN): leave it out")


def decode_prompt(
    recipe: Recipe,
    prompt: str,
    output: Path | None,
    how: How,
    recording: Recording | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Decode one prompt under the schedules of a recipe, and print the texts and their vote."""
    from hexcli.tasks.prompt import problem_of

    problem = problem_of(prompt)
    if recipe.task != "prompt":
        tell(f"asked in the words of task {recipe.task}, its answer read as there")
    if dry_run:
        path = output or recipe.folder(Path("runs"))
        show_preview(preview_with(recipe, path, how, problems=[problem]), as_json)
        return
    generations = _generations(recipe, problem, output, how)
    with telling(partial(stopped, "in the cache") if output is None else partial(stopped_run, output)):
        _show(recipe, generations, recording, as_json)


def _show(recipe: Recipe, generations: Sequence[Generation], recording: Recording | None, as_json: bool) -> None:
    """The texts of one prompt and their vote."""
    from hexcli.engine.plan import check_recipe
    from hexcli.report.tables import ballot_text
    from hexcli.runs.ballots import cast
    from hexcli.runs.row import row_of
    from hexcli.tasks.registry import get_task

    ballot = cast(generations, get_task(recipe.task))
    decision = ballot.decide("majority")
    if recording is not None:
        recording.of_ballot(ballot)
    not_needed = max(len(check_recipe(recipe)) - len(ballot.votes), 0)
    if as_json:
        rows = [
            {**row_of(generation), "answer": vote.answer}
            for generation, vote in zip(ballot.generations, ballot.votes, strict=True)
        ]
        print_json({"answer": decision.answer, "tie": decision.tie, "not_needed": not_needed, "generations": rows})
    else:
        print(ballot_text(ballot, decision, "majority") + (f"; {not_needed} not needed" if not_needed else ""))


def _generations(recipe: Recipe, problem: Problem, output: Path | None, how: How) -> list[Generation]:
    """The generations of one prompt, kept in a run folder where one is named."""
    from hexcli.engine.running import decode_problems
    from hexcli.runs.reading import Run

    if output is not None:
        run_with_progress(recipe, output, how, problems=[problem])
        kept = Run.read(output, warn=warn).generations
        return [generation for generation in kept if generation.problem == problem]
    with progress(how) as watcher:
        try:
            return decode_problems(
                recipe,
                [problem],
                device=how.device,
                batch_size=how.batch_size,
                trust_remote_code=how.trust_remote_code,
                certainty=how.certainty,
                vote_order=how.vote_order,
                crew=how.crew,
                watcher=watcher,
                warn=warn,
            )
        except KeyboardInterrupt:
            raise stopped("in the cache" if watcher.decoded else "") from None
