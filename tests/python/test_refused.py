"""What a call cannot be meant to have is refused in one line, in Python's words; nothing is ignored."""

from pathlib import Path
from typing import Any

import pytest

import hexcli
from hexcli.errors import UsageError
from tests.cli.test_vote_and_score import table, write


def failing(election: Any) -> Any:
    raise ValueError("mine")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: hexcli.decode(limit=1, output=""), "output is an empty text: name a file or a folder"),
        (lambda: hexcli.decode(limit=1, progress="no"), "progress is True or False, not 'no'"),  # type: ignore[arg-type]
        (lambda: hexcli.decode(task="mine.py"), "'mine.py' is a file: name the task in it, 'mine.py:NAME'"),
        (lambda: hexcli.sweep({}), "the recipe is empty: name its fields, {'schedules': [8, 16, 32], 'limit': 50}"),
        (lambda: hexcli.sweep(["demo"]), "a sweep is of one recipe: [hexcli.sweep(one) for one in ...] takes several"),  # type: ignore[arg-type]
        (lambda: hexcli.load("runs/one", task="gsm8k"), "runs/one is of task 'sums', not of 'gsm8k': leave task out"),
        (lambda: hexcli.vote("runs/one", []), "aggregators are an empty list: leave it out for all of them, or name"),
        (lambda: hexcli.vote("runs/one", together=1), "together is True or False, not 1"),  # type: ignore[arg-type]
        (lambda: hexcli.report("runs/one", "out.pdf"), "a report is a page: output='out.html', not 'out.pdf'"),
        (lambda: hexcli.report("runs/one", "no/out.html"), "no folder 'no' to write 'out.html' into: make it, or"),
        (
            lambda: hexcli.plot("runs/one", "blocks"),
            "the figure is named first, and 'runs/one' is none: plot('blocks', ",
        ),
        (lambda: hexcli.join(["runs/one"], "x", copy="y"), "copy is True or False, not 'y'"),  # type: ignore[arg-type]
        (lambda: hexcli.majority(["4", "5"], equal=lambda one: True), r"equal(answer, answer) failed: TypeError: "),  # type: ignore[arg-type,misc]
        (lambda: hexcli.compare("nope"), "no run here is called 'nope': hexcli.runs() lists them"),
        (lambda: hexcli.compare("nope", "x"), "unknown schedule or aggregator 'nope' of runs/one, and no run: known: "),
        (lambda: hexcli.score("runs/one")["aggregator"], "unknown column 'aggregator' here: it is name, where kind is"),
        (lambda: hexcli.vote("runs/one")["name"], "unknown column 'name' here: it is aggregator: known: aggregator, "),
    ],
)
def test_a_call_is_refused_in_one_line(call: Any, said: str) -> None:
    write("one", *table())
    with pytest.raises(hexcli.HexError) as refused:
        call()
    assert str(refused.value).startswith(said), str(refused.value)


def test_a_word_that_is_nothing_is_told_where_there_are_several_runs() -> None:
    write("one", *table())
    write("two", *table())
    with pytest.raises(hexcli.UsageError, match="no run, schedule or aggregator is called 'nope': there are the runs"):
        hexcli.compare("nope", "x")
    with pytest.raises(hexcli.UsageError, match="'8' of which run"):
        hexcli.compare("8", "16")


def test_a_function_votes_where_it_is_named_and_nowhere_else() -> None:
    write("one", *table())
    with pytest.raises(
        hexcli.HexError, match=r"failing cannot vote on this run: it failed at test_refused.py line \d+"
    ):
        hexcli.vote("runs/one", failing)
    votes = hexcli.vote("runs/one")
    assert "failing" not in votes["aggregator"] and "failing" not in [one["name"] for one in votes.skipped]


def test_numbers_of_numpy_are_schedules() -> None:
    numpy = pytest.importorskip("numpy")
    write("one", *table())
    found = hexcli.vote("runs/one", ["majority"], schedules=numpy.array([8, 32]))
    assert found.to_dicts() == hexcli.vote("runs/one", ["majority"], schedules=[8, 32]).to_dicts()


def test_a_page_that_hex_did_not_write_stays(tmp_path: Path) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("<p>mine</p>")
    with pytest.raises(UsageError, match="is there and hex did not write it: choose another file"):
        hexcli.report("runs/one", mine)
    assert mine.read_text() == "<p>mine</p>"
