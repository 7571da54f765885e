"""How workers are shown: a line each, or one for all of many."""

from hexcli.report.crew import MOST_LINES, Crew


def crew(states: dict[str, tuple[str, int, int]]) -> Crew:
    return Crew(states, started=10.0, clock=lambda: 14.0)


def test_a_line_a_worker() -> None:
    states = {"worker 1 (cuda:0)": ("ready", 12, 400), "worker 2 (cuda:1)": ("starting", 0, 0)}
    assert crew(states).lines() == ["worker 1 (cuda:0)  12 generations, 100 NFE/s", "worker 2 (cuda:1)  starting"]
    assert crew(states).summary == "1 of 2 workers at work, 1 starting"


def test_many_share_one() -> None:
    states = {f"worker {number} (cpu)": ("ready", 1, 1) for number in range(MOST_LINES)} | {"last": ("gone", 3, 9)}
    assert crew(states).lines() == [f"{MOST_LINES} of {MOST_LINES + 1} workers at work, 1 gone"]
