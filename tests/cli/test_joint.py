"""`hex vote A B --together`: one election of several runs, made, scored, moved, copied."""

import csv
import dataclasses
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import hexcli
from hexcli.cli.main import run
from hexcli.records import Generation
from tests.cli.test_vote_and_score import out_of, write
from tests.scoring.runs import generation

OTHER = {"model": "hub/other-8b", "model_identity": "sha256:0123456789"}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def rows(*answers: str, labels: tuple[str, ...] = ("8", "16"), first: int = 0, **fields: Any) -> list[Generation]:
    """A generation a label and problem: answers[p] of problem first + p."""
    return [
        generation(first + problem, label, answer, **fields)
        for problem, answer in enumerate(answers)
        for label in labels
    ]


def joined(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> tuple[Any, str]:
    """The frame of the joint run, and stderr."""
    out, err = out_of(capsys, "vote", *words, "--together", "--json", code=code)
    return (json.loads(out)[0] if out else None), err


def scored(capsys: pytest.CaptureFixture[str], run: str, *options: str) -> Any:
    return json.loads(out_of(capsys, "score", run, "--json", *options)[0])[0]


def test_two_models_vote_as_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7", "1"))
    write("b", *rows("7", "7"), **OTHER)
    frame, err = joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    assert (frame["problems"], frame["generations"], frame["complete"]) == (2, 8, True)
    assert "2 runs, 2 problems, 8 generations of 4 schedules, voting as tiny and other-8b" in err
    names = [row["name"] for row in scored(capsys, "runs/joint")["rows"] if row["kind"] == "schedule"]
    assert names == ["8 · other-8b", "8 · tiny", "16 · other-8b", "16 · tiny"]
    few = scored(capsys, "runs/joint", "-s", "other-8b")
    assert [row["name"] for row in few["rows"]][:2] == ["8 · other-8b", "16 · other-8b"]
    assert len(scored(capsys, "runs/joint", "-s", "8")["rows"][:2]) == 2


def test_further_seeds_join_and_what_both_have_counts_once(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7", seed=0), *rows("1", seed=1))
    write("b", *rows("1", seed=1), *rows("7", seed=2))
    frame, err = joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    assert frame["generations"] == 6 and "in several runs, counted once: 2 generations" in err
    single = next(row for row in scored(capsys, "runs/joint")["rows"] if row["name"] == "8")
    assert single["samples"] == 3, "one schedule, as of one run"


def test_shards_join_to_the_run_that_they_are_of(capsys: pytest.CaptureFixture[str]) -> None:
    everything = rows("7", "1", "7", "7")
    write("whole", *everything)
    write("first", *everything[:4])
    write("second", *everything[4:])
    frame, err = joined(capsys, "runs/first", "runs/second", "-o", "runs/joint")
    assert err.count("\n") == 1 and "lacks" not in err, "nothing is missing"
    (whole,) = json.loads(out_of(capsys, "vote", "runs/whole", "--json")[0])
    assert {**frame, "run": "", "settings": {}} == {**whole, "run": "", "settings": {}}
    assert "joint" not in scored(capsys, "runs/joint"), "no source has votes added on its problems"


def test_what_is_missing_is_said_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7", "7", "7", "7", "7"))
    write("b", *rows("7", first=2), **OTHER)
    frame, err = joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    assert "'runs/b' lacks votes on 4 of 5 problems (p0, p1, p3, ...)" in err
    assert "'runs/a' lacks" not in err
    assert all(row.get("partial") for row in frame["rows"] if row["name"] != "first")


def test_one_id_of_two_questions_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7", "7"))
    write("b", *(dataclasses.replace(one, problem=dataclasses.replace(one.problem, target="8")) for one in rows("7")))
    _, err = joined(capsys, "runs/a", "runs/b", code=2)
    assert "of 1 problem of runs/b, 1 has another question, options or target in runs/a (p0: target 8, 7 there)" in err
    assert err.count("\n") == 1 and not Path("runs/joint").exists()


def other(one: Generation, **changed: Any) -> Generation:
    return dataclasses.replace(one, problem=dataclasses.replace(one.problem, **changed))


def test_problems_of_other_ids_are_matched_by_question(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7", "1"))
    write(
        "b", *(other(one, id="x") for one in rows("7")), *(other(one, id="p0") for one in rows("7", first=1)), **OTHER
    )
    frame, err = joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    assert (frame["problems"], frame["generations"]) == (2, 8), "each question is one problem, whatever it is called"
    assert "matched by question: 2 problems of 'runs/b' with other ids (x is p0)" in err and "lacks" not in err
    (again,) = json.loads(out_of(capsys, "vote", "runs/joint", "--json")[0])
    assert again["rows"] == frame["rows"], "and so they are when the joint run is read"
    shown = json.loads(out_of(capsys, "show", "runs/joint", "p1", "--json")[0])
    assert len(shown["votes"]) == 4, "and when one problem of it is looked for"
    manifest = json.loads(Path("runs/joint/run.json").read_text())
    assert [one.get("ids") for one in manifest["sources"]] == [None, {"p0": "p1", "x": "p0"}]
    turned, _ = joined(capsys, "runs/b", "runs/a", "-o", "runs/turned")
    assert turned["rows"] == frame["rows"], "in whatever order they are named"


def test_right_answers_are_taken_from_the_run_that_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *(other(one, id=f"x-{one.problem.id}", target=None) for one in rows("7", "1")), **OTHER)
    write("b", *rows("7", "1"))
    _, err = joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    assert "right answers of 2 problems of 'runs/a' are those of the other runs" in err
    single = [row["correct"] for row in scored(capsys, "runs/joint")["rows"] if row["kind"] == "schedule"]
    assert single == [1, 1, 1, 1]


def test_a_question_that_stands_twice_is_not_guessed_at(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7"), *(other(one, id="p9") for one in rows("7")))
    write("b", *(other(one, id="x") for one in rows("7")), **OTHER)
    for runs in (("runs/a", "runs/b"), ("runs/b", "runs/a")):
        _, err = joined(capsys, *runs, code=2)
        assert "'runs/a' asks one question 2 times (p0, p9), and 'runs/b' has it under another id" in err


def test_options_that_one_run_lacks_are_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *(other(one, choices=("1", "7")) for one in rows("7")))
    write("b", *(other(one, id="x") for one in rows("7")), **OTHER)
    _, err = joined(capsys, "runs/a", "runs/b", code=2)
    assert "'runs/a' has options for a question that has none in 'runs/b' (x): import that one again with --data" in err


def test_an_import_of_another_task_is_told_to_be_made_again(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7"), task="quiz", recipe={"task": "my quiz.csv"})
    write("b", *rows("8"), recipe={"import": [], "task": "gsm8k"})
    for runs in (("runs/a", "runs/b"), ("runs/b", "runs/a")):
        _, err = joined(capsys, *runs, code=2)
        assert "import runs/b again with --task 'my quiz.csv' --overwrite, or leave one out" in err


def test_runs_without_a_common_question_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7"))
    write("b", *rows("7", first=5), **OTHER)
    assert "'runs/b' has no question in common with the others" in joined(capsys, "runs/a", "runs/b")[1]


def test_other_wordings_of_one_model_are_told_apart_by_their_runs(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7"))
    write("b", *(dataclasses.replace(one, prompt="other words") for one in rows("1")))
    frame, _ = joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    assert frame["generations"] == 4
    assert [row["name"] for row in scored(capsys, "runs/joint")["rows"]][:2] == ["8 · a", "8 · b"]


def test_precision_and_hash_tell_apart_what_has_one_name(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7"))
    write("b", *rows("7"), dtype="bfloat16")
    write("c", *rows("7"), model_identity="sha256:fedcba98765")
    assert "voting as float32 and bfloat16" in joined(capsys, "runs/a", "runs/b")[1]
    assert "fedcba98" in joined(capsys, "runs/a", "runs/c")[1]


def test_samples_made_elsewhere_are_further_samples_where_their_texts_differ(
    capsys: pytest.CaptureFixture[str],
) -> None:
    elsewhere = {"model_identity": "imported:x", "dtype": "unknown"}
    for name, answers in {"a": ("7", "1"), "b": ("1", "1"), "again": ("7", "1")}.items():
        write(name, *(dataclasses.replace(one, source="{}") for one in rows(*answers)), **elsewhere)
    assert joined(capsys, "runs/a", "runs/b", "-o", "runs/ab")[0]["generations"] == 8
    shown = out_of(capsys, "show", "runs/ab", "p0")[0]
    assert "seed 1" in shown, "of one problem alone the samples are the same"
    _, err = joined(capsys, "runs/a", "runs/again", code=2)
    assert "holds the rows of 'runs/a': taken once" in err and "two at least, not 1" in err


@pytest.fixture
def two(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """runs/a, runs/b and their joint run."""
    write("a", *rows("7", "1"))
    write("b", *rows("7", "7"), **OTHER)
    joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    return ["runs/a", "runs/b"]


def test_every_reader_takes_a_joint_run(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ("vote", "runs/joint"),
        ("score", "runs/joint"),
        ("score", "runs/joint", "--leaderboard"),
        ("show", "runs/joint", "p1"),
        ("show", "runs/joint", "--where", "wrong"),
        ("compare", "runs/joint", "runs/a"),
        ("compare", "runs/joint:8 · tiny", "runs/joint:majority"),
        ("plot", "votes", "runs/joint", "-o", "v.svg"),
        ("report", "runs/joint", "-o", "r.html"),
        ("runs", "list"),
        ("runs", "show", "runs/joint"),
    ):
        assert run(list(words)) == 0, words
    shown = capsys.readouterr().out
    assert "joined" in shown and "votes as other-8b" in shown
    assert "8 · tiny" in Path("r.html").read_text()


def test_it_is_not_decoded_repeated_or_imported(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ("decode", "-s", "8", "-n", "1", "-o", "runs/joint"),
        ("sweep", "runs/joint"),
        ("reproduce", "runs/joint"),
        ("import", "runs/joint", "-o", "runs/new"),
    ):
        err = out_of(capsys, *words, code=2)[1]
        assert "'runs/joint' is a joint run" in err and "runs/a, runs/b" in err


def test_sources_are_found_by_what_is_in_them(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    before = scored(capsys, "runs/joint")
    Path("runs/a").rename("runs/renamed")
    assert scored(capsys, "runs/joint")["rows"] == before["rows"]
    Path("runs/old").mkdir()
    Path("runs/renamed").rename("runs/old/renamed")
    assert scored(capsys, "runs/joint")["rows"] == before["rows"], "in a folder beside it"
    Path("far").mkdir()
    shutil.move("runs/joint", "far/joint")
    err = out_of(capsys, "vote", "far/joint", code=2)[1]
    assert "far/joint is of the run a, which is not at 'far/a' nor beside far/joint" in err and "--copy" in err
    shutil.copytree("runs", "laptop")
    shutil.move("far/joint", "laptop/joint")
    assert scored(capsys, "laptop/joint")["rows"] == before["rows"], "copied with its sources beside it"


def test_a_changed_source_is_refused_and_one_that_grew_is_read_as_it_was(
    two: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = scored(capsys, "runs/joint")
    with Path("runs/a/generations.jsonl").open("ab") as file:
        file.write(Path("runs/a/generations.jsonl").read_bytes().splitlines(keepends=True)[0])
    out, err = out_of(capsys, "score", "runs/joint", "--json")
    assert json.loads(out)[0]["rows"] == before["rows"]
    assert "'runs/a' has grown since" in err and "`hex vote runs/a runs/b --together -o runs/joint`" in err
    shutil.copytree("runs/a", "runs/copy")
    Path("runs/a").rename("gone")
    err = out_of(capsys, "vote", "runs/joint")[1]
    assert "'runs/copy' has grown since" in err and "`hex vote runs/copy runs/b --together -o runs/joint`" in err
    shutil.rmtree("runs/copy")
    Path("gone").rename("runs/a")
    text = Path("runs/a/generations.jsonl").read_text()
    Path("runs/a/generations.jsonl").write_text(text.replace("boxed", "boxxd", 1))
    for words in (("vote", "runs/joint"), ("show", "runs/joint", "p0")):
        err = out_of(capsys, *words, code=2)[1]
        assert "'runs/a' has changed since it was joined" in err and err.count("\n") == 1
    rows_ = json.loads(out_of(capsys, "runs", "list", "--json")[0])
    assert {one["path"]: one["state"] for one in rows_}["runs/joint"] == "unreadable"


def test_a_copy_needs_nothing_else(two: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    joined(capsys, *two, "-o", "runs/joint", "--copy")
    before = scored(capsys, "runs/joint")
    shutil.copytree("runs/joint", "laptop")
    shutil.rmtree("runs")
    assert scored(capsys, "laptop")["rows"] == before["rows"]
    (file,) = list(Path("laptop").glob("source-*.jsonl"))[:1]
    file.write_text(file.read_text().replace("boxed", "boxxd", 1))
    assert "is not what was copied" in out_of(capsys, "vote", "laptop", code=2)[1]
    assert run(["runs", "rm", "laptop", "--yes"]) == 0
    assert not Path("laptop").exists()


def test_joint_runs_join_again_by_what_they_are_of(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    write("c", *rows("7", "7", labels=("32",)))
    frame, _ = joined(capsys, "runs/", "-o", "runs/more")
    assert frame["generations"] == 10, "the joint run adds nothing to those it is of"
    frame, _ = joined(capsys, "runs/joint", "runs/c", "-o", "runs/joint")
    assert frame["generations"] == 10
    sources = json.loads(Path("runs/joint/run.json").read_text())["sources"]
    assert [one["path"] for one in sources] == ["../a", "../b", "../c"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("runs/a", "--together"), "takes two at least, not 1"),
        (("runs/a", "-o", "x"), "-o is of the joint run that --together makes"),
        (("runs/a", "--copy"), "--copy is of the joint run that --together makes"),
        (("runs/a", "runs/b", "--together", "-o", "runs/a"), "'runs/a' is there and no joint run: choose another -o"),
        (("runs/a", "runs/t", "--together"), "runs/a is of sums, runs/t of gsm8k"),
        (("runs/a", "runs/none", "--together"), "no such folder 'runs/none'"),
    ],
)
def test_wrong_usage_is_one_line(
    words: tuple[str, ...], said: str, two: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write("t", *rows("7"), task="gsm8k")
    err = out_of(capsys, "vote", *words, code=2)[1]
    assert said in err and err.count("\n") == 1


def test_python_does_the_same(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    frame = scored(capsys, "runs/joint")
    assert hexcli.score(two, together=True).frame["rows"] == frame["rows"]
    assert len(hexcli.vote([*two], ["majority"], together=True)) == 1
    assert not list(Path("runs").glob("sums-joint-*")), "nothing is written"
    kept = hexcli.join(two, "runs/kept", copy=True)
    assert hexcli.score(kept).frame["rows"] == frame["rows"]
    for wrong in (lambda: hexcli.vote(two), lambda: hexcli.vote("runs/a", together=True)):
        with pytest.raises(hexcli.errors.UsageError):
            wrong()


def test_a_joint_run_in_a_folder_is_no_source_of_the_next_one(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7", "1"))
    write("b", *rows("7", "7"), **OTHER)
    joined(capsys, "runs/")
    (joint,) = [path.name for path in Path("runs").iterdir() if path.name not in ("a", "b")]
    frame, err = joined(capsys, "runs/")
    assert frame["generations"] == 8 and "2 runs, " in err
    assert f"left out, joint runs themselves: runs/{joint} (name one to have its sources in)" in err


def test_a_leaderboard_leaves_out_a_joint_run_of_runs_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7", "1"))
    write("b", *rows("7", "7"), **OTHER)
    joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    out, _ = out_of(capsys, "score", "runs/", "--leaderboard")
    assert out.startswith("2 distinct problems: a (")
    assert "left out: joint, a joint run of a and b" in out
    found = json.loads(out_of(capsys, "score", "runs/a", "runs/joint", "--leaderboard", "--json")[0])
    assert [one["run"] for one in found["runs"]] == ["a", "joint"] and found["problems"] == 2
    assert found["left_out"] == []


def test_removing_a_run_that_a_joint_run_votes_with_names_the_joint_run(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7", "1"))
    write("b", *rows("7", "7"), **OTHER)
    joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    _, err = out_of(capsys, "runs", "rm", "runs/a", "--json", code=2)
    assert "joint run 'runs/joint' counts the votes of 'runs/a'" in err
    _, err = out_of(capsys, "runs", "rm", "runs/a", "runs/joint", "--json", code=2)
    assert "counts the votes" not in err
    _, err = out_of(capsys, "runs", "rm", "runs/joint", "--json", code=2)
    assert "counts the votes" not in err
    joined(capsys, "runs/a", "runs/b", "-o", "runs/whole", "--copy")
    Path("runs/joint").rename("elsewhere")
    _, err = out_of(capsys, "runs", "rm", "runs/a", "--json", code=2)
    assert "counts the votes" not in err


def test_exports_have_the_joint_majority_beside_each_run(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", *rows("7", "1"))
    write("b", *rows("7", "7"), **OTHER)
    joined(capsys, "runs/a", "runs/b", "-o", "runs/joint")
    (found,) = [scored(capsys, "runs/joint")["joint"]]
    lines = list(csv.DictReader(io.StringIO(out_of(capsys, "score", "runs/joint", "--format", "csv")[0])))
    beside = [line for line in lines if line["kind"] in ("source", "joint")]
    assert [line["name"] for line in beside] == ["a", "majority, all votes", "majority, at its NFE",
                                                 "b", "majority, all votes", "majority, at its NFE"]  # fmt: skip
    assert [line["rival"] for line in beside] == ["", "a", "a", "", "b", "b"]
    for place, row in enumerate(found):
        assert float(beside[3 * place]["accuracy"]) == row["accuracy"]
        assert float(beside[3 * place + 1]["difference"]) == row["versus"]["difference"]
        assert float(beside[3 * place + 2]["difference"]) == row["at_equal_nfe"]["versus"]["difference"]
    for format, begins in (("markdown", r"**joint votes of joint: "), ("latex", r"\label{tab:joint-votes-of-joint}")):
        assert begins in out_of(capsys, "score", "runs/joint", "--format", format)[0]


def test_names_of_voters_do_not_depend_on_the_order_of_the_runs(capsys: pytest.CaptureFixture[str]) -> None:
    write("cold", *rows("7", "1", temperature=0.0))
    write("warm", *rows("7", "7", labels=("8",), temperature=0.9))
    like = rows("1", "7", labels=("8",), temperature=0.0)
    caching = [dataclasses.replace(one.schedule, kv_cache="prefix") for one in like]
    write("cached", *(dataclasses.replace(one, schedule=how) for one, how in zip(like, caching, strict=True)))
    runs = ["runs/cold", "runs/warm", "runs/cached"]
    for place in range(3):
        joined(capsys, *runs[place:], *runs[:place], "-o", "runs/joint")
        found = [row["name"] for row in scored(capsys, "runs/joint")["rows"] if row["kind"] == "schedule"]
        assert {*found} == {"8", "8:temperature=0.9", "8:kv_cache=prefix", "16"}
    for name in found:
        for said in (name, f"block {name}"):
            rows_of = scored(capsys, "runs/joint", "-s", said)["rows"]
            assert [row["name"] for row in rows_of if row["kind"] == "schedule"] == [name]
        rival = "16" if name != "16" else "8"
        assert run(["compare", f"runs/joint:{name}", f"runs/joint:{rival}"]) == 0
        assert run(["show", "runs/joint", "p0", "--diff", f"block {name}", rival]) == 0
        assert f"block {name}" in out_of(capsys, "show", "runs/joint", "p0")[0]
    _, err = out_of(capsys, "score", "runs/joint", "-s", "8")
    assert "-s 8 is the schedule of that name; of the same blocks are also" in err and "8:temperature=0.9" in err
    shelf = json.loads(out_of(capsys, "runs", "--json")[0])
    settings = {one["path"]: one["settings"] for one in shelf}["runs/joint"]
    assert {*settings["schedules"].split(",")} == {*found} and settings["T"] == "0,0.9"
    head = out_of(capsys, "score", "runs/joint")[0].splitlines()[0]
    assert "T 0 and 0.9, some with prefix cache" in head


def test_a_name_is_the_same_where_a_problem_lacks_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    usual = {"gen_length": 64, "model": "tiny"}
    write("cold", *rows("7", "1", temperature=0.0), recipe={**usual, "schedules": ["8", "16"]})
    warm = {**usual, "schedules": ["8"], "temperature": 0.9}
    write("warm", *rows("7", labels=("8",), first=2, temperature=0.9), recipe=warm)
    joined(capsys, "runs/warm", "runs/cold", "-o", "runs/joint")
    names = [row["name"] for row in scored(capsys, "runs/joint")["rows"] if row["kind"] == "schedule"]
    assert "8:temperature=0.9" in names
    assert "block 8:temperature=0.9" in out_of(capsys, "show", "runs/joint", "p2")[0]
    assert "several texts" not in out_of(capsys, "show", "runs/joint", "p0", "--diff", "8", "16")[1]


def test_a_joint_run_whose_runs_are_gone_is_told_once_with_what_to_do(
    two: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    joined(capsys, *two, "-o", "runs/other")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    out, err = out_of(capsys, "runs", "rm", "runs/a")
    for name in ("joint", "other"):
        assert f"joint run 'runs/{name}' counts the votes of 'runs/a'" in out and "--copy before" in out
    assert Path("runs/a").exists() and "[y/N]" in err
    assert run(["runs", "rm", "runs/a", "--yes"]) == 0
    capsys.readouterr()
    err = out_of(capsys, "runs")[1]
    assert err.count("\n") == 1 and "(a)" in err and "hex vote" not in err
    assert "`hex runs rm runs/joint runs/other`" in err or "`hex runs rm runs/other runs/joint`" in err
