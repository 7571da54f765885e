"""Files as beginners write them: what is wrong in one is a line with its name, the place and what to do."""

import shlex
from pathlib import Path

import pytest

from hexcli.cli.main import run
from hexcli.yaml_file import parse_yaml

TASK = "data: {}\nfields: {{question: question, answer: answer}}\nextract: number\n"
DATA = [
    (
        "a.csv",
        'question;answer\n"1"+1?;2\n',
        "not CSV (';' expected after '\"': a quote inside a cell is written twice)",
    ),
    ("a.csv", "question;answer\n1+1?;\n", "a.csv, row 1: field 'answer' is empty"),
    ("a.csv", 'question,answer\n"1+1?,2\n', "not CSV (unexpected end of data: a cell's quote is never closed)"),
    ("a.csv", "question,answer\n1+1?\n", "a.csv: row 1 has fewer cells than the header"),
    ("a.csv", "Question,Answer\n1+1?,2\n", "no field 'question' (it has: Question, Answer): did you mean 'Question'?"),
    ("a.csv", "question,answer\n", "a.csv holds no rows"),
    ("a.jsonl", "", "a.jsonl holds no rows"),
    (
        "a.jsonl",
        "{'question': 1}\n",
        "line 1 is not JSON (it is a Python dict: JSON has double quotes, json.dumps(row) writes it)",
    ),
    (
        "a.json",
        '{"data": [{"question": "1?"}], "more": [{"question": "2?"}]}',
        "its rows are under 'data', 'more': put",
    ),
    (
        "a.jsonl",
        2 * '{"data": [{"question": "1+1?"}]}\n',
        "its rows are in 'data', and are to be all that is in the file",
    ),
    ("a.json", '[\n {"question": "1"\n "answer": 2}\n]', "not JSON (line 3, column 2: Expecting ',' delimiter)"),
    ("a.jsonl", '[\n {"question": "1"\n "answer": 2}\n]', "not JSON (line 3, column 2: Expecting ',' delimiter)"),
    ("a.txt", "1+1?\n", "its name must say what it is: .jsonl, .json, .csv, .tsv, .parquet"),
]
RECIPES = [
    ("", "r.yaml is empty, and not a recipe: it must be a mapping of fields"),
    ("model:tiny\n", "a space behind each colon"),
    ("model: tiny\nlimit: 1\nlimit: 2\n", "in line 3: 'limit' is said twice"),
    ("model: tiny\n\tlimit: 2\n", "in line 2: found character '\\t' that cannot start any token: indent by spaces"),
    ("model: tiny\nlimit: 2: 3\n", "in line 2: mapping values are not allowed"),
    ("model: 'tiny\nlimit: 2\n", "in line 1: found unexpected end of stream: a quote is not closed"),
    ("model: *tiny\n", "a text with * or & before it stands in quotes"),
    ("model: tiny\nfast: true\n", "a recipe has no key 'fast': hex sweep --fast, or write its parts, kv_cache: "),
    ("until_decided: true\n", "a recipe has no key 'until_decided': the command says it, hex sweep --until-decided"),
    ("models: tiny\n", "r.yaml: unknown recipe key 'models': it is called model here\n"),
    ("samples: 5\n", "r.yaml: 5 samples at temperature 0 would be 5 times the same generation"),
    ("schedules: []\n", "r.yaml: a run needs at least one schedule"),
    ("temperature: '0,0.9'\n", "several values are a list, temperature=[0,0.9]"),
]
WORDS = [
    ("decode -t ''", "the value of -t is empty: leave it out, or say one (a variable that is not set?)"),
    ("score --task ''", "the value of --task is empty"),
    ("sweep demo --set limit=", "--set limit= has no value: write one, or limit=null for none"),
    ("sweep demo --set =3", "--set takes key=value, not '=3'"),
    ("sweep demo limit=3", "'limit=3' is no recipe: a key is changed by --set limit=3"),
    ("decode --prompt 'What is it?'", "--prompt takes names of wordings, not the words 'What is it?'"),
    ("decode -m https://huggingface.co/org/model-8B", "is an address: a model of the hub is its id, org/model-8B"),
]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refused(capsys: pytest.CaptureFixture[str], command: str) -> str:
    assert run(shlex.split(command)) == 2
    out, err = capsys.readouterr()
    assert not out and err.count("\n") == 1
    return err


@pytest.mark.parametrize(("name", "content", "says"), DATA)
def test_rows(name: str, content: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(name).write_text(content)
    Path("t.yaml").write_text(TASK.format(name))
    assert says in refused(capsys, "decode -t t.yaml --dry-run")


@pytest.mark.parametrize("name", ["bom.csv", "crlf.jsonl", "array.jsonl"])
def test_what_other_systems_write_is_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bom.csv").write_bytes(b"\xef\xbb\xbfquestion,answer\r\n1+1?,2\r\n2+2?,4\r\n")
    Path("crlf.jsonl").write_bytes(b'{"question": "1+1?", "answer": 2}\r\n{"question": "2+2?", "answer": 4}\r\n')
    Path("array.jsonl").write_text('[\n{"question": "1+1?", "answer": 2},\n{"question": "2+2?", "answer": 4}\n]\n')
    Path("t.yaml").write_text(TASK.format(name))
    assert run(["decode", "-t", "t.yaml", "-s", "8", "--dry-run"]) == 0
    assert "2 problems, 2 generations" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "says"), RECIPES)
def test_recipes(content: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("r.yaml").write_text(content)
    assert says in refused(capsys, "sweep r.yaml --dry-run")


def test_a_key_that_a_merge_brings_along_is_not_said_twice() -> None:
    merged = parse_yaml("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  x: 3\nc: {<<: *a, y: 5}\n")
    assert (merged["b"], merged["c"]) == ({"x": 3, "y": 2}, {"x": 1, "y": 5})


@pytest.mark.parametrize(("command", "says"), WORDS)
def test_words(command: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert says in refused(capsys, command)
