"""What an import needs and nobody says is named at once, with a command line that does it."""

import json
import re
import shlex
from pathlib import Path

import pytest

from hexcli.cli.main import run

ROW = {"question": "What is 3 + 4?", "text": "\\boxed{7}", "target": "7"}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def rows(name: str, *found: object) -> None:
    Path(name).write_text("".join(f"{json.dumps(row)}\n" for row in found))


def refused(capsys: pytest.CaptureFixture[str], command: str) -> str:
    assert run(shlex.split(command)) == 2
    out, err = capsys.readouterr()
    assert not out and err.count("\n") == 1 and not Path("runs").exists()
    return err


@pytest.mark.parametrize(
    ("command", "not_said"),
    [
        ("hex import mine.jsonl", "the --task, the run folder (-o), gen_length and block_length, which mine.jsonl"),
        ("hex import mine.jsonl:8 -t gsm8k", "the run folder (-o) and gen_length, which mine.jsonl"),
        ("hex import mine.jsonl gsm8k.jsonl:8@64 -o 'runs/a b'", "the --task, gen_length and block_length, which mine"),
        ("hex import mine.jsonl --steps 32 --add --gen-length 64 -o runs/x -t sums", "block_length, which mine.jsonl"),
        ("hex import q.jsonl --fields question=q,text=t -o runs/x --task math", "gen_length and block_length"),
    ],
)
def test_the_line_that_is_said_lacks_nothing(command: str, not_said: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows("mine.jsonl", ROW)
    rows("gsm8k.jsonl", {**ROW, "question": "What is 1 + 6?"})
    rows("q.jsonl", {"q": "1 + 1?", "t": "\\boxed{2}", "target": "2"})
    said = refused(capsys, command.removeprefix("hex "))
    assert f"not said: {not_said}" in said
    line = said.partition("e.g. hex ")[2].partition(";")[0].strip().removesuffix("--add")
    assert run(shlex.split(line.replace(" --add", ""))) == 0, capsys.readouterr().err


def test_several_files_are_kept_apart_by_the_line_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        rows(name, {**ROW, "text": name})
    said = refused(capsys, "import a.jsonl b.jsonl -t gsm8k -o runs/x")
    line = "a.jsonl:block_length=8 b.jsonl:block_length=32 --task gsm8k -o runs/x --gen-length 256"
    assert said.endswith(f"e.g. hex import {line}\n")
    assert run(["import", *line.split()]) == 0
    assert "block 8:" in (out := capsys.readouterr().out) and "block 32:" in out


def test_fields_under_other_names_are_told_and_taken(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"q": "3 + 4?", "Response": "\\boxed{7}", "output": "", "gold": "7", "note": "kept", "gen_length": 64}
    rows("other.jsonl", row)
    said = refused(capsys, "import other.jsonl -o runs/x -t gsm8k")
    assert "no field 'question' and 'text' (it has: q, Response, output, gold, note, gen_length)" in said
    fields = said.partition("e.g. ")[2].split()
    assert fields == ["--fields", "question=q,text=Response,target=gold"]
    assert run(["import", "other.jsonl", "-o", "runs/x", "-t", "gsm8k", "--block-length", "8", *fields]) == 0
    (row,) = map(json.loads, Path("runs/x/generations.jsonl").read_text().splitlines())
    assert (row["question"], row["text"], row["target"]) == ("3 + 4?", "\\boxed{7}", "7")
    assert json.loads(row["source"])["fields"]["note"] == "kept"
    assert json.loads(Path("runs/x/run.json").read_text())["recipe"]["fields"]["question"] == "q"


def test_fields_whose_names_leave_no_doubt_are_taken_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    rows("other.jsonl", {"question": "3 + 4?", "completion": "\\boxed{7}", "gold": "7", "gen_length": 64})
    assert run(["import", "other.jsonl", "-o", "runs/x", "-t", "gsm8k", "--block-length", "8"]) == 0
    assert "other.jsonl is read as --fields text=completion,target=gold\n" in capsys.readouterr().err
    assert json.loads(Path("runs/x/generations.jsonl").read_text())["target"] == "7"
    (about,) = json.loads(Path("runs/x/run.json").read_text())["recipe"]["import"]
    assert about["header"] == {"fields": {"text": "completion", "target": "gold"}}


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("torn.jsonl", "torn.jsonl: line 1 is not JSON (column 30: "),
        ("torn.jsonl", ": the file ends in the middle of this row: copy it again, or delete that line"),
        ("mine.jsonl --fields text", "--fields takes OURS=THEIRS, e.g. question=q,text=output, not 'text'"),
        ("mine.jsonl --fields output=text", "--fields takes our name first: text=output"),
        ("mine.jsonl --fields txt=a", "unknown field 'txt': did you mean 'text'?"),
        ("mine.jsonl --fields text=a,text=b", "--fields says text twice: a and b"),
        (
            "mine.jsonl --fields text=output",
            "no file has a field 'output' (mine.jsonl: it has: question, text, target)",
        ),
        ("d1.json --fields text=output", "it is of format d1, whose fields have their names"),
        ("foo.jsonl", "no field 'question' and 'text' (it has: foo): say which is which, e.g. --fields question=FIELD"),
        ("wrapped.json", "wrapped.json: row 1: no field 'question' and 'text' (it has: q): say which is which"),
        ("groups.jsonl", "its rows are in the field 'rows': write them out, one a line, e.g. jq -c '.rows[]'"),
        (
            "table.xlsx",
            "python -c \"import pandas; pandas.read_excel('table.xlsx').to_csv('table.csv', index=False)",
        ),
        ("min.jsonl", "cannot read min.jsonl: No such file or directory: did you mean 'mine.jsonl'?"),
        ("folder", "cannot read folder: it is a folder, not a file: name the files in it"),
        ("mine.jsonl:block_length=eight", "block_length cannot be 'eight'"),
        ("bad.json", "bad.json: not JSON (line 3, column 19: Expecting ',' delimiter)"),
    ],
)
def test_what_a_file_is_not(command: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows("mine.jsonl", ROW)
    rows("foo.jsonl", {"foo": 1})
    rows("wrapped.json", {"results": [{"q": 1}]})
    rows("d1.json", {"generations": [{"question": "1", "generations": "2", "ground_truth": "2"}]})
    Path("bad.json").write_text('[\n {"question": "a", "text": "2"},\n {"question": "b" "text": "2"}\n]\n')
    rows("groups.jsonl", {"rows": [{"a": 1}]}, {"rows": [{"a": 2}]})
    Path("table.xlsx").write_bytes(b"PK\3\4")
    Path("torn.jsonl").write_text('{"question": "a", "text": "2"\n')
    Path("folder").mkdir()
    assert says in refused(capsys, f"import {command} -t gsm8k -o runs/x")


OTHERS = [
    {"q": "What is 3 + 4?", "response": f"so \\boxed{{{answer}}}", "gold": 7, "block": block}
    for answer, block in ((7, 8), (8, "48+16"))
]


def test_a_block_length_of_another_name_is_proposed_as_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    rows("r.jsonl", *OTHERS)
    line = refused(capsys, "import r.jsonl --gen-length 64 -t gsm8k -o runs/r").rpartition("e.g. ")[2].strip()
    assert line.endswith("--fields block_length=block")
    assert run(shlex.split(line)[1:]) == 0
    out, err = capsys.readouterr()
    assert "block 8:" in out and "block 48+16:" in out
    assert "read as --fields question=q,text=response,target=gold" in err
    manifest = json.loads(Path("runs/r/run.json").read_text())
    assert manifest["recipe"]["fields"] == {"block_length": "block"}


def test_samples_of_one_question_name_the_field_that_may_tell_them_apart(capsys: pytest.CaptureFixture[str]) -> None:
    rows("r.jsonl", *OTHERS)
    err = refused(capsys, "import r.jsonl --gen-length 64 --block-length 8 -t gsm8k -o runs/r")
    assert "--fields block_length=block instead" in err


@pytest.mark.parametrize(
    ("said", "line"),
    [("question=q", "question=q,text=FIELD"), ("block_length=block", "question=q,text=FIELD,block_length=block")],
)
def test_what_some_fields_leave_open_is_asked_by_a_line_that_keeps_them(
    said: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows("r.jsonl", {"q": "What is 3 + 4?", "words": "\\boxed{7}", "block": 8})
    err = refused(capsys, f"import r.jsonl --gen-length 64 -t gsm8k -o runs/r --fields {said}")
    assert "(it has: q, words, block)" in err
    assert set(err.strip().rpartition("--fields ")[2].split(",")) == set(line.split(","))


def test_what_fields_name_wins_over_what_names_tell(capsys: pytest.CaptureFixture[str]) -> None:
    rows("r.jsonl", {"q": "What is 3 + 4?", "problem": "no", "response": "\\boxed{8}", "text": "\\boxed{7}", "gold": 7})
    assert run(shlex.split("import r.jsonl:8@64 -t gsm8k -o runs/r --fields question=q,text=text")) == 0
    (row,) = map(json.loads, Path("runs/r/generations.jsonl").read_text().splitlines())
    assert (row["question"], row["text"], row["target"]) == ("What is 3 + 4?", "\\boxed{7}", "7")


def test_fields_that_names_tell_and_the_schedule_are_asked_for_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"q": f"1+{i}?", "out": f"\\boxed{{{i + 1}}}", "gold": str(i + 1), "block": 8} for i in range(2)]
    Path("home.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert run(["import", "home.jsonl"]) == 2
    line = re.search("hex (import home.jsonl --fields block_length=block .*--gen-length 256)", capsys.readouterr().err)
    assert line is not None
    assert run(shlex.split(line[1])) == 0
    assert "home.jsonl is read as --fields question=q,text=out,target=gold" in capsys.readouterr().err


def test_an_import_without_targets_is_to_be_imported_again(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bare.jsonl").write_text('{"q": "1+1?", "out": "\\\\boxed{2}", "right": "2"}\n')
    again = ["import", "bare.jsonl:8@64", "-t", "gsm8k", "-o", "runs/bare"]
    assert run(again) == 0
    assert run(["score", "runs/bare"]) == 2
    err = capsys.readouterr().err
    assert "import it again with --fields target=FIELD, or --data FILE that has them, and --overwrite" in err
    assert "hex decode" not in err
    assert run([*again, "--fields", "target=right", "--overwrite"]) == 0
    assert run(["score", "runs/bare"]) == 0
