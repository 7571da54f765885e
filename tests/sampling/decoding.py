"""Rows, random models and decoding that tests of published samplers share."""

from collections.abc import Callable
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor

from hexcli.models.network.transformer import MaskPredictor, TransformerConfig
from hexcli.sampling import noise
from hexcli.sampling.sampler import Decoded, Row, Sampler
from hexcli.schedule import Schedule
from tests.samplers.parts import Draw
from tests.toys import MASK, ToyDenoiser

PROMPTS = ([3, 7, 1], [5, 2, 9, 11, 4, 8], [1], [6, 6, 12, 2])
END, TURN = 1, 2


def small(**parts: Any) -> MaskPredictor:
    """A random transformer that is sure of some tokens and unsure of others; the mask is never its choice."""
    torch.manual_seed(3)
    sizes = {"vocab_size": 40, "width": 32, "layers": 2, "heads": 4, "kv_heads": 2, "mlp_width": 48, "context": 256}
    model = MaskPredictor(TransformerConfig(**{**sizes, **parts}))
    for weight in model.parameters():
        weight.data *= 3
    model.embed_tokens.weight.data /= 3
    model.lm_head.weight.data[MASK] = 0
    return model.eval().requires_grad_(False)


TOY = ToyDenoiser()
# Toys are sure of nothing; twice as sure they are of some.
SURE = ToyDenoiser()
SURE.head *= 2
SHIFTED = small(shifted=True).double()
CAUSAL = small(block_length=8).double()
BOTH = small(shifted=True, block_length=8).double()


def decode(
    rows: list[Row], denoiser: Any = TOY, batch_size: int = 3, end_ids: tuple[int, ...] = (), **ends: int | None
) -> list[Decoded]:
    """Decoded rows in the order of `rows`."""
    sampler = Sampler(denoiser, mask_id=MASK, batch_size=batch_size, end_ids=end_ids, **ends)
    results = {id(row): decoded for row, decoded in sampler.run(rows)}
    return [results[id(row)] for row in rows]


def schedule(label: str, gen_length: int, **fields: Any) -> Schedule:
    return Schedule.parse(label, gen_length=gen_length, **fields)


def drawn_for(key: int, temperature: float) -> Draw:
    """The token that our noise gives: argmax of log-probability plus Gumbel noise, as sampling from it."""
    assert temperature > 0

    def draw(step: int, position: int, values: Tensor) -> int:
        stream = noise.position_key(torch.tensor([key]), torch.tensor([step]), torch.tensor([position]))
        uniform = noise.uniform(stream, noise.counters(len(values)))[0]
        return int((values - (-uniform.log()).log()).argmax())

    return draw


@st.composite
def jobs(draw: st.DrawFn, make: Callable[[st.DrawFn], Schedule]) -> list[Row]:
    count = draw(st.integers(1, 4))
    prompts = [draw(st.sampled_from(PROMPTS)) for _ in range(count)]
    return [
        Row(prompt_ids=tuple(prompt), schedule=make(draw), noise_key=draw(st.integers(0, 99))) for prompt in prompts
    ]
