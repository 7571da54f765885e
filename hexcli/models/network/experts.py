"""The feed-forward part of a layer: a gated MLP, or a mixture of such MLPs with a router.

Sources: LLaDA-MoE (arXiv 2509.24389), Qwen3-MoE (arXiv 2505.09388) and LLaDA2.0 (arXiv 2512.15745) with their
modeling files.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hexcli.models.network.architecture import Experts
from hexcli.sampling.fusing import fused


class SwiGLU(nn.Module):
    """Gated MLP: down(silu(gate(x)) * up(x))."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(width, inner, bias=False)
        self.up_proj = nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., width]"""
        return self.down_proj(_gated(self.gate_proj(x), self.up_proj(x)))  # type: ignore[no-any-return]


@fused(lambda gate: gate.shape[-1])
def _gated(gate: Tensor, up: Tensor) -> Tensor:
    return F.silu(gate) * up


class Router(nn.Module):
    """Which experts a token goes through, and with what weight."""

    def __init__(self, width: int, experts: Experts) -> None:
        super().__init__()
        self.experts = experts
        self.weight = nn.Parameter(torch.empty(experts.count, width))
        nn.init.normal_(self.weight, std=width**-0.5)
        if experts.bias:
            self.expert_bias = nn.Parameter(torch.zeros(experts.count))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x [N, width] -> the chosen experts, int [N, chosen], and their weights, float32 [N, chosen]"""
        experts = self.experts
        if experts.score == "softmax":
            scores = F.linear(x, self.weight).softmax(-1, dtype=torch.float32)
        else:
            scores = F.linear(x.float(), self.weight.float()).sigmoid()
        merit = scores + self.expert_bias if experts.bias else scores
        if experts.groups > 1:
            grouped = merit.view(len(x), experts.groups, -1)
            best = grouped.topk(2, dim=-1).values.sum(-1).topk(experts.chosen_groups, dim=-1).indices
            allowed = torch.zeros_like(grouped[..., 0], dtype=torch.bool).scatter_(1, best, True)
            merit = grouped.masked_fill(~allowed[..., None], -torch.inf).view(len(x), -1)
        chosen = merit.topk(experts.chosen, dim=-1).indices
        weights = scores.gather(1, chosen)
        if experts.normalize:
            weights = weights / (weights.sum(-1, keepdim=True) + 1e-20)
        return chosen, weights * experts.scale


class ExpertStack(nn.Module):
    """The experts' weights, stacked along the first axis."""

    def __init__(self, width: int, experts: Experts) -> None:
        super().__init__()
        self.gate_proj = nn.Parameter(torch.empty(experts.count, experts.width, width))
        self.up_proj = nn.Parameter(torch.empty(experts.count, experts.width, width))
        self.down_proj = nn.Parameter(torch.empty(experts.count, width, experts.width))
        for weight in self.parameters():
            nn.init.normal_(weight, std=weight.shape[2] ** -0.5)

    def one(self, index: int, x: Tensor) -> Tensor:
        """Expert `index` on x [n, width] -> [n, width]"""
        return F.linear(
            F.silu(F.linear(x, self.gate_proj[index])) * F.linear(x, self.up_proj[index]), self.down_proj[index]
        )


class MixtureOfExperts(nn.Module):
    """Every token through its chosen experts, and the shared one where there is one."""

    def __init__(self, width: int, experts: Experts) -> None:
        super().__init__()
        self.gate = Router(width, experts)
        self.experts = ExpertStack(width, experts)
        self.shared = experts.shared_width > 0
        if self.shared:
            self.shared_experts = SwiGLU(width, experts.shared_width)

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., width]"""
        flat = x.reshape(-1, x.shape[-1])
        chosen, weights = self.gate(flat)
        # Tokens sorted by expert, so that each expert works once, on all that chose it.
        order = chosen.flatten().argsort(stable=True)
        tokens = order // chosen.shape[1]
        sizes = chosen.flatten().bincount(minlength=self.gate.experts.count).tolist()
        parts = [self.experts.one(index, flat[part]) for index, part in enumerate(tokens.split(sizes)) if len(part)]
        # Back in each token's own order, to be summed in float32: neither depends on what else is in the batch.
        spread = torch.empty(len(order), x.shape[-1], dtype=x.dtype, device=x.device)
        spread[order] = torch.cat(parts)
        mixed = (spread.view(*chosen.shape, -1).float() * weights[..., None]).sum(1)
        out: Tensor = mixed.to(x.dtype).view_as(x)
        return out + self.shared_experts(x) if self.shared else out
