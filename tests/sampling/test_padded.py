"""Padding, rounding and packing change no token."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.alignment import why_not
from hexcli.models.network.transformer import MaskPredictor
from hexcli.sampling import forward, padded, places
from hexcli.sampling.rounding import TILE, tiled
from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.sampling.caching import CACHES, CAUSAL, MODEL, REFRESHES, THRESHOLDS, decode, schedules
from tests.sampling.decoding import PROMPTS


class Unpadded(MaskPredictor):
    """Attends as on a GPU, row by row without padding."""

    @property
    def ragged(self) -> bool:
        return True


UNPADDED = Unpadded(MODEL.config).eval()
UNPADDED.load_state_dict(MODEL.state_dict())


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(schedules(kv_cache=CACHES, refresh=REFRESHES, threshold=THRESHOLDS), st.sampled_from(PROMPTS)),
        max_size=5,
    )
)
def test_rows_without_padding_decode_to_the_same(jobs: list[tuple[Schedule, list[int]]]) -> None:
    rows = [Row(prompt_ids=tuple(prompt), schedule=schedule) for schedule, prompt in jobs]
    plain, ragged = decode(rows), decode(rows, denoiser=UNPADDED)
    for name in ("token_ids", "nfe", "tokens_computed", "commit_step"):
        assert [getattr(one, name) for one in ragged] == [getattr(one, name) for one in plain], name


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(schedules(kv_cache=CACHES, refresh=REFRESHES, threshold=THRESHOLDS), st.sampled_from(PROMPTS)),
        max_size=5,
    )
)
def test_what_is_found_out_before_a_gpu_is_asked_how_much_it_is_changes_nothing(
    jobs: list[tuple[Schedule, list[int]]],
) -> None:
    rows = [Row(prompt_ids=tuple(prompt), schedule=schedule) for schedule, prompt in jobs]
    plain = decode(rows)
    for model in (MODEL, UNPADDED):
        with pytest.MonkeyPatch.context() as patch:
            for module in (places, forward):
                patch.setattr(module, "runs_apart", lambda device: True)
            early = decode(rows, denoiser=model)
        for name in ("token_ids", "nfe", "tokens_computed", "commit_step"):
            assert [getattr(one, name) for one in early] == [getattr(one, name) for one in plain], name


@settings(max_examples=15)
@given(st.lists(st.tuples(schedules(kv_cache=CACHES, refresh=REFRESHES), st.sampled_from(PROMPTS)), max_size=5))
def test_tokens_of_nobody_that_make_shapes_recur_change_nothing(jobs: list[tuple[Schedule, list[int]]]) -> None:
    for model, trained in ((MODEL, None), (CAUSAL[4, False, True], 4)):
        rows = [
            Row(prompt_ids=tuple(prompt), schedule=schedule, trained_block=trained)
            for schedule, prompt in jobs
            if trained is None or why_not(schedule, trained) is None
        ]
        plain = decode(rows, denoiser=model)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(padded, "_as_it_is", padded._recurring)
            rounded = decode(rows, denoiser=model)
        for name in ("token_ids", "nfe", "tokens_computed"):
            assert [getattr(d, name) for d in rounded] == [getattr(d, name) for d in plain], name


def test_on_a_gpu_few_sizes_stand_for_all() -> None:
    assert {padded._recurring(number) for number in range(100, 120)} == {104, 112, 120}
    assert all(number < padded._recurring(number) <= number + 9 + number / 8 for number in range(5000))
    assert len({padded._recurring(number, coarse=True) for number in range(1, 512)}) < 20
    assert {tiled(number) for number in range(600, 700)} == {640, 768}
    assert all(number <= tiled(number) <= number + max(8, TILE, number / 8) for number in range(1, 9000))
