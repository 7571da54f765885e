"""Numbers that are written otherwise than they are read: the line says how, and what was meant where that is plain."""

import shlex
from pathlib import Path

import pytest

from hexcli.cli.main import run

SAID = [
    ("decode -n 10-5", "not '10-5': did you mean 5-10?"),
    ("decode -n 5..10", "did you mean 5-10?"),
    ("decode -n 5:10", "did you mean 5-10?"),
    ("decode -n 1,000", "did you mean 1000?"),
    ("decode -n 2k", "did you mean 2000?"),
    ("decode -n 5-", "name its end, too, 5-54"),
    ("decode -n ten", "limit must be a number of problems (50) or a range from 0 (100-149), not 'ten'"),
    ("sweep demo --set limit=9-3", "did you mean 3-9?"),
    ("bench -n 9-3", "did you mean 3-9?"),
    ("decode --shard 4/2", "not '4/2': did you mean 2/4?"),
    ("decode --shard 2-4", "not '2-4': did you mean 2/4?"),
    ("decode --shard 0/4", "counted from 1 (2/4), not '0/4'"),
    ("decode --kv-cache dual --refresh 4/1", "refresh 4/1 is more than the canvas: did you mean 1/4?"),
    ("decode --threshold 95%", "'95%' is no number: as a share it is 0.95"),
    ("decode --decide-at 95%", "'95%' is no number: as a share it is 0.95"),
    ("decode -s 8x16", "not '8x16': several have commas between them, 8,16\n"),
    ("decode -s full", "not 'full': one block over the whole canvas is 64\n"),
    ("decode -s 8..32", "several have commas between them, 8,16,32"),
    ("decode -s 8.0", "not '8.0': whole numbers, e.g. 8\n"),
]
FILES = [
    ("decode --prompt short", "unknown prompt 'short' of task 'sums': did you mean the file short.yaml?"),
    ("decode -t mine", "unknown task 'mine': did you mean 'mine.yaml'?"),
    ("tasks mine", "did you mean 'mine.yaml'?"),
    ("decode mine", "'mine.yaml' is a task, no prompt: hex decode --task mine.yaml"),
    ("sweep grid", "no recipe 'grid': did you mean the file grid.yml?"),
    ("vote -a rules", "unknown aggregator 'rules': did you mean the file rules.py:NAME?"),
    ("vote -a rules.last", "did you mean the file rules.py:last?"),
    ("decode --remasking rules:last", "unknown remasking 'rules:last': did you mean the file rules.py:last?"),
    ("sweep demo --rule rules", "--rule takes a function in a file, FILE.py:NAME, not 'rules'"),
    ("reproduce x --rule rules.py", "--rule takes a function in a file, FILE.py:NAME, not 'rules.py'"),
    ("decode -t mine.yaml --data ro", "cannot read ro: No such file or directory"),
    ("decode -t mine.yaml --data rows", "did you mean 'rows.jsonl'?"),
]


@pytest.fixture(autouse=True)
def with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("short.yaml").write_text("user: 'Answer: {question}'\n")
    Path("rows.jsonl").write_text('{"question": "1+1?", "answer": 2}\n')
    Path("mine.yaml").write_text("data: rows.jsonl\nfields: {question: question, answer: answer}\nextract: number\n")
    Path("grid.yml").write_text("model: tiny\n")
    Path("rules.py").write_text("def last(election):\n    return None\n")


@pytest.mark.parametrize(("command", "says"), [*SAID, *FILES], ids=[command for command, _ in [*SAID, *FILES]])
def test_what_was_meant_is_said(command: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split(command)) == 2
    out, err = capsys.readouterr()
    assert says in err and err.count("\n") == 1 and not out, err
