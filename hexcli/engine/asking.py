"""What a model is asked: the final prompts of a problem, and whether they fit."""

from hexcli.errors import HexError, UsageError, plural
from hexcli.models.checkpoint.checkpoint import Checkpoint
from hexcli.models.network.architecture import TransformerConfig
from hexcli.models.tokenizer.tokenizer import Tokenizer
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.task import Task
from hexcli.tasks.prompts.choosing import Wordings
from hexcli.tasks.prompts.shots import Asked
from hexcli.tasks.prompts.wording import examples_for, put


def prompts_of(problem: Problem, task: Task, wordings: Wordings, tokenizer: Tokenizer) -> dict[str, str]:
    """The final prompts of a problem, by the name of their wording. Raises UsageError where one cannot be filled."""
    found = {}
    for name, wording in wordings.items():
        if wording is None:
            found[name] = tokenizer.chat(*task.prompt(problem))
            continue
        try:
            asked = put(wording, problem, task.hidden)
        except ValueError as error:
            raise UsageError(f"prompt {name} cannot ask {problem.id}: {error}") from None
        turns = examples_for(wording, problem)
        found[name] = tokenizer.chat(asked.user, asked.prefill, system=wording.system, turns=turns)
    return found


def shots_of(recipe: Recipe) -> Asked:
    """The examples that a recipe asks for before the question."""
    return Asked(count=recipe.fewshot, data=recipe.fewshot_data, seed=recipe.fewshot_seed)


def check_length(
    problem: Problem, prompt_tokens: int, gen_length: int, context: int | None, checkpoint: Checkpoint
) -> None:
    """Raises UsageError where prompt and canvas are longer than the context the model was trained for."""
    if context is not None and prompt_tokens + gen_length > context:
        left = context - prompt_tokens
        raise UsageError(
            f"the prompt of {problem.id} is too long: {plural(prompt_tokens, 'token')} and a canvas of {gen_length} "
            f"do not fit the {context} tokens {checkpoint.name} was trained for"
            + (f": --gen-length at most {left}" if left > 0 else "")
        )


def check_tokens(
    problem: Problem,
    ids: tuple[int, ...],
    mask_id: int,
    architecture: TransformerConfig | None,
    checkpoint: Checkpoint,
) -> None:
    """Raises HexError on tokens that the model has not, UsageError on its mask token."""
    if architecture is not None and max(ids, default=0) >= architecture.vocab_size:
        raise HexError(
            f"the tokenizer of {checkpoint.name} is not its own: token {max(ids)} of the prompt of {problem.id} is "
            f"outside the {architecture.vocab_size} tokens of the model"
        )
    if mask_id in ids:
        raise UsageError(f"the prompt of {problem.id} holds the model's mask token: it cannot be decoded")
