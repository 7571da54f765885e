"""The feed-forward part of a layer: a gated MLP, or a mixture of such MLPs with a router.

Sources: LLaDA-MoE (arXiv 2509.24389), Qwen3-MoE (arXiv 2505.09388) and LLaDA2.0 (arXiv 2512.15745) with their
modeling files.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hexcli.models.network.architecture import Experts
from hexcli.models.network.float8 import Float8Linear, Rows, projections, quantized
from hexcli.models.network.joint import Beside
from hexcli.models.network.mixing import can_group, can_mix, mixed, wide_product
from hexcli.sampling.fusing import fused


class SwiGLU(Beside):
    """Gated MLP: down(silu(gate(x)) * up(x))."""

    BESIDE = ("gate_proj", "up_proj")

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(width, inner, bias=False)
        self.up_proj = nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    @property
    def in_float8(self) -> bool:
        """Whether it takes quantized rows."""
        return isinstance(self.gate_proj, Float8Linear)

    def forward(self, x: Tensor | Rows) -> Tensor:
        """[..., width] -> [..., width]"""
        parts = projections(x, *(self.beside if self.joint is None else [self.joint]))
        if isinstance(self.down_proj, Float8Linear):
            return self.down_proj.product(Rows(*_gated_float8(*parts), parts[0].dtype))
        return self.down_proj(_gated(*parts))  # type: ignore[no-any-return]


@fused(lambda gate: gate.shape[-1])
def _gated(gate: Tensor, up: Tensor | None = None) -> Tensor:
    """silu(gate) * up, [..., inner] each; without `up` the first is both, side by side (see attention.rotate_joint)"""
    return _silu_times(gate, up)


@fused(lambda gate: gate.shape[-1])
def _gated_float8(gate: Tensor, up: Tensor | None = None) -> tuple[Tensor, Tensor]:
    return quantized(_silu_times(gate, up))


def _silu_times(gate: Tensor, up: Tensor | None) -> Tensor:
    if up is None:
        gate, up = gate.chunk(2, dim=-1)
    return F.silu(gate) * up


@fused(lambda found: found.shape[-1])
def _mixed(found: Tensor, place: Tensor, weights: Tensor) -> Tensor:
    """Each token's experts added up in float32: found [N * chosen, width], where its are int [N, chosen], and how much
    each says [N, chosen] -> [N, width]"""
    if not found.is_cuda:
        return (found[place].float() * weights[..., None]).sum(1).to(found.dtype)
    total = found[place[:, 0]].float() * weights[:, :1]
    for number in range(1, place.shape[1]):  # one kernel for all
        total = total + found[place[:, number]].float() * weights[:, number : number + 1]
    return total.to(found.dtype)


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
        return self.chosen(self.said(x))

    def chosen(self, said: Tensor) -> tuple[Tensor, Tensor]:
        """The same, of what `said` says [N, count]"""
        experts = self.experts
        scores = said.softmax(-1, dtype=torch.float32) if experts.score == "softmax" else said.sigmoid()
        merit = scores + self.expert_bias if experts.bias else scores
        if experts.groups > 1:
            grouped = merit.view(len(said), experts.groups, -1)
            best = grouped.topk(2, dim=-1).values.sum(-1).topk(experts.chosen_groups, dim=-1).indices
            allowed = torch.zeros_like(grouped[..., 0], dtype=torch.bool).scatter_(1, best, True)
            merit = grouped.masked_fill(~allowed[..., None], -torch.inf).flatten(1)
        chosen = merit.topk(experts.chosen, dim=-1).indices
        weights = scores.gather(1, chosen)
        if experts.normalize:
            weights = weights / (weights.sum(-1, keepdim=True) + 1e-20)
        return chosen, weights * experts.scale

    def said(self, x: Tensor) -> Tensor:
        """x [N, width] -> what scores are made of [N, count]"""
        return F.linear(x, self.weight) if self.experts.score == "softmax" else wide_product(x, self.weight)


class ExpertStack(nn.Module):
    """The experts' weights, stacked along the first axis."""

    def __init__(self, width: int, experts: Experts) -> None:
        super().__init__()
        self.gate_proj = nn.Parameter(torch.empty(experts.count, experts.width, width))
        self.up_proj = nn.Parameter(torch.empty(experts.count, experts.width, width))
        self.down_proj = nn.Parameter(torch.empty(experts.count, width, experts.width))
        for weight in self.parameters():
            nn.init.normal_(weight, std=weight.shape[2] ** -0.5)

    @property
    def grouped(self) -> bool:
        """Whether all experts are computed by one grouped product, which asks the host nothing."""
        return can_group(self.gate_proj.device, self.gate_proj.dtype)

    def all(self, x: Tensor, ends: Tensor) -> Tensor:
        """Every expert on its part of x [n, width], the parts ending before `ends` int32 [count] -> [n, width]"""
        gate, up = (_product(x, weight, ends) for weight in (self.gate_proj, self.up_proj))
        return _product(_gated(gate, up), self.down_proj, ends)

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
        self.in_float8 = False  # the router and the stack take numbers as they are
        if self.shared:
            self.shared_experts = SwiGLU(width, experts.shared_width)

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., width]"""
        flat = x.reshape(-1, x.shape[-1])
        stack, gate = self.experts, self.gate
        if len(flat) and can_mix(stack.gate_proj, gate.experts):
            bias = gate.expert_bias if gate.experts.bias else None
            more = self.shared_experts(flat) if self.shared else None
            stacked = stack.gate_proj, stack.up_proj, stack.down_proj
            return mixed(flat, gate.said(flat), bias, gate.experts, stacked, more).view_as(x)
        chosen, weights = self.gate(flat)
        # Tokens sorted by expert, so that each expert works once, on all that chose it.
        kind = torch.uint8 if self.gate.experts.count <= 256 else torch.int64  # a GPU sorts byte by byte
        by_expert, order = chosen.flatten().to(kind).sort(stable=True)
        tokens = order // chosen.shape[1]
        count = self.gate.experts.count
        if self.experts.grouped:
            number = torch.arange(count, device=x.device, dtype=kind)
            ends = torch.searchsorted(by_expert, number, right=True, out_int32=True)
            found = self.experts.all(flat[tokens], ends)
        else:
            sizes = by_expert.long().bincount(minlength=count).tolist()
            parts = [self.experts.one(index, flat[part]) for index, part in enumerate(tokens.split(sizes)) if len(part)]
            found = torch.cat(parts)
        # Back in each token's own order, to be summed in float32: neither depends on what else is in the batch.
        place = torch.empty_like(order).scatter_(0, order, torch.arange(len(order), device=x.device))
        out = _mixed(found, place.view_as(chosen), weights).view_as(x)
        return out + self.shared_experts(x) if self.shared else out


def _product(x: Tensor, weights: Tensor, ends: Tensor) -> Tensor:
    """Each part of x [n, in], the parts ending before `ends`, by its own of the weights [count, out, in] -> [n, out]"""
    return torch._grouped_mm(x, weights.transpose(1, 2), offs=ends)
