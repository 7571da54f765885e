"""What there is to see of one problem, and which problems are worth a look."""

from hexcli.insight.inspection import inspect, with_kept
from hexcli.scoring.frames import vote_frame
from tests.scoring.runs import counted, generation

RULES = ["first", "majority"]


def test_equal_answers_are_one_class_with_one_grade() -> None:
    votes = [generation(1, "8", "7"), generation(1, "16", "7.0"), generation(1, "32", "9"), generation(1, "64", None)]
    (inspection,) = inspect(counted(*votes), RULES)
    places = [inspection.places(candidate.answer) for candidate in inspection.ballot.election.candidates]
    assert sorted(place for own in places for place in own) == [0, 1, 2]
    assert inspection.places(None) == [3]
    row = inspection.to_dict()
    assert [vote["correct"] for vote in row["votes"]][2:] == [False, False]
    assert row["votes"][3]["class"] is None


def test_what_learns_from_the_whole_run_is_skipped_for_one_problem_and_taken_from_the_votes_kept() -> None:
    everything = counted(*(generation(n, label, "7") for n in (1, 2, 3) for label in ("8", "16")))
    _, details = vote_frame(everything, ["reliability"])
    rows = {row["aggregator"]: row for row in details if row["problem_id"] == "p2"}
    part = counted(generation(2, "8", "7"), generation(2, "16", "7"))
    (inspection,) = inspect(part, ["majority", "reliability"], whole=False)
    assert "`hex vote " in inspection.skipped["reliability"]
    kept = with_kept(inspection, rows, part)
    assert not kept.skipped and kept.decisions["reliability"].answer == "7"


def test_votes_kept_of_other_votes_are_not_taken() -> None:
    everything = counted(*(generation(n, label, "7") for n in (1, 2) for label in ("8", "16")))
    _, details = vote_frame(everything, ["reliability"])
    rows = {row["aggregator"]: row for row in details if row["problem_id"] == "p2"}
    part = counted(generation(2, "8", "7"), generation(2, "16", "9"))
    (inspection,) = inspect(part, ["majority", "reliability"], whole=False)
    for damaged in (rows, {"reliability": {"votes": 3}}, {}):
        assert "reliability" in with_kept(inspection, damaged, part).skipped
