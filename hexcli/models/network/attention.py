"""Attention with a rotary embedding; who sees whom, and what is kept from step to step, is said by the caller."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hexcli.models.network.architecture import TransformerConfig
from hexcli.models.network.float8 import Float8Linear, Rows, projections
from hexcli.models.network.joint import Beside
from hexcli.models.network.norms import RMSNorm, normalized
from hexcli.sampling.exchange import Exchange
from hexcli.sampling.fusing import fused
from hexcli.sampling.packing import Packing


def rotary_table(positions: Tensor, rotary_width: int, theta: float) -> tuple[Tensor, Tensor]:
    """cos and sin of the rotary embedding, positions [B, T] -> two float32 tensors [B, T, 1, rotary_width], the first
    half of the sines with the sign that it has for what it is multiplied with."""
    exponent = torch.arange(0, rotary_width, 2, device=positions.device, dtype=torch.float32) / rotary_width
    angles = positions[:, :, None, None].float() * (theta**-exponent)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([cos, cos], dim=-1), torch.cat([-sin, sin], dim=-1)


HALVES = {"max_pointwise_cat_inputs": 0}  # both halves of a head by one kernel, without branches


@fused(lambda q: q.shape[-2] * q.shape[-1], **HALVES)
def rotate(q: Tensor, k: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor]:
    """Half-split rotary embedding of queries and keys [B, T, heads, head_width], computed in the table's type."""
    return _rotated(q, cos, sin), _rotated(k, cos, sin)


@fused(lambda x: x.shape[-1], **HALVES)
def rotate_joint(
    x: Tensor, cos: Tensor, sin: Tensor, heads: tuple[int, int, int], norms: tuple[Tensor, Tensor, float] | None
) -> tuple[Tensor, Tensor]:
    """The same, after norms of their `norms` (weights and epsilon), of the first heads of x [B, T, all heads *
    head_width]: `heads` has how many are queries and how many keys, and their width.

    x is taken apart in here, where a compiler sees how far a token is from the next one: of a tensor's part it has to
    assume any distance, and loads number by number.
    """
    some, others, width = heads
    both = x[..., : (some + others) * width].view(*x.shape[:-1], some + others, width)
    q, k = both[..., :some, :], both[..., some:, :]
    if norms is not None:
        q, k = (normalized(part, weight, norms[2]) for part, weight in zip((q, k), norms[:2], strict=True))
    return _rotated(q, cos, sin), _rotated(k, cos, sin)


def _rotated(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """[B, T, heads, head_width] -> the same. A table narrower than a head rotates the head's first part and leaves the
    rest."""
    half = cos.shape[-1] // 2
    if x.is_cuda and 2 * half == x.shape[-1] and not torch.compiler.is_compiling():  # the same by fewer kernels
        wide = x.to(cos.dtype)
        turned = wide.view(*x.shape[:-1], 2, half).flip(-2).flatten(-2)
        return (wide * cos + turned * sin).to(x.dtype)
    cos, sin = cos[..., :half], sin[..., half:]
    first, second = x[..., :half].to(cos.dtype), x[..., half : 2 * half].to(cos.dtype)
    halves = [(first * cos - second * sin).to(x.dtype), (second * cos + first * sin).to(x.dtype)]
    return torch.cat(halves if 2 * half == x.shape[-1] else [*halves, x[..., 2 * half :]], dim=-1)


def eager_attention(q: Tensor, k: Tensor, v: Tensor, attend: Tensor | None) -> Tensor:
    """Attention step by step, the softmax in float32; q [B, heads, T, head_width], k and v with kv_heads."""
    k, v = (part.repeat_interleave(q.shape[1] // part.shape[1], dim=1) for part in (k, v))
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    if attend is not None:
        scores = scores.masked_fill(~attend, torch.finfo(scores.dtype).min)
    weights: Tensor = scores.softmax(-1, dtype=torch.float32).to(q.dtype)
    return weights @ v


def folded_attention(q: Tensor, k: Tensor, v: Tensor, attend: Tensor) -> Tensor:
    """Attention whose query heads that share a key head are more queries of that: torch has no fast kernel for the two,
    a mask and fewer key heads, together. Shapes as of `Attention.attention`."""
    rows, heads, length, width = q.shape
    share = heads // k.shape[1]
    mask = attend if attend.shape[2] == 1 else attend.repeat(1, 1, share, 1)
    out = F.scaled_dot_product_attention(q.reshape(rows, -1, share * length, width), k, v, attn_mask=mask)
    return out.reshape(rows, heads, length, width)


def picked(x: Tensor, wanted: Tensor) -> Tensor:
    """x [B, T, width] -> tokens `wanted` int [M], counted through all rows: [1, M, width]"""
    return x.flatten(0, 1)[wanted][None]


class Attention(Beside):
    """Attention with grouped key/value heads; who sees whom is the caller's mask."""

    BESIDE = ("q_proj", "k_proj", "v_proj")

    def __init__(self, config: TransformerConfig, index: int) -> None:
        super().__init__()
        self.index = index
        self.heads, self.kv_heads, self.head_width = config.heads, config.kv_heads, config.head_width
        inner, kv_inner = config.heads * self.head_width, config.kv_heads * self.head_width
        self.q_proj = nn.Linear(config.width, inner, bias=config.qkv_bias)
        self.k_proj = nn.Linear(config.width, kv_inner, bias=config.qkv_bias)
        self.v_proj = nn.Linear(config.width, kv_inner, bias=config.qkv_bias)
        self.o_proj = nn.Linear(inner, config.width, bias=config.output_bias)
        self.eager = config.attention == "eager"
        self.qk_norm = config.qk_norm
        if config.qk_norm:
            self.q_norm = RMSNorm(self.head_width, config.norm_eps)
            self.k_norm = RMSNorm(self.head_width, config.norm_eps)

    @property
    def in_float8(self) -> bool:
        """Whether it takes quantized rows."""
        return isinstance(self.q_proj, Float8Linear)

    def forward(
        self,
        x: Tensor | Rows,
        cos: Tensor,
        sin: Tensor,
        attend: Tensor | None,
        exchange: Exchange | Packing | None = None,
        wanted: Tensor | None = None,
    ) -> Tensor:
        """x [B, T, width], attend bool [B, 1, 1 or T, T] or None (all) -> [B, T, width]

        With an `exchange`, x [1, N, width] are tokens of several rows, and attend to whatever it knows of those; what
        comes out is of those `wanted`, int [M] counted through all rows -> [1, M, width] (None: all).
        """
        batch, length = x.shape[:2]
        q, k, v = (part.transpose(1, 2) for part in self._heads(x, cos, sin))
        out = self.attention(q, k, v, attend) if exchange is None else exchange(self.index, q, k, v, self.attention)
        out = out.transpose(1, 2).reshape(batch, length, -1)
        return self.o_proj(out if wanted is None else picked(out, wanted))  # type: ignore[no-any-return]

    def _heads(self, x: Tensor | Rows, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values of x [B, T, width], [B, T, heads, head_width] each"""
        if self.joint is not None:
            (whole,) = projections(x, self.joint)
            norms = (self.q_norm.weight, self.k_norm.weight, self.q_norm.eps) if self.qk_norm else None
            sizes = self.heads, self.kv_heads, self.head_width
            values = whole.view(*x.shape[:-1], -1, self.head_width)[..., -self.kv_heads :, :]
            return *rotate_joint(whole, cos, sin, sizes, norms), values
        q, k, v = (part.view(*x.shape[:-1], -1, self.head_width) for part in projections(x, *self.beside))
        if self.qk_norm:
            q, k = self.q_norm(q), self.k_norm(k)
        return *rotate(q, k, cos, sin), v

    def attention(self, q: Tensor, k: Tensor, v: Tensor, attend: Tensor | None) -> Tensor:
        """q [B, heads, T, head_width], k and v [B, kv_heads, S, head_width], attend bool [B, 1, 1 or T, S] -> as q"""
        if self.eager:
            return eager_attention(q, k, v, attend)
        grouped = self.heads != self.kv_heads
        if grouped and attend is not None and q.is_cuda:
            return folded_attention(q, k, v, attend)
        return F.scaled_dot_product_attention(q, k, v, attn_mask=attend, enable_gqa=grouped)
