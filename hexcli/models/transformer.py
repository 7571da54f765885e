"""A bidirectional Llama-type transformer in plain PyTorch: the mask predictor of LLaDA and its relatives.

Every position sees every other. Modules carry the names that transformers uses for Llama, so that a family
file only maps keys. Split in two, `features` and `logits`, because the vocabulary head is most of the work
for large vocabularies and is needed only where a token can be committed.

Sources: LLaDA (arXiv 2502.09992) and its modeling file: pre-norm RMSNorm computed in float32, half-split
rotary embedding applied in float32, SwiGLU.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerConfig:
    """Sizes of the transformer. `context` is the longest sequence (prompt and canvas) it was trained for."""

    vocab_size: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    mlp_width: int
    context: int
    rope_theta: float = 10_000.0
    norm_eps: float = 1e-5

    @property
    def head_width(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads


class RMSNorm(nn.Module):
    """Root-mean-square norm over the last axis, computed in float32."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., width]"""
        wide = x.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.eps)
        return self.weight * wide.to(x.dtype)


def rotary_table(positions: Tensor, head_width: int, theta: float) -> tuple[Tensor, Tensor]:
    """cos and sin of the rotary embedding: positions [B, T] -> two float32 tensors [B, 1, T, head_width]."""
    exponent = torch.arange(0, head_width, 2, device=positions.device, dtype=torch.float32) / head_width
    angles = positions[:, None, :, None].float() * (theta**-exponent)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Half-split rotary embedding of x [B, heads, T, head_width], in float32 as LLaDA computes it."""
    wide = x.float()
    first, second = wide.chunk(2, dim=-1)
    return (wide * cos + torch.cat([-second, first], dim=-1) * sin).to(x.dtype)


class Attention(nn.Module):
    """Full (bidirectional) attention with grouped key/value heads."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_width = config.heads, config.kv_heads, config.head_width
        self.q_proj = nn.Linear(config.width, config.heads * self.head_width, bias=False)
        self.k_proj = nn.Linear(config.width, config.kv_heads * self.head_width, bias=False)
        self.v_proj = nn.Linear(config.width, config.kv_heads * self.head_width, bias=False)
        self.o_proj = nn.Linear(config.heads * self.head_width, config.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, attend: Tensor | None) -> Tensor:
        """x [B, T, width], attend bool [B, 1, 1, T] or None (all) -> [B, T, width]"""
        batch, length, _ = x.shape
        q = self.q_proj(x).view(batch, length, self.heads, self.head_width).transpose(1, 2)
        k = self.k_proj(x).view(batch, length, self.kv_heads, self.head_width).transpose(1, 2)
        v = self.v_proj(x).view(batch, length, self.kv_heads, self.head_width).transpose(1, 2)
        out = F.scaled_dot_product_attention(
            rotate(q, cos, sin),
            rotate(k, cos, sin),
            v,
            attn_mask=attend,
            enable_gqa=self.heads != self.kv_heads,
        )
        return self.o_proj(out.transpose(1, 2).reshape(batch, length, -1))  # type: ignore[no-any-return]


class SwiGLU(nn.Module):
    """Gated MLP: down(silu(gate(x)) * up(x))."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.width, config.mlp_width, bias=False)
        self.up_proj = nn.Linear(config.width, config.mlp_width, bias=False)
        self.down_proj = nn.Linear(config.mlp_width, config.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., width]"""
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))  # type: ignore[no-any-return]


class Layer(nn.Module):
    """One pre-norm transformer layer."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.input_layernorm = RMSNorm(config.width, config.norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RMSNorm(config.width, config.norm_eps)
        self.mlp = SwiGLU(config)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, attend: Tensor | None) -> Tensor:
        """x [B, T, width] -> [B, T, width]"""
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, attend)
        return x + self.mlp(self.post_attention_layernorm(x))  # type: ignore[no-any-return]


class MaskPredictor(nn.Module):
    """Token ids with masks -> a distribution over the vocabulary at every position."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size, config.width)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = RMSNorm(config.width, config.norm_eps)
        self.lm_head = nn.Linear(config.width, config.vocab_size, bias=False)

    def features(self, ids: Tensor, real: Tensor | None = None) -> Tensor:
        """Final normed features. ids [B, T]; real bool [B, T] is False on padding (None: no padding).

        Positions count from each row's first real token, so padding changes nothing but the shape.
        """
        if real is None:
            positions = torch.arange(ids.shape[1], device=ids.device)[None]
            attend = None
        else:
            positions = (real.long().cumsum(1) - 1).clamp(min=0)
            attend = real[:, None, None, :]
        cos, sin = rotary_table(positions, self.config.head_width, self.config.rope_theta)
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, cos, sin, attend)
        return self.norm(x)  # type: ignore[no-any-return]

    def logits(self, features: Tensor) -> Tensor:
        """Vocabulary scores of features [..., width] -> [..., vocab_size]."""
        return self.lm_head(features)  # type: ignore[no-any-return]

    def forward(self, ids: Tensor) -> Tensor:
        """ids [B, T] -> logits [B, T, vocab_size], without padding: what training and plain loops call."""
        return self.logits(self.features(ids))
