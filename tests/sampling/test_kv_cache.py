"""What is kept of rows: windows of unchanged tokens have the features of whole rows."""

from typing import Any

import pytest
import torch
from torch import Tensor

from hexcli.sampling.kv_cache import KeyValueCache
from tests.sampling.caching import MODEL
from tests.sampling.decoding import small
from tests.windows import window_features


def between(first: Tensor, stop: Tensor, width: int) -> Tensor:
    """bool [B, width]: the columns from `first` to before `stop`."""
    columns = torch.arange(width)
    return (columns >= first[:, None]) & (columns < stop[:, None])


PARTS: dict[str, dict[str, Any]] = {
    "llada": {},
    "dream": {"shifted": True, "qkv_bias": True, "rotary_float32": False},
    "qwen3": {"qk_norm": True, "head_dim": 6},
    "blocks": {"block_length": 4},
    "shifted blocks": {"block_length": 4, "shifted": True, "attention": "eager"},
}


@pytest.mark.parametrize("parts", PARTS.values(), ids=list(PARTS))
def test_a_window_of_unchanged_tokens_gives_the_features_of_the_whole_row(parts: dict[str, Any]) -> None:
    """Positions, masks and what features need beside their window: padded rows, windows of all widths."""
    model = small(**parts)
    ids = torch.randint(1, 40, (3, 12))
    real = torch.arange(12) >= torch.tensor([0, 5, 2])[:, None]
    cache = KeyValueCache()
    padding = torch.tensor([0, 5, 2])
    places = cache.take(3, 12)[::-1]
    whole = window_features(cache, model, ids, real, real, places)
    assert torch.allclose(whole[real], model.features(ids, real)[real], atol=1e-5)
    first, stop = torch.tensor([0, 5, 3]), torch.tensor([4, 12, 8])
    found = window_features(cache, model, ids, real, between(first, stop, 12), places)
    for row in range(3):
        skipped = 0 if first[row] == padding[row] else model.lookback
        inside = slice(int(first[row]) + skipped, int(stop[row]))
        assert torch.allclose(found[row, inside], whole[row, inside], atol=1e-5)


def test_a_row_keeps_its_place_in_the_cache_whoever_comes_and_goes() -> None:
    ids = torch.randint(1, 40, (3, 12))
    real = torch.arange(12) >= torch.tensor([0, 5, 2])[:, None]
    cache = KeyValueCache()
    assert cache.take(3, 12) == [0, 1, 2]
    whole = window_features(cache, MODEL, ids, real, real, [0, 1, 2])
    cache.give([0])
    window = between(torch.tensor([3, 4]), torch.tensor([6, 10]), 10)
    found = window_features(cache, MODEL, ids[[2, 1], 2:], real[[2, 1], 2:], window, [2, 1])
    assert torch.allclose(found[0, 3:6], whole[2, 5:8], atol=1e-5)
    assert torch.allclose(found[1, 4:], whole[1, 6:], atol=1e-5)
    moves = cache.moves
    assert cache.take(1, 9) == [0]
    assert cache.moves == moves
    assert cache.take(2, 30) == [3, 4]
    assert cache.moves == moves + 1, "it grows where it has to"
    again = window_features(cache, MODEL, ids[1:], real[1:], real[1:], [1, 2])
    assert torch.allclose(again[real[1:]], whole[1:][real[1:]], atol=1e-5)
