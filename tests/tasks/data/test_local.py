"""`--data`: rows of a local file in the format of the hub."""

import csv
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from hexcli.errors import NotDownloadedError, UsageError
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.registry import get_task
from tests.shared import shared_file

ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "question": "Which, ä?",
        "choices": {"text": ["x", "y", "z"], "label": ["1", "2", "3"]},
        "answerKey": "2",
    },
    {"id": "b", "question": "And\n this?", "choices": {"text": ["x", "y"], "label": ["A", "B"]}, "answerKey": "A"},
]


def write(path: Path) -> None:
    """The rows in the format that the name says."""
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n\n" for row in ROWS))
    elif path.suffix == ".json":
        path.write_text(json.dumps(ROWS, indent=1))
    elif path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            table = csv.DictWriter(file, ROWS[0])
            table.writeheader()
            table.writerows({**row, "choices": json.dumps(row["choices"])} for row in ROWS)
    else:
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.json", "rows.csv", "rows.parquet", "ROWS.JSONL"])
def test_every_format_gives_the_same_problems(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path.with_suffix(path.suffix.lower()))
    path.with_suffix(path.suffix.lower()).rename(path)
    problems, data = load_problems(get_task("arc"), str(path))
    assert [(p.id, p.question, p.choices, p.target) for p in problems] == [
        ("a", "Which, ä?", ("x", "y", "z"), "B"),
        ("b", "And\n this?", ("x", "y"), "A"),
    ]
    assert data == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def test_lines_under_the_name_of_json(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (tmp_path / "rows.jsonl").rename(tmp_path / "rows.json")
    assert len(load_problems(get_task("arc"), str(tmp_path / "rows.json")).problems) == 2


@pytest.mark.parametrize("name", ["rows.json", "rows.jsonl"])
@pytest.mark.parametrize("around", [{}, {"version": "1", "size": 2, "tags": ["x"]}])
def test_rows_under_a_key_are_read(tmp_path: Path, name: str, around: dict[str, object]) -> None:
    path = tmp_path / name
    path.write_text(json.dumps({**around, "data": ROWS}))
    assert len(load_problems(get_task("arc"), str(path)).problems) == 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("rows.jsonl", b"", "holds no rows"),
        ("rows.jsonl", b"\n\n", "holds no rows"),
        ("rows.json", b"[]", "holds no rows"),
        ("rows.csv", b"question,answer\n", "holds no rows"),
        ("rows.jsonl", b"{}", "row 1: no field 'question' (it has: none)"),
        ("rows.jsonl", b'{"question": "?", "answer": "#### 3"}\n{"question": [3]}', "row 2: field 'question' must be"),
        ("rows.jsonl", b'{"question": "?", "answer": "no"}', "row 1: field 'answer' has no number behind '####'"),
        ("rows.jsonl", b'\n{"question": "?",\n', "line 2 is not JSON"),
        (
            "rows.jsonl",
            b'{"question": "?"}\n{"question": "',
            "): the file ends in the middle of this row: copy it again",
        ),
        ("rows.jsonl", b"\x00\xff\xfe" * 1000, "line 1 is not JSON"),
        ("rows.jsonl", b"[" * 100_000, "line 1 is not JSON (nested too deeply)"),
        ("rows.json", b"{", "not JSON"),
        (
            "rows.json",
            b'{"train": [{"question": "?"}], "test": [{"question": "!"}]}',
            "its rows are under 'train', 'test'",
        ),
        ("rows.csv", b'{"question": "?", "answer": "#### 3"}\n', "it is no CSV but JSON lines: call it .jsonl"),
        ("rows.tsv", b'\n{"question": "?"}', "it is no CSV but JSON lines: call it .jsonl"),
        ("rows.csv", b"\xe9\xff", "not text in UTF-8: convert it, e.g. iconv"),
        ("rows.csv", b"\xff\xfe\x00", "it is damaged utf-16-le"),
        ("rows.csv", b'question,answer\n"?,3\n', "not CSV"),
        ("rows.csv", b'question;answer\n"?" 1;3\n', "a quote inside a cell is written twice"),
        ("rows.csv", b"question,answer\n1,2,3\n", "row 1 has more cells than the header"),
        ("rows.csv", b"question,answer\n1\n", "row 1 has fewer cells than the header"),
        ("rows.csv", b"question,answer\n" + b"x" * 200_000, "not CSV (field larger than field limit"),
        ("rows.parquet", b"PAR1", "not parquet"),
        ("rows.csv", b"question,answer\n?,\n", "row 1: field 'answer' is empty"),
        ("rows.csv", b"question,answer\n,7\n", "row 1: field 'question' is empty"),
        ("rows.txt", b"?", "its name must say what it is: .jsonl, .json, .csv, .tsv, .parquet"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        load_problems(get_task("gsm8k"), str(path))
    message = str(caught.value)
    assert message.startswith(str(path))
    assert says in message
    assert "\n" not in message and len(message) < len(str(path)) + 250


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*nowhere\.jsonl: No such file"):
        load_problems(get_task("gsm8k"), str(tmp_path / "nowhere.jsonl"))
    with pytest.raises(UsageError, match="it is a folder, not a file"):
        load_problems(get_task("gsm8k"), str(tmp_path))


def test_tasks_that_make_their_own_problems_take_no_data(tmp_path: Path) -> None:
    assert load_problems(get_task("sums"), None).data == ""
    with pytest.raises(UsageError, match="task 'sums' makes its own problems: it takes no --data"):
        load_problems(get_task("sums"), str(tmp_path / "rows.jsonl"))


def test_without_data_the_tasks_own_dataset_is_asked() -> None:
    with pytest.raises(NotDownloadedError):
        load_problems(get_task("sudoku"), None)


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("gsm8k", "gsm8k"),
        ("math", "math500"),
        ("arc", "arc_challenge"),
        ("arc", "arc_challenge_odd"),
        ("truthfulqa", "truthfulqa_mc4"),
    ],
)
def test_the_first_rows_of_the_benchmarks_load(task: str, name: str) -> None:
    path = shared_file(f"bench/{name}.jsonl")
    problems = load_problems(get_task(task), str(path)).problems
    assert len(problems) == sum(1 for line in path.read_text(encoding="utf-8").split("\n") if line.strip())
    assert all(problem.target for problem in problems)


def test_rows_may_be_packed_and_in_utf_16(tmp_path: Path) -> None:
    row = '{"question": "Zoë?", "answer": "#### 3"}\n'
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(row.encode("utf-16")))
    (problem,) = load_problems(get_task("gsm8k"), str(tmp_path / "rows.jsonl.gz")).problems
    assert (problem.question, problem.target) == ("Zoë?", "3")
