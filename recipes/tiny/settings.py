"""Everything that decides the embedded model: sizes, data, masks, optimizer. One object, saved with the state."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from hexcli.models.network.transformer import TransformerConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The defaults are the shipped model."""

    seed: int = 0
    # model
    width: int = 192
    layers: int = 6
    heads: int = 3
    mlp_width: int = 512
    context: int = 512
    # data
    examples: int = 3_000_000
    words: int = 443  # at most so many have a token of their own; the stories have about 380
    sentences: float = 0.63  # share of responses in sentences
    equations: float = 0.33  # share with equations only; the rest answers without it
    choices: float = 0.25  # share of problems with four options
    drills: float = 0.3  # for each problem so many short questions, about one equation or one option
    reasoning: float = 0.0  # share of problems asked in the wording `reasoning`: steps and answer in tags
    answer: float = 0.0  # and in the wording `answer`, which says of the box only; the rest in `plain`
    invented: float = 0.04  # share with a made-up name or thing, spelled in letters
    short: tuple[int, int] = (44, 76)  # most rows have a canvas at least as long as a number drawn from here
    long: tuple[int, int] = (92, 132)  # and some one from here
    long_canvas: float = 0.25  # how many
    lengths: tuple[int, ...] = (104, 136, 208)  # a row (prompt and canvas) is as long as one of these
    # masks and loss
    blocks: tuple[int, ...] = (2, 4, 8, 16, 32, 64, 128)
    semi_autoregressive: float = 0.35  # share of rows masked block by block; 0 is LLaDA's own training
    letters: float = 16.0  # weight in the loss of the letter of an option: the rarest and hardest of the tokens
    # optimizers: rates go up over the first steps and then in a line down to zero
    lr: float = 2e-3  # of AdamW: embedding, head and norms
    muon_lr: float = 3e-3  # of Muon: the matrices inside the layers; 0 gives them to AdamW as well
    momentum: float = 0.95  # of Muon
    embedding: float = 1.0  # deviation of the embedding at the start
    warmup_steps: int = 500
    weight_decay: float = 0.1  # of the matrices; the norms have none
    tokens_per_step: int = 65_536
    ema: float = 0.998
    graphs: int = 1  # 1: on a GPU a step is recorded once and launched as one CUDA graph; 0: kernel by kernel

    @property
    def wordings(self) -> tuple[str, ...]:
        """The wordings that the model learns to answer."""
        return ("plain", "reasoning", "answer") if self.reasoning or self.answer else ("plain",)

    def transformer(self, vocab_size: int) -> TransformerConfig:
        """The sizes of the model."""
        return TransformerConfig(
            vocab_size=vocab_size,
            width=self.width,
            layers=self.layers,
            heads=self.heads,
            kv_heads=self.heads,
            mlp_width=self.mlp_width,
            context=self.context,
        )

    def changed(self, pairs: Iterable[str]) -> Self:
        """The settings with some numbers changed, each as `name=value`. Raises ValueError on anything else."""
        kinds = {name: type(value) for name, value in dataclasses.asdict(self).items() if not isinstance(value, tuple)}
        changes: dict[str, int | float] = {}
        for pair in pairs:
            name, _, value = pair.partition("=")
            if name not in kinds:
                raise ValueError(f"no number '{name}' in the settings: there are {', '.join(kinds)}")
            changes[name] = kinds[name](value)
        return dataclasses.replace(self, **changes)


# `tiny-prompts`: goes on from the weights of `tiny` (train.py --prompts), at lower peaks.
PROMPTS = Settings(examples=2_000_000, reasoning=0.3, answer=0.3, lr=1e-3, muon_lr=2e-3)
SMOKE = Settings(width=32, layers=1, heads=2, mlp_width=64, examples=400, tokens_per_step=1536, warmup_steps=2)
