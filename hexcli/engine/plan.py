"""What a recipe asks for, job by job, before anything is computed."""

from collections.abc import Sequence
from dataclasses import dataclass

from hexcli.errors import HexError, UsageError
from hexcli.keys import generation_about, key_of, noise_key
from hexcli.models import DEFAULT_GEN_LENGTH, MODELS
from hexcli.models.checkpoint import Checkpoint, find_checkpoint
from hexcli.models.tokenizer import Tokenizer, load_tokenizer
from hexcli.recipe import Recipe
from hexcli.records import Problem
from hexcli.schedule import Schedule
from hexcli.tasks import Task, get_task
from hexcli.tasks.local import Loaded, load_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One generation to have: decoded, or found under its `key`. `about` is what the key is the hash of."""

    problem: Problem
    prompt: str
    prompt_ids: tuple[int, ...]
    schedule: Schedule
    key: str
    about: dict[str, object]
    noise_key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every job of a run, problem by problem, schedules in cast order. `data` is the hash of the data file."""

    recipe: Recipe
    task: Task
    checkpoint: Checkpoint
    tokenizer: Tokenizer
    mask_id: int
    dtype: str
    schedules: list[Schedule]
    problems: list[Problem]
    jobs: list[Job]
    data: str


def plan_run(recipe: Recipe, *, dtype: str, problems: Sequence[Problem] | None = None, download: bool = True) -> Plan:
    """The jobs of a recipe, on the task's problems or on those given. `dtype` is the resolved one.

    Raises UsageError where the recipe does not fit (schedule, limit, a prompt too long for the model), HexError
    where the dataset or the model cannot be had.
    """
    task = get_task(recipe.task)
    schedules = check_recipe(recipe)
    checkpoint = find_checkpoint(recipe.model, download=download)
    tokenizer = load_tokenizer(checkpoint.path)
    mask_id = _mask_id(checkpoint, tokenizer)
    chosen = choose_problems(recipe, task) if problems is None else Loaded(problems)
    jobs: list[Job] = []
    for problem in chosen.problems:
        prompt = tokenizer.chat(*task.prompt(problem))
        ids = tuple(tokenizer.encode(prompt))
        _check_length(problem, len(ids), schedules[0].gen_length, checkpoint)
        if mask_id in ids:
            raise UsageError(f"the prompt of {problem.id} holds the model's mask token: it cannot be decoded")
        for schedule in schedules:
            about = generation_about(model=checkpoint.identity, dtype=dtype, prompt=prompt, schedule=schedule)
            jobs.append(
                Job(
                    problem=problem,
                    prompt=prompt,
                    prompt_ids=ids,
                    schedule=schedule,
                    key=key_of(about),
                    about=about,
                    noise_key=noise_key(prompt, schedule),
                )
            )
    return Plan(
        recipe=recipe,
        task=task,
        checkpoint=checkpoint,
        tokenizer=tokenizer,
        mask_id=mask_id,
        dtype=dtype,
        schedules=schedules,
        problems=list(chosen.problems),
        jobs=jobs,
        data=chosen.data,
    )


def check_recipe(recipe: Recipe) -> list[Schedule]:
    """The recipe's schedules, from what is known without its model and its dataset. Raises UsageError."""
    get_task(recipe.task)
    recipe.span()
    entry = MODELS.get(recipe.model)
    return recipe.ensemble(entry.gen_length if entry else DEFAULT_GEN_LENGTH)


def choose_problems(recipe: Recipe, task: Task) -> Loaded:
    """The problems the recipe's limit takes. Raises UsageError where it takes none."""
    problems, data = load_problems(task, recipe.data)
    chosen = problems[recipe.span()]
    if not chosen:
        raise UsageError(f"limit {recipe.limit} takes no problem: {task.name} has {len(problems)}, counted from 0")
    return Loaded(chosen, data)


def _check_length(problem: Problem, prompt_tokens: int, gen_length: int, checkpoint: Checkpoint) -> None:
    context = checkpoint.config.get("max_sequence_length")
    if context and prompt_tokens + gen_length > context:
        raise UsageError(
            f"the prompt of {problem.id} is too long: {prompt_tokens} tokens and a canvas of {gen_length} "
            f"do not fit the {context} tokens {checkpoint.name} was trained for"
        )


def _mask_id(checkpoint: Checkpoint, tokenizer: Tokenizer) -> int:
    named = checkpoint.config.get("mask_token_id")
    mask_id = tokenizer.mask_id if named is None else int(named)
    if mask_id is None:
        raise HexError(f"{checkpoint.path} names no mask token: neither config.json nor the tokenizer has one")
    return mask_id
