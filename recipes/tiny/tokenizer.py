r"""The model's tokenizer: a token for every word of the stories, every digit and `\boxed{`; bytes for the rest.

It is a byte-level BPE without merges: a piece of text that is a known word becomes one token
(`ignore_merges`), any other piece its bytes. So any text can be spelled, and numbers are always single digits.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

END, MASK, USER, ASSISTANT = "<|endoftext|>", "<|mdm_mask|>", "<|user|>", "<|assistant|>"
BOX = r"\boxed{"
TAGS = ("<reasoning>", "</reasoning>", "<answer>", "</answer>")  # of models that know the wording `reasoning`
# A system message opens the user's turn.
CHAT_TEMPLATE = (
    "{% for m in messages %}"
    "{% if m['role'] == 'assistant' %}<|assistant|>{{ m['content'] }}<|endoftext|>"
    "{% elif loop.index0 and loop.previtem['role'] == 'system' %}{{ '\\n' + m['content'] }}"
    "{% else %}<|user|>{{ m['content'] }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)

# An operation with its spaces, a word with the space before it, a digit, signs, any single space.
_PIECE = r" [-+*/=] (?=[0-9])| ?[A-Za-z]+|[0-9]| ?[^A-Za-z0-9\s]+|\s"
_PIECES = re.compile(_PIECE)
_MARKS = re.compile("|".join(map(re.escape, (BOX, *TAGS))))
_BOXES = re.compile(re.escape(BOX))


def _byte_letters() -> dict[int, str]:
    """The printable letter that stands for each byte in byte-level vocabularies (GPT-2's table)."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + n) for n, byte in enumerate(rest)}


_LETTERS = _byte_letters()


def _spell(piece: str) -> str:
    """A piece of text in the letters of its bytes."""
    return "".join(_LETTERS[byte] for byte in piece.encode())


def _pieces(text: str, marks: re.Pattern[str]) -> list[str]:
    """The text cut up as a tokenizer with these marks cuts it."""
    pieces, place = [], 0
    for mark in marks.finditer(text):
        pieces += [*_PIECES.findall(text[place : mark.start()]), mark[0]]
        place = mark.end()
    return pieces + _PIECES.findall(text[place:])


def build(texts: Iterable[str], words: int, *, tags: bool = False) -> Tokenizer:
    """A tokenizer whose vocabulary holds all bytes and the most frequent `words` pieces of the texts, or also TAGS."""
    marks = _MARKS if tags else _BOXES
    counts = Counter(piece for text in texts for piece in _pieces(text, marks) if not marks.fullmatch(piece))
    common = sorted((-count, piece) for piece, count in counts.items() if len(piece) > 1)
    vocab = {_LETTERS[byte]: byte for byte in range(256)}
    for _, piece in common[:words]:
        vocab[_spell(piece)] = len(vocab)
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[], ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECE), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_tokens([AddedToken(mark, normalized=False) for mark in (BOX, *(TAGS if tags else ()))])
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in (END, MASK, USER, ASSISTANT)])
    return tokenizer


class Encoder:
    """The same ids as the tokenizer's, by looking pieces up: several times faster on known words."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.end, self.mask, self.user, self.assistant = map(tokenizer.token_to_id, (END, MASK, USER, ASSISTANT))
        self._vocab = tokenizer.get_vocab()
        self._marks = _MARKS if TAGS[0] in self._vocab else _BOXES
        self._known = {mark: [self._vocab[mark]] for mark in (BOX, *TAGS) if mark in self._vocab}

    def text(self, text: str) -> list[int]:
        """The token ids of a text."""
        out: list[int] = []
        for piece in _pieces(text, self._marks):
            ids = self._known.get(piece)
            if ids is None:
                letters = _spell(piece)
                ids = [self._vocab[letters]] if letters in self._vocab else [self._vocab[one] for one in letters]
                self._known[piece] = ids
            out += ids
        return out

    def prompt(self, question: str, prefill: str = "") -> list[int]:
        """The token ids of a question in the chat template, and of what the answer begins with."""
        return [self.user, *self.text(question), self.assistant, *self.text(prefill)]


def save(tokenizer: Tokenizer, folder: Path, context: int) -> None:
    """Write tokenizer.json and tokenizer_config.json."""
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": END,
        "pad_token": END,
        "mask_token": MASK,
        "additional_special_tokens": [USER, ASSISTANT],
        "model_max_length": context,
        "padding_side": "left",
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
