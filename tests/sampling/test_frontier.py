"""Models whose blocks see earlier blocks only: what cannot change is kept, and nothing is lost."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.models.network.transformer import MaskPredictor
from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.sampling.caching import CAUSAL, decode
from tests.sampling.decoding import PROMPTS
from tests.toys import MASK


class WholeRows:
    """A denoiser that computes whole rows only, as code of others does."""

    def __init__(self, model: MaskPredictor) -> None:
        self.features, self.logits = model.features, model.logits


@settings(max_examples=40)
@given(
    key=st.sampled_from(list(CAUSAL)),
    jobs=st.lists(
        st.tuples(
            st.sampled_from(PROMPTS),
            st.sampled_from(["1", "2", "4"]),
            st.sampled_from([{}, {}, {"threshold": 0.3}, {"cfg_scale": 0.7}, {"temperature": 0.8}]),
            st.sampled_from([1, 2]),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_where_a_block_sees_only_those_before_what_cannot_change_is_kept_and_nothing_is_lost(
    key: tuple[int, bool, bool], jobs: list[tuple[list[int], str, dict[str, Any], int]]
) -> None:
    model, trained = CAUSAL[key], key[0]
    rows = []
    for number, (prompt, said, way, few) in enumerate(jobs):
        label = said if int(said) <= trained else "1"
        schedule = Schedule.parse(label, gen_length=12, steps=12 if label == "1" else 12 // few, **way)
        rows.append(Row(prompt_ids=tuple(prompt), schedule=schedule, trained_block=trained, noise_key=number))
    slow, quick = decode(rows, denoiser=WholeRows(model)), decode(rows, denoiser=model)
    for name in ("token_ids", "commit_step", "nfe"):
        assert [getattr(d, name) for d in quick] == [getattr(d, name) for d in slow], name
    assert all(q.tokens_computed <= s.tokens_computed for q, s in zip(quick, slow, strict=True))
    assert [d.first_step_logprob for d in quick] == pytest.approx([d.first_step_logprob for d in slow], abs=1e-5)


def test_a_finished_block_is_computed_once_more_and_never_again() -> None:
    row = Row(prompt_ids=(3, 7, 1), schedule=Schedule.parse("4", gen_length=17 - 5, steps=12), trained_block=4)
    (decoded,) = decode([row], denoiser=CAUSAL[4, False, False])
    # Prompt and canvas fill 16 tokens: all of them at first; the first block has one masked token, the others four.
    assert decoded.nfe == 1 + 4 + 4 + 4
    assert decoded.tokens_computed == 16 + 3 * (8 + 3 * 4)


@pytest.mark.parametrize("kv_cache", ["prefix", "dual", "open"])
@pytest.mark.parametrize("refresh", [None, 1000])
def test_where_a_block_sees_only_those_before_a_cache_loses_little_or_nothing(
    kv_cache: str, refresh: int | None
) -> None:
    plain = Schedule.parse("4", gen_length=16, steps=16)
    rows = [Row(prompt_ids=tuple(prompt), schedule=plain, trained_block=4) for prompt in PROMPTS]
    fast = dataclasses.replace(plain, kv_cache=kv_cache, refresh=refresh)
    cached = [dataclasses.replace(row, schedule=fast) for row in rows]
    model = CAUSAL[4, False, False]
    slow, quick = decode(rows, denoiser=model), decode(cached, denoiser=model)
    if kv_cache != "open":
        assert [d.token_ids for d in quick] == [d.token_ids for d in slow]
    assert MASK not in {token for d in quick for token in d.token_ids}
