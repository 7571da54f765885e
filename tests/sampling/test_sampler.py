"""The sampler against the published algorithm, and what must not change a generation."""

from collections.abc import Collection

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.sampling.sampler import Decoded, Row, Sampler
from hexcli.schedule import Schedule
from tests.reference import published_decode
from tests.toys import MASK, ToyDenoiser

PROMPTS = ([3, 7, 1], [5, 2, 9, 11, 4, 8], [1], [6, 6, 12, 2])


def decode(
    rows: list[Row], batch_size: int = 4, denoiser: ToyDenoiser | None = None, ends: Collection[int] = ()
) -> list[Decoded]:
    """Decoded rows in the order of `rows`."""
    sampler = Sampler(
        denoiser or ToyDenoiser(),
        mask_id=MASK,
        batch_size=batch_size,
        end_ids=ends,
        end_of_text=min(ends, default=None),
    )
    results = {id(row): decoded for row, decoded in sampler.run(rows)}
    return [results[id(row)] for row in rows]


def published(row: Row, denoiser: ToyDenoiser | None = None) -> tuple[int, ...]:
    schedule = row.schedule
    return tuple(
        published_decode(
            denoiser or ToyDenoiser(),
            list(row.prompt_ids),
            blocks=list(schedule.blocks),
            gen_length=schedule.gen_length,
            steps=schedule.steps,
            mask_id=MASK,
            remasking=schedule.remasking,
            cfg_scale=schedule.cfg_scale,
        )
    )


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Deterministic schedules of every kind: even and uneven blocks, any step count that is allowed."""
    remasking = draw(st.sampled_from(["low_confidence", "topk_margin", "entropy"]))
    cfg_scale = draw(st.sampled_from([0.0, 0.0, 0.7, 2.0]))
    if draw(st.booleans()):
        block, count = draw(st.integers(1, 9)), draw(st.integers(1, 4))
        steps = count * draw(st.integers(1, 2 * block))
        return Schedule(
            blocks=(block,) * count, gen_length=block * count, steps=steps, remasking=remasking, cfg_scale=cfg_scale
        )
    blocks = draw(st.lists(st.integers(1, 9), min_size=2, max_size=4).filter(lambda b: len(set(b)) > 1))
    gen_length = sum(blocks)
    divisors = [d for d in range(1, gen_length + 1) if gen_length % d == 0]
    steps = draw(st.sampled_from(divisors))
    return Schedule(blocks=tuple(blocks), gen_length=gen_length, steps=steps, remasking=remasking, cfg_scale=cfg_scale)


def test_the_toy_denoiser_is_order_sensitive() -> None:
    """Else every equivalence below would hold for any order of commits."""
    answers = {
        decode([Row(prompt_ids=(3, 7, 1), schedule=Schedule.parse(str(b), gen_length=16))])[0].token_ids
        for b in (2, 4, 8, 16)
    }
    assert len(answers) == 4


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(schedules(), st.sampled_from(PROMPTS)), min_size=1, max_size=5))
def test_mixed_batches_equal_the_published_loop_row_by_row(jobs: list[tuple[Schedule, list[int]]]) -> None:
    rows = [Row(prompt_ids=tuple(prompt), schedule=schedule) for schedule, prompt in jobs]
    assert [d.token_ids for d in decode(rows, batch_size=3)] == [published(row) for row in rows]


class CutDenoiser(ToyDenoiser):
    """Computes no more of a batch than somebody looks at, as a large model's last layer on a GPU does."""

    def picks(self, tokens: int) -> bool:
        return True

    def features(
        self, ids: torch.Tensor, real: torch.Tensor | None = None, wanted: torch.Tensor | None = None
    ) -> torch.Tensor:
        found = super().features(ids, real)
        return found if wanted is None else found.flatten(0, 1)[wanted]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(schedules(), st.sampled_from(PROMPTS)), min_size=1, max_size=5))
def test_what_nobody_looks_at_need_not_be_computed(jobs: list[tuple[Schedule, list[int]]]) -> None:
    rows = [Row(prompt_ids=tuple(prompt), schedule=schedule) for schedule, prompt in jobs]
    cut, whole = (decode(rows, batch_size=3, denoiser=denoiser) for denoiser in (CutDenoiser(), ToyDenoiser()))
    for one, other in zip(cut, whole, strict=True):
        assert (one.token_ids, one.commit_step, one.nfe) == (other.token_ids, other.commit_step, other.nfe)
        assert one.first_step_logprob == pytest.approx(other.first_step_logprob)


@settings(max_examples=20, deadline=None)
@given(schedules(), st.integers(1, 1000))
def test_a_model_that_proposes_the_mask_is_still_followed_exactly(schedule: Schedule, seed: int) -> None:
    denoiser = ToyDenoiser(seed, proposes_mask=True)
    row = Row(prompt_ids=(3, 7, 1), schedule=schedule)
    assert decode([row], denoiser=denoiser)[0].token_ids == published(row, denoiser)


NOISY = [
    Schedule.parse("4", gen_length=16, temperature=0.9, seed=seed, remasking=rule)
    for seed in (0, 1)
    for rule in ("low_confidence", "topk_margin", "entropy", "random")
]


def noisy_rows() -> list[Row]:
    return [
        Row(prompt_ids=tuple(prompt), schedule=schedule, noise_key=1000 * i + 17)
        for i, schedule in enumerate(NOISY)
        for prompt in PROMPTS
    ]


@pytest.mark.parametrize("batch_size", [1, 5, 32])
def test_a_generation_does_not_depend_on_its_batch(batch_size: int) -> None:
    rows = noisy_rows()
    alone = [decode([row], 1)[0] for row in rows]
    backwards = decode(rows[::-1], batch_size)[::-1]
    assert [d.token_ids for d in backwards] == [d.token_ids for d in alone]
    assert [d.commit_step for d in backwards] == [d.commit_step for d in alone]


def test_noise_and_seeds_make_different_generations() -> None:
    row = Row(prompt_ids=(3, 7, 1), schedule=NOISY[0], noise_key=1)
    other = Row(prompt_ids=(3, 7, 1), schedule=NOISY[0], noise_key=2)
    assert decode([row])[0].token_ids != decode([other])[0].token_ids
    assert decode([row])[0].token_ids == decode([row])[0].token_ids


def test_random_remasking_at_temperature_zero_depends_on_the_noise_key() -> None:
    schedule = Schedule.parse("16", gen_length=16, remasking="random")
    orders = {decode([Row(prompt_ids=(1,), schedule=schedule, noise_key=k)])[0].commit_step for k in range(4)}
    assert len(orders) == 4


def test_the_temperature_gives_the_softmax_distribution() -> None:
    """One position, one step: token frequencies are softmax(logits / T)."""

    class Fixed(ToyDenoiser):
        def features(self, ids: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
            return torch.ones(*ids.shape, 1, dtype=torch.float64)

        def logits(self, features: torch.Tensor) -> torch.Tensor:
            return torch.tensor([-50.0, 1.0, 0.0, 2.0], dtype=torch.float64).expand(*features.shape[:-1], 4)

    schedule = Schedule(blocks=(1,), gen_length=1, steps=1, temperature=0.5)
    rows = [Row(prompt_ids=(1,), schedule=schedule, noise_key=key) for key in range(4000)]
    drawn = torch.tensor([d.token_ids[0] for d in decode(rows, 500, Fixed())])
    expected = torch.softmax(torch.tensor([-50.0, 1.0, 0.0, 2.0]) / 0.5, 0)
    frequencies = torch.bincount(drawn, minlength=4) / 4000
    assert torch.allclose(frequencies, expected, atol=0.03)


def test_records_what_was_committed_when_and_how_surely() -> None:
    schedule = Schedule.parse("4", gen_length=8, steps=4)
    (decoded,) = decode([Row(prompt_ids=(3, 7, 1), schedule=schedule)])
    assert sorted(decoded.commit_step) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert max(decoded.commit_step[:4]) < min(decoded.commit_step[4:])
    assert all(0 < p <= 1 for p in decoded.commit_confidence)
    assert (decoded.nfe, decoded.tokens_computed) == (4, 4 * 11)


def test_guidance_counts_both_forwards() -> None:
    schedule = Schedule.parse("4", gen_length=8, steps=4, cfg_scale=1.0)
    (decoded,) = decode([Row(prompt_ids=(3, 7, 1), schedule=schedule)])
    assert decoded.nfe == schedule.nfe == 8


def test_first_step_logprob_is_the_mean_over_the_canvas_under_the_all_masked_forward() -> None:
    denoiser = ToyDenoiser()
    row = Row(prompt_ids=(3, 7, 1), schedule=Schedule.parse("4", gen_length=8))
    (decoded,) = decode([row])
    logits = denoiser(torch.tensor([[3, 7, 1] + [MASK] * 8]))[0, 3:]
    expected = logits.log_softmax(-1)[torch.arange(8), torch.tensor(decoded.token_ids)].mean()
    assert decoded.first_step_logprob == pytest.approx(float(expected), abs=1e-12)


def test_large_vocabularies_are_scored_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = noisy_rows()[:6]
    whole = decode(rows)
    monkeypatch.setattr("hexcli.sampling.head.CHUNK_ELEMENTS", 60)
    pieces = decode(rows)
    assert [d.token_ids for d in pieces] == [d.token_ids for d in whole]
    assert [d.first_step_logprob for d in pieces] == pytest.approx([d.first_step_logprob for d in whole])


def test_rows_are_taken_only_when_a_slot_is_free() -> None:
    taken = 0

    def rows() -> list[Row]:
        nonlocal taken
        for _ in range(10):
            taken += 1
            yield Row(prompt_ids=(1,), schedule=Schedule.parse("4", gen_length=4))

    sampler = Sampler(ToyDenoiser(), mask_id=MASK, batch_size=2)
    next(iter(sampler.run(rows())))
    assert taken == 2


def test_a_prompt_with_the_mask_token_is_refused() -> None:
    with pytest.raises(ValueError, match="mask token"):
        decode([Row(prompt_ids=(3, MASK), schedule=Schedule.parse("4", gen_length=4))])


def test_a_model_that_gives_nan_is_an_error() -> None:
    denoiser = ToyDenoiser()
    denoiser.head[:] = torch.nan
    with pytest.raises(FloatingPointError, match="not finite"):
        decode([Row(prompt_ids=(3,), schedule=Schedule.parse("4", gen_length=4))], denoiser=denoiser)


@settings(deadline=None, max_examples=60)
@given(
    schedule=schedules(),
    prompt=st.sampled_from(PROMPTS),
    ends=st.sets(st.sampled_from((8, 12, 13, 14, 17)), min_size=1),
)
def test_the_text_up_to_its_end_is_that_of_the_whole_canvas(
    schedule: Schedule, prompt: list[int], ends: set[int]
) -> None:
    row = Row(prompt_ids=tuple(prompt), schedule=schedule)
    (short,) = decode([row], ends=ends)
    whole = published(row)
    end = next((place for place, token in enumerate(short.token_ids) if token in ends), len(whole))
    assert short.token_ids[: end + 1] == whole[: end + 1]
    assert short.nfe <= schedule.nfe
    if short.nfe < schedule.nfe:
        assert set(short.token_ids[end + 1 :]) <= {min(ends)}
        assert set(short.commit_step[end + 1 :]) <= {-1}
        assert set(short.commit_confidence[end + 1 :]) <= {0.0}
    else:
        assert short.token_ids == whole
    assert min(short.commit_step[: end + 1]) >= 0


def test_most_texts_end_before_their_canvas_and_then_take_fewer_steps() -> None:
    rows = [Row(prompt_ids=tuple(p), schedule=Schedule.parse(b, gen_length=16)) for p in PROMPTS for b in ("2", "4")]
    ends = {13, 14}
    saved = [row.schedule.nfe - one.nfe for row, one in zip(rows, decode(rows, ends=ends), strict=True)]
    assert sum(saved) > 0
    assert min(saved) >= 0


def test_an_early_end_does_not_depend_on_the_batch() -> None:
    rows = [
        Row(prompt_ids=tuple(p), schedule=Schedule.parse(b, gen_length=16, temperature=t), noise_key=key)
        for key, p in enumerate(PROMPTS)
        for b in ("2", "8", "16")
        for t in (0.0, 0.9)
    ]
    together, alone = (decode(rows, batch_size=size, ends={13, 14}) for size in (24, 1))
    for one, other in zip(together, alone, strict=True):
        assert (one.token_ids, one.commit_step, one.nfe) == (other.token_ids, other.commit_step, other.nfe)
