"""A threshold: a step commits all that is sure, and what brings it to where it would be without."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.reference import certainty
from tests.sampling.caching import decode
from tests.sampling.decoding import PROMPTS
from tests.toys import MASK, ToyDenoiser


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
