"""The tables that runs, votes and scores are: their order, and columns that need no other table."""

import pickle

import pytest

import hexcli
from hexcli.errors import UsageError
from hexcli.python.table import Table
from tests.cli.test_vote_and_score import table, write

SCHEDULE = ["block_length", "gen_length", "steps", "temperature", "remasking"]


@pytest.fixture(autouse=True)
def a_run(in_a_folder_of_its_own: None) -> None:
    write("one", *reversed(table()))


def test_rows_come_problem_by_problem_and_in_cast_order_whatever_was_finished_first() -> None:
    run = hexcli.load("runs/one")
    places = [(row["problem_id"], row["block_length"], row["seed"]) for row in run]
    assert places == sorted(places) and len(places) == 12
    assert [one.problem.id for one in run.generations] == run["problem_id"]
    graded = hexcli.score(run).generations
    assert [graded[name] for name in ("problem_id", "schedule", "answer")] == [
        run[name] for name in ("problem_id", "schedule", "answer")
    ]


def test_a_graded_row_tells_all_there_is_to_group_by() -> None:
    scores = hexcli.score("runs/one")
    wanted = {"problem_id", "question", "text", "answer", "target", "correct", "schedule", "seed", "nfe", *SCHEDULE}
    assert wanted <= {*scores.generations.columns} and wanted <= {*scores.graded.columns}
    assert wanted <= {*hexcli.load("runs/one").columns} | {"correct"}
    assert {row["text"] for row in scores.generations} == {row["text"] for row in hexcli.load("runs/one")}
    assert {row["row"] for row in scores.decisions} == {"decision"} and all(scores.decisions["question"])
    assert len(scores.graded) == len(scores.generations) + len(scores.decisions)


def test_a_data_frame_has_every_column() -> None:
    pytest.importorskip("pandas")
    scores = hexcli.score("runs/one")
    by_block = scores.generations.to_pandas().groupby("block_length").correct.mean()
    accuracies = {row["name"]: row["accuracy"] for row in scores if row["kind"] == "schedule"}
    assert {str(block): share for block, share in by_block.items()} == pytest.approx(accuracies)
    assert set(scores.to_pandas().columns) == {name for row in scores for name in row}


def test_a_table_gives_columns_rows_and_parts_and_says_what_it_does_not_show() -> None:
    found = Table([{"a": 1, "b": "x"}, {"a": 2, "b": "y", "c": None}], shown=("b",))
    assert found["a"] == [1, 2] and found[1]["b"] == "y" and found[:1].to_dicts() == [{"a": 1, "b": "x"}]
    assert repr(found) == "b\nx\ny\n... columns not shown: a, c"
    assert "<p>... columns not shown: a, c</p>" in found._repr_html_()
    with pytest.raises(AttributeError, match=r"has no attribute 'b': did you mean \['b'\], the column\?"):
        found.b  # noqa: B018
    with pytest.raises(AttributeError, match=r"did you mean hexcli.score\(...\)\?"):
        found.score()
    assert pickle.loads(pickle.dumps(found)).to_dicts() == found.to_dicts()
    with pytest.raises(UsageError, match=r"unknown column 'd'.*known: b, a, c"):
        found["d"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("to_csv", r"\.to_pandas\(\)\.to_csv$"),
        ("groupby", r"\.to_pandas\(\)\.groupby$"),
        ("to_dict", r"\.to_dicts\(\)$"),
        ("head", r"\[:5\] for rows"),
        ("values", r'\["COLUMN"\] for a column'),
        ("nonsense", "has no attribute 'nonsense'$"),
    ],
)
def test_a_word_of_pandas_is_answered_with_how_a_table_says_it(name: str, said: str) -> None:
    with pytest.raises(AttributeError, match=said):
        getattr(hexcli.load("runs/one"), name)


def test_two_of_a_run_are_compared_however_they_are_named() -> None:
    run = hexcli.load("runs/one")
    wanted = hexcli.compare((run, "8"), (run, "32")).to_dicts()
    for a, b in [("runs/one:8", "runs/one:32"), ("one:8", "32"), ((run, 8), 32), ((run, "8"), "32"), ("8", "32")]:
        assert hexcli.compare(a, b).to_dicts() == wanted  # type: ignore[arg-type]
    assert hexcli.compare(run, "8").to_dicts() == hexcli.compare((run, "majority"), (run, "8")).to_dicts()
    with pytest.raises(UsageError, match=r"both are majority of one run: name two of it, compare\(\(run, '8'\), "):
        hexcli.compare(run, "majority")
    for alone in ("runs/one:8", "8", (run, "8")):
        with pytest.raises(UsageError, match=r"^8 beside whom\? compare\(\(run, '8'\), \(run, ...\)\)"):
            hexcli.compare(alone)


def test_all_aggregators_are_named_as_on_the_command_line() -> None:
    every = hexcli.vote("runs/one")["aggregator"]
    assert hexcli.vote("runs/one", "all")["aggregator"] == every == hexcli.vote("runs/one", ["all"])["aggregator"]
    assert hexcli.score("runs/one", "all").to_dicts() == hexcli.score("runs/one").to_dicts()
    assert hexcli.vote("runs/one", "majority, first")["aggregator"] == ["majority", "first"]
    with pytest.raises(hexcli.HexError, match="schedule-weighted cannot vote"):
        hexcli.vote("runs/one", "all,schedule-weighted")


def test_a_report_is_a_page() -> None:
    with pytest.raises(UsageError, match=r"a report is a page: output='x\.html', not 'x\.pdf'"):
        hexcli.report("runs/one", "x.pdf")


def test_decisions_of_votes_tell_the_problem_and_of_a_tie_what_broke_it_and_grade_nothing() -> None:
    decisions = hexcli.vote("runs/one").decisions
    assert {"question", "target", "answer", "tie", "tallies", "votes"} <= {*decisions.columns}
    assert not {"correct", "class"} & {*decisions.columns}
    graded = {row["problem_id"]: row["target"] for row in hexcli.score("runs/one").decisions}
    assert all(row["question"] and row["target"] == graded[row["problem_id"]] for row in decisions)
    assert [row["broken"] for row in decisions if row["tie"]] and all(
        "broken" in row for row in decisions if row["tie"]
    )
