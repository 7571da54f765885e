"""Windows of rows through a denoiser that keeps keys and values."""

from collections.abc import Sequence

from torch import Tensor

from hexcli.sampling import cached
from hexcli.sampling.exchange import CachingDenoiser
from hexcli.sampling.kv_cache import KeyValueCache


def window_features(
    cache: KeyValueCache, denoiser: CachingDenoiser, ids: Tensor, real: Tensor, window: Tensor, places: Sequence[int]
) -> Tensor:
    """Features of what is computed, a window of each row."""
    widths = window.sum(1).tolist()
    return cached.features(cache, denoiser, ids, real, window, widths, cached.Wanted(window), places)
