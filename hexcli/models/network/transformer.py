"""A transformer in plain PyTorch whose positions see each other: the mask predictor of LLaDA and its relatives.

Modules carry the names that transformers uses for Llama, so that a family file only maps keys. Split in two,
`features` and `logits`, because the vocabulary head is most of the work for large vocabularies and is needed
only where a token can be committed.

Sources: LLaDA (arXiv 2502.09992) and its modeling file: pre-norm RMSNorm computed in float32, half-split
rotary embedding, SwiGLU. What other families add (biases, norms of queries and keys, experts,
blocks) is in TransformerConfig.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hexcli.models.network.architecture import TransformerConfig
from hexcli.models.network.experts import ExpertStack, MixtureOfExperts, SwiGLU
from hexcli.models.network.float8 import projections
from hexcli.sampling.fusing import fused
from hexcli.sampling.kv_cache import Exchange
from hexcli.sampling.packing import Packing

__all__ = ["MaskPredictor", "TransformerConfig"]


class RMSNorm(nn.Module):
    """Root-mean-square norm over the last axis, computed in float32."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., width]"""
        return normalize(x, self.weight, self.eps)


@fused(lambda x: x.shape[2:].numel())  # of a head as of all heads of a token
def normalize(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """RMSNorm's arithmetic: [..., width] -> [..., width]"""
    wide = x.float()
    wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps)
    return weight * wide.to(x.dtype)


def rotary_table(positions: Tensor, rotary_width: int, theta: float) -> tuple[Tensor, Tensor]:
    """cos and sin of the rotary embedding: positions [B, T] -> two float32 tensors [B, T, 1, rotary_width / 2]."""
    exponent = torch.arange(0, rotary_width, 2, device=positions.device, dtype=torch.float32) / rotary_width
    angles = positions[:, :, None, None].float() * (theta**-exponent)
    return angles.cos(), angles.sin()


@fused(lambda x: x.shape[-2] * x.shape[-1])
def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Half-split rotary embedding of x [B, T, heads, head_width], computed in the table's type.

    A table narrower than half a head rotates the head's first part and leaves the rest.
    """
    half = cos.shape[-1]
    if x.is_cuda and 2 * half == x.shape[-1]:  # the same numbers by a kernel without branches
        wide = x.to(cos.dtype).view(*x.shape[:-1], 2, half)
        sign = torch.stack([-sin, sin], dim=-2)
        return (wide * cos[..., None, :] + wide.flip(-2) * sign).flatten(-2).to(x.dtype)
    first, second = x[..., :half].to(cos.dtype), x[..., half : 2 * half].to(cos.dtype)
    turned = [first * cos - second * sin, second * cos + first * sin]
    return torch.cat([*(part.to(x.dtype) for part in turned), x[..., 2 * half :]], dim=-1)


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


class Attention(nn.Module):
    """Attention with grouped key/value heads; who sees whom is the caller's mask."""

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

    def forward(
        self,
        x: Tensor,
        cos: Tensor,
        sin: Tensor,
        attend: Tensor | None,
        exchange: Exchange | Packing | None = None,
        wanted: Tensor | None = None,
    ) -> Tensor:
        """x [B, T, width], attend bool [B, 1, 1 or T, T] or None (all) -> [B, T, width]

        With an `exchange`, x [1, N, width] are tokens of several rows, and attend to whatever it knows of those; what
        comes out is of those `wanted`, int [M] (None: all).
        """
        batch, length, _ = x.shape
        q, k, v = (
            part.view(batch, length, -1, self.head_width)
            for part in projections(x, self.q_proj, self.k_proj, self.v_proj)
        )
        v = v.transpose(1, 2)
        if self.qk_norm:
            q, k = self.q_norm(q), self.k_norm(k)
        q, k = rotate(q, cos, sin).transpose(1, 2), rotate(k, cos, sin).transpose(1, 2)
        out = self.attention(q, k, v, attend) if exchange is None else exchange(self.index, q, k, v, self.attention)
        out = out.transpose(1, 2).reshape(batch, length, -1)
        return self.o_proj(out if wanted is None else out[:, wanted])  # type: ignore[no-any-return]

    def attention(self, q: Tensor, k: Tensor, v: Tensor, attend: Tensor | None) -> Tensor:
        """q [B, heads, T, head_width], k and v [B, kv_heads, S, head_width], attend bool [B, 1, 1 or T, S] -> as q"""
        if self.eager:
            return eager_attention(q, k, v, attend)
        grouped = self.heads != self.kv_heads
        if grouped and attend is not None and q.is_cuda:
            return folded_attention(q, k, v, attend)
        return F.scaled_dot_product_attention(q, k, v, attn_mask=attend, enable_gqa=grouped)


class Layer(nn.Module):
    """One pre-norm transformer layer."""

    def __init__(self, config: TransformerConfig, index: int) -> None:
        super().__init__()
        self.input_layernorm = RMSNorm(config.width, config.norm_eps)
        self.self_attn = Attention(config, index)
        self.post_attention_layernorm = RMSNorm(config.width, config.norm_eps)
        experts = config.experts
        self.mlp: nn.Module
        if experts is None or index < experts.dense_layers:
            self.mlp = SwiGLU(config.width, config.mlp_width)
        else:
            self.mlp = MixtureOfExperts(config.width, experts)

    def forward(
        self,
        x: Tensor,
        cos: Tensor,
        sin: Tensor,
        attend: Tensor | None,
        exchange: Exchange | Packing | None = None,
        wanted: Tensor | None = None,
    ) -> Tensor:
        """x [B, T, width] -> [B, T, width]; see Attention"""
        attended = self.self_attn(self.input_layernorm(x), cos, sin, attend, exchange, wanted)
        x = (x if wanted is None else x[:, wanted]) + attended
        return x + self.mlp(self.post_attention_layernorm(x))  # type: ignore[no-any-return]


class MaskPredictor(nn.Module):
    """Token ids with masks -> a distribution over the vocabulary at every position."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size, config.width)
        self.layers = nn.ModuleList(Layer(config, index) for index in range(config.layers))
        self.norm = RMSNorm(config.width, config.norm_eps)
        self.may_record = True
        if not config.tied:
            self.lm_head = nn.Linear(config.width, config.vocab_size, bias=False)

    @property
    def recordable(self) -> bool:
        """Whether a pass on a GPU asks the host nothing: see recording.py."""
        stacks = (part for part in self.modules() if isinstance(part, ExpertStack))
        return self.may_record and all(stack.grouped for stack in stacks)

    @property
    def lookback(self) -> int:
        """See kv_cache.CachingDenoiser: features that are moved by one need the position before."""
        return 1 if self.config.shifted else 0

    @property
    def trained_block(self) -> int | None:
        """See TransformerConfig."""
        return self.config.trained_block

    def features(self, ids: Tensor, real: Tensor | None = None) -> Tensor:
        """Final normed features. ids [B, T]; real bool [B, T] is False on padding (None: no padding).

        Positions count from each row's first real token, so padding changes nothing but the shape. Where the
        published logits are about the next position, the features are moved by one, the first one standing twice:
        `cat([l[:, :1], l[:, :-1]])` of Dream's generation code. So ours are always about their own position.
        """
        if real is None:
            positions = torch.arange(ids.shape[1], device=ids.device)[None]
            attend = None
        else:
            positions = (real.long().cumsum(1) - 1).clamp(min=0)
            attend = real[:, None, None, :]
        if self.config.block_length is not None:
            whose = positions
            if self.config.grid_from_end:  # every row ends in the last column
                whose = torch.arange(-ids.shape[1], 0, device=ids.device).expand_as(positions)
            block = whose // self.config.block_length
            earlier = (block[:, None, :, None] >= block[:, None, None, :]).expand(len(ids), -1, -1, -1)
            attend = earlier if attend is None else earlier & attend
        return self._through_layers(ids, positions, attend)

    def packed_features(
        self, ids: Tensor, positions: Tensor, exchange: Exchange | Packing, wanted: Tensor | None = None
    ) -> Tensor:
        """Features of windows of rows, packed one behind the other: see kv_cache.CachingDenoiser and packing.py.

        Those that are moved by one mean nothing at the first token of a window.
        """
        if wanted is not None and self.config.shifted:
            wanted = torch.where(positions[wanted] == 0, wanted, wanted - 1)
        return self._through_layers(ids[None], positions[None], None, exchange, wanted)[0]

    def _through_layers(
        self,
        ids: Tensor,
        positions: Tensor,
        attend: Tensor | None,
        exchange: Exchange | Packing | None = None,
        wanted: Tensor | None = None,
    ) -> Tensor:
        cos, sin = rotary_table(positions, self.config.rotary_width, self.config.rope_theta)
        x = self.embed_tokens(ids)
        if not self.config.rotary_float32:
            cos, sin = cos.to(x.dtype), sin.to(x.dtype)
        for layer in self.layers[:-1]:
            x = layer(x, cos, sin, attend, exchange)
        x = self.norm(self.layers[-1](x, cos, sin, attend, exchange, wanted))
        return _shift(x, positions) if self.config.shifted and wanted is None else x

    def logits(self, features: Tensor) -> Tensor:
        """Vocabulary scores of features [..., width] -> [..., vocab_size]."""
        if self.config.tied:
            return F.linear(features, self.embed_tokens.weight)
        return self.lm_head(features)  # type: ignore[no-any-return]

    def forward(self, ids: Tensor) -> Tensor:
        """ids [B, T] -> logits [B, T, vocab_size], without padding: what training and plain loops call."""
        return self.logits(self.features(ids))


def _shift(x: Tensor, positions: Tensor) -> Tensor:
    """Each position gets the features of the one before it; a row's first real one keeps its own."""
    before = torch.cat([x[:, :1], x[:, :-1]], dim=1)
    return torch.where((positions == 0)[..., None], x, before)
