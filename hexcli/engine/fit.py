"""What a recipe and its model must agree on before anything is decoded: blocks, lengths, the mask token, the chat."""

import dataclasses
from collections.abc import Sequence

from hexcli.alignment import why_not
from hexcli.errors import HexError, UsageError
from hexcli.models.checkpoint.checkpoint import Checkpoint
from hexcli.models.families.editing import EDITING, version
from hexcli.models.network.architecture import TransformerConfig
from hexcli.models.registry import MODELS
from hexcli.models.tokenizer.control import controls_in
from hexcli.models.tokenizer.tokenizer import Tokenizer
from hexcli.records import Problem
from hexcli.schedule import Schedule


def check_blocks(schedules: Sequence[Schedule], block: int | None, name: str) -> None:
    """Raises UsageError on a schedule that a model trained on blocks of `block` cannot be decoded under."""
    for schedule in schedules:
        if block is not None and (reason := why_not(schedule, block)) is not None:
            fits = ",".join(str(length) for length in range(1, abs(block) + 1) if block % length == 0)
            raise UsageError(f"{name} cannot be decoded in blocks of {schedule.label}: {reason}; use {fits}")


def check_sampler(schedules: Sequence[Schedule], architecture: TransformerConfig | None, name: str) -> None:
    """Raises UsageError on Fast-dLLM v2's sampler for a model whose blocks cannot begin with a token of their own."""
    fits = architecture is not None and architecture.block_length is not None and architecture.shifted
    if not fits and any(schedule.sampler == "fast_dllm_v2" for schedule in schedules):
        raise UsageError(
            "--sampler fast_dllm_v2 is of models that see blocks and whose logits are about the next token (Fast-dLLM "
            f"v2), and {name} is none"
        )


def check_cache(schedules: Sequence[Schedule], checkpoint: Checkpoint) -> None:
    """Raises UsageError on a key/value cache for a model that its own code computes."""
    for schedule in schedules:
        if checkpoint.remote and schedule.kv_cache != "none":
            raise UsageError(
                f"--kv-cache {schedule.kv_cache} needs a model that hex computes itself, and {checkpoint.name} comes "
                "with code of its own, which computes whole rows: leave it out (--threshold works)"
            )


def check_ends(schedules: Sequence[Schedule], tokenizer: Tokenizer, name: str) -> None:
    """Raises UsageError on a rule about the end of text for a model whose tokenizer has none."""
    for schedule in schedules:
        if tokenizer.end_of_text is None and (field := schedule.about_ends) is not None:
            raise UsageError(f"--{field.replace('_', '-')} has no effect: the tokenizer of {name} names no end of text")
        if schedule.confidence_eos_eot_inf and schedule.temperature > 0 and tokenizer.end_of_turn is None:
            raise UsageError(
                f"--confidence-eos-eot-inf has no effect on {name} above temperature 0: the published loop then puts "
                "the end of a turn last, and its tokenizer has none"
            )


def control_note(problems: Sequence[Problem], tokenizer: Tokenizer) -> str | None:
    """Which problems spell control tokens of the model, which stay text (models.tokenizer.control); None if none do."""
    found = {
        problem.id: tokens
        for problem in problems
        if (tokens := controls_in(" ".join([problem.question, *problem.choices]), tokenizer.control))
    }
    if not found:
        return None
    (first, tokens), more = next(iter(found.items())), len(found) - 1
    others = f" and {more} more" if more else ""
    return f"{first}{others}: control tokens of the model in a question ({tokens[0]}) are put to it as text"


def editing_note(schedules: Sequence[Schedule], checkpoint: Checkpoint) -> str | None:
    """What to say of a model that edits its tokens, or one that may be such; else None."""
    if checkpoint.config.get("model_type") != "llada2_moe":
        return None
    found = version(checkpoint.path, checkpoint.config)
    edited = [schedule.editing_threshold is not None for schedule in schedules]
    how = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in EDITING.items())
    if found == "2.1" and all(edited):
        said = all(getattr(schedule, name) == value for schedule in schedules for name, value in EDITING.items())
        return f"{checkpoint.name} is LLaDA2.1: its tokens are edited ({how}; --sampler llada: not)" if said else None
    if found == "2.1":
        return f"{checkpoint.name} is LLaDA2.1, which edits its tokens, and is decoded without here: {how}"
    if found is None and not all(edited):
        return (
            f"nothing tells whether {checkpoint.name} is LLaDA2.0, or LLaDA2.1, which edits its tokens; it is decoded "
            f"as 2.0 here: for 2.1, {how} is its published quality mode"
        )
    if found == "2.0" and any(edited):
        return f"{checkpoint.name} is LLaDA2.0, which was not trained to edit its tokens: leave --editing-threshold out"
    return None


def chat_or_plain(tokenizer: Tokenizer, reference: str, checkpoint: Checkpoint) -> Tokenizer:
    """The tokenizer as the prompt needs it: without its chat template for a base model, or where the user says so.

    Raises UsageError where the user asks for one that is not there.
    """
    wanted = checkpoint.options.chat_template
    if wanted and tokenizer.template is None:
        raise UsageError(f"-M chat_template=true has no effect: the tokenizer of {checkpoint.name} has none")
    if wanted is None:
        hub_id = reference.partition("@")[0]
        wanted = not any(entry.base for name, entry in MODELS.items() if reference == name or hub_id == entry.source)
    return tokenizer if wanted else dataclasses.replace(tokenizer, template=None)


def context_of(checkpoint: Checkpoint, architecture: TransformerConfig | None) -> int | None:
    """The longest sequence the model was trained for, in tokens; None where nothing says it."""
    if architecture is not None:
        return architecture.context
    said = checkpoint.config.get("max_position_embeddings") or checkpoint.config.get("max_sequence_length")
    return said if isinstance(said, int) else None


def choose_mask_id(checkpoint: Checkpoint, tokenizer: Tokenizer, architecture: TransformerConfig | None) -> int:
    """The id of the mask token: the user's, else config.json's, else the tokenizer's.

    A config.json that calls the end of text its mask (a default of some published classes) is not believed. Raises
    HexError where there is none, or none that the model has an embedding for.
    """
    said = checkpoint.options.mask_id
    if said is None:
        said = checkpoint.config.get("mask_token_id")
        if not isinstance(said, int) or said < 0 or said in tokenizer.end_ids:
            said = tokenizer.mask_id
    if said is None:
        raise HexError(
            f"{checkpoint.path} names no mask token: neither config.json nor the tokenizer has one; "
            "if you know its id, say -M mask_id=ID"
        )
    if architecture is not None and said >= architecture.vocab_size:
        raise HexError(f"mask token {said} is outside the {architecture.vocab_size} tokens of {checkpoint.name}")
    return said
