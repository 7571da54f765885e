"""Commands and options of other tools: a line names the few that were meant, or where all stand."""

import pytest

from hexcli.cli.main import run
from hexcli.cli.synonyms import COMMANDS, ELSEWHERE, OPTIONS

SAID = [
    ("decode -q", "no option -q: progress and warnings are on stderr, 2>/dev/null leaves the results"),
    ("decode --wobble", "no option --wobble: hex decode --help lists all"),
    ("decode -x", "no option -x: hex decode --help lists all"),
    ("decode -T 0.9", "no option -T: did you mean --temperature 0.9?"),
    ("decode -b 4", "no option -b: did you mean --batch-size 4?"),
    ("decode --fp16", "no option --fp16: did you mean --dtype float16?"),
    ("decode --shedules 8", "no option --shedules: did you mean --schedules 8?"),
    ("decode --maxtokens 8", "no option --maxtokens: did you mean --gen-length 8?"),
    ("decode --gen 64", "no option --gen: did you mean --gen-length 64?"),
    ("decode --prompts plain", "no option --prompts: did you mean --prompt plain?"),
    ("decode --no-kv-cache", "no option --no-kv-cache: --kv-cache is off unless it is said"),
    ("decode --resume", "the same command goes on where it stopped"),
    ("sweep demo --temp 0.9", "a key of the recipe is changed by --set temperature=0.9"),
    ("sweep demo --bf16", "a key of the recipe is changed by --set dtype=bfloat16"),
    ("sweep demo --bs 4", "no option --bs: did you mean --batch-size 4?"),
    ("score --csv", "no option --csv: did you mean --format csv?"),
    ("vote --seed 1", "no option --seed: samples are counted from the first seed: --samples K"),
    ("runs list --wobble", "no option --wobble: hex runs list has "),
    ("cache export --json", "no option --json: what it writes is JSON"),
    ("grade 1 2 --wobble", "no option --wobble: hex grade has "),
    ("grade 1 2 3 4", "'3 4' are words too many: write hex grade [GOLD] [PREDICTION]"),
    ("hex decode", "it is said twice"),
    ("list", "did you mean 'hex runs list'?"),
    ("runs delete", "did you mean 'hex runs rm'?"),
]


@pytest.mark.parametrize(("command", "says"), SAID, ids=[command for command, _ in SAID])
def test_what_was_meant_is_said_in_a_short_line(command: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command.split()) == 2
    out, err = capsys.readouterr()
    assert says in err and not out
    assert err.count("\n") == 1 and err.count(" --") <= 7, err


def test_a_word_has_one_meaning() -> None:
    assert not OPTIONS.keys() & ELSEWHERE.keys()
    assert all(found for found in (*OPTIONS.values(), *COMMANDS.values(), *ELSEWHERE.values()))
