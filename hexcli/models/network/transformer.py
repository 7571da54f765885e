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
from hexcli.models.network.attention import Attention, picked, rotary_table
from hexcli.models.network.experts import ExpertStack, MixtureOfExperts, SwiGLU
from hexcli.models.network.norms import ResidualNorm
from hexcli.sampling.exchange import Exchange
from hexcli.sampling.packing import Packing
from hexcli.sampling.ragged import can_flash

__all__ = ["MaskPredictor", "TransformerConfig"]

LARGE = 1 << 24  # tokens times width of a pass on a GPU whose last layer is worth to be cut


class Layer(nn.Module):
    """One pre-norm transformer layer."""

    def __init__(self, config: TransformerConfig, index: int) -> None:
        super().__init__()
        self.input_layernorm = ResidualNorm(config.width, config.norm_eps)
        self.self_attn = Attention(config, index)
        self.post_attention_layernorm = ResidualNorm(config.width, config.norm_eps)
        experts = config.experts
        self.mlp: SwiGLU | MixtureOfExperts
        if experts is None or index < experts.dense_layers:
            self.mlp = SwiGLU(config.width, config.mlp_width)
        else:
            self.mlp = MixtureOfExperts(config.width, experts)

    def forward(
        self,
        x: Tensor,
        more: Tensor | None,
        cos: Tensor,
        sin: Tensor,
        attend: Tensor | None,
        exchange: Exchange | Packing | None = None,
        wanted: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """x and what the layer before adds to it, [B, T, width] -> the same for the next one; see Attention"""
        x, normed = self.input_layernorm(x, more, self.self_attn.in_float8)
        attended = self.self_attn(normed, cos, sin, attend, exchange, wanted)
        x = x if wanted is None else picked(x, wanted)
        x, normed = self.post_attention_layernorm(x, attended, self.mlp.in_float8)
        return x, self.mlp(normed)


class MaskPredictor(nn.Module):
    """Token ids with masks -> a distribution over the vocabulary at every position."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        # Where there is no memory nothing is drawn: torch takes seconds to import what draws on "meta".
        drawn = None if not torch.empty(0).is_meta else torch.empty(config.vocab_size, config.width)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.width, _weight=drawn)
        self.layers = nn.ModuleList(Layer(config, index) for index in range(config.layers))
        self.norm = ResidualNorm(config.width, config.norm_eps)
        self.may_record = True
        if not config.tied:
            self.lm_head = nn.Linear(config.width, config.vocab_size, bias=False)

    @property
    def recordable(self) -> bool:
        """Whether a pass on a GPU asks the host nothing: see recording.py."""
        stacks = (part for part in self.modules() if isinstance(part, ExpertStack))
        return self.may_record and all(stack.grouped for stack in stacks)

    def picks(self, tokens: int) -> bool:
        """Whether a pass of so many tokens on a GPU takes longer than to find out which features are looked at: the
        last layer then computes no others."""
        return not self.config.shifted and tokens * self.config.width > LARGE

    @property
    def lookback(self) -> int:
        """See exchange.CachingDenoiser: features that are moved by one need the position before."""
        return 1 if self.config.shifted else 0

    @property
    def trained_block(self) -> int | None:
        """See TransformerConfig."""
        return self.config.trained_block

    @property
    def ragged(self) -> bool:
        """See exchange.CachingDenoiser."""
        weight = self.embed_tokens.weight
        return self.config.attention == "sdpa" and can_flash(weight.device, weight.dtype, self.config.head_width)

    def features(self, ids: Tensor, real: Tensor | None = None, wanted: Tensor | None = None) -> Tensor:
        """Final normed features. ids [B, T]; real bool [B, T] is False on padding (None: no padding); `wanted` int [M],
        counted through all rows: of these tokens alone [M, width], where the logits are of their own position.

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
        found = self._through_layers(ids, positions, attend, None, wanted)
        return found if wanted is None else found[0]

    def packed_features(
        self, ids: Tensor, positions: Tensor, exchange: Exchange | Packing, wanted: Tensor | None = None
    ) -> Tensor:
        """Features of windows of rows, packed one behind the other: see exchange.CachingDenoiser and packing.py.

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
        more = None
        for layer in self.layers[:-1]:
            x, more = layer(x, more, cos, sin, attend, exchange)
        _, x = self.norm(*self.layers[-1](x, more, cos, sin, attend, exchange, wanted))
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
