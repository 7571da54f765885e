"""`hex decode`: generate under several schedules, into the cache and a run folder."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hexcli.cli import options, rule_options, values
from hexcli.cli.mistakes import prompt_of
from hexcli.cli.options import DEFAULTS
from hexcli.cli.outcomes import (
    How,
    Live,
    outcome_row,
    preview_with,
    progress,
    require_all,
    run_with_progress,
    say_next,
    show_outcome,
    show_preview,
)
from hexcli.cli.output import print_json, warn
from hexcli.cli.recording import Recording, recording_to
from hexcli.errors import UsageError
from hexcli.recipe.recipe import Recipe
from hexcli.records import Generation, Problem

# Problems taken where neither a task nor a limit is named: enough to see, seconds to decode.
FIRST_PROBLEMS = "50"


def decode(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="A prompt of your own, in quotes, instead of a task.", metavar="[PROMPT]"),
    ] = None,
    schedules: options.Schedules = None,
    task: options.Task = None,
    data: options.Data = None,
    model: options.Model = DEFAULTS.model,
    model_args: options.ModelArgs = None,
    trust_remote_code: options.TrustRemoteCode = False,
    limit: options.Limit = None,
    samples: options.Samples = DEFAULTS.samples,
    seed: options.Seed = DEFAULTS.seed,
    temperature: options.Temperature = DEFAULTS.temperature,
    gen_length: options.GenLength = None,
    steps: options.Steps = None,
    remasking: options.Remasking = DEFAULTS.remasking,
    cfg_scale: options.CfgScale = DEFAULTS.cfg_scale,
    fast: options.Fast = False,
    kv_cache: options.KvCache = None,
    refresh: options.Refresh = None,
    prompt_refresh: options.PromptRefresh = None,
    threshold: options.Threshold = None,
    sampler: rule_options.Sampler = None,
    alg: rule_options.Alg = None,
    eps: rule_options.Eps = None,
    alg_temp: rule_options.AlgTemp = None,
    top_p: rule_options.TopP = None,
    top_k: rule_options.TopK = None,
    entropy_threshold: rule_options.EntropyThreshold = None,
    eb_threshold: rule_options.EbThreshold = None,
    factor: rule_options.Factor = None,
    credit_alpha: rule_options.CreditAlpha = None,
    boost_gamma: rule_options.BoostGamma = None,
    decay_beta: rule_options.DecayBeta = None,
    editing_threshold: rule_options.EditingThreshold = None,
    max_post_steps: rule_options.MaxPostSteps = None,
    suppress_tokens: rule_options.SuppressTokens = None,
    logits_eos_inf: rule_options.LogitsEosInf = False,
    confidence_eos_eot_inf: rule_options.ConfidenceEosEotInf = False,
    early_ban_steps: rule_options.EarlyBanSteps = None,
    full_canvas: rule_options.FullCanvas = False,
    confidence_dtype: rule_options.ConfidenceDtype = None,
    until_decided: options.UntilDecided = False,
    decide_at: options.DecideAt = None,
    vote_order: options.VoteOrder = None,
    batch_size: options.BatchSize = "auto",
    device: options.Device = "auto",
    dtype: options.Dtype = DEFAULTS.dtype,
    output: options.Output = None,
    live: options.Live = False,
    record: options.Record = None,
    colour: options.ColourBy = "step",
    retry_failed: options.RetryFailed = False,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Decode a task, or one prompt, under several block schedules.

    Every generation is cached by (model, prompt, schedule): none is ever decoded twice, and an interrupted
    command goes on where it stopped. With neither PROMPT nor --task, the embedded model decodes the first 50
    problems of the embedded task.
    """
    from hexcli.plugins.registering import register_task

    register_task(task)
    prompt = prompt_of(words or (), schedules or ())
    if prompt is not None:
        _refuse_problems(data, limit)
    recording = recording_to(record, colour)
    recipe = _recipe(
        {
            "model": model,
            "task": task or ("prompt" if prompt is not None else DEFAULTS.task),
            "data": data,
            "schedules": values.schedules(schedules),
            "gen_length": gen_length,
            "steps": steps,
            "remasking": remasking,
            "temperature": temperature,
            "cfg_scale": cfg_scale,
            **values.shortcuts(
                fast, kv_cache=kv_cache, refresh=refresh, prompt_refresh=prompt_refresh, threshold=threshold
            ),
            **values.rules(
                sampler=sampler,
                alg=alg,
                eps=eps,
                alg_temp=alg_temp,
                top_p=top_p,
                top_k=top_k,
                entropy_threshold=entropy_threshold,
                eb_threshold=eb_threshold,
                factor=factor,
                credit_alpha=credit_alpha,
                boost_gamma=boost_gamma,
                decay_beta=decay_beta,
                editing_threshold=editing_threshold,
                max_post_steps=max_post_steps,
                suppress_tokens=suppress_tokens,
                logits_eos_inf=logits_eos_inf,
                confidence_eos_eot_inf=confidence_eos_eot_inf,
                early_ban_steps=early_ban_steps,
                full_canvas=full_canvas,
                confidence_dtype=confidence_dtype,
            ),
            "samples": samples,
            "seed": seed,
            "limit": FIRST_PROBLEMS if (task, prompt, limit) == (None, None, None) else limit,
            "dtype": dtype,
        },
        model_args,
        agreed=yes,
    )
    how = How(
        device=device,
        batch_size=values.batch_size(batch_size),
        trust_remote_code=trust_remote_code,
        certainty=values.certainty(until_decided, decide_at),
        live=Live(task=recipe.task, colour=colour) if live else None,
        vote_order=values.vote_order(vote_order, recipe.schedules, until_decided or decide_at is not None),
        retry_failed=retry_failed,
    )
    if output is not None and output.is_file():
        raise UsageError(f"'{output}' is a file: choose another -o")
    if prompt is None:
        _decode_task(recipe, output or recipe.folder(Path("runs")), how, recording, dry_run, as_json)
    else:
        _decode_prompt(recipe, prompt, output, how, recording, dry_run, as_json)


def _recipe(fields: dict[str, Any], model_args: list[str] | None, *, agreed: bool) -> Recipe:
    from hexcli.models.options import split_pairs
    from hexcli.recipe.file import expand
    from hexcli.recipe.size import MOST

    (recipe,) = expand({**fields, "model_args": split_pairs(model_args or ())}, None if agreed else MOST)
    return recipe


def _refuse_problems(data: str | None, limit: str | None) -> None:
    """A prompt of one's own is the only problem there is. Raises UsageError."""
    if data is not None:
        raise UsageError("--data takes the problems of a task, and a prompt of your own is one: leave one out")
    if limit is not None:
        raise UsageError("--limit takes problems of a task, and a prompt of your own is none: leave one out")


def _decode_task(
    recipe: Recipe, path: Path, how: How, recording: Recording | None, dry_run: bool, as_json: bool
) -> None:
    if dry_run:
        show_preview(preview_with(recipe, path, how), as_json)
        return
    row = outcome_row(path, run_with_progress(recipe, path, how))
    if recording is not None:
        recording.of_run(path)
    if as_json:
        print_json(row)
    else:
        show_outcome(row)
        say_next([path], recipe.task)
    require_all([row])


def _decode_prompt(
    recipe: Recipe,
    prompt: str,
    output: Path | None,
    how: How,
    recording: Recording | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    from hexcli.engine.plan import check_recipe
    from hexcli.report.tables import ballot_text
    from hexcli.runs.ballots import cast
    from hexcli.tasks.prompt import problem_of
    from hexcli.tasks.registry import get_task

    problem = problem_of(prompt)
    if dry_run:
        path = output or recipe.folder(Path("runs"))
        show_preview(preview_with(recipe, path, how, problems=[problem]), as_json)
        return
    ballot = cast(_generations(recipe, problem, output, how), get_task(recipe.task))
    decision = ballot.decide("majority")
    if recording is not None:
        recording.of_ballot(ballot)
    not_needed = max(len(check_recipe(recipe)) - len(ballot.votes), 0)
    if as_json:
        rows = [
            {**generation.to_row(), "answer": vote.answer}
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
        return decode_problems(
            recipe,
            [problem],
            device=how.device,
            batch_size=how.batch_size,
            trust_remote_code=how.trust_remote_code,
            certainty=how.certainty,
            vote_order=how.vote_order,
            watcher=watcher,
            warn=warn,
        )
