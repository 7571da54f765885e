"""Nothing that an option says is silently left undone: it is refused, or said."""

import json
import shlex
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.cli.test_vote_and_score import table, write

IDLE = [
    # Lists.
    ("decode -s 8,,16", "'8,,16' has nothing between two commas: write 8,16"),
    ("decode -s ,8", "',8' has nothing between two commas: write 8"),
    ("vote -a majority,,first", "'majority,,first' has nothing between two commas"),
    # Fields that every schedule says itself.
    ("decode -s 8@64,16@64 --gen-length 32", "--gen-length 32 has no effect: each of 8@64,16@64 says its own"),
    ("decode -s 8:T=0.9 --temperature 0.5", "--temperature 0.5 has no effect"),
    ("decode -s 8:T=0.9:samples=2 --samples 3", "--samples 3 has no effect"),
    ("sweep demo --set schedules=[8@32] --set gen_length=64", "--set gen_length=64 has no effect"),
    ("import a.jsonl:8@64 --block-length 4 -t sums -o x", "--block-length has no effect: each file has its own"),
    # What is said twice.
    ("sweep demo --set limit=3 --limit 4", "limit is said twice: by --set limit=3, and by its own option"),
    ("sweep demo --set limit=3 --set limit=4", "--set says limit twice: 3 and 4"),
    ("decode --sampler llada --alg entropy", "--alg entropy is Dream's, and not of --sampler llada"),
    # What nothing is drawn, shown or kept of.
    ("decode --seed 5", "--seed 5 has no effect: at temperature 0 every seed gives one and the same text"),
    ("decode --colour confidence", "--colour confidence is of --record (and of --live)"),
    ("decode --live --dry-run", "--dry-run decodes nothing that --live could show"),
    ("decode --record x.svg --dry-run", "--dry-run decodes nothing that --record could show"),
    ("decode 'a b' --retry-failed", "--retry-failed is of a run folder, and this prompt has none"),
    ("show one 0 --colour step", "--colour step is of --record"),
    ("show one 0 --diff 8 32 -a majority", "--diff shows two texts and no vote: leave -a out, or --diff"),
    # Whom it is of no use to.
    ("vote -a majority --calibration one", "--calibration is for schedule-weighted, and majority has no use for it"),
    ("report -a first --calibration one", "--calibration is for schedule-weighted, and first has no use for it"),
    ("compare 8 32 --calibration one", "--calibration is for schedule-weighted, and 8, 32 has no use for it"),
    ("compare 8 32 -a first", "-a first is for a run without WHO, and '8' and '32' name theirs"),
    ("compare 8 32 --list 3 --json", "--json has all problems: leave --list out"),
    ("plot one blocks", "the figure comes first: hex plot blocks one"),
    ("cache import a.csv", "a.csv, line 1: column 1: Expecting value: it is no export of a cache"),
    ("plot --width page", "--width is of a figure: name one, e.g. hex plot blocks"),
    ("plot -a majority", "-a is of a figure"),
    ("plot commits -a majority", "commits shows schedules and no aggregator: leave -a out (votes and cost show them)"),
    ("plot votes --json --width page", "--json prints the numbers and draws nothing: leave --width out"),
    ("bench --mode lossless --decide-at 0.9", "--decide-at is for modes that stop where a vote is decided"),
]


@pytest.fixture(autouse=True)
def with_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("one", *table())
    Path("a.csv").write_text("question,answer\n")
    Path("a.jsonl").write_text('{"question": "1+1?", "text": "2"}\n')


@pytest.mark.parametrize(("command", "says"), IDLE, ids=[command for command, _ in IDLE])
def test_an_option_without_effect_is_refused(command: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split(command)) == 2
    out, err = capsys.readouterr()
    assert says in err and err.count("\n") == 1 and not out, err


def test_one_that_has_some_effect_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        "decode -n 1 --dry-run -s 8@64,16 --gen-length 32",
        "decode -n 1 --dry-run -s 8:T=0.9,16 --seed 5",
        "decode -n 1 --dry-run -s 8,16,",
        "decode -n 1 --dry-run --temperature 0.9 --samples 2 --seed 5",
        "compare one 8 -a first --list 2",
        "vote one -a 'majority first'",
        "sweep demo --set samples=1 --limit 1 --dry-run",
    ):
        assert run(shlex.split(command)) == 0, capsys.readouterr().err


def test_what_is_done_otherwise_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split("vote one --samples 9 -a majority")) == 0
    assert "--samples 9: 'runs/one' has 1 sample a schedule, and all are counted" in capsys.readouterr().err
    assert run(["plot", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) >= {"blocks", "votes"}


def test_a_live_display_without_a_terminal_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split("decode 'Tom has 3 apples.' -s 64 --steps 4 --task sums --live --json")) == 0
    err = capsys.readouterr().err
    assert "--live needs a terminal, and standard error is none" in err
    assert "asked in the words of task sums, its answer read as there" in err
