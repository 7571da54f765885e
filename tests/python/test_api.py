"""`import hexcli`: the functions behind the commands, and how what they return is shown."""

import hashlib
import inspect
import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import hexcli
from hexcli.cli.runs import Order
from hexcli.errors import HexError, UsageError
from hexcli.python.table import SHOWN, Table
from hexcli.runs.choosing import ORDERS
from hexcli.voting.rules import first
from hexcli.voting.votes import Decision, Election
from tests.cli.test_vote_and_score import out_of, table, write
from tests.python.notebooks import code_cells, run_cells

NOTEBOOK = Path(__file__).parents[2] / "recipes" / "notebook.ipynb"
PAGE = Path(__file__).parents[2] / "docs" / "api.md"
OFFERED = (
    *("decode", "sweep", "plan", "plan_sweep", "load", "join", "vote", "majority", "score", "report", "compare"),
    *("runs", "plot", "import_", "models", "tasks", "aggregators", "recipes"),
)
ERRORS = ("HexError", "UsageError", "ArgumentError", "NotDownloadedError", "errors")


def test_the_import_is_light_and_the_names_are_there() -> None:
    code = "import sys, hexcli; print([name for name in sys.modules if name.startswith('hexcli.')], dir(hexcli))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("['hexcli.version'] ")
    assert all(f"'{name}'" in done.stdout for name in OFFERED)
    with pytest.raises(AttributeError, match="hexcli has no 'nothing': known: decode, "):
        hexcli.nothing  # noqa: B018


@pytest.mark.parametrize("name", OFFERED)
def test_every_function_is_documented_and_typed(name: str) -> None:
    function = hexcli.__getattr__(name)
    signature = inspect.signature(function)
    assert function.__doc__ and signature.return_annotation is not inspect.Signature.empty
    assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())
    section = PAGE.read_text().split(f"## hexcli.{name}\n")[1].split("\n## ")[0]
    assert [one for one in signature.parameters if f"\n| `{one}` |" not in section] == [], "its docstring tells each"


def test_the_page_is_written_from_the_docstrings() -> None:
    script = PAGE.with_suffix(".py")
    written = runpy.run_path(str(script))["reference"]()
    assert PAGE.read_text() == written, "python docs/api.py writes it anew"


def test_votes_and_scores_are_those_of_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    for function, command in ((hexcli.vote, "vote"), (hexcli.score, "score")):
        (frame,) = json.loads(out_of(capsys, command, "runs/one", "--schedules", "8,32", "--json")[0])
        found = function("runs/one", schedules=["8", "32"])
        assert json.loads(json.dumps(found.frame)) == frame
        names = {"name": "aggregator"} if command == "vote" else {}  # as decisions have it
        assert found.to_dicts() == [{names.get(key, key): value for key, value in row.items()} for row in frame["rows"]]
    assert len(hexcli.vote("runs/one", ["majority"]).decisions) == 4
    assert {row["row"] for row in hexcli.score("runs/one").graded} == {"generation", "decision"}
    assert sorted(path.name for path in Path("runs/one").iterdir() if "scores" in path.name) == []


def test_a_run_that_is_loaded_shows_its_answers() -> None:
    write("one", *table())
    run = hexcli.load("runs/one")
    assert (len(run), run.path, run.manifest.task) == (12, Path("runs/one"), "sums")
    assert run[0]["answer"] == "7" and run[-1]["answer"] is None
    assert hexcli.load(run).to_dicts() == run.to_dicts()
    assert list(run.to_pandas().columns) == run.columns


def test_report_is_a_function_though_a_folder_has_its_name() -> None:
    import hexcli.report.terminal

    write("one", *table())
    assert hexcli.report("runs/one", "a.html") == Path("a.html")
    assert hexcli.report([hexcli.load("runs/one")], "b.html").read_text().startswith("<!doctype html>")
    assert hexcli.report.terminal.visible("a") == "a"


def test_mistakes_are_errors_with_a_reason() -> None:
    write("one", *table())
    with pytest.raises(UsageError, match="no such folder 'none'"):
        hexcli.load("none")
    with pytest.raises(UsageError, match="did you mean 'majority'"):
        hexcli.vote("runs/one", ["majorty"])
    with pytest.raises(HexError, match="confidence cannot vote on this run"):
        hexcli.vote("runs/one", ["confidence"])
    with pytest.raises(UsageError, match="schedules are a list"):
        hexcli.vote("runs/one", schedules=8.5)
    with pytest.raises(UsageError, match="mean 2 runs"):
        hexcli.decode(settings={"remasking": ["random", "entropy"]})
    with pytest.raises(UsageError, match="said twice, in settings and by itself: limit"):
        hexcli.decode(settings={"limit": 3})
    with pytest.raises(UsageError, match="leave out data and limit"):
        hexcli.decode("a prompt", limit=3)


def test_completion_shows_the_functions_alone() -> None:
    import hexcli.report.terminal

    assert [name for name in dir(hexcli) if not name.startswith("_")] == sorted([*OFFERED, *ERRORS])
    assert {*hexcli.__all__} == {*OFFERED, *ERRORS}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: hexcli.decode([{"question": "a"}]), r"a prompt is one text, not .*data=\[...\]"),
        (lambda: hexcli.decode(Frame()), "a prompt is one text, not a Frame: several, and rows of a task, are"),
        (lambda: hexcli.decode(schedules=8.5), "schedules are a list"),
        (lambda: hexcli.decode(prompts=5), "prompts are a list of texts, not 5"),
        (lambda: hexcli.decode(settings=[1]), "settings are a mapping"),
        (lambda: hexcli.decode(output=5), "output is a path"),
        (lambda: hexcli.decode(batch_size="x", progress=False), "batch_size is a whole number from 1 on, not 'x'"),
        (lambda: hexcli.decode(workers=2.5, progress=False), "workers is a whole number"),
        (lambda: hexcli.decode(certainty=3, progress=False), "certainty is a number above 0.5"),
        (lambda: hexcli.decode(device=5, progress=False), "device is a text"),
        (lambda: hexcli.decode(task="gsm8k", data=5), "data is a file's path, a list of rows"),
        (lambda: hexcli.decode(task="gsm8k", data=[]), "data holds no rows"),
        (lambda: hexcli.decode(task="gsm8k", data=[{"question": {1}}]), "data, row 1: .*as JSON does"),
        (lambda: hexcli.sweep(5), "recipe is a path"),
        (lambda: hexcli.score(5), "a run is its folder .*not 5"),
        (lambda: hexcli.vote([5]), "a run is its folder"),
        (lambda: hexcli.vote("runs/one", 5), "aggregators are a list of names or functions"),
        (lambda: hexcli.vote("runs/one", [lambda election: None]), "write it with def"),
        (lambda: hexcli.join(5, "x"), "runs are a list of at least two"),
        (lambda: hexcli.report("runs/one", 5), "output is a path"),
        (lambda: hexcli.compare(("runs/one",), "runs/one"), "a side is a run, or a run and who"),
        (lambda: hexcli.runs(task=5), "task is a text"),
        (lambda: hexcli.plot(5, "runs/one"), "the figure is named first"),
        (lambda: hexcli.plot("blocks", 5), "a run is its folder"),
        (lambda: hexcli.import_(5, "x"), "files is a path"),
        (lambda: hexcli.import_("a.jsonl", "x", given=5), "given are a mapping"),
    ],
)
def test_what_is_of_another_kind_is_one_error_that_says_what_is_meant(call: Callable[[], object], said: str) -> None:
    write("one", *table())
    with pytest.raises(UsageError, match=said) as raised:
        call()
    assert "\n" not in str(raised.value)


def smallest_blocks(election: Election) -> Decision:
    """The vote of the smallest block."""
    return first(election)


def majority(election: Election) -> Decision:
    return first(election)


def test_a_function_is_an_aggregator_by_its_own_name() -> None:
    write("one", *table())
    (row,) = hexcli.vote("runs/one", smallest_blocks)
    assert row["aggregator"] == "smallest_blocks"
    assert hexcli.vote("runs/one", [smallest_blocks])[0] == row, "a cell may run again"
    assert hexcli.compare(("runs/one", 8), ("runs/one", smallest_blocks))[0]["problems"] == 4
    with pytest.raises(UsageError, match="'majority' is the name of another aggregator"):
        hexcli.vote("runs/one", majority)


def test_schedules_are_one_or_a_text_or_a_list() -> None:
    write("one", *table())
    for said, names in ((8, ["8"]), ("8,32", ["8", "32"]), ([8, "32"], ["8", "32"])):
        assert [row["name"] for row in hexcli.score("runs/one", schedules=said) if row["kind"] == "schedule"] == names


class Frame:
    """As much of a data frame as is asked for."""

    columns = ("question", "answer")

    def to_dict(self, orient: str) -> list[dict[str, str]]:
        assert orient == "records"
        return [{"question": "Tom has 3 apples. He buys 4 apples. How many has he?", "answer": "#### 7"}]


def test_rows_without_a_task_are_asked_as_their_columns_say() -> None:
    rows = [{"Frage": "Tom has 12 apples. He buys 9 apples. How many apples does Tom have now?", "Antwort": 21}]
    run = hexcli.decode(data=rows, schedules=64, progress=False)
    assert run[0]["target"] == "21" and len(run) == 1


def test_rows_are_data_as_those_of_a_file_are() -> None:
    run = hexcli.decode(task="gsm8k", data=Frame(), schedules=16, progress=False)
    assert run[0]["target"] == "7" and len(run) == 1
    again = hexcli.decode(task="gsm8k", data=Frame().to_dict("records"), schedules="16", progress=False)
    assert again.path == run.path and len(list(Path("runs").glob("data-*.jsonl"))) == 1
    file = Path(str(run.manifest.recipe["data"]))
    assert file.parent == Path("runs") and json.loads(file.read_text()) == Frame().to_dict("records")[0]
    assert run.manifest.data == f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    elsewhere = hexcli.decode(task="gsm8k", data=Frame(), schedules=16, output="other/run", progress=False)
    assert Path(str(elsewhere.manifest.recipe["data"])).parent == Path("other")


def test_what_a_model_wrote_is_text_in_a_notebook() -> None:
    rows = [{"text": "<script>alert(1)</script>\x1b[31m", "share": 0.123456, "ends": [0.1, 0.25], "none": None}]
    shown = Table(rows)._repr_html_()
    assert "<script" not in shown and "&lt;script&gt;" in shown and "\x1b" not in shown
    assert "<td>0.1235</td><td>0.1 to 0.25</td><td></td>" in shown
    assert "... 5 rows more" in repr(Table(rows * (SHOWN + 5)))


def test_the_notebook_runs_and_shows_what_it_keeps() -> None:
    notebook = json.loads(NOTEBOOK.read_text())
    found = run_cells(notebook)
    for cell, outputs in zip(code_cells(notebook), found, strict=True):
        assert outputs, cell["source"]
        assert [list(one.get("data", one)) for one in outputs] == [
            list(one.get("data", one)) for one in cell["outputs"]
        ]
        heads = [one["data"]["text/plain"][0] for one in outputs if "data" in one]
        assert heads == [one["data"]["text/plain"][0] for one in cell["outputs"] if "data" in one]
    assert Path("report.html").stat().st_size > 100_000


def test_a_sweep_is_a_run_for_each_value_and_a_prompt_a_run_of_its_own() -> None:
    fields = {"schedules": [16], "limit": 2, "remasking": ["low_confidence", "random"]}
    runs = hexcli.sweep(fields, progress=False)
    assert [len(run) for run in runs] == [2, 2] and runs[0].path != runs[1].path
    one = hexcli.decode(
        "Tom has 3 apples. He buys 4 apples. How many apples does he have?", schedules=[16], progress=False
    )
    assert one.manifest.task == "prompt" and len(one) == 1


@pytest.mark.parametrize("name", ["models", "tasks", "aggregators", "recipes"])
def test_what_there_is_to_choose_from_is_what_the_command_lists(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = getattr(hexcli, name)()
    assert found.to_dicts() == json.loads(out_of(capsys, name, "--json")[0])
    assert set(found.shown) <= set(found[0]) and len(found) > 5
    with pytest.raises(hexcli.ArgumentError, match=rf"hexcli.{name}\(\) takes no argument"):
        getattr(hexcli, name)("gsm8k")


def test_a_list_of_names_is_shown_without_its_brackets() -> None:
    assert "  plain, reasoning, answer" in repr(hexcli.tasks())


def test_comparisons_are_those_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    pairs = hexcli.compare("runs/one")
    assert json.loads(json.dumps(pairs.frame)) == json.loads(out_of(capsys, "compare", "one", "--json")[0])
    assert [(pair["a"], pair["b"]) for pair in pairs][:1] == [("16", "32")] and "p_holm" in pairs.columns
    two = hexcli.compare(("runs/one", "16"), ("runs/one", "8"))
    assert json.loads(json.dumps(two.frame)) == json.loads(out_of(capsys, "compare", "one:16", "8", "--json")[0])
    assert (two[0]["won"], two[0]["lost"]) == (len(two.won), len(two.lost))
    with pytest.raises(UsageError, match="8 beside whom"):
        hexcli.compare(("runs/one", "8"))


def test_runs_are_listed_and_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    found = hexcli.runs()
    assert found.to_dicts() == json.loads(out_of(capsys, "runs", "list", "--json")[0])
    assert hexcli.runs(task="sums", sort="accuracy")[0]["path"] == "runs/one"
    assert list(ORDERS) == [one.value for one in Order]
    write("a", *table())
    assert hexcli.runs(sort="name")["path"] == ["runs/a", "runs/one"]
    with pytest.raises(UsageError, match="sort is one of date, accuracy, task, size, name, T, not 'best'"):
        hexcli.runs(sort="best")
    pytest.importorskip("matplotlib")
    assert hexcli.plot("blocks", "runs/one") == Path("blocks.png") and Path("blocks.png").stat().st_size > 1000


def test_generations_made_elsewhere_are_imported() -> None:
    rows = [{"question": "1 + 1?", "text": "The answer is \\boxed{2}", "target": "2", "block_length": 8}]
    Path("plain.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run = hexcli.import_("plain.jsonl", "runs/plain", task="gsm8k", given={"gen_length": 64})
    assert [row["answer"] for row in run] == ["2"]


def test_a_list_of_one_run_is_that_run_and_of_several_needs_a_word() -> None:
    write("one", *table())
    write("two", *table())
    assert hexcli.score(["runs/one"]).frame["run"] == "one"
    with pytest.raises(UsageError, match="say together=True for one election of all, or take one at a time"):
        hexcli.score(["runs/one", "runs/two"])
    with pytest.raises(UsageError, match="the list of runs is empty"):
        hexcli.score([])
