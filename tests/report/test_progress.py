"""Progress: the numbers, and where they are shown."""

import io
from dataclasses import replace

import pytest

from hexcli.report.progress import PLAIN_INTERVAL, BarMeter, Meter, PlainMeter, meter
from tests.samples import generation


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_line_has_problems_rates_and_time_left() -> None:
    clock = Clock()
    watcher = Meter(io.StringIO(), clock)
    watcher.begin(total=6, reused=2, nfe=400, left={"p1": 0, "p2": 2, "p3": 2}, at_most=False)
    assert watcher.line.startswith("1/3 problems, 2/6 generations")
    clock.now += 10
    for _ in range(10):
        watcher.step(20)
    watcher.finished(generation(2))
    watcher.finished(generation(2))
    assert watcher.line == "2/3 problems, 4/6 generations, 0.2 generations/s, 20 NFE/s, at most 0:00:10 left"


def test_what_it_took_to_load_the_model_does_not_count() -> None:
    """With workers it did: 33 minutes were said to be left of 18 seconds."""
    clock, stream = Clock(), io.StringIO()
    watcher = PlainMeter(stream, clock)
    watcher.begin(total=2, reused=0, nfe=400, left={"p1": 2}, at_most=False)
    clock.now += 300
    watcher.at_work()
    watcher.step(1)
    assert len(stream.getvalue().splitlines()) == 1, "nothing of the first step alone"
    clock.now += PLAIN_INTERVAL
    watcher.step(199)
    assert stream.getvalue().splitlines()[1].endswith("20 NFE/s, at most 0:00:10 left")


def test_what_votes_make_needless_is_no_longer_waited_for() -> None:
    clock, stream = Clock(), io.StringIO()
    watcher = PlainMeter(stream, clock)
    watcher.begin(total=6, reused=0, nfe=600, left={"p1": 3, "p2": 3}, at_most=True)
    clock.now += 10
    for _ in range(2):
        watcher.step(100)
        watcher.finished(generation(1))
    assert watcher.line == "0/2 problems, 2/6 generations, 0.2 generations/s, 20 NFE/s, at most 0:00:20 left"
    watcher.unneeded("p1", 100)
    assert watcher.line == "1/2 problems, 2/5 generations, 0.2 generations/s, 20 NFE/s, at most 0:00:15 left"
    assert stream.getvalue().splitlines()[0] == "decoding at most 6 generations, at most 600 NFE"


def test_forward_passes_that_an_early_end_left_over_are_not_waited_for() -> None:
    clock = Clock()
    watcher = Meter(io.StringIO(), clock)
    watcher.begin(total=2, reused=0, nfe=40, left={"p1": 2}, at_most=False)
    clock.now += 10
    watcher.step(20)
    early = generation(1)
    assert (early.schedule.nfe, early.response.nfe) == (2, 2)
    watcher.finished(replace(early, schedule=replace(early.schedule, steps=4), response=early.response))
    assert watcher.line.endswith("2 NFE/s, at most 0:00:09 left")


def test_the_time_left_is_never_below_nothing_and_nothing_at_the_end() -> None:
    clock = Clock()
    watcher = Meter(io.StringIO(), clock)
    watcher.begin(total=1, reused=0, nfe=2, left={"p1": 1}, at_most=False)
    clock.now += 10
    watcher.step(20)  # a worker was lost, and another computed its rows once more
    assert watcher.line.endswith("at most 0:00:00 left")
    watcher.begin(total=1, reused=0, nfe=400, left={"p1": 1}, at_most=False)
    clock.now += 10
    watcher.step(20)
    watcher.finished(replace(generation(1), cached=True))  # the rest was decoded by another process
    assert watcher.line.endswith("at most 0:00:00 left")


def test_off_a_terminal_there_is_a_line_now_and_then_and_one_at_the_end() -> None:
    clock, stream = Clock(), io.StringIO()
    watcher = PlainMeter(stream, clock)
    watcher.begin(total=2, reused=0, nfe=100, left={"p1": 2}, at_most=False)
    for _ in range(50):
        clock.now += PLAIN_INTERVAL / 20
        watcher.step(2)
    watcher.finished(generation(1))
    watcher.finished(generation(1))
    lines = stream.getvalue().splitlines()
    assert lines[0] == "decoding 2 generations, at most 100 NFE"
    assert len(lines) == 4
    assert lines[-1].startswith("1/1 problems, 2/2 generations")


def test_what_is_reused_is_said_and_nothing_else_when_there_is_nothing_to_do() -> None:
    stream = io.StringIO()
    PlainMeter(stream).begin(total=3, reused=3, nfe=0, left={"p1": 0}, at_most=False)
    assert stream.getvalue() == "reusing 3 of 3 generations\n"


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    with meter(stream) as watcher:
        assert isinstance(watcher, BarMeter)
        watcher.begin(total=2, reused=1, nfe=32, left={"p1": 1}, at_most=False)
        watcher.step(32)
        watcher.finished(generation(1))
    assert "reusing 1 of 2 generations" in stream.getvalue()


def test_reading_a_large_model_is_shown() -> None:
    clock, stream = Clock(), io.StringIO()
    plain = PlainMeter(stream, clock)
    for share in (0.1, 0.2, 0.3, 0.4, 0.5, 1.0):
        clock.now += PLAIN_INTERVAL / 3.5
        plain.loading(share)
    assert stream.getvalue().splitlines() == ["reading the model: 40%", "reading the model: 100%"]


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (24, "at most 12:30:00 left"),
        (58, "1200/33000 generations, 1000 NFE/s, at most 12:30:00 left"),
        (66, "1200/33000 generations, 120.0 generations/s, at most 12:30:00 left"),
        (100, "0/1 problems, 1200/33000 generations, 120.0 generations/s, 1000 NFE/s, at most 12:30:00 left"),
    ],
)
def test_where_there_is_no_room_for_all_the_time_left_stays(width: int, line: str) -> None:
    clock = Clock()
    watcher = Meter(io.StringIO(), clock)
    watcher.begin(total=33000, reused=0, nfe=45_010_000, left={"p1": 33000}, at_most=False)
    clock.now += 10
    watcher.step(10_000)
    watcher.generations = watcher.decoded = 1200
    assert watcher.line_in(width) == line
    assert len(line) <= width


def test_a_bar_of_80_columns_shows_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    with meter(stream) as watcher:
        watcher.begin(total=33000, reused=0, nfe=45_000_000, left={"p1": 33000}, at_most=False)
        watcher.step(1000)
        watcher.bar.refresh()
    assert " left" in stream.getvalue() and "\u2026" not in stream.getvalue()
