"""What a transformer is made of: sizes and parts, read from a published config.json by a family's file. No torch."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """A mixture of experts in place of the MLP: each token goes through its `chosen` best of `count`.

    score          softmax or sigmoid of the router's output, computed in float32
    normalize      whether the chosen scores are scaled to sum to 1
    scale          what they are multiplied by after that
    groups         experts form this many groups, and only those of the best `chosen_groups` can be chosen; a
                   group is as good as the sum of its two best experts (arXiv 2412.19437, section 2.1.2)
    bias           whether a learned bias is added to the scores for choosing, and for choosing only
    shared_width   an expert of this width that every token goes through; 0 = none
    dense_layers   so many layers at the bottom have a plain MLP
    """

    count: int
    chosen: int
    width: int
    score: str = "softmax"
    normalize: bool = False
    scale: float = 1.0
    groups: int = 1
    chosen_groups: int = 1
    bias: bool = False
    shared_width: int = 0
    dense_layers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerConfig:
    """Sizes and parts of the transformer.

    context          the longest sequence (prompt and canvas) it was trained for, in tokens
    head_dim         width of one attention head; None = width / heads
    qkv_bias         query, key and value projections have biases; output_bias: the output projection too
    qk_norm          queries and keys go through an RMSNorm, head by head, before the rotary embedding
    tied             the vocabulary head is the embedding
    rotary_fraction  the share of each head that is rotated
    rotary_float32   rotated in float32, as LLaDA does; else in the weights' type, as transformers does
    shifted          the published logits at a position are about the next one (Dream): ours are not, see `features`
    block_length     the trained block: a position sees its own block and those before, blocks being counted from
                     the start of the sequence; None = every position sees every other
    grid_from_end    blocks are counted from the end of the sequence instead
    attention        sdpa, torch's fused kernels; eager, step by step with the softmax in float32
    """

    vocab_size: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    mlp_width: int
    context: int
    rope_theta: float = 10_000.0
    norm_eps: float = 1e-5
    head_dim: int | None = None
    qkv_bias: bool = False
    output_bias: bool = False
    qk_norm: bool = False
    tied: bool = False
    rotary_fraction: float = 1.0
    rotary_float32: bool = True
    shifted: bool = False
    block_length: int | None = None
    grid_from_end: bool = False
    experts: Experts | None = None
    attention: str = "sdpa"

    @property
    def trained_block(self) -> int | None:
        """The length of the trained blocks; negative where they are counted from the end of the sequence."""
        return -self.block_length if self.block_length is not None and self.grid_from_end else self.block_length

    @property
    def head_width(self) -> int:
        """Width of one attention head."""
        return self.head_dim or self.width // self.heads

    @property
    def rotary_width(self) -> int:
        """The part of a head, from its start, that is rotated."""
        return int(self.head_width * self.rotary_fraction)
