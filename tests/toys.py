"""Small denoisers for tests, cheap and order-sensitive: what is already committed changes what comes next."""

import torch
from torch import Tensor, nn

MASK = 0
VOCABULARY = 23


class ToyDenoiser(nn.Module):
    """A random mixing network: a position's logits depend on every visible token and its distance.

    Features are float64, so that batch shapes cannot flip an argmax.
    """

    def __init__(self, seed: int = 0, width: int = 16, *, proposes_mask: bool = False) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)

        def draw(*shape: int) -> Tensor:
            return torch.randn(*shape, generator=generator, dtype=torch.float64)

        self.embedding = draw(VOCABULARY, width)
        self.near = draw(41, width)
        self.head = draw(width, VOCABULARY)
        self.proposes_mask = proposes_mask

    def features(self, ids: Tensor, real: Tensor | None = None) -> Tensor:
        if real is None:
            real = torch.ones_like(ids, dtype=torch.bool)
        position = real.long().cumsum(1) - 1
        distance = (position[:, None, :] - position[:, :, None]).clamp(-20, 20) + 20
        visible = self.embedding[ids] * real[..., None]
        gates = torch.tanh(self.near[distance]) / distance.sub(20).abs().add(1)[..., None]
        return torch.tanh(2 * torch.einsum("bijw,bjw->biw", gates, visible))

    def logits(self, features: Tensor) -> Tensor:
        logits = features @ self.head
        if not self.proposes_mask:  # like a trained model
            logits[..., MASK] = -1e4
        return logits

    def forward(self, ids: Tensor) -> Tensor:
        return self.logits(self.features(ids))
