"""Remasking rules of others: in a file, or of a package; a changed rule is another rule."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

import hexcli
import hexcli.errors
from hexcli import remasking as names
from hexcli.cli.main import run
from hexcli.sampling import remasking
from hexcli.schedule import Schedule
from tests.cli.test_vote_and_score import out_of
from tests.plugins.test_registering import install

MINE = """
def probable(probs, tokens, draws):
    return probs.gather(1, tokens[:, None]).squeeze(1)

def backwards(probs, tokens, draws):
    return -probs.gather(1, tokens[:, None]).squeeze(1)

def wide(probs, tokens, draws):
    return probs

def fails(probs, tokens, draws):
    return 1 / 0

def nothing(probs, tokens, draws):
    return draws * float("nan")

number = 3
"""
DECODE = ("decode", "-s", "8", "-n", "1", "-o")


@pytest.fixture(autouse=True)
def a_file_of_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(MINE)
    kept = dict(names.OFFERED)
    yield
    names.OFFERED.clear()
    names.OFFERED.update(kept)


def rows(path: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path, "generations.jsonl").read_text().splitlines()]


def test_a_rule_in_a_file_decodes_as_the_built_in_one_that_it_copies(capsys: pytest.CaptureFixture[str]) -> None:
    out_of(capsys, *DECODE, "runs/own", "--remasking", "mine.py:probable")
    out_of(capsys, *DECODE, "runs/built-in")
    out_of(capsys, *DECODE, "runs/other", "--remasking", "mine.py:backwards")
    own, built_in, other = (rows(f"runs/{name}")[0] for name in ("own", "built-in", "other"))
    assert own["token_ids"] == built_in["token_ids"] and own["commit_step"] == built_in["commit_step"]
    assert other["commit_step"] != own["commit_step"], "the rule orders the commits"
    assert own["schedule"]["remasking"].startswith("mine.probable@")  # type: ignore[index]


def test_a_changed_rule_reuses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("decode", "-s", "8", "-n", "1", "--remasking", "mine.py:probable", "--json")
    first, again = (json.loads(out_of(capsys, *options)[0]) for _ in range(2))
    Path("mine.py").write_text(MINE + "# changed")
    changed = json.loads(out_of(capsys, *options)[0])
    assert (first["decoded"], again["decoded"], changed["decoded"]) == (1, 0, 1)
    assert first["run"] == again["run"] != changed["run"]


def test_its_run_is_voted_on_without_the_file_and_decoded_on_with_it_alone(capsys: pytest.CaptureFixture[str]) -> None:
    out_of(capsys, *DECODE, "runs/own", "--remasking", "mine.py:probable")
    names.OFFERED.clear()
    names._LOADED.clear()
    assert "block 8" in out_of(capsys, "score", "runs/own")[0]
    out_of(capsys, "sweep", "runs/own")  # all of it is there
    assert "name its file" in out_of(capsys, "reproduce", "runs/own", code=2)[1]
    assert "0 of 1 moved" in out_of(capsys, "reproduce", "runs/own", "--rule", "mine.py:probable")[0]
    Path("mine.py").write_text(MINE + "# changed")
    names.OFFERED.clear()
    names._LOADED.clear()
    assert "was changed since" in out_of(capsys, "reproduce", "runs/own", "--rule", "mine.py:probable", code=2)[1]


@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        ("mine.py:wide", 1, "not a certainty for each of 8 positions"),
        ("mine.py:fails", 1, "failed at mine.py line 12: ZeroDivisionError"),
        ("mine.py:nothing", 1, "gave NaN"),
        ("mine.py:none", 2, "'mine.py' has no 'none'"),
        (
            "short.py:rule",
            2,
            "'short.py:rule' (line 2) takes (probs, tokens): a rule takes three, (probs, tokens, draws)",
        ),
        ("mine.py:number", 2, "is no function but an int"),
        ("other.py:none", 2, "cannot read 'other.py'"),
    ],
)
def test_what_is_wrong_with_a_rule_is_one_line(
    rule: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("short.py").write_text("import math\ndef rule(probs, tokens):\n    return tokens\n")
    err = out_of(capsys, *DECODE, "runs/own", "--remasking", rule, code=code)[1]
    assert code == 1 or "loading" not in err
    assert said in err.splitlines()[-1] and "Traceback" not in err


def test_a_file_runs_only_where_the_command_line_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("recipe.yaml").write_text("remasking: mine.py:probable\nschedules: [8]\nlimit: 1\n")
    assert "runs only where the command line names it" in out_of(capsys, "sweep", "recipe.yaml", code=2)[1]
    assert "1 decoded" in out_of(capsys, "sweep", "recipe.yaml", "--rule", "mine.py:probable")[0]


def test_a_package_offers_rules_which_are_listed_and_a_broken_one_is_one_warning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(
        monkeypatch, "[hexcli.remasking]\nsurest = their_rules:probable\nlost = nowhere:x\nrandom = their_rules:wide\n"
    )
    Path("site", "their_rules.py").write_text(MINE)
    out, err = out_of(capsys, "models")
    assert "remasking surest from other 1.2" in out
    assert "'nowhere:x' cannot be loaded" in err and "offers 'random'" in err
    out_of(capsys, *DECODE, "runs/theirs", "--remasking", "surest")
    assert rows("runs/theirs")[0]["schedule"]["remasking"].startswith("surest@")  # type: ignore[index]
    assert "cannot be loaded" in out_of(capsys, *DECODE, "runs/lost", "--remasking", "lost", code=1)[1]
    assert run(["decode", "--help"]) == 0
    assert "surest" in capsys.readouterr().out


def test_python_takes_them_too() -> None:
    found = hexcli.decode(schedules=[8], limit=1, settings={"remasking": "mine.py:probable"}, progress=False)
    assert found.generations[0].schedule.remasking.startswith("mine.probable@")


def test_a_name_with_its_hash_is_a_schedule_without_the_file_and_a_rule_only_with_it() -> None:
    schedule = Schedule.parse("8", gen_length=16, remasking="mine.x@0123456789ab")
    assert not schedule.deterministic, "it may draw"
    assert Schedule.from_dict(schedule.to_dict()) == schedule
    with pytest.raises(hexcli.errors.UsageError, match=r"--remasking mine.py:x"):
        remasking.rule(schedule.remasking)(torch.zeros(1, 2), torch.zeros(1), torch.zeros(1))
