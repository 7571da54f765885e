"""Decoding with shortcuts: caches and thresholds against the published loops, and what must not change a generation."""

import dataclasses
import itertools
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from hexcli.alignment import why_not
from hexcli.models.network.transformer import MaskPredictor, TransformerConfig
from hexcli.sampling import course, padded
from hexcli.sampling.kv_cache import KeyValueCache
from hexcli.sampling.rounding import TILE, tiled
from hexcli.sampling.sampler import Decoded, Row, Sampler
from hexcli.schedule import Schedule
from tests.fast_reference import PlainLlama, cached_decode
from tests.reference import certainty, published_decode
from tests.toys import MASK, ToyDenoiser
from tests.windows import window_features

PROMPTS = ([3, 7, 1], [5, 2, 9, 11, 4, 8], [1], [6, 6, 12, 2])


def small(**parts: Any) -> MaskPredictor:
    """A random transformer that is sure of some tokens and unsure of others; the mask is never its choice."""
    torch.manual_seed(3)
    sizes = {"vocab_size": 40, "width": 32, "layers": 2, "heads": 4, "kv_heads": 2, "mlp_width": 48, "context": 128}
    model = MaskPredictor(TransformerConfig(**{**sizes, **parts}))
    for weight in model.parameters():
        weight.data *= 3
    model.embed_tokens.weight.data /= 3
    model.lm_head.weight.data[MASK] = 0
    return model.eval().requires_grad_(False)


MODEL = small()
PLAIN = PlainLlama(MODEL)


def decode(rows: list[Row], batch_size: int = 3, denoiser: Any = MODEL, end_ids: tuple[int, ...] = ()) -> list[Decoded]:
    """Decoded rows in the order of `rows`."""
    sampler = Sampler(denoiser, mask_id=MASK, batch_size=batch_size, end_ids=end_ids)
    results = {id(row): decoded for row, decoded in sampler.run(rows)}
    return [results[id(row)] for row in rows]


def plain_fields(schedule: Schedule) -> dict[str, Any]:
    names = ("gen_length", "steps", "remasking", "cfg_scale")
    return {"blocks": list(schedule.blocks), **{name: getattr(schedule, name) for name in names}}


@st.composite
def schedules(draw: st.DrawFn, **fast: Any) -> Schedule:
    """Schedules of every kind, even and uneven, whose steps suit a threshold (one token a step)."""
    blocks = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    if draw(st.booleans()):
        blocks = [blocks[0]] * len(blocks)
    even, gen_length = len(set(blocks)) == 1, sum(blocks)
    chosen = {name: draw(value) for name, value in fast.items()}
    steps = gen_length
    if chosen.get("threshold") is None:
        steps = len(blocks) * draw(st.integers(1, blocks[0])) if even else draw(st.sampled_from([1, gen_length]))
    return Schedule(
        blocks=tuple(blocks),
        gen_length=gen_length,
        steps=steps,
        remasking=draw(st.sampled_from(["low_confidence", "topk_margin", "entropy"])),
        cfg_scale=draw(st.sampled_from([0.0, 0.0, 0.7])),
        **chosen,
    )


CACHES = st.sampled_from(["prefix", "dual", "open", "likely"])
REFRESHES = st.sampled_from([None, None, 1, 3, 8])
PROMPT_REFRESHES = st.sampled_from([None, None, 4, 1000])
THRESHOLDS = st.sampled_from([None, 0.3, 0.6])


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            schedules(kv_cache=CACHES, refresh=REFRESHES, threshold=THRESHOLDS, prompt_refresh=PROMPT_REFRESHES),
            st.sampled_from(PROMPTS),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_mixed_batches_equal_fast_dllm_row_by_row(jobs: list[tuple[Schedule, list[int]]]) -> None:
    rows = [Row(prompt_ids=tuple(prompt), schedule=schedule) for schedule, prompt in jobs]
    for row, decoded in zip(rows, decode(rows), strict=True):
        schedule = row.schedule
        tokens, nfe, computed = cached_decode(
            PLAIN,
            list(row.prompt_ids),
            **plain_fields(schedule),
            mask_id=MASK,
            cache=schedule.kv_cache,
            threshold=schedule.threshold,
            refresh=schedule.refresh,
            prompt_refresh=schedule.prompt_refresh,
        )
        assert list(decoded.token_ids) == tokens
        assert (decoded.nfe, decoded.tokens_computed) == (nfe, computed)


@settings(max_examples=30)
@given(
    schedules(kv_cache=st.just("likely"), refresh=REFRESHES, threshold=THRESHOLDS, prompt_refresh=PROMPT_REFRESHES),
    st.sampled_from(PROMPTS),
    st.integers(1, 4),
)
def test_of_a_block_only_the_likeliest_masked_tokens_are_computed(
    schedule: Schedule, prompt: list[int], hopeful: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "HOPEFUL", hopeful)
        (decoded,) = decode([Row(prompt_ids=tuple(prompt), schedule=schedule)])
    fields = {**plain_fields(schedule), "threshold": schedule.threshold, "refresh": schedule.refresh}
    fields |= {"prompt_refresh": schedule.prompt_refresh, "mask_id": MASK, "cache": "likely", "hopeful": hopeful}
    tokens, nfe, computed = cached_decode(PLAIN, list(prompt), **fields)
    assert (list(decoded.token_ids), decoded.nfe, decoded.tokens_computed) == (tokens, nfe, computed)


class Unpadded(MaskPredictor):
    """Attends as on a GPU, row by row without padding."""

    @property
    def ragged(self) -> bool:
        return True


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(schedules(kv_cache=CACHES, refresh=REFRESHES, threshold=THRESHOLDS), st.sampled_from(PROMPTS)),
        max_size=5,
    )
)
def test_rows_without_padding_decode_to_the_same(jobs: list[tuple[Schedule, list[int]]]) -> None:
    unpadded = Unpadded(MODEL.config).eval()
    unpadded.load_state_dict(MODEL.state_dict())
    rows = [Row(prompt_ids=tuple(prompt), schedule=schedule) for schedule, prompt in jobs]
    plain, ragged = decode(rows), decode(rows, denoiser=unpadded)
    for name in ("token_ids", "nfe", "tokens_computed", "commit_step"):
        assert [getattr(one, name) for one in ragged] == [getattr(one, name) for one in plain], name


def test_votes_on_one_problem_share_their_first_pass() -> None:
    class Counting(MaskPredictor):
        passes: list[int]

        def packed_features(self, ids: Tensor, *rest: Any) -> Tensor:
            self.passes.append(len(ids))
            return super().packed_features(ids, *rest)

    counting = Counting(MODEL.config).eval()
    counting.load_state_dict(MODEL.state_dict())
    counting.passes = []
    ways = [Schedule.parse(blocks, gen_length=16, kv_cache="open", cfg_scale=0.5) for blocks in ("4", "8", "16")]
    rows = [Row(prompt_ids=(3, 7, 1), schedule=schedule) for schedule in ways]
    rows.append(Row(prompt_ids=(5, 2, 9), schedule=ways[0]))
    together = decode(rows, batch_size=4, denoiser=counting)
    assert counting.passes[0] == 2 * 19 + 19, "two prompts, and what is masked throughout"
    for row, found in zip(rows, together, strict=True):
        assert decode([row])[0].token_ids == found.token_ids


def test_a_cache_and_a_threshold_change_what_is_decoded() -> None:
    """Else the equivalences hold for any cache."""
    plain = Schedule.parse("32", gen_length=64, steps=64)
    ways: list[dict[str, Any]] = [
        {},
        {"kv_cache": "prefix"},
        {"kv_cache": "dual"},
        {"kv_cache": "dual", "refresh": 20},
        {"kv_cache": "dual", "refresh": 8, "prompt_refresh": 100},
        {"kv_cache": "open"},
        {"kv_cache": "likely"},
        {"threshold": 0.3},
    ]
    rows = [Row(prompt_ids=(3, 7, 1), schedule=dataclasses.replace(plain, **way)) for way in ways]
    assert len({decoded.token_ids for decoded in decode(rows)}) == len(ways)


@settings(max_examples=25)
@given(schedules(kv_cache=st.sampled_from(["prefix", "dual", "open"]), refresh=st.just(1)), st.sampled_from(PROMPTS))
def test_refreshed_at_every_step_a_cache_changes_nothing(schedule: Schedule, prompt: list[int]) -> None:
    (decoded,) = decode([Row(prompt_ids=tuple(prompt), schedule=schedule)])
    fields = plain_fields(schedule)
    logits_of = lambda ids: MODEL.logits(MODEL.features(ids))  # noqa: E731
    assert list(decoded.token_ids) == published_decode(logits_of, prompt, **fields, mask_id=MASK)
    assert decoded.tokens_computed == decoded.nfe * (len(prompt) + schedule.gen_length)


def threshold_decode(denoiser: ToyDenoiser, prompt: list[int], schedule: Schedule) -> tuple[list[int], int]:
    """Every step: where it would be without a threshold, and all that is sure. The canvas, and the steps."""
    assert schedule.threshold is not None
    x = torch.tensor([prompt + [MASK] * schedule.gen_length])
    done = steps = 0
    marks = [0]
    for commit in schedule.commits():
        marks.append(marks[-1] + commit.tokens)
    stops = torch.tensor(schedule.blocks).cumsum(0).tolist()
    while done < schedule.gen_length:
        stop = next(stop for stop in stops if stop > done)
        least = next(mark for mark in marks if mark > done) - done
        logits = denoiser(x)[0]
        candidates = []
        for position in range(len(prompt), len(prompt) + stop):
            if int(x[0, position]) == MASK:
                probs = logits[position].softmax(-1)
                token = int(logits[position].argmax())
                candidates.append((-certainty(probs, token, schedule.remasking), position, token, float(probs[token])))
        for order, (_, position, token, confidence) in enumerate(sorted(candidates)[: stop - done]):
            if order < least or confidence >= schedule.threshold:
                x[0, position] = token
                done += 1
        steps += 1
    return x[0, len(prompt) :].tolist(), steps


@st.composite
def thresholds(draw: st.DrawFn) -> Schedule:
    """Schedules with a threshold and any number of steps."""
    block, count = draw(st.integers(1, 9)), draw(st.integers(1, 4))
    return Schedule(
        blocks=(block,) * count,
        gen_length=block * count,
        steps=count * draw(st.integers(1, block)),
        remasking=draw(st.sampled_from(["low_confidence", "topk_margin", "entropy"])),
        threshold=draw(st.floats(0.2, 1.0)),
    )


@settings(max_examples=40)
@given(st.lists(st.tuples(thresholds(), st.sampled_from(PROMPTS)), min_size=1, max_size=5), st.booleans())
def test_a_threshold_commits_all_that_is_sure(jobs: list[tuple[Schedule, list[int]]], proposes_mask: bool) -> None:
    denoiser = ToyDenoiser(proposes_mask=proposes_mask)
    rows = [Row(prompt_ids=tuple(prompt), schedule=schedule) for schedule, prompt in jobs]
    for row, decoded in zip(rows, decode(rows, denoiser=denoiser), strict=True):
        tokens, steps = threshold_decode(denoiser, list(row.prompt_ids), row.schedule)
        assert list(decoded.token_ids) == tokens
        assert decoded.nfe == steps <= row.schedule.nfe


def noisy_rows() -> list[Row]:
    """Rows that have nothing in common, some without shortcuts, some guided."""
    ways: list[dict[str, Any]] = [
        {"kv_cache": "dual", "refresh": 8, "threshold": 0.5},
        {"kv_cache": "prefix", "cfg_scale": 0.7},
        {},
        {"kv_cache": "dual", "threshold": 0.3, "cfg_scale": 0.4},
        {"kv_cache": "dual", "remasking": "random"},
        {"kv_cache": "open", "refresh": 8, "prompt_refresh": 12, "threshold": 0.6},
        {"threshold": 0.4},
    ]
    return [
        Row(
            prompt_ids=tuple(prompt),
            schedule=Schedule.parse(label, gen_length=16, temperature=0.7, **way),
            noise_key=1000 * number + 17,
        )
        for number, way in enumerate(ways)
        for prompt, label in zip(PROMPTS, ("4", "8", "2", "5+11"), strict=True)
    ]


@pytest.mark.parametrize("batch_size", [3, 24])
def test_a_generation_does_not_depend_on_its_batch(batch_size: int) -> None:
    rows = noisy_rows()
    alone = [decode([row], 1)[0] for row in rows]
    backwards = decode(rows[::-1], batch_size)[::-1]
    for name in ("token_ids", "commit_step", "nfe", "tokens_computed"):
        assert [getattr(d, name) for d in backwards] == [getattr(d, name) for d in alone], name


def test_a_whole_row_is_computed_at_the_first_step_whatever_the_refresh() -> None:
    schedule = Schedule.parse("4", gen_length=16, steps=16, kv_cache="dual", refresh=1000)
    (decoded,) = decode([Row(prompt_ids=(3, 7, 1), schedule=schedule)])
    # One whole row, 12 more steps inside blocks, and 3 that begin one and compute the one before, too.
    assert decoded.tokens_computed == 19 + 12 * 4 + 3 * 8
    (lossless,) = decode([Row(prompt_ids=(3, 7, 1), schedule=schedule.lossless())])
    ids = torch.tensor([[3, 7, 1] + [MASK] * 16])
    scores = MODEL(ids)[0, 3:].double().log_softmax(-1)
    for found in (decoded, lossless):
        expected = scores[torch.arange(16), torch.tensor(found.token_ids)].mean()
        assert found.first_step_logprob == pytest.approx(float(expected), abs=1e-5)


@settings(max_examples=25)
@given(
    st.lists(schedules(kv_cache=CACHES, refresh=REFRESHES, threshold=THRESHOLDS), min_size=1, max_size=4),
    st.sets(st.integers(1, 39), min_size=3, max_size=12),
)
def test_stopping_at_the_end_changes_no_text(chosen: list[Schedule], end_ids: set[int]) -> None:
    rows = [Row(prompt_ids=(3, 7, 1), schedule=schedule) for schedule in chosen]
    for whole, stopped in zip(decode(rows), decode(rows, end_ids=tuple(end_ids)), strict=True):
        ends = [place for place, token in enumerate(whole.token_ids) if token in end_ids]
        length = ends[0] + 1 if ends else len(whole.token_ids)
        assert stopped.token_ids[:length] == whole.token_ids[:length]
        assert stopped.nfe <= whole.nfe
        assert stopped.tokens_computed <= whole.tokens_computed


def between(first: Tensor, stop: Tensor, width: int) -> Tensor:
    """bool [B, width]: the columns from `first` to before `stop`."""
    columns = torch.arange(width)
    return (columns >= first[:, None]) & (columns < stop[:, None])


PARTS: dict[str, dict[str, Any]] = {
    "llada": {},
    "dream": {"shifted": True, "qkv_bias": True, "rotary_float32": False},
    "qwen3": {"qk_norm": True, "head_dim": 6},
    "blocks": {"block_length": 4},
    "shifted blocks": {"block_length": 4, "shifted": True, "attention": "eager"},
}


@pytest.mark.parametrize("parts", PARTS.values(), ids=list(PARTS))
def test_a_window_of_unchanged_tokens_gives_the_features_of_the_whole_row(parts: dict[str, Any]) -> None:
    """Positions, masks and what features need beside their window: padded rows, windows of all widths."""
    model = small(**parts)
    ids = torch.randint(1, 40, (3, 12))
    real = torch.arange(12) >= torch.tensor([0, 5, 2])[:, None]
    cache = KeyValueCache()
    padding = torch.tensor([0, 5, 2])
    places = cache.take(3, 12)[::-1]
    whole = window_features(cache, model, ids, real, real, places)
    assert torch.allclose(whole[real], model.features(ids, real)[real], atol=1e-5)
    first, stop = torch.tensor([0, 5, 3]), torch.tensor([4, 12, 8])
    found = window_features(cache, model, ids, real, between(first, stop, 12), places)
    for row in range(3):
        skipped = 0 if first[row] == padding[row] else model.lookback
        inside = slice(int(first[row]) + skipped, int(stop[row]))
        assert torch.allclose(found[row, inside], whole[row, inside], atol=1e-5)


def test_a_row_keeps_its_place_in_the_cache_whoever_comes_and_goes() -> None:
    ids = torch.randint(1, 40, (3, 12))
    real = torch.arange(12) >= torch.tensor([0, 5, 2])[:, None]
    cache = KeyValueCache()
    assert cache.take(3, 12) == [0, 1, 2]
    whole = window_features(cache, MODEL, ids, real, real, [0, 1, 2])
    cache.give([0])
    window = between(torch.tensor([3, 4]), torch.tensor([6, 10]), 10)
    found = window_features(cache, MODEL, ids[[2, 1], 2:], real[[2, 1], 2:], window, [2, 1])
    assert torch.allclose(found[0, 3:6], whole[2, 5:8], atol=1e-5)
    assert torch.allclose(found[1, 4:], whole[1, 6:], atol=1e-5)
    moves = cache.moves
    assert cache.take(1, 9) == [0]
    assert cache.moves == moves
    assert cache.take(2, 30) == [3, 4]
    assert cache.moves == moves + 1, "it grows where it has to"
    again = window_features(cache, MODEL, ids[1:], real[1:], real[1:], [1, 2])
    assert torch.allclose(again[real[1:]], whole[1:][real[1:]], atol=1e-5)


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


class WholeRows:
    """A denoiser that computes whole rows only, as code of others does."""

    def __init__(self, model: MaskPredictor) -> None:
        self.features, self.logits = model.features, model.logits


def causal(trained: int, proposes_mask: bool, shifted: bool) -> MaskPredictor:
    model = small(block_length=trained, shifted=shifted)
    if proposes_mask:  # now and then
        model.lm_head.weight.data[MASK] = model.lm_head.weight.data[1] * 1.02
    return model


CAUSAL = {key: causal(*key) for key in itertools.product((2, 4), (False, True), (False, True))}


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


def test_a_denoiser_that_computes_whole_rows_only_takes_no_cache() -> None:
    row = Row(prompt_ids=(3,), schedule=Schedule.parse("4", gen_length=4, kv_cache="dual"))
    with pytest.raises(ValueError, match="kv_cache dual: this denoiser computes whole rows only"):
        decode([row], denoiser=ToyDenoiser())
