"""What a canvas would be after each step, against the model asked anew at each."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.sampling.decoded import Decoded
from hexcli.sampling.sampler import Row, Sampler
from hexcli.schedule import Schedule
from tests.sampling.test_sampler import PROMPTS, schedules
from tests.toys import MASK, ToyDenoiser


def decode(rows: list[Row], *, drafts: bool, batch_size: int = 3, ends: tuple[int, ...] = ()) -> list[Decoded]:
    sampler = Sampler(
        ToyDenoiser(),
        mask_id=MASK,
        batch_size=batch_size,
        end_ids=ends,
        end_of_text=min(ends, default=None),
        drafts=drafts,
    )
    found = {id(row): decoded for row, decoded in sampler.run(rows)}
    return [found[id(row)] for row in rows]


def asked_anew(row: Row, decoded: Decoded, step: int) -> list[int]:
    """The canvas after a step: what was committed by then, and elsewhere the likeliest token before it."""
    start = len(row.prompt_ids)
    before = [t if s < step else MASK for t, s in zip(decoded.token_ids, decoded.commit_step, strict=True)]
    ids = torch.tensor([[*row.prompt_ids, *before]])
    model = ToyDenoiser()
    logits = model(ids)[0]
    if row.schedule.cfg_scale > 0:
        blank = ids.clone()
        blank[0, :start] = MASK
        without = model(blank)[0]
        logits = without + (row.schedule.cfg_scale + 1) * (logits - without)
    logits[:, MASK] = -torch.inf
    likeliest = logits.argmax(1)[start:].tolist()
    pairs = zip(decoded.token_ids, decoded.commit_step, likeliest, strict=True)
    return [token if committed <= step else other for token, committed, other in pairs]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(schedules(), st.sampled_from(PROMPTS)), min_size=1, max_size=4))
def test_drafts_are_what_the_model_held_for_likeliest_and_change_no_token(
    jobs: list[tuple[Schedule, list[int]]],
) -> None:
    rows = [Row(prompt_ids=tuple(prompt), schedule=schedule) for schedule, prompt in jobs]
    found = decode(rows, drafts=True)
    for row, one, plain in zip(rows, found, decode(rows, drafts=False), strict=True):
        assert (one.token_ids, one.commit_step) == (plain.token_ids, plain.commit_step) and plain.drafts is None
        assert one.drafts is not None
        drafts, now = dict(one.drafts), None
        for step in range(max(one.commit_step) + 1):
            now = drafts.get(step, now)
            assert list(now or ()) == asked_anew(row, one, step)
        assert now == one.token_ids


def test_a_row_that_ends_early_is_recorded_to_its_end() -> None:
    rows = [Row(prompt_ids=(3, 7, end), schedule=Schedule.parse("4", gen_length=24)) for end in range(1, 9)]
    for ends in ((5,), (9,), (11,)):
        for one in decode(rows, drafts=True, ends=ends):
            assert one.drafts is not None
            last = one.drafts[-1][1]
            end = next((place for place, token in enumerate(one.token_ids) if token in ends), len(last))
            assert last[: end + 1] == one.token_ids[: end + 1]


def test_a_row_that_is_withdrawn_leaves_nothing_to_the_next() -> None:
    rows = [Row(prompt_ids=(3, 7, number), schedule=Schedule.parse("4", gen_length=16)) for number in range(1, 7)]
    sampler = Sampler(ToyDenoiser(), mask_id=MASK, batch_size=2, drafts=True)
    left = [rows[0]]
    found: dict[int, Decoded] = {}

    def stepped(forwards: int) -> None:
        if left:
            sampler.withdraw(left.pop())

    for row, decoded in sampler.run(rows, stepped):
        found[rows.index(row)] = decoded
    alone = {place: decode([rows[place]], drafts=True)[0].drafts for place in found}
    assert sorted(found) == [1, 2, 3, 4, 5]
    assert {place: one.drafts for place, one in found.items()} == alone


@pytest.mark.parametrize("temperature", [0.9])
def test_noise_is_in_what_was_committed_only(temperature: float) -> None:
    row = Row(prompt_ids=(3, 7, 1), schedule=Schedule.parse("4", gen_length=16, temperature=temperature), noise_key=3)
    (one,) = decode([row], drafts=True)
    assert one.drafts is not None
    for step, canvas in one.drafts:
        assert list(canvas) == asked_anew(row, one, step)
