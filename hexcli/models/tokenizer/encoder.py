"""The part of `tokenizers.Tokenizer` that is needed, whoever provides it."""

from collections.abc import Mapping
from typing import Protocol


class Encoding(Protocol):
    """What `Encoder.encode` gives."""

    @property
    def ids(self) -> list[int]:
        """The token ids."""
        ...


class Added(Protocol):
    """A token that was added to a vocabulary, as tokenizers.AddedToken has it."""

    @property
    def content(self) -> str:
        """Its text."""
        ...

    @property
    def special(self) -> bool:
        """Whether it is no text."""
        ...


class Encoder(Protocol):
    """Text to token ids and back."""

    def encode(self, sequence: str, *, add_special_tokens: bool) -> Encoding:
        """Text -> token ids."""
        ...

    def decode(self, ids: list[int], *, skip_special_tokens: bool) -> str:
        """Token ids -> text."""
        ...

    def token_to_id(self, token: str) -> int | None:
        """The id of a token, if it is one."""
        ...

    def get_added_tokens_decoder(self) -> Mapping[int, Added]:
        """The tokens that were added to the vocabulary, by id."""
        ...
