"""Control tokens: what a vocabulary means by itself (`<|user|>`, `<|endoftext|>`, a mask), and no text may mean.

A prompt's control tokens are those of the chat template. Where a question, or what is put around it, spells one, a
space is set behind its first character: `< |user|>`. So the prompt that a run folder keeps is what the model was asked,
letter by letter, and another prompt than that with the token.
"""

from collections.abc import Iterable, Mapping, Sequence

from hexcli.models.tokenizer.encoder import Added


def control_tokens(added: Mapping[int, Added], named: Iterable[str]) -> tuple[str, ...]:
    """Of the tokens added to a vocabulary those that are special, or that have a role by name; the longest first."""
    roles = set(named)
    found = {token.content for token in added.values() if token.content and (token.special or token.content in roles)}
    return tuple(sorted(found, key=lambda token: (-len(token), token)))


def controls_in(text: str, control: Sequence[str]) -> list[str]:
    """The control tokens that a text spells."""
    return [token for token in control if token in text]


def as_text(text: str, control: Sequence[str]) -> str:
    """The text without control tokens: each one spelled with a space in it; one of a single character is left out."""
    while found := controls_in(text, control):
        for token in found:
            text = text.replace(token, f"{token[0]} {token[1:]}" if len(token) > 1 else "")
    return text
