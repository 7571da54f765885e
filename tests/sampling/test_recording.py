"""Forward passes that are recorded: a GPU repeats kernels on fixed memory; here a function is run again on it."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from hexcli.models.network.transformer import MaskPredictor, TransformerConfig
from hexcli.sampling.kv_cache import KeyValueCache
from hexcli.sampling.recording import MOST, WARM_UP, Recorded, recorded
from hexcli.sampling.row import Row
from hexcli.sampling.sampler import Sampler
from hexcli.schedule import Schedule
from tests.windows import window_features

torch.manual_seed(0)
MASK = 12
MODEL = MaskPredictor(
    TransformerConfig(vocab_size=13, width=16, layers=2, heads=2, kv_heads=1, mlp_width=24, context=64)
).eval()


class Rerun:
    """Records as a graph does: the result stays in one place, and nothing is read but what was there when recorded."""

    def __init__(self) -> None:
        self.recordings = self.replays = 0

    def __call__(self, function: Callable[[], Tensor]) -> Callable[[], Tensor]:
        self.recordings += 1
        out = torch.empty_like(function())

        def replay() -> Tensor:
            self.replays += 1
            return out.copy_(function())

        return replay


def test_a_pass_is_recorded_when_its_shapes_have_come_a_few_times() -> None:
    record = Rerun()
    denoiser = Recorded(MODEL, record)
    for call in range(WARM_UP + 3):
        ids = torch.randint(12, (2, 5))
        assert torch.equal(denoiser.features(ids), MODEL.features(ids))
        assert (record.recordings, record.replays) == (int(call >= WARM_UP), max(call + 1 - WARM_UP, 0))
    real = torch.ones(2, 5, dtype=torch.bool)
    denoiser.features(ids, real)
    assert record.replays == 3  # padding is another shape


def test_no_more_are_recorded_than_are_kept() -> None:
    record = Rerun()
    denoiser = Recorded(MODEL, record)
    for length in range(2, MOST + 6):
        for _ in range(WARM_UP + 1):
            denoiser.features(torch.zeros(1, length, dtype=torch.long))
    assert record.recordings == MOST


def test_what_takes_a_gpu_longer_than_its_launches_is_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hexcli.sampling.recording.LARGEST", 2 * 5 * 16)
    record = Rerun()
    denoiser = Recorded(MODEL, record)
    for length in (5, 6):
        for _ in range(WARM_UP + 2):
            denoiser.features(torch.zeros(2, length, dtype=torch.long))
    assert (record.recordings, record.replays) == (1, 2)


def test_recordings_of_windows_end_where_the_cache_grows() -> None:
    record = Rerun()
    denoiser = Recorded(MODEL, record)
    cache = KeyValueCache()
    real = torch.ones(2, 8, dtype=torch.bool)
    part = torch.tensor([[0, 0, 0, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 1, 1, 1]]) > 0
    plain = KeyValueCache()
    places = cache.take(2, 8)
    plain.take(2, 8)
    for turn in range(2):
        for window in (real, *[part] * (WARM_UP + 2)):
            ids = torch.randint(12, (2, 8))
            ours = window_features(cache, denoiser, ids, real, window, places)
            assert torch.equal(ours, window_features(plain, MODEL, ids, real, window, places))
        assert (record.recordings, record.replays) == (turn + 1, 2 * (turn + 1))
        for one in (cache, plain):
            assert one.take(1, 8 + turn) == [2 + turn], "more rows than there were"


SCHEDULES = st.sampled_from(
    [
        Schedule.parse("4", gen_length=8),
        Schedule.parse("2", gen_length=8, kv_cache="dual"),
        Schedule.parse("4", gen_length=8, kv_cache="prefix", cfg_scale=0.5),
        Schedule.parse("4", gen_length=8, kv_cache="dual", threshold=0.2),
        Schedule.parse("8", gen_length=8, temperature=0.9),
    ]
)


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(st.tuples(st.lists(st.integers(0, 11), min_size=1, max_size=3), SCHEDULES), min_size=1, max_size=8),
    size=st.integers(1, 4),
)
def test_what_is_decoded_is_the_same(rows: list[tuple[list[int], Schedule]], size: int) -> None:
    jobs = [
        Row(prompt_ids=tuple(prompt), schedule=schedule, noise_key=key) for key, (prompt, schedule) in enumerate(rows)
    ]

    def decoded(denoiser: MaskPredictor | Recorded) -> dict[Row, tuple[int, ...]]:
        found = Sampler(denoiser, mask_id=MASK, batch_size=size).run(jobs)
        return {row: canvas.token_ids for row, canvas in found}

    assert decoded(Recorded(MODEL, Rerun())) == decoded(MODEL)


def test_only_a_gpu_records_and_only_what_can_be() -> None:
    assert recorded(MODEL, torch.device("cpu")) is MODEL
    assert isinstance(recorded(MODEL, torch.device("cuda")), Recorded)
    assert recorded(object(), torch.device("cuda")).__class__ is object
