"""Canvases on a terminal while they are decoded."""

import io
from collections.abc import Sequence

from hexcli.records import Canvas, Generation
from hexcli.report.motion.frames import canvas_of
from hexcli.report.motion.live import RATE, SHARE, LiveMeter
from tests.report.motion.generations import made


class Clock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def meter(clock: Clock) -> LiveMeter:
    found = LiveMeter(io.StringIO(), answers=lambda one: one.response.text[-3:-1], by="step", clock=clock)
    found.begin(total=4, reused=0, nfe=64, left={"a": 2, "b": 2}, at_most=False)
    return found


def half(generation: Generation) -> Canvas:
    whole = canvas_of(generation)
    masked = [piece if step < 2 else None for piece, step in zip(whole.pieces, whole.commit_step, strict=True)]
    return Canvas(
        problem_id=whole.problem_id,
        schedule=whole.schedule,
        pieces=tuple(masked),
        commit_step=whole.commit_step,
        confidence=whole.confidence,
    )


def shown(live: LiveMeter) -> str:
    live.out.print(live.view())
    text: str = live.stream.getvalue()  # type: ignore[attr-defined]
    return text


def step(live: LiveMeter, *generations: Generation) -> None:
    live.step(len(generations))
    live.canvases([half(one) for one in generations])


A = made("a", "4"), made("a", "8")
B = made("b", "4"), made("b", "8")


def test_a_canvas_shows_what_is_there_and_masks_what_is_not() -> None:
    live = meter(Clock())
    step(live, *A)
    text = shown(live)
    assert "block 4" in text and "block 8" in text and "░" in text and "votes: none yet" in text


def test_votes_appear_as_they_are_cast_and_the_next_problem_comes_when_all_are() -> None:
    live = meter(Clock())
    step(live, *A, *B)
    live.finished(A[0])
    live.finished(B[0])
    assert live.problem == "a" and "votes: 17 x 1" in shown(live)
    live.finished(A[1])
    assert "votes: 17 x 2" in shown(live)
    step(live, B[1])
    assert live.problem == "b" and "a" not in live.cast
    assert shown(live).count("votes 17") == 2 + 2 + 1 - 1, "the vote that b had already is shown"


def test_it_looks_no_oftener_than_its_rate_and_its_share_of_the_time() -> None:
    clock = Clock()
    live = meter(clock)
    assert live.looks
    slow: list[Sequence[Canvas]] = []

    def drawn() -> None:
        clock.time += 1.0
        slow.append(())

    live.draw = drawn
    step(live, *A)
    assert len(slow) == 1 and not live.looks
    clock.time += 1 / RATE
    assert not live.looks, "a second's drawing has to be earned"
    clock.time += 1.0 / SHARE
    assert live.looks


def test_what_does_not_fit_is_counted() -> None:
    live = meter(Clock())
    live.begin(total=60, reused=0, nfe=64, left={"a": 60}, at_most=False)
    step(live, *(made("a", "4", seed=seed) for seed in range(60)))
    assert "more" in shown(live)
