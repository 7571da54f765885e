"""A joint run beside its sources: all votes, and as many forward passes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.records import Generation
from hexcli.runs.counting import Count, count
from hexcli.runs.together import together
from hexcli.runs.writing import RunWriter
from hexcli.scoring.contestants import Grades
from hexcli.scoring.frames import only, score_frame
from hexcli.scoring.joint import beside_sources
from tests.samples import manifest
from tests.scoring.runs import generation

LABELS = ("8", "16", "32", "64")


def written(path: Path, *generations: Generation, **fields: str) -> Path:
    about = manifest(name=path.name, expected=len(generations), **fields)
    with RunWriter.open(path, about, warn=pytest.fail) as writer:
        for one in generations:
            writer.append(one)
        writer.finish()
    return path


def rows(answers: list[tuple[str, ...]], nfe: int, labels: tuple[str, ...] = LABELS) -> list[Generation]:
    return [
        generation(problem, label, answer, nfe=nfe)
        for problem, own in enumerate(answers)
        for label, answer in zip(labels, own, strict=False)
    ]


def of(tmp_path: Path, a: list[Generation], b: list[Generation]) -> Count:
    paths = [written(tmp_path / "a", *a), written(tmp_path / "b", *b, model="other", model_identity="sha256:ff")]
    return count(together(paths, created="now").run(tmp_path / "joint"))


def test_all_votes_and_as_many_forward_passes(tmp_path: Path) -> None:
    """Model a is always wrong in one way, b always right: two votes each, of 10 forward passes."""
    counted = of(tmp_path, rows([("1", "1")] * 4, 10), rows([("7", "7", "7")] * 4, 10))
    one, other = beside_sources(counted, Grades(counted)) or ()
    assert (one["name"], one["votes"], one["accuracy"], one["best"]) == ("a", 2, 0.0, False)
    assert (other["name"], other["votes"], other["accuracy"], other["best"]) == ("b", 3, 1.0, True)
    assert one["joint"]["accuracy"] == 1.0 and one["joint"]["nfe_per_problem"] == 50
    assert one["versus"]["difference"] == 1.0 and other["versus"]["difference"] == 0.0
    assert one["at_equal_nfe"]["nfe_per_problem"] == one["nfe_per_problem"] == 20
    assert other["at_equal_nfe"]["nfe_per_problem"] == other["nfe_per_problem"] == 30
    # In turn 8b 8a 16b 16a 32b, from each place on: of two that differ the first cast wins, so that 3 of 5 go to b.
    assert one["at_equal_nfe"]["accuracy"] == pytest.approx(3 / 5)
    assert other["at_equal_nfe"]["versus"]["difference"] == pytest.approx(other["at_equal_nfe"]["accuracy"] - 1)


def test_a_part_of_a_vote_is_cast_in_a_part_of_the_cases(tmp_path: Path) -> None:
    counted = of(tmp_path, rows([("1",)] * 2, 25), rows([("7",)] * 2, 10))
    dear, cheap = beside_sources(counted, Grades(counted)) or ()
    # a costs 25: from a on that is a alone; from b on b and six tenths of a, which ties and a casts first.
    assert dear["at_equal_nfe"]["votes"] == pytest.approx((1 + 1.6) / 2)
    assert dear["at_equal_nfe"]["nfe_per_problem"] == pytest.approx(25)
    assert cheap["at_equal_nfe"]["nfe_per_problem"] == pytest.approx(10)
    assert cheap["at_equal_nfe"]["votes"] == pytest.approx(1), "the dear vote does not fit: the next one that does"


@settings(max_examples=25, deadline=None)
@given(
    a=st.lists(st.tuples(*[st.sampled_from(["7", "1", "2"])] * 3), min_size=3, max_size=3),
    b=st.lists(st.tuples(*[st.sampled_from(["7", "1", "3"])] * 2), min_size=3, max_size=3),
    costs=st.tuples(st.integers(1, 40), st.integers(1, 40)),
)
def test_it_is_the_majority_of_each_and_costs_are_equal_to_a_twentieth_of_a_vote(
    a: list[tuple[str, ...]], b: list[tuple[str, ...]], costs: tuple[int, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("joint")
    counted = of(folder, rows(a, costs[0]), rows(b, costs[1]))
    found = score_frame(counted, ["majority"])
    (majority,) = [row for row in found["rows"] if row["name"] == "majority"]
    for row, path in zip(found["joint"], ("a", "b"), strict=True):
        (alone,) = [
            one
            for one in score_frame(count(together_alone(folder / path)), ["majority"])["rows"]
            if one["name"] == "majority"
        ]
        assert row["accuracy"] == pytest.approx(alone["accuracy"])
        assert row["joint"]["accuracy"] == pytest.approx(majority["accuracy"])
        off = abs(row["at_equal_nfe"]["nfe_per_problem"] - row["nfe_per_problem"])
        assert off <= max(costs) / 20 + 1e-6
    shown = only(found, ["majority"])
    assert shown["joint"] == found["joint"] and shown["comparisons"] == found["comparisons"]


def together_alone(path: Path):  # type: ignore[no-untyped-def]
    from hexcli.runs.reading import Run

    return Run.read(path, warn=pytest.fail)


def test_a_run_that_is_none_has_no_such_rows(tmp_path: Path) -> None:
    counted = count(together_alone(written(tmp_path / "a", *rows([("7", "1")], 10))))
    assert beside_sources(counted, Grades(counted)) is None
