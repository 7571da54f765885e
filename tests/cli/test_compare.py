"""`hex compare A B`: what the two words mean, and what is printed."""

import json
import re
import shutil
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.cli.test_vote_and_score import table, write
from tests.scoring.runs import generation


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def compared(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    """Who A and B turned out to be."""
    assert run(["compare", *words, "--json"]) == 0, capsys.readouterr().err
    found = json.loads(capsys.readouterr().out)
    return tuple(f"{found[side]['run']}:{found[side]['name']}" for side in "ab")


def fails(capsys: pytest.CaptureFixture[str], *words: str, code: int = 2) -> str:
    assert run(["compare", *words]) == code
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


def test_the_words_of_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    for words in (
        ("8", "32"),
        ("runs/one:8", "32"),
        ("8", "one:32"),
        ("runs/one/:8", "runs/one:32"),
        ("tiny:8", "tiny:32"),
    ):
        assert compared(capsys, *words) == ("one:8", "one:32")
    assert compared(capsys, "runs/one", "first") == ("one:majority", "one:first")
    assert compared(capsys, "one", "32", "-a", "first") == ("one:first", "one:32")


def test_the_words_of_several_runs_and_models(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    write("other", *table(labels=("8", "16", "64")), model="llada", model_identity="sha256:other")
    assert compared(capsys, "one", "runs/other") == ("one:majority", "other:majority")
    assert compared(capsys, "tiny", "llada") == ("one:majority", "other:majority")
    assert compared(capsys, "llada:64", "tiny:32") == ("other:64", "one:32")
    assert "'8' of which run? Write RUN:WHO, e.g. runs/one:8; there are runs/one, runs/other" in fails(
        capsys, "8", "16"
    )
    write("third", *table())
    assert "several runs are of tiny: name one of runs/one, runs/third" in fails(capsys, "tiny", "llada")


def test_what_cannot_be_compared_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "'8' is no run here, and there is none in runs/: make one" in fails(capsys, "8", "16")
    write("one", *table())
    write("far", *table(start=10))
    assert "no such folder 'runs/none': did you mean 'runs/one'?" in fails(capsys, "runs/none", "runs/one")
    assert "are the same: majority of runs/one" in fails(capsys, "runs/one", "one:majority")
    assert "share no problem with a target" in fails(capsys, "one", "far")
    assert "did you mean 'majority'" in fails(capsys, "one:majorty", "one:8")
    assert "confidence cannot vote on runs/one" in fails(capsys, "one:confidence", "one:8", code=1)


def test_the_table_has_the_verdict_and_the_problems(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert run(["compare", "one:8", "32"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("sums: A is block 8 of one (tiny), B is block 32 of one (tiny)\n")
    verdict = " ".join(out.split())
    assert re.search(r"A - B: -25\.0 points \(-\d+\.\d to \+\d+\.\d\), p 1\.000; won 1, lost 2 of 4 problems", verdict)
    assert "sign-flip test over problems, exact" in verdict
    rows = [line.split() for line in out.splitlines()]
    assert ["p1", "7", "7", "1"] in rows
    assert ["p3", "7", "none", "7"] in rows
    assert max(map(len, out.splitlines())) <= 80
    assert run(["compare", "one:8", "32", "--list", "1"]) == 0
    assert "lost besides, 1: p3" in capsys.readouterr().out
    assert run(["compare", "one:8", "32", "--list", "0"]) == 0
    assert "lost, 2: p2, p3" in capsys.readouterr().out


def test_a_run_alone_compares_every_pair_of_its_schedules(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert run(["compare", "one", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["correct"]) for row in found["rows"]] == [("16", 2), ("32", 2), ("8", 1)]
    pairs = {(pair["a"], pair["b"]): pair for pair in found["pairs"]}
    assert set(pairs) == {("16", "32"), ("16", "8"), ("32", "8")}
    assert run(["compare", "one:16", "8", "--json"]) == 0
    two = json.loads(capsys.readouterr().out)
    same = ("problems", "difference", "ci95", "p_value", "test")
    assert {name: pairs["16", "8"][name] for name in same} == {name: two[name] for name in same}
    assert (pairs["16", "8"]["won"], pairs["16", "8"]["lost"]) == (len(two["won"]), len(two["lost"]))
    assert all(pair["p_holm"] >= pair["p_value"] for pair in found["pairs"])
    assert run(["compare", "tiny", "-a", "majority,first", "-s", "8,32"]) == 0
    out, _ = capsys.readouterr()
    assert "none of 6 pairs told apart (Holm, p < 0.05)" in out and "block 16" not in out


def test_pairs_for_a_paper_and_for_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert run(["compare", "one", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("run,task,model,a,b,problems,difference,won,lost,p_value,p_holm") and len(lines) == 4
    assert run(["compare", "one", "--format", "markdown"]) == 0
    assert "| block 16 | block 8 | +25.0 [" in capsys.readouterr().out
    assert run(["compare", "one", "--format", "latex"]) == 0
    assert r"\begin{tabular}" in capsys.readouterr().out


def test_what_is_no_run_alone_needs_a_rival(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert "'8' beside whom? Write hex compare 8 B" in fails(capsys, "8")
    assert "'one:8' beside whom?" in fails(capsys, "one:8")
    assert "no run and no model of a run here is called 'two'" in fails(capsys, "two")
    assert "one schedule, 8: name a rival" in fails(capsys, "one", "-s", "8")
    assert "hex compare A B --list N" in fails(capsys, "one", "--list", "3")
    assert "8,32 is a list: two of it are hex compare runs/one:8 32" in fails(capsys, "one", "8,32")
    assert "the oracle knows the targets, and is no vote" in fails(capsys, "one", "oracle")
    assert "-a 8 is a schedule" in fails(capsys, "one", "-a", "8")
    assert "(--schedules 16 leaves out all others)" in fails(capsys, "one:8", "32", "-s", "16")
    assert "--format csv has no problems" in fails(capsys, "one:8", "32", "--format", "csv", "--list", "3")


def test_two_are_written_for_papers_and_programs_as_pairs_are(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    write("warm", *table(temperature=0.7))
    assert run(["compare", "one:8", "32", "--format", "csv"]) == 0
    assert run(["compare", "one", "-s", "8,32", "--format", "csv"]) == 0
    head, two, again, pair = capsys.readouterr().out.splitlines()
    assert (
        head == again
        and two.startswith("one,sums,tiny,8,32,4,-0.25,")
        and pair.startswith("one,sums,tiny,32,8,4,0.25,")
    )
    assert run(["compare", "one", "warm", "--format", "markdown"]) == 0
    out = capsys.readouterr().out
    assert "**one and warm: sums, tiny: 4 problems**" in out and "| majority of one | majority of warm |" in out
    assert "Holm" not in out


def test_sides_with_long_names_go_by_letters(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table(), *table(temperature=0.7))
    assert run(["compare", "one", "-s", "8,32,8:T=0.7,32:T=0.7"]) == 0
    out = capsys.readouterr().out
    assert "A - B" in out and "A  block " in out and max(map(len, out.splitlines())) <= 80


def test_the_settings_in_which_two_runs_differ_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table(), *table(seed=1))
    write("warm", *table(temperature=0.7))
    assert run(["compare", "one", "warm"]) == 0
    assert "differ in (A / B): T 0.9 / 0.7, samples 2 / 1\n" in capsys.readouterr().out
    assert run(["compare", "one:8", "warm:8", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["differ"] == {"T": ["0.9", "0.7"], "samples": ["2", "1"]}
    assert run(["compare", "one:8", "one:16"]) == 0
    assert "differ in" not in capsys.readouterr().out, "their names tell"
    write("again", *table(), *table(seed=1))
    assert run(["compare", "one", "again"]) == 0
    assert "the settings of both runs are the same" in capsys.readouterr().out


def test_how_many_problems_are_paired_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    write("more", *table(temperature=0.7), *table(start=10, temperature=0.7))
    write("far", *table(start=10))
    assert run(["compare", "one", "more"]) == 0
    assert "paired: 4 of the 4 problems of A and 4 of the 8 problems of B" in " ".join(capsys.readouterr().out.split())
    assert "one has 4, p1 to p4; far has 4, p11 to p14" in fails(capsys, "one", "far")


def test_a_schedule_that_a_run_has_not_is_answered_with_those_it_has(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    said = "runs/one has no schedule '8:T=0': it has 8, 16, 32, at T 0.9 on a canvas of 64 with 32 steps"
    assert said in fails(capsys, "one:8:T=0", "one:8")


@pytest.mark.parametrize(("differing", "least"), [(0, "1.000"), (1, "1.000"), (5, "0.062"), (6, None)])
def test_too_few_differing_problems_to_tell_anything_are_said(
    differing: int, least: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [generation(n, "8", "7") for n in range(8)] + [
        generation(n, "16", "1" if n < differing else "7") for n in range(8)
    ]
    write("one", *rows)
    assert run(["compare", "one:8", "one:16"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert ("p cannot be below" in out) == (least is not None)
    assert least is None or f"p cannot be below {least}; below 0.05 takes 6" in out
    assert float(re.search(r"p (\d\.\d+)", out)[1]) >= float(least or 0.03)  # type: ignore[index]
    assert run(["compare", "one"]) == 0
    assert ("of a pair differ: p below 0.05 takes 6" in capsys.readouterr().out) == (least is not None)


def test_how_many_problems_would_tell_is_said_where_the_difference_is_not_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [generation(n, "8", "7" if n < 12 else "1") for n in range(20)]
    for label, right in (("16", 10), ("32", 12), ("64", 2)):
        write("one", *rows, *(generation(n, label, "7" if n < right else "1") for n in range(20)))
        assert run(["compare", "one:8", label]) == 0
        out = " ".join(capsys.readouterr().out.split())
        said = "a difference like this takes about 80 problems to tell (rough: 80 % power)"
        assert (said in out) == (label == "16"), "not of no difference, nor of one that is told"
        assert run(["compare", "one:8", label, "--json"]) == 0
        assert (json.loads(capsys.readouterr().out)["problems_needed"] is None) == (label != "16")
        assert run(["compare", "one"]) == 0
        assert (f"block 8 - block 16: {said}" in " ".join(capsys.readouterr().out.split())) == (label == "16")
        shutil.rmtree("runs/one")
    write("one", *rows, *(generation(n, label, "7" if n < 10 else "1") for label in ("16", "32") for n in range(20)))
    assert run(["compare", "one"]) == 0
    assert "takes about 110 problems to tell among 3 pairs (rough" in " ".join(capsys.readouterr().out.split())


def test_a_run_of_another_task_than_is_said_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert "runs/one is of task sums, and --task says gsm8k: leave it out" in fails(capsys, "one", "--task", "gsm8k")
