"""`hex decode`: generate under several schedules, into the cache and a run folder."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from hexcli.cli import effects, values
from hexcli.cli.mistakes import prompt_of
from hexcli.cli.options import models, outputs, problems, samplers, sampling, schedule, speed, workers
from hexcli.cli.options.groups import DEFAULTS
from hexcli.cli.outcomes import (
    How,
    Live,
    outcome_row,
    preview_with,
    require_all,
    run_with_progress,
    say_next,
    show_outcome,
    show_preview,
    stopped_run,
)
from hexcli.cli.output import print_json
from hexcli.cli.prompting import (
    decode_prompt,
    problems_named,
    refuse_problems,
    refuse_retry,
    show_prompts,
    tell_reading,
)
from hexcli.cli.recording import Recording, colour_by, recording_to
from hexcli.cli.stopping import telling
from hexcli.labels import FIELDS, SAMPLES
from hexcli.recipe.recipe import Recipe

# Problems taken where neither a task nor a limit is named: enough to see, seconds to decode.
FIRST_PROBLEMS = "50"


def decode(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="A prompt of your own, in quotes; with --task it is asked and read as that task does.",
            metavar="[PROMPT]",
        ),
    ] = None,
    schedules: schedule.Schedules = None,
    task: problems.Task = None,
    data: problems.Data = None,
    prompts: problems.Prompts = None,
    fewshot: problems.Fewshot = None,
    fewshot_data: problems.FewshotData = None,
    fewshot_seed: problems.FewshotSeed = None,
    model: models.Model = DEFAULTS.model,
    model_args: models.ModelArgs = None,
    trust_remote_code: models.TrustRemoteCode = False,
    limit: problems.Limit = None,
    shard: problems.Shard = None,
    samples: sampling.Samples = DEFAULTS.samples,
    seed: sampling.Seed = DEFAULTS.seed,
    temperature: sampling.Temperature = DEFAULTS.temperature,
    gen_length: schedule.GenLength = None,
    steps: schedule.Steps = None,
    remasking: schedule.Remasking = DEFAULTS.remasking,
    cfg_scale: sampling.CfgScale = DEFAULTS.cfg_scale,
    fast: speed.Fast = False,
    kv_cache: speed.KvCache = None,
    refresh: speed.Refresh = None,
    prompt_refresh: speed.PromptRefresh = None,
    threshold: speed.Threshold = None,
    sampler: samplers.Sampler = None,
    alg: samplers.Alg = None,
    eps: samplers.Eps = None,
    alg_temp: samplers.AlgTemp = None,
    top_p: samplers.TopP = None,
    top_k: samplers.TopK = None,
    entropy_threshold: samplers.EntropyThreshold = None,
    block_add_threshold: samplers.BlockAddThreshold = None,
    eb_threshold: samplers.EbThreshold = None,
    factor: samplers.Factor = None,
    credit_alpha: samplers.CreditAlpha = None,
    boost_gamma: samplers.BoostGamma = None,
    decay_beta: samplers.DecayBeta = None,
    editing_threshold: samplers.EditingThreshold = None,
    max_post_steps: samplers.MaxPostSteps = None,
    suppress_tokens: samplers.SuppressTokens = None,
    logits_eos_inf: samplers.LogitsEosInf = False,
    confidence_eos_eot_inf: samplers.ConfidenceEosEotInf = False,
    early_ban_steps: samplers.EarlyBanSteps = None,
    full_canvas: samplers.FullCanvas = False,
    confidence_dtype: samplers.ConfidenceDtype = None,
    until_decided: speed.UntilDecided = False,
    decide_at: speed.DecideAt = None,
    vote_order: speed.VoteOrder = None,
    batch_size: speed.BatchSize = "auto",
    device: speed.Device = "auto",
    worker_count: workers.Workers = None,
    engine: workers.Engine = workers.DEFAULT_ENGINE,
    gpus_per_worker: workers.GpusPerWorker = None,
    dtype: models.Dtype = DEFAULTS.dtype,
    output: outputs.Output = None,
    live: outputs.Live = False,
    record: outputs.Record = None,
    colour: outputs.ColourBy = None,
    record_steps: outputs.RecordSteps = False,
    retry_failed: outputs.RetryFailed = False,
    yes: outputs.Yes = False,
    dry_run: outputs.DryRun = False,
    show_prompt: outputs.ShowPrompt = False,
    as_json: outputs.Json = False,
) -> None:
    """Decode a task, or one prompt, under several block schedules.

    Every generation is cached by (model, prompt, schedule): none is ever decoded twice, and an interrupted
    command goes on where it stopped. With neither PROMPT nor --task, the embedded model decodes the first 50
    problems of the embedded task.
    """
    from hexcli.engine.plan import require_limit
    from hexcli.plugins.held import register_task
    from hexcli.plugins.registering import register_rules
    from hexcli.runs.place import require_run_name

    register_task(task)
    register_rules([remasking])
    prompt = prompt_of(words or (), schedules or ())
    if prompt is not None:
        refuse_problems(data, limit, shard)
        refuse_retry(output, retry_failed=retry_failed)
    recording = recording_to(record, colour)
    effects.refuse_idle_views(live=live, record=record, colour=colour, dry_run=dry_run)
    recipe = _recipe(
        {
            "model": model,
            **problems_named(task, prompt, data),
            "prompts": values.prompts(prompts),
            "fewshot": fewshot,
            "fewshot_data": fewshot_data,
            "fewshot_seed": fewshot_seed or 0,
            "schedules": values.schedules(schedules),
            "gen_length": gen_length,
            "steps": steps,
            "remasking": remasking,
            "temperature": temperature,
            "cfg_scale": cfg_scale,
            **values.shortcuts(
                fast,
                temperature,
                kv_cache=kv_cache,
                refresh=refresh,
                prompt_refresh=prompt_refresh,
                threshold=threshold,
            ),
            **values.rules(
                sampler=sampler,
                alg=alg,
                eps=eps,
                alg_temp=alg_temp,
                top_p=top_p,
                top_k=top_k,
                entropy_threshold=entropy_threshold,
                block_add_threshold=block_add_threshold,
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
            "limit": FIRST_PROBLEMS if task is prompt is limit is data is None else limit,
            "shard": shard,
            "dtype": dtype,
            "record_steps": record_steps,
        },
        model_args,
        agreed=yes,
    )
    effects.refuse_overruled(recipe, [*FIELDS, SAMPLES])
    effects.refuse_heat(recipe)
    effects.refuse_idle_seed(recipe)
    effects.refuse_idle_steps(recipe)
    if prompt is None:
        require_limit(recipe)
        tell_reading(task, data, recipe)
    certainty = values.certainty(until_decided, decide_at)
    effects.refuse_idle_stop([recipe], certainty)
    if show_prompt:
        effects.refuse_beside_prompts(
            {"--dry-run": dry_run, "--live": live, "--record": record, "-o": output, "--retry-failed": retry_failed}
            | {"--workers": worker_count, "--until-decided": certainty, "--record-steps": record_steps}
        )
    crew, device = values.crew_of(worker_count, engine, gpus_per_worker, device, live=live, dry=dry_run)
    how = How(
        device=device,
        crew=crew,
        batch_size=values.batch_size(batch_size),
        trust_remote_code=trust_remote_code,
        certainty=certainty,
        live=Live(task=recipe.task, colour=colour_by(colour)) if live else None,
        vote_order=values.vote_order(vote_order, recipe.schedules, until_decided or decide_at is not None),
        retry_failed=retry_failed,
    )
    if output is not None:
        require_run_name(output)
    if show_prompt:
        show_prompts(recipe, prompt, how, as_json)
    elif prompt is None:
        _decode_task(recipe, output or recipe.folder(Path("runs")), how, recording, dry_run, as_json)
    else:
        decode_prompt(recipe, prompt, output, how, recording, dry_run, as_json)


def _recipe(fields: dict[str, Any], model_args: list[str] | None, *, agreed: bool) -> Recipe:
    from hexcli.models.options import split_pairs
    from hexcli.recipe.file import expand
    from hexcli.recipe.size import MOST

    (recipe,) = expand({**fields, "model_args": split_pairs(model_args or ())}, None if agreed else MOST)
    return recipe


def _decode_task(
    recipe: Recipe, path: Path, how: How, recording: Recording | None, dry_run: bool, as_json: bool
) -> None:
    if dry_run:
        show_preview(preview_with(recipe, path, how), as_json)
        return
    row = outcome_row(path, run_with_progress(recipe, path, how))
    with telling(partial(stopped_run, path)):
        if recording is not None:
            recording.of_run(path)
        if as_json:
            print_json(row)
        else:
            show_outcome(row)
            say_next([path])
    require_all([row])
