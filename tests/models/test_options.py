"""-M key=value: what is known, what is refused, and what becomes part of the model's identity."""

import pytest

from hexcli.errors import UsageError
from hexcli.models.options import ModelOptions, read_options, split_pairs


def test_texts_become_values() -> None:
    options = read_options({"block_length": "8", "mask_id": "0", "adapter": "a/b", "shift_logits": "True"})
    assert options == ModelOptions(block_length=8, mask_id=0, adapter="a/b", shift_logits=True)
    assert read_options({}) == ModelOptions()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"adaptor": "x"}, "unknown model option 'adaptor': did you mean 'adapter'"),
        ({"attn_implementation": "flash_attention_2"}, "unknown attn_implementation 'flash_attention_2'.*sdpa, eager"),
        ({"block_length": "0"}, "-M block_length must be a whole number of at least 1, not '0'"),
        ({"mask_id": "-1"}, "-M mask_id must be a whole number of at least 0"),
        ({"shift_logits": "maybe"}, "-M shift_logits must be true or false"),
    ],
)
def test_what_is_not_known_is_refused(values: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_options(values)


@pytest.mark.parametrize("pair", ["adapter", "adapter=", "=x"])
def test_pairs_need_a_key_and_a_value(pair: str) -> None:
    with pytest.raises(UsageError, match="-M"):
        read_options(split_pairs([pair]))


def test_a_key_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="-M mask_id is given twice"):
        split_pairs(["mask_id=1", "mask_id=2"])


def test_only_what_can_change_a_token_is_part_of_the_identity() -> None:
    assert ModelOptions(device_map="auto", revision="main").identity == ""
    assert ModelOptions(attn_implementation="eager", mask_id=3).identity == "+attn=eager+mask=3"
