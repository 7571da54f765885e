"""`hex runs`: listed, shown, renamed, removed."""

import json
import shutil
from pathlib import Path

import pytest

from hexcli.cli.main import run
from hexcli.errors import HexError
from tests.cli.test_vote_and_score import generation, out_of, table, write


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    return {Path(str(row["path"])).name: row for row in json.loads(out_of(capsys, "runs", "list", "--json")[0])}


def test_a_list_says_what_is_there_what_is_missing_and_what_cannot_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("whole", "short", "torn"):
        write(name, *table())
    rows = Path("runs/short/generations.jsonl")
    rows.write_text("".join(rows.read_text().splitlines(keepends=True)[:-2]))
    with Path("runs/torn/generations.jsonl").open("a") as file:
        file.write("{no row\n")
    Path("runs/strange").mkdir()
    Path("runs/strange/run.json").write_text("[]")
    out_of(capsys, "score", "runs/whole")
    found = listed(capsys)
    assert {name: row["state"] for name, row in found.items()} == {
        "whole": "complete", "short": "unfinished", "torn": "damaged", "strange": "unreadable",
    }  # fmt: skip
    assert (found["whole"]["generations"], found["whole"]["missing"], found["whole"]["accuracy"]) == (12, 0, 0.5)
    assert (found["short"]["generations"], found["short"]["missing"]) == (10, 2)
    assert found["torn"]["failed"] == 1 and found["torn"]["accuracy"] is None
    out, err = out_of(capsys, "runs", "list")
    assert "unfinished, 10 of 12" in " ".join(out.split()) and "damaged, 1 failed" in " ".join(out.split())
    assert "is not a run's: no JSON object" in err and err.count("\n") == 1


def test_a_list_says_what_else_tells_the_runs_apart(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("plain", *table())
    assert "canvas" not in out_of(capsys, "runs", "list")[0]
    write("canvas", *table(gen_length=32))
    write("warm", *table(temperature=0.7))
    found = {name: row["settings"] for name, row in listed(capsys).items()}
    (scored,) = json.loads(out_of(capsys, "score", "runs/warm", "--json")[0])
    assert found["warm"] == scored["settings"]
    for width in ("60", "80", "100", "140"):
        monkeypatch.setenv("COLUMNS", width)
        out, _ = out_of(capsys, "runs", "list")
        said = " ".join(out.split())
        assert "canvas 32" in said and "canvas 64" in said and "the same in every run: sums, tiny" in said
        tables = [line.split() for line in out.splitlines() if line.strip().startswith("run ")]
        assert all(len(heads) > 2 for heads in tables)


def test_runs_are_found_by_task_and_model_and_sorted(capsys: pytest.CaptureFixture[str]) -> None:
    write("old", *table(), created="2026-01-01T00:00:00+00:00")
    write("new", *table(labels=("8", "16", "64")), created="2026-02-01T00:00:00+00:00", model="llada")
    write("other", *table()[:6], created="2026-03-01T00:00:00+00:00", task="gsm8k")
    out_of(capsys, "score", "runs/old")
    out_of(capsys, "score", "runs/new", "--json")

    def names(*arguments: str) -> list[str]:
        rows = json.loads(out_of(capsys, "runs", "list", "--json", *arguments)[0])
        return [Path(str(row["path"])).name for row in rows]

    assert names() == ["other", "new", "old"]
    assert names("--task", "sums", "--model", "tiny") == ["old"]
    assert names("--sort", "accuracy")[-1] == "other", "which is not scored"
    assert names("--sort", "task") == ["other", "new", "old"]
    _, err = out_of(capsys, "runs", "list", "--model", "dream", code=2)
    assert err == "hex: no run of any task by dream: there are gsm8k by tiny, sums by llada, sums by tiny\n"


def test_a_scores_file_of_fewer_generations_is_no_accuracy(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    out_of(capsys, "score")
    rows = Path("runs/one/generations.jsonl")
    rows.write_text("".join(rows.read_text().splitlines(keepends=True)[:-1]))
    assert listed(capsys)["one"]["accuracy"] is None


def test_a_run_is_one_line_at_100_columns_and_at_most_two_at_80(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("sums-tiny-T0.9-0123abcd", *table(temperature=0.9))
    write("sums-tiny-c32-1234abcd", *table(gen_length=32))
    write("b", *table(labels=("8", "16", "8+8+16+32"), temperature=0.7))
    out_of(capsys, "score", "runs/b")
    for width, most in (("100", 1), ("80", 2)):
        monkeypatch.setenv("COLUMNS", width)
        out, _ = out_of(capsys, "runs")
        lines = [line.strip() for line in out.splitlines()]
        (rule,) = (place for place, line in enumerate(lines) if line.startswith("──"))
        body = lines[rule + 1 : lines.index("", rule)]
        assert len(body) <= 3 * most and sum("75.0 (30-95)" in line for line in body) == 1
        assert "3 runs, 36 generations" in out and "2 without accuracy" in out
        assert any(line.split()[0] == "sums-tiny-T0.9-0123abcd" for line in body), "a name to copy"


def test_runs_alone_is_their_list_also_with_options(capsys: pytest.CaptureFixture[str]) -> None:
    write("small", *table()[:6])
    write("large", *table())
    assert out_of(capsys, "runs")[0] == out_of(capsys, "runs", "list")[0]
    names = [Path(row["path"]).name for row in json.loads(out_of(capsys, "runs", "--json", "--sort", "size")[0])]
    assert names == ["large", "small"]
    head, first, *rest = out_of(capsys, "runs", "--format", "csv", "--sort", "name")[0].splitlines()
    assert head.startswith("path,created,state,") and first.startswith("runs/large,") and len(rest) == 1
    assert "small" in out_of(capsys, "runs", "small")[0] and "large" not in out_of(capsys, "runs", "small")[0]
    said = "'smal' is neither a run here, nor a command (list, show, rename, rm): did you mean 'runs/small'?"
    assert said in out_of(capsys, "runs", "smal", code=2)[1]
    assert "two ways" in out_of(capsys, "runs", "--json", "--format", "csv", code=2)[1]


def test_runs_are_named_by_patterns_and_by_the_hash_at_their_end(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("sums-tiny-0123abcd", "sums-tiny-T0.9-1234abcd", "mine"):
        write(name, *table())
    assert "runs/sums-tiny-0123abcd" in out_of(capsys, "runs", "show", "0123abcd")[0]
    assert set(listed(capsys)) == {"sums-tiny-0123abcd", "sums-tiny-T0.9-1234abcd", "mine"}
    _, err = out_of(capsys, "runs", "rm", "nope", code=2)
    assert "mine" in err and "sums-tiny-0123abcd" in err and "hex runs list" in err
    assert "no run is called 'x*'" in out_of(capsys, "runs", "rm", "x*", code=2)[1]
    assert out_of(capsys, "runs", "rm", "sums-*", "--yes")[0] == "2 runs removed\n"
    assert set(listed(capsys)) == {"mine"}


def test_an_import_is_listed_as_one_and_shown_without_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"question": "1+1?", "text": "The answer is 2", "target": "2"}
    Path("mine.jsonl").write_text(json.dumps(row) + "\n")
    out_of(capsys, "import", "mine.jsonl:block_length=8,gen_length=64", "-t", "sums", "-o", "runs/mine")
    for command in (("runs", "list"), ("runs", "show", "mine")):
        out, _ = out_of(capsys, *command)
        assert "import" in out and "{" not in out, out


def test_a_run_is_shown_with_how_it_came_about(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    out, _ = out_of(capsys, "runs", "show", "runs/one")
    assert "complete; 12 generations of 4 problems, " in out and "hex sweep runs/one" in out and "model    tiny" in out
    assert json.loads(out_of(capsys, "runs", "show", "runs/one", "--json")[0])["manifest"]["name"] == "one"


def test_a_renamed_run_is_called_so_in_its_file_too(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    write("taken", *table())
    out_of(capsys, "runs", "rename", "runs/one", "first")
    assert json.loads(Path("runs/first/run.json").read_text())["name"] == "first"
    assert not Path("runs/one").exists()
    for name, said in (("taken", "is there already"), ("../away", "beside where it stands"), (".hidden", "one word")):
        assert said in out_of(capsys, "runs", "rename", "runs/first", name, code=2)[1]
    assert "no such folder" in out_of(capsys, "runs", "rename", "runs/one", "again", code=2)[1]


def test_a_run_is_removed_and_what_others_put_there_stays(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        write(name, *table())
    Path("runs/two/notes.txt").write_text("mine")
    out, err = out_of(capsys, "runs", "rm", "runs/one", "--json", code=2)
    assert json.loads(out)["removed"] == [] and "say --yes" in err
    assert Path("runs/one/run.json").exists(), "--json asks nobody, so it takes --yes"
    assert "holds runs and is none" in out_of(capsys, "runs", "rm", "runs", "--yes", code=2)[1]
    out, err = out_of(capsys, "runs", "rm", "runs/one", "runs/two", "--yes")
    assert out == "2 runs removed\n" and "notes.txt" in err
    assert not Path("runs/one").exists()
    assert [entry.name for entry in Path("runs/two").iterdir()] == ["notes.txt"]


def test_a_run_that_is_being_written_stays(capsys: pytest.CaptureFixture[str]) -> None:
    import filelock

    write("one", *table())
    with filelock.FileLock("runs/one/.lock"):
        assert run(["runs", "rm", "runs/one", "--yes"]) == 1
        assert run(["runs", "rename", "runs/one", "other"]) == 1
    assert capsys.readouterr().err.count("is being written by another process") == 2
    assert Path("runs/one/run.json").exists()


def test_a_copied_run_is_called_by_its_own_folder_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    shutil.copytree("runs/one", "runs/copy")
    shutil.copytree("runs/one", "elsewhere/one")
    for command in (["vote", "runs/copy"], ["score", "runs/copy"], ["show", "runs/copy"], ["show", "runs/copy", "0"]):
        out, _ = out_of(capsys, *command)
        assert "copy: " in out and "one: " not in out, command
    assert json.loads(out_of(capsys, "score", "runs/copy", "--json")[0])[0]["run"] == "copy"
    out, _ = out_of(capsys, "compare", "runs/one:8", "elsewhere/one:16")
    assert "block 8 of runs/one" in out and "block 16 of elsewhere/one" in out
    named = [frame["run"] for frame in json.loads(out_of(capsys, "score", "runs/one", "elsewhere/one", "--json")[0])]
    assert named == ["runs/one", "elsewhere/one"], "two of one name"


def test_a_decode_that_fails_at_once_leaves_no_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise HexError("this adapter is none")

    monkeypatch.setattr("hexcli.engine.running.decode", refuse)
    assert run(["decode", "-s", "16", "-n", "1", "-o", "runs/new"]) == 1
    assert not Path("runs/new").exists()
    write("old", *table())
    before = sorted(Path("runs/old").iterdir())
    run(["decode", "-s", "16", "-n", "1", "-o", "runs/old"])
    assert sorted(Path("runs/old").iterdir()) == before
    assert "adapter" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("rename", "runs/one", "other"), ("rm", "runs/one", "--yes")])
def test_a_lock_that_is_no_file_is_one_line(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    Path("runs/one/.lock").unlink(missing_ok=True)
    Path("runs/one/.lock").symlink_to("/dev/null")
    err = out_of(capsys, "runs", *command, code=1)[1]
    assert err.startswith("hex: cannot write 'runs/one/.lock': ") and err.count("\n") == 1
    assert Path("runs/one/run.json").is_file()


@pytest.mark.parametrize("odd", ["8", {"a": 1}, [None, 5], True])
def test_settings_that_are_none_are_listed_as_they_are(odd: object, capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    file = Path("runs/one/run.json")
    fields = json.loads(file.read_text())
    fields["recipe"] |= {"samples": odd, "temperature": odd, "schedules": odd}
    file.write_text(json.dumps(fields))
    assert listed(capsys)["one"]["state"] == "complete"
    out_of(capsys, "runs", "show", "runs/one")


def test_json_has_numbers_as_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    write("hot", *table(temperature=0.7))
    found = json.loads(out_of(capsys, "runs", "list", "--json")[0])
    assert all(not isinstance(one[name], str) for one in found for name in ("temperature", "samples"))


def names_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    return sorted(Path(one["path"]).name for one in json.loads(out_of(capsys, "runs", *arguments, "--json")[0]))


def test_runs_in_a_folder_of_runs_are_listed_with_the_others_and_by_themselves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("plain", *table())
    write("cold", *table(temperature=0.0))
    Path("runs/grid/empty").mkdir(parents=True)
    Path("runs/cold").rename("runs/grid/cold")
    out, _ = out_of(capsys, "runs")
    assert "grid/cold" in out and "2 runs" in out
    for word in ("grid", "runs/grid"):
        assert names_of(capsys, word) == names_of(capsys, "list", word) == ["cold"]
    assert "12 generations" in out_of(capsys, "runs", "show", "grid/cold")[0]
    assert names_of(capsys, "--where", "name=grid/*") == ["cold"]
    assert names_of(capsys, "--where", "name=p*") == ["plain"]
    Path("runs/plain").rename("runs/grid/plain")
    said = "no run is in 'runs' itself, but in runs/grid: name that folder, or a run in it"
    assert said in out_of(capsys, "score", code=2)[1]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("T=0.9", ["both", "warm"]),
        ("temperature=0.90", ["both", "warm"]),
        ("T!=0.9", ["cold", "other"]),
        ("T>=0.5", ["both", "warm"]),
        ("T=0,0.9", ["both"]),
        ("schedules=8", ["both", "cold", "warm"]),
        ("block=8,16", ["both", "warm"]),
        ("block=8,16,T=0", ["both"]),
        ("task=sums", ["both", "cold", "warm"]),
        ("name=warm", ["warm"]),
        ("n>2", ["both", "warm"]),
        ("problems=2", ["cold", "other"]),
        ("canvas=64", ["both", "cold", "other", "warm"]),
        ("threshold=0.9", []),
        ("made=01-02", ["both", "cold", "other", "warm"]),
        ("made>=2030-01-01", []),
        ("accuracy>40", ["warm"]),
        ("accuracy>0.4", ["warm"]),
        ("scored", ["warm"]),
        ("complete", ["both", "cold", "other", "warm"]),
        ("joint", []),
    ],
)
def test_runs_are_found_by_what_they_are(said: str, found: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    warm = [generation(n, label, "7", temperature=0.9) for n in range(4) for label in ("8", "16")]
    cold = [generation(n, "8", "7", temperature=0.0) for n in range(2)]
    write("warm", *warm)
    write("cold", *cold)
    write("both", *warm, *cold)
    write("other", *(generation(n, "32", "7", temperature=0.0) for n in range(2)), task="gsm8k")
    out_of(capsys, "score", "warm")
    assert names_of(capsys, "--where", said) == found


def test_several_conditions_hold_together_and_none_that_fits_says_what_there_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("warm", *table())
    write("cold", *table(temperature=0.0))
    assert names_of(capsys, "--where", "T=0.9", "--where", "complete") == ["warm"]
    assert names_of(capsys, "--sort", "T") == ["cold", "warm"]
    out, err = out_of(capsys, "runs", "--where", "T=0.7")
    assert out == "" and "none of 2 runs is T=0.7: T is 0, 0.9" in err
    for said, told in (
        ("tempreature=0.9", "no run here has a 'tempreature': did you mean T?"),
        ("T=", "has no value: write T=VALUE"),
        ("unfinised", "did you mean unfinished?"),
        ("n>many", "'many' is no number"),
    ):
        assert told in out_of(capsys, "runs", "--where", said, code=2)[1]
    assert "hex runs --where T=0.7" in out_of(capsys, "runs", "--temperature", "0.7", code=2)[1]


def test_temperatures_stand_in_a_column_where_runs_differ_in_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    write("warm", *table())
    assert " T " not in out_of(capsys, "runs")[0].partition("─")[0]
    write("cold", *table(temperature=0.0), task="gsm8k")
    head, _, rows = out_of(capsys, "runs")[0].partition("─")
    assert " T " in head and [line.split()[2] for line in rows.splitlines() if " 01-02 " in line] == ["0", "0.9"]


def test_what_would_be_removed_is_said_without_removing_it(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    out, _ = out_of(capsys, "runs", "rm", "one", "--dry-run")
    assert "1 run, " in out and "would be removed" in out and Path("runs/one/run.json").is_file()
    assert json.loads(out_of(capsys, "runs", "rm", "one", "--dry-run", "--json")[0])["removed"] == []
    assert "leave one out" in out_of(capsys, "runs", "rm", "one", "--dry-run", "--yes", code=2)[1]


def test_the_temperature_of_a_run_is_that_of_its_schedules_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [generation(n, "8", "7", temperature=warmth) for n in range(2) for warmth in (0.0, 0.9)]
    fields = {"schedules": ["8", "8:T=0.9:samples=1"], "temperature": 0.0, "gen_length": 64}
    write("mixed", *rows, recipe={"model": "tiny", "task": "sums", "samples": 3, **fields})
    write("again", *rows, recipe={"model": "tiny", "task": "sums", "samples": 3, **fields})
    assert "the same in every run: sums, tiny, blocks 8,8:T=0.9:samples=1, T 0 and 0.9, 1 sample" in " ".join(
        out_of(capsys, "runs")[0].split()
    )
    write("plain", *table(temperature=0.0))
    found = listed(capsys)
    assert (found["mixed"]["temperature"], found["mixed"]["samples"], found["plain"]["temperature"]) == ([0, 0.9], 1, 0)
    (scored,) = json.loads(out_of(capsys, "score", "runs/mixed", "--json")[0])
    assert found["mixed"]["settings"] == scored["settings"]
    assert 'sums,tiny,"8,8:T=0.9:samples=1","0,0.9",1,' in out_of(capsys, "runs", "--format", "csv")[0]
    for said, names in (("T=0.9", {"mixed", "again"}), ("T!=0.9", {"plain"}), ("T=0,0.9", {"mixed", "again"})):
        rows_of = json.loads(out_of(capsys, "runs", "--where", said, "--json")[0])
        assert {Path(row["path"]).name for row in rows_of} == names
    line = next(line for line in out_of(capsys, "runs")[0].splitlines() if line.strip().startswith("mixed"))
    assert " 0,0.9 " in line
    assert "none of 3 runs is T!=0: T is 0 or 0 and 0.9\n" in out_of(capsys, "runs", "--where", "T!=0")[1]


def test_what_tells_runs_apart_is_never_hidden(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("sums-tiny-T0.9-0123abcd", *table(), *table(seed=1))
    write("sums-tiny-c32-1234abcd", *table(gen_length=32))
    long = ("8", "16", "32", "64", "8+8+16+32", "16+16+32", "32+16+16", "8+24+32")
    for name, labels in (("x", long), ("y", (*long[:-1], "8+8+48"))):
        recipe = {"task": "sums", "schedules": list(labels)}
        write(name, *(generation(0, label, "7") for label in labels), recipe=recipe)
    for width in ("80", "100", "140"):
        monkeypatch.setenv("COLUMNS", width)
        said = " ".join(out_of(capsys, "runs")[0].split())
        assert all(part in said for part in ("canvas 32", "2 samples")), width
    assert "8+24+32" in said and "8+8+48" in said, "or x and y would look the same"
