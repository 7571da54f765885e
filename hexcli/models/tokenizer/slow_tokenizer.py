"""Tokenizers without a tokenizer.json, read by transformers. It takes seconds to import, so only where needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.errors import HexError
from hexcli.models.tokenizer.encoder import Added, Encoder


@dataclass(frozen=True)
class _Ids:
    ids: list[int]


@dataclass(frozen=True)
class SlowEncoder:
    """A tokenizer of transformers in Python, as an Encoder."""

    tokenizer: Any

    def encode(self, sequence: str, *, add_special_tokens: bool) -> _Ids:
        """See Encoder."""
        return _Ids(self.tokenizer.encode(sequence, add_special_tokens=add_special_tokens))

    def decode(self, ids: list[int], *, skip_special_tokens: bool) -> str:
        """See Encoder."""
        text: str = self.tokenizer.decode(
            ids, skip_special_tokens=skip_special_tokens, clean_up_tokenization_spaces=False
        )
        return text

    def token_to_id(self, token: str) -> int | None:
        """See Encoder."""
        found: int | None = self.tokenizer.get_vocab().get(token)
        return found

    def get_added_tokens_decoder(self) -> Mapping[int, Added]:
        """See Encoder."""
        found: Mapping[int, Added] = self.tokenizer.added_tokens_decoder
        return found


def read_encoder(path: Path, class_name: str | None, *, remote: bool) -> Encoder:
    """The tokenizer in folder `path`, as transformers reads it: of the class named, or of the one its config names.

    `remote`: its own Python code may run. Raises HexError where it cannot be read.
    """
    import transformers

    kind = getattr(transformers, class_name or "AutoTokenizer")
    trusted = {} if class_name else {"trust_remote_code": remote}
    try:
        tokenizer = kind.from_pretrained(path, local_files_only=True, **trusted)
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise HexError(f"cannot read the tokenizer in {path}: {said}") from error
    backend: Encoder | None = getattr(tokenizer, "backend_tokenizer", None)
    return SlowEncoder(tokenizer) if backend is None else backend
