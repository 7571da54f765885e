"""Ctrl-C says what is saved by then, and what goes on with it."""

from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from hexcli.report.progress import Meter

DECODE = ["decode", "--schedules", "16,32", "--limit", "3", "--steps", "4", "--batch-size", "1"]


def interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], after: int, *command: str) -> str:
    """The last line of a command whose user presses Ctrl-C once so many generations are finished."""
    finished = Meter.finished

    def press(self: Meter, generation: Any) -> None:
        finished(self, generation)
        if self.decoded == after:
            raise KeyboardInterrupt

    def at_once(self: Meter) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Meter, *(("finished", press) if after else ("at_work", at_once)))
        assert run(list(command)) == 130
    return capsys.readouterr().err.splitlines()[-1]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_before_the_first_generation_nothing_is_said_to_be_saved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ([*DECODE, "-o", "runs/one"], ["decode", "Tom has 3 apples.", "-s", "16", "--steps", "4"]):
        said = interrupted(monkeypatch, capsys, 0, *command)
        assert said == "hex: interrupted before the first generation was finished: the same command begins again"


def test_afterwards_the_run_is_named_with_the_command_that_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = interrupted(monkeypatch, capsys, 2, *DECODE, "-o", "runs/my one", "--decide-at", "0.9")
    assert "what is finished is saved in runs/my one: the same command goes on from there" in said
    assert said.endswith("(or `hex sweep 'runs/my one' --decide-at 0.9`)")
    assert run(["sweep", "runs/my one", "--decide-at", "0.9"]) == 0
    assert "already in the run" in capsys.readouterr().out


def test_a_prompt_in_no_run_is_saved_in_the_cache(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prompt = ["decode", "Tom has 3 apples and eats 1.", "-s", "16,32", "--steps", "4", "--batch-size", "1"]
    assert "saved in the cache: the same command goes on" in interrupted(monkeypatch, capsys, 1, *prompt)
    assert run([*prompt, "--json"]) == 0
    assert "reusing 1 of 2 generations" in capsys.readouterr().err


def test_a_sweep_that_is_ended_while_a_later_run_loads_says_what_is_saved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("two.yaml").write_text("{schedules: [[8], [16]], limit: 1, steps: 4}")
    times: list[Meter] = []

    def press_at_the_second(self: Meter) -> None:
        times.append(self)
        if len(times) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Meter, "at_work", press_at_the_second)
        assert run(["sweep", "two.yaml", "--set", "gen_length=16"]) == 130
    (first,) = [path.parent for path in Path("runs").glob("*/generations.jsonl") if path.stat().st_size]
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == f"hex: interrupted; what is finished is saved in {first}: the same command goes on from there"


def test_what_is_saved_is_said_after_the_last_generation_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def press(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("hexcli.cli.decode.show_outcome", "hexcli.cli.prompting._show"):
        monkeypatch.setattr(name, press)
    short = ["--steps", "4", "--gen-length", "16", "-s", "16"]
    assert run(["decode", *short, "--limit", "1", "-o", "mine"]) == 130
    assert "what is finished is saved in mine" in capsys.readouterr().err.splitlines()[-1]
    assert run(["decode", "Tom has 3 apples.", *short]) == 130
    assert "what is finished is saved in the cache" in capsys.readouterr().err.splitlines()[-1]
