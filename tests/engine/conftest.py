"""What tests of the engine share."""

import pytest
import torch


@pytest.fixture
def small_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows fit into memory, and no more."""
    from hexcli.sampling.packing import Packings

    features = Packings.features

    def small_memory(self: Packings, denoiser: object, ids: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        if ids.shape[0] > 2:
            raise torch.OutOfMemoryError("too many rows")
        return features(self, denoiser, ids, wanted)

    monkeypatch.setattr(Packings, "features", small_memory)
