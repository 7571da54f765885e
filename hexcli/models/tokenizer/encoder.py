"""The part of `tokenizers.Tokenizer` that is needed, whoever provides it."""

from typing import Protocol


class Encoding(Protocol):
    """What `Encoder.encode` gives."""

    @property
    def ids(self) -> list[int]:
        """The token ids."""
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
