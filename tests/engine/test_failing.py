"""A generation whose model gives no numbers is marked failed, with its reason; the run goes on."""

import contextlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from hexcli.cli.main import run
from hexcli.runs.failed import FAILED, add_failed, forget_failed, read_failed
from tests import samples

FINITE = math.isfinite
COMMAND = ["decode", "--limit", "3", "-s", "16,32", "-o", "out", "--json"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path) -> Iterator[None]:
    with contextlib.chdir(tmp_path):
        yield


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A model that gives NaN for some of its prompts."""
    from hexcli.sampling import sampler

    finite = sampler.math.isfinite
    count = [0]

    def isfinite(number: float) -> bool:
        count[0] += 1
        return finite(number) and count[0] != 10  # one number, of the first generation

    monkeypatch.setattr(sampler, "math", SimpleNamespace(isfinite=isfinite))
    return monkeypatch


def test_it_is_marked_and_the_others_go_on(broken: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(COMMAND) == 1
    said = capsys.readouterr()
    row = json.loads(said.out)
    assert (row["decoded"], row["failed"]) == (5, 1)
    assert "1 generation of out failed: the model's output is not finite" in said.err
    assert "--retry-failed" in said.err
    (failed,) = Path("out", FAILED).read_text().splitlines()
    assert json.loads(failed)["reason"] == "the model's output is not finite (nan or inf)"
    assert not json.loads(Path("out/run.json").read_text())["complete"]

    broken.setattr("hexcli.sampling.sampler.math.isfinite", FINITE)
    assert run(COMMAND) == 1, "it is not tried again unasked"
    assert json.loads(capsys.readouterr().out)["decoded"] == 0
    assert run([*COMMAND, "--retry-failed"]) == 0
    assert json.loads(capsys.readouterr().out)["decoded"] == 1
    assert not Path("out", FAILED).exists()
    assert json.loads(Path("out/run.json").read_text())["complete"]
    rows = [json.loads(line) for line in Path("out/generations.jsonl").read_text().splitlines()]
    assert run([*COMMAND[:-2], "again"]) == 0
    again = [json.loads(line) for line in Path("again/generations.jsonl").read_text().splitlines()]
    assert {(one["problem_id"], one["schedule_label"]): one["token_ids"] for one in rows} == {
        (one["problem_id"], one["schedule_label"]): one["token_ids"] for one in again
    }


def test_a_model_of_nothing_but_nan_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from hexcli.models.network.transformer import MaskPredictor

    logits = MaskPredictor.logits
    monkeypatch.setattr(MaskPredictor, "logits", lambda self, x: logits(self, x) * torch.nan)
    assert run(["decode", "--limit", "40", "-s", "32", "-o", "out"]) == 1
    assert read_failed(Path("out")) == {}, "it is the model's fault, not theirs"


def test_marks_are_forgotten_when_the_generation_is_there(tmp_path: Path) -> None:
    one, two = (samples.generation(number) for number in range(2))
    for each in (one, two):
        add_failed(tmp_path, each.problem, each.voter, "why")
    with (tmp_path / FAILED).open("a") as file:
        file.write('\x00\n{"problem_id": 7}\n[]\n')
    assert read_failed(tmp_path) == {(each.problem.id, each.voter): "why" for each in (one, two)}
    forget_failed(tmp_path, {("p0", one.voter)})
    assert read_failed(tmp_path) == {("p1", two.voter): "why"}
    forget_failed(tmp_path, {("p1", two.voter)})
    assert list(tmp_path.iterdir()) == []
