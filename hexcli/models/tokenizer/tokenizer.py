"""Text <-> token ids, and the chat template, from a checkpoint's own files.

With a tokenizer.json it needs `tokenizers` only; transformers is asked where there is none.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from hexcli.errors import HexError
from hexcli.files import read_text
from hexcli.json_file import read_json, rounded
from hexcli.models.tokenizer.chat_template import render
from hexcli.models.tokenizer.control import as_text, control_tokens
from hexcli.models.tokenizer.encoder import Encoder

# What ends a response in the families we know (LLaDA, Dream, Qwen); those a vocabulary lacks are ignored.
_END_TOKENS = ("<|endoftext|>", "<|eot_id|>", "<|im_end|>", "<|role_end|>")
_MASK_TOKENS = ("<|mdm_mask|>", "<|mask|>", "<|MASK|>", "<MASK>", "<[MASK]>", "[MASK]", "|<MASK>|")
_ROLES = ("user", "assistant")
# Where a tokenizer keeps its tokens if it is not a tokenizer.json.
_VOCABULARIES = ("vocab.json", "vocab.txt", "*.model", "*.tiktoken")
# Published tokenizers that are code of their own and in fact these (tokenization_dream.py is a copy).
_SAME_AS = {"DreamTokenizer": "Qwen2Tokenizer"}


@dataclass(frozen=True, kw_only=True)
class Tokenizer:
    """A checkpoint's tokenizer. `special` holds its named special tokens (bos_token, eos_token, ...)."""

    encoder: Encoder
    template: str | None
    special: dict[str, str]
    _lengths: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def encode(self, text: str) -> list[int]:
        """Token ids of a final prompt: nothing is added to it."""
        return self.encoder.encode(text, add_special_tokens=False).ids

    def decode(self, ids: Sequence[int]) -> str:
        """The response in a canvas: up to the first end token, special tokens left out."""
        end = next((place for place, token in enumerate(ids) if token in self.end_ids), len(ids))
        return self.encoder.decode(list(ids[:end]), skip_special_tokens=True)

    def ends(self, ids: Sequence[int], text: str | None = None) -> tuple[int, ...]:
        """Characters of `decode(ids)` (`text`, where that is known) up to the end of each token, until the text ends.

        Where tokens do not simply add up (half a character of UTF-8 each), each prefix is decoded.
        """
        end = next((place for place, token in enumerate(ids) if token in self.end_ids), len(ids))
        lengths = [self._length(token) for token in ids[:end]]
        text = self.decode(ids) if text is None else text
        if sum(lengths) == len(text) and "\ufffd" not in text:
            return tuple(itertools.accumulate(lengths))
        prefixes = (self.decode(ids[: place + 1]) for place in range(end))
        # A prefix that ends inside a character shows a sign for it that the text does not have.
        return tuple(min(len(prefix.rstrip("\ufffd")), len(text)) for prefix in prefixes)

    def _length(self, token: int) -> int:
        if token not in self._lengths:
            self._lengths[token] = len(self.decode([token]))
        return self._lengths[token]

    def chat(self, user: str, prefill: str = "", *, system: str = "", turns: Sequence[tuple[str, str]] = ()) -> str:
        """The final prompt: the user's turn in the chat template, then the words put into the model's mouth.

        system  what is said before; turns = earlier ones, of a user and of the assistant. Where the template knows no
                system, it stands above the first user turn.

        A base model without a template gets the plain text, a line between its parts. What these texts spell of
        control tokens stays text (control.as_text).
        """
        user, prefill, system = (as_text(text, self.control) for text in (user, prefill, system))
        turns = [(as_text(asked, self.control), as_text(said, self.control)) for asked, said in turns]
        if self.template is None:
            above = [part for part in (system, *("\n".join(turn) for turn in turns)) if part]
            return "\n\n".join([*above, f"{user}\n{prefill}" if prefill else user])
        said = [{"role": role, "content": text} for turn in turns for role, text in zip(_ROLES, turn, strict=True)]
        said.append({"role": "user", "content": user})
        if system:
            return self._under(system, said) + prefill
        return self._rendered(said) + prefill

    def _under(self, system: str, messages: list[dict[str, str]]) -> str:
        """The messages under a system's; above the first of them where the template refuses it, or leaves it out."""
        try:
            if system.strip() in (found := self._rendered([{"role": "system", "content": system}, *messages])):
                return found
        except HexError:
            pass
        first, *rest = messages
        return self._rendered([{**first, "content": f"{system}\n\n{first['content']}"}, *rest])

    def _rendered(self, messages: list[dict[str, str]]) -> str:
        return render(self.template or "", messages=messages, add_generation_prompt=True, **self.special)

    @cached_property
    def control(self) -> tuple[str, ...]:
        """The control tokens, the longest first."""
        named = (*self.special.values(), *_END_TOKENS, *_MASK_TOKENS)
        return control_tokens(self.encoder.get_added_tokens_decoder(), named)

    @cached_property
    def end_ids(self) -> frozenset[int]:
        """Ids that end a response."""
        named = (self.special.get("eos_token"), self.special.get("pad_token"))
        return frozenset(self._ids((*_END_TOKENS, *named)))

    @cached_property
    def end_of_text(self) -> int | None:
        """Of the ids that end a response, the one that fills the canvas behind its end."""
        return next(self._ids((self.special.get("eos_token"), *_END_TOKENS)), None)

    @cached_property
    def end_of_turn(self) -> int | None:
        """Of the ids that end a response, the one that ends a turn of a chat, where that is another."""
        return next((token for token in self._ids(_END_TOKENS[1:]) if token != self.end_of_text), None)

    @cached_property
    def mask_id(self) -> int | None:
        """Id of the mask token, where the tokenizer has one."""
        return next(self._ids((self.special.get("mask_token"), *_MASK_TOKENS)), None)

    def _ids(self, tokens: Iterable[str | None]) -> Iterator[int]:
        for token in tokens:
            token_id: int | None = self.encoder.token_to_id(token) if token else None
            if token_id is not None:
                yield token_id


def load_tokenizer(path: Path, *, remote: bool = False) -> Tokenizer:
    """The tokenizer of a checkpoint folder; `remote`: its own Python code may make it.

    Raises HexError where its files are missing or damaged.
    """
    config = _json(path / "tokenizer_config.json")
    encoder = _encoder(path, config, remote)
    named = {name: token for name, token in config.items() if name.endswith("_token") and isinstance(token, str | dict)}
    special = {name: content for name, token in named.items() if (content := _content(token))}
    return Tokenizer(encoder=encoder, template=_template(path, config), special=special)


def _encoder(path: Path, config: dict[str, Any], remote: bool) -> Encoder:
    file = path / "tokenizer.json"
    if not file.is_file():
        if not remote and not any(found for pattern in _VOCABULARIES for found in path.glob(pattern)):
            raise HexError(f"{path} has no tokenizer.json, nor a vocabulary that transformers could read")
        from hexcli.models.tokenizer.slow_tokenizer import read_encoder

        kind = str(config.get("tokenizer_class", ""))
        return read_encoder(path, _SAME_AS.get(kind), remote=remote)
    from tokenizers import Tokenizer as FastEncoder

    try:
        encoder = FastEncoder.from_file(str(file))
    except Exception as error:  # noqa: BLE001  the library raises bare Exception, and only for the file's content
        raise HexError(f"cannot read {file}: {error}") from None
    encoder.no_padding()
    encoder.no_truncation()
    return encoder


def _json(file: Path) -> dict[str, Any]:
    try:
        value = read_json(file, rounded)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise HexError(f"cannot read {file}: {error}") from None
    return value if isinstance(value, dict) else {}


def _content(token: Any) -> str:
    """A special token is a string or an object with its content."""
    return str(token.get("content", "")) if isinstance(token, dict) else str(token)


def _template(path: Path, config: dict[str, Any]) -> str | None:
    file = path / "chat_template.jinja"
    if file.is_file():
        try:
            return read_text(file)
        except (OSError, ValueError) as error:
            raise HexError(f"cannot read {file}: {error}") from None
    template = config.get("chat_template")
    if isinstance(template, list):  # several, by name
        named = {item.get("name"): item.get("template") for item in template if isinstance(item, dict)}
        template = named.get("default")
    if template is not None and not isinstance(template, str):
        raise HexError(f"{path / 'tokenizer_config.json'} has a chat_template that is no text")
    return template
