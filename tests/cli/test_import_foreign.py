"""Files as other programs write them: tables, rows inside others, several samples a row, ids, names of their own."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from tests.cli.test_import_lacking import ROW, refused, rows


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def imported(capsys: pytest.CaptureFixture[str], command: str) -> tuple[list[dict[str, Any]], str]:
    """The rows of runs/x, and what was said."""
    assert run(shlex.split(f"import {command} -t gsm8k -o runs/x --overwrite")) == 0, capsys.readouterr().err
    found = [json.loads(line) for line in Path("runs/x/generations.jsonl").read_text().splitlines()]
    return found, capsys.readouterr().err


def proposed(err: str) -> str:
    """The --fields of a message that says which is which."""
    return err.strip().rpartition("e.g. ")[2]


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        (
            {"meta": {"id": 1}, "input": {"question": "3 + 4?", "gold": 7}, "result": {"text": "\\boxed{7}"}},
            "question=input.question,text=result.text,target=input.gold",
        ),
        ({"prompt": "3 + 4?", "outputs": [{"text": "\\boxed{7}"}]}, "question=prompt,text=outputs.text"),
        (
            {
                "messages": [{"role": "system", "content": "Be"}, {"role": "user", "content": "3 + 4?"}],
                "choices": [{"index": 0, "message": {"role": "assistant", "content": "\\boxed{7}"}}],
            },
            "question=messages.1.content,text=choices.message.content",
        ),
    ],
)
def test_fields_inside_of_others_are_proposed_by_a_line_that_works(
    row: dict[str, Any], fields: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows("r.jsonl", row)
    assert proposed(refused(capsys, "import r.jsonl:8@64 -t gsm8k -o runs/x")) == f"--fields {fields}"
    (found,), _ = imported(capsys, f"r.jsonl:8@64 --fields {fields}")
    assert (found["question"], found["text"]) == ("3 + 4?", "\\boxed{7}")
    kept = json.loads(found["source"])["fields"]
    assert all(part in repr(kept) for part in ("result", "input")) or "3 + 4?" in repr(row)


def test_a_table_is_read_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("id,question,answer,output,block_length,temperature", "a,3 + 4?,7,so 7,8,0.5", "a,3 + 4?,7,so 8,16,")
    Path("r.csv").write_text("\n".join(lines) + "\n")
    found, err = imported(capsys, "r.csv --gen-length 64")
    assert [(one["problem_id"], one["schedule_label"], one["schedule"]["temperature"]) for one in found] == [
        ("a", "8", 0.5),
        ("a", "16", 0.0),
    ]
    assert "r.csv is read as --fields text=output,target=answer,problem_id=id" in err
    assert "it is a table (.csv)" in refused_in(capsys, "import r.csv -t gsm8k -o runs/y --format d1")


def refused_in(capsys: pytest.CaptureFixture[str], command: str) -> str:
    assert run(shlex.split(command)) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    "content", [{"config": {"a": 1}, "results": [OTHER := {"q": "3 + 4?", "output": "\\boxed{7}"}]}, {"q1": OTHER}]
)
def test_rows_inside_one_object_are_found(content: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    Path("r.json").write_text(json.dumps(content, indent=1))
    (found,), err = imported(capsys, "r.json:8@64")
    assert (found["question"], found["problem_id"] == "q1") == ("3 + 4?", "q1" in content)
    assert "r.json: its rows are " in err
    header = json.loads(Path("runs/x/run.json").read_text())["recipe"]["import"][0]["header"]
    assert ("config" in header) == ("config" in content), "what a file tells besides is kept"


def test_several_texts_of_a_row_are_samples_drawn_at_a_temperature(capsys: pytest.CaptureFixture[str]) -> None:
    rows("r.jsonl", {"question": "3 + 4?", "outputs": ["\\boxed{7}", "\\boxed{8}"], "seed": 5})
    err = refused(capsys, "import r.jsonl -t gsm8k -o runs/x")
    assert "and the temperature at which the samples of a question were drawn: " in err
    assert run(shlex.split(err.rpartition("e.g. ")[2])[1:]) == 0
    found = [json.loads(line) for line in Path("runs/x/generations.jsonl").read_text().splitlines()]
    assert [(one["text"], one["seed"]) for one in found] == [("\\boxed{7}", 0), ("\\boxed{8}", 1)]


def test_files_of_seeds_are_samples_and_those_of_blocks_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("seed1.jsonl", "seed2.jsonl", "x_b64.jsonl", "x_bl4.jsonl"):
        rows(name, {**ROW, "text": name})
    for files, words in (
        ("seed1.jsonl seed2.jsonl", "--gen-length 256 --block-length 32 --temperature 0.9"),
        ("x_b64.jsonl:block_length=64 x_bl4.jsonl:block_length=4", "--gen-length 256"),
    ):
        err = refused(capsys, f"import {' '.join(word.split(':')[0] for word in files.split())} -t gsm8k -o runs/x")
        assert err.endswith(f"e.g. hex import {files} --task gsm8k -o runs/x {words}\n")


def test_ids_are_those_of_the_problems_where_they_can_be(capsys: pytest.CaptureFixture[str]) -> None:
    rows("r.jsonl", {**ROW, "id": 3})
    rows("s.jsonl", {**ROW, "id": 3, "text": "no"}, {**ROW, "question": "1 + 6?", "id": 4})
    found, err = imported(capsys, "r.jsonl:8 s.jsonl:16 --gen-length 64")
    assert [one["problem_id"] for one in found] == ["3", "3", "4"]
    assert "s.jsonl is read as --fields problem_id=id" in err
    rows("s.jsonl", {**ROW, "id": 4, "text": "no"})
    found, err = imported(capsys, "r.jsonl:8 s.jsonl:16 --gen-length 64")
    assert {one["problem_id"] for one in found} == {"gsm8k-" + found[0]["problem_id"][6:]}
    assert "its field 'id' is not the problems' id (one question has 3 and 4)" in err


def test_rows_that_name_their_problem_may_leave_the_question_to_the_tasks_rows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows("r.jsonl", {"custom_id": "b", "response": {"body": {"choices": [{"message": {"content": "\\boxed{7}"}}]}}})
    rows("quiz.jsonl", {"id": "a", "question": "1 + 1?", "answer": 2}, {"id": "b", "question": "3 + 4?", "answer": 7})
    said = proposed(refused(capsys, "import r.jsonl:8@64 -t gsm8k -o runs/x"))
    assert "text=response.body.choices.message.content,problem_id=custom_id --task FILE" in said
    fields = said.replace("FILE, a CSV or JSONL of rows with that id and the question", "quiz.jsonl -o runs/x")
    assert run(shlex.split(f"import r.jsonl:8@64 {fields}")) == 0
    (found,) = map(json.loads, Path("runs/x/generations.jsonl").read_text().splitlines())
    assert (found["problem_id"], found["question"], found["target"]) == ("b", "3 + 4?", "7")
    rows("quiz.jsonl", {"id": "c", "question": "1 + 1?", "answer": 2})
    err = refused_in(capsys, f"import r.jsonl:8@64 {fields} --overwrite")
    assert "no row of the task has its id 'b' (they have c, ...): --task FILE" in err


def test_what_fields_say_is_of_the_files_that_have_them(capsys: pytest.CaptureFixture[str]) -> None:
    log = {"doc_id": 0, "doc": {"question": "3 + 4?", "answer": "#### 7"}, "resps": [["\\boxed{7}"]]}
    rows("samples_gsm8k.jsonl", log)
    rows("r.jsonl", {"wording": "3 + 4?", "said": "\\boxed{8}"})
    rows("s.jsonl", {"question": "3 + 4?", "said": "\\boxed{9}"})
    files = "samples_gsm8k.jsonl:8 r.jsonl:16 s.jsonl:32 --gen-length 64"
    found, _ = imported(capsys, f"{files} --fields question=wording,text=said")
    assert [one["text"] for one in found] == ["\\boxed{7}", "\\boxed{8}", "\\boxed{9}"]
    assert {one["question"] for one in found} == {"3 + 4?"}
    found, _ = imported(capsys, "r.jsonl:question=wording,text=said,block_length=16 s.jsonl:text=said --gen-length 64"
                        " --block-length 8")  # fmt: skip
    assert [one["schedule_label"] for one in found] == ["8", "16"]
    err = refused_in(capsys, "import samples_gsm8k.jsonl:8@64 -t gsm8k -o runs/x --fields text=said")
    assert "--fields text=said has no effect: samples_gsm8k.jsonl: it is of format lm-eval, whose" in err


def test_what_nobody_states_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    rows("r.jsonl", {**ROW, "T": 0.5})
    rows("s.jsonl", {**ROW, "steps": 20})
    assert run(shlex.split("import r.jsonl:8@64 -t gsm8k -o runs/x")) == 0
    out, err = capsys.readouterr()
    assert "steps 32 (assumed), temperature 0 (assumed)" in out
    assert "its field 'T' is not read; if it is the temperature: --fields temperature=T" in err
    assert run(["score", "runs/x"]) == 0
    assert "NFE: model calls (assumed: the imported files do not tell their steps)" in " ".join(
        capsys.readouterr().out.split()
    )
    err = refused_in(capsys, "import s.jsonl:8@64 -t gsm8k -o runs/y")
    assert "s.jsonl, row 1: steps 20 do not divide over 8 blocks of 8 (gen_length 64): use a multiple of 8 steps" in err
    assert "(16 or 24), or longer blocks; --fields steps=none leaves what the file says of it unread" in err
    assert run(shlex.split("import s.jsonl:8@64 -t gsm8k -o runs/y --fields steps=none")) == 0
    assert run(shlex.split("import r.jsonl:8@64:steps=64 -t gsm8k -o runs/z --temperature 0.5")) == 0
    assert "assumed" not in capsys.readouterr().out.rpartition("runs/z")[2]


def test_two_runs_of_one_schedule_are_one_by_a_joint_vote(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        rows(f"{name}.jsonl", {**ROW, "text": name})
        assert run(shlex.split(f"import {name}.jsonl:8@64 -t gsm8k -o runs/{name}")) == 0
    capsys.readouterr()
    err = refused_in(capsys, "import runs/a runs/b -o runs/both")
    line = "hex vote runs/a runs/b --together -o runs/both"
    assert err.endswith(f"which an import has once; a run of both: {line}\n")
    assert run(shlex.split(line)[1:]) == 0


def test_objects_deep_inside_each_other_are_not_looked_into(capsys: pytest.CaptureFixture[str]) -> None:
    deep: dict[str, Any] = {"x": 1}
    for _ in range(50):
        deep = {"a": deep}
    rows("r.jsonl", deep)
    err = refused(capsys, "import r.jsonl:8@64 -t gsm8k -o runs/x")
    assert "(it has: a.a.a.a.a.a.a.a)" in err and len(err) < 250
