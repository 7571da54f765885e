"""The optimizers: Muon for the matrices inside the layers, AdamW for embedding, head and norms.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) steps by the momentum's nearest
orthogonal matrix. The step is scaled to the size of AdamW's, 0.2 sqrt(max(rows, columns)), as in "Muon is
Scalable for LLM Training" (arXiv 2502.16982), so that one range of learning rates fits both.
"""

from collections.abc import Iterable
from typing import Any

import torch
from settings import Settings
from torch import Tensor, nn

# Newton-Schulz coefficients of the same source: five rounds bring all singular values near 1.
_A, _B, _C = 3.4445, -4.7750, 2.0315
_ROUNDS = 5


def orthogonalize(matrices: Tensor) -> Tensor:
    """The nearest orthogonal matrices, roughly: [N, rows, columns] with rows <= columns, in bfloat16."""
    x = matrices.bfloat16()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(_ROUNDS):
        a = x @ x.mT
        x = _A * x + (_B * a + _C * a @ a) @ x
    return x


class Muon(torch.optim.Optimizer):
    """Muon on matrices. Those of one shape, or of its transpose, are worked on together: far fewer launches."""

    def __init__(self, matrices: Iterable[nn.Parameter], *, lr: Tensor, weight_decay: float, momentum: float) -> None:
        super().__init__(matrices, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})
        weights = [weight for group in self.param_groups for weight in group["params"]]
        self._shapes: dict[tuple[int, ...], list[nn.Parameter]] = {}
        for weight in weights:
            self._shapes.setdefault(tuple(sorted(weight.shape)), []).append(weight)
        self._orthogonalize = torch.compile(orthogonalize) if weights[0].is_cuda else orthogonalize

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """Move every matrix by its gradient."""
        (group,) = self.param_groups
        lr, momentum = group["lr"], group["momentum"]
        for shape, weights in self._shapes.items():
            gradients = torch.stack([_flat(weight.grad) for weight in weights if weight.grad is not None])
            state = self.state[weights[0]]  # one average for all matrices of the shape
            if "average" not in state:
                state["average"] = torch.zeros_like(gradients)
            average = state["average"].lerp_(gradients, 1 - momentum)
            steps = self._orthogonalize(gradients.lerp(average, momentum)).to(gradients.dtype)
            steps = steps * (-0.2 * max(shape) ** 0.5 * lr)
            torch._foreach_mul_(weights, 1 - lr * group["weight_decay"])
            pairs = zip(weights, steps, strict=True)
            moves = [step if weight.shape == step.shape else step.mT for weight, step in pairs]
            torch._foreach_add_(weights, moves)


def _flat(matrix: Tensor) -> Tensor:
    """The matrix, transposed if it is taller than wide."""
    return matrix.mT if matrix.shape[0] > matrix.shape[1] else matrix


def optimizers(model: nn.Module, settings: Settings) -> list[torch.optim.Optimizer]:
    """Muon and AdamW, each with the rate of its peak as `peak` in its groups. Norms do not decay.

    Their rates are tensors, to be filled anew before a step: a recorded step reads them where they are.
    """
    named = list(model.named_parameters())
    inner = [weight for name, weight in named if weight.ndim == 2 and "layers." in name]
    outer = [weight for name, weight in named if weight.ndim == 2 and "layers." not in name]
    norms = [weight for _, weight in named if weight.ndim < 2]
    device = norms[0].device
    on_gpu: dict[str, Any] = {"fused": True, "capturable": True} if device.type == "cuda" else {}
    groups = [(outer, settings.weight_decay), (norms, 0.0)]
    if settings.muon_lr == 0:
        groups.append((inner, settings.weight_decay))
    adamw = torch.optim.AdamW(
        [
            {"params": weights, "weight_decay": decay, "lr": torch.tensor(settings.lr, device=device)}
            for weights, decay in groups
        ],
        betas=(0.9, 0.98),
        **on_gpu,
    )
    for group in adamw.param_groups:
        group["peak"] = settings.lr
    if settings.muon_lr == 0:
        return [adamw]
    rate = torch.tensor(settings.muon_lr, device=device)
    muon = Muon(inner, lr=rate, weight_decay=settings.weight_decay, momentum=settings.momentum)
    muon.param_groups[0]["peak"] = settings.muon_lr
    return [muon, adamw]
