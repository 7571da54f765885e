"""Where each token of a response ends in its text."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Encoder
from tokenizers import decoders, models, pre_tokenizers

from hexcli.models.tokenizer.tokenizer import Tokenizer, load_tokenizer

TINY = load_tokenizer(Path(__file__).parents[3] / "hexcli" / "models" / "tiny")


def byte_level() -> Tokenizer:
    """A vocabulary of single bytes, as the byte-level BPE of LLaDA and Qwen falls back to."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    encoder = Encoder(models.BPE(vocab={letter: place for place, letter in enumerate(letters)}, merges=[]))
    encoder.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    encoder.decoder = decoders.ByteLevel()
    encoder.add_special_tokens(["<|endoftext|>"])
    return Tokenizer(encoder=encoder, template=None, special={})


BYTES = byte_level()


@pytest.mark.parametrize("tokenizer", [TINY, BYTES], ids=["tiny", "byte-level"])
@given(text=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=40))
def test_each_token_ends_where_its_text_does(tokenizer: Tokenizer, text: str) -> None:
    assume("<|" not in text)  # an end token ends the text: see below
    ids = tokenizer.encode(text)
    whole, ends = tokenizer.decode(ids), tokenizer.ends(ids)
    assert len(ends) == len(ids)
    assert list(ends) == sorted(ends)
    assert [whole[:end] for end in ends] == [tokenizer.decode(ids[: place + 1]) for place in range(len(ids))]


def test_the_text_ends_at_the_end_token() -> None:
    end = BYTES.encode("<|endoftext|>")
    assert BYTES.ends([*BYTES.encode("ab"), *end, *BYTES.encode("c"), *end]) == (1, 2)


@pytest.mark.parametrize("text", ["7 × 3½", "日本", "a\ufffdb"])
def test_the_bytes_of_a_character_end_where_it_does(text: str) -> None:
    ids = BYTES.encode(text)
    ends = BYTES.ends(ids)
    assert list(ends) == sorted(ends)
    assert len(ends) == len(ids) == len(text.encode())
    assert ends[-1] == len(text)


def test_half_a_character_at_the_end_does_no_harm() -> None:
    ids = BYTES.encode("a×")[:-1]
    assert BYTES.ends(ids)[0] == 1
    assert max(BYTES.ends(ids)) <= len(BYTES.decode(ids))
    assert BYTES.ends([]) == ()
