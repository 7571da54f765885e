"""What a recipe asks for, job by job, before anything is computed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hexcli.engine.asking import check_length, check_tokens, prompts_of, shots_of
from hexcli.engine.fit import (
    chat_or_plain,
    check_blocks,
    check_cache,
    check_ends,
    check_sampler,
    choose_mask_id,
    context_of,
    control_note,
    editing_note,
)
from hexcli.engine.job import Job, jobs_of
from hexcli.errors import UsageError, plural
from hexcli.models.checkpoint.checkpoint import Checkpoint, find_checkpoint
from hexcli.models.families.reading import read_architecture
from hexcli.models.network.architecture import TransformerConfig
from hexcli.models.options import read_options
from hexcli.models.registry import DEFAULT_GEN_LENGTH, MODELS
from hexcli.models.tokenizer.tokenizer import Tokenizer, load_tokenizer
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem, Response
from hexcli.schedule import Schedule
from hexcli.task import Task
from hexcli.tasks.data.local import Loaded, load_problems
from hexcli.tasks.oddities import asked_twice, lost_latex
from hexcli.tasks.prompts.choosing import Wordings, choose_wordings, named_wordings
from hexcli.tasks.registry import get_task
from hexcli.voter import Voter, in_cast_order, voter_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every job of a run, problem by problem, schedules in cast order.

    wordings      of the prompts, by their names in a voter; None: the task's own, asked by itself
    architecture  what the model is made of; None where its own code makes it
    data          the hash of the data file; empty without one
    """

    recipe: Recipe
    task: Task
    checkpoint: Checkpoint
    architecture: TransformerConfig | None
    tokenizer: Tokenizer
    mask_id: int
    dtype: str
    schedules: list[Schedule]
    wordings: Wordings
    problems: list[Problem]
    jobs: list[Job]
    data: str

    def takes(self, response: Response) -> bool:
        """Whether a cached generation has all that is asked for: also its drafts, where steps are recorded."""
        return response.drafts is not None or not self.recipe.record_steps

    @property
    def voters(self) -> list[Voter]:
        """Who will vote on each problem, in cast order."""
        return in_cast_order(voter_of(schedule, name) for schedule in self.schedules for name in self.wordings)

    @property
    def notes(self) -> list[str]:
        """What a user has to know of how it will be decoded."""
        found = [editing_note(self.schedules, self.checkpoint), control_note(self.problems, self.tokenizer)]
        if self.data:  # rows of a user's file
            prompts = {job.problem.id: job.prompt for job in self.jobs}
            found += [lost_latex(prompts), asked_twice(prompts.values())]
        return [note for note in found if note is not None]


def plan_run(
    recipe: Recipe,
    *,
    dtype: str | Callable[[], str],
    problems: Sequence[Problem] | None = None,
    download: bool = True,
    trust_remote_code: bool = False,
) -> Plan:
    """The jobs of a recipe, on the task's problems or on those given. `dtype` is the resolved one, or resolves it
    once all else is found.

    Raises UsageError where the recipe does not fit (schedule, limit, a prompt too long for the model), HexError
    where the dataset or the model cannot be had, or is none that hex can decode.
    """
    task = get_task(recipe.task)
    schedules = check_recipe(recipe)
    wordings = choose_wordings(task, recipe.prompts, shots_of(recipe))
    checkpoint = find_checkpoint(
        recipe.model,
        download=download,
        options=read_options(recipe.options),
        trust_remote_code=trust_remote_code,
    )
    model = _fitting(checkpoint, schedules, recipe.model)
    chosen = choose_problems(recipe, task) if problems is None else Loaded(problems)
    asked = list(_asked(chosen.problems, task, wordings, model, schedules))
    resolved = dtype if isinstance(dtype, str) else dtype()
    places = {problem.id: place for place, problem in enumerate(chosen.problems)}
    identity, block = checkpoint.identity, model.trained_block
    jobs = [
        job
        for problem, name, prompt, ids in asked
        for job in jobs_of(problem, prompt, ids, schedules, block, model=identity, dtype=resolved, prompt_name=name)
    ]
    jobs.sort(key=lambda job: (places[job.problem.id], job.voter.cast_order))
    return Plan(
        recipe=recipe,
        task=task,
        checkpoint=checkpoint,
        architecture=model.architecture,
        tokenizer=model.tokenizer,
        mask_id=model.mask_id,
        dtype=resolved,
        schedules=schedules,
        wordings=wordings,
        problems=list(chosen.problems),
        jobs=jobs,
        data=chosen.data,
    )


class _Model(NamedTuple):
    """What a checkpoint is read as; the fields are those of a Plan."""

    checkpoint: Checkpoint
    architecture: TransformerConfig | None
    tokenizer: Tokenizer
    mask_id: int

    @property
    def trained_block(self) -> int | None:
        return self.architecture.trained_block if self.architecture else None


def _fitting(checkpoint: Checkpoint, schedules: Sequence[Schedule], called: str) -> _Model:
    """The model that these schedules are for. Raises UsageError where it cannot be decoded under one of them."""
    architecture = None
    if not checkpoint.remote:
        architecture = read_architecture(checkpoint.path, checkpoint.config, checkpoint.options)
    check_blocks(schedules, architecture.trained_block if architecture else None, checkpoint.name)
    check_sampler(schedules, architecture, checkpoint.name)
    check_cache(schedules, checkpoint)
    tokenizer = chat_or_plain(load_tokenizer(checkpoint.path, remote=checkpoint.remote), called, checkpoint)
    check_ends(schedules, tokenizer, checkpoint.name)
    return _Model(checkpoint, architecture, tokenizer, choose_mask_id(checkpoint, tokenizer, architecture))


def _asked(
    problems: Sequence[Problem],
    task: Task,
    wordings: Wordings,
    model: _Model,
    schedules: Sequence[Schedule],
) -> Iterator[tuple[Problem, str, str, tuple[int, ...]]]:
    """Each problem in each wording: its name, the prompt, and its tokens. Raises UsageError where these do not fit."""
    context = context_of(model.checkpoint, model.architecture)
    longest = max(one.gen_length for one in schedules)
    for problem in problems:
        for name, prompt in prompts_of(problem, task, wordings, model.tokenizer).items():
            ids = tuple(model.tokenizer.encode(prompt))
            check_length(problem, len(ids), longest, context, model.checkpoint)
            check_tokens(problem, ids, model.mask_id, model.architecture, model.checkpoint)
            yield problem, name, prompt, ids


def check_recipe(recipe: Recipe) -> list[Schedule]:
    """The recipe's schedules, from what is known without its model and its dataset. Raises UsageError."""
    named_wordings(get_task(recipe.task), recipe.prompts)
    shots_of(recipe).check()
    recipe.span()
    options = read_options(recipe.options)
    entry = MODELS.get(recipe.model)
    schedules = recipe.ensemble(entry.gen_length if entry else DEFAULT_GEN_LENGTH)
    if entry is not None and options.block_length is None and options.grid == "trained":
        check_blocks(schedules, entry.block_length, recipe.model)
    return schedules


def require_limit(recipe: Recipe) -> None:
    """Raises UsageError where a recipe's limit asks for more problems than there are: it would be named after them."""
    if recipe.limit is None:
        return
    task = get_task(recipe.task)
    size = task.size if recipe.data is None else None
    if size is None:  # of a file
        size = len(load_problems(task, recipe.data)[0])
    if recipe.span().stop > size > recipe.span().start:
        start = recipe.span().start
        say = f"say {start}-{size - 1}" if start else "leave it out for all"
        raise UsageError(f"limit {recipe.limit} goes beyond the {plural(size, 'problem')} of {task.name}: {say}")


def choose_problems(recipe: Recipe, task: Task) -> Loaded:
    """The problems the recipe's limit takes. Raises UsageError where it takes none."""
    problems, data = load_problems(task, recipe.data)
    chosen = recipe.taken(problems)
    if not chosen and recipe.shard is not None and problems[recipe.span()]:
        raise UsageError(f"shard {recipe.shard} takes no problem: there are {len(problems[recipe.span()])}")
    if not chosen:
        raise UsageError(f"limit {recipe.limit} takes no problem: {task.name} has {len(problems)}, counted from 0")
    return Loaded(chosen, data)
