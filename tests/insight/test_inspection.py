"""What there is to see of one problem, and which problems are worth a look."""

from hexcli.insight.inspection import inspect, with_kept, with_learned
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


def test_what_learns_from_the_whole_run_is_taken_from_the_votes_kept_or_learned_anew() -> None:
    everything = counted(*(generation(n, label, "7") for n in (1, 2, 3) for label in ("8", "16")))
    _, details = vote_frame(everything, ["reliability"])
    rows = {row["aggregator"]: row for row in details if row["problem_id"] == "p2"}
    part = counted(generation(2, "8", "7"), generation(2, "16", "7"))
    (inspection,) = inspect(part, ["majority", "reliability"], whole=False)
    assert inspection.learned == ["reliability"]
    for found in (with_kept(inspection, rows, part), with_learned(inspection, everything)):
        assert not found.skipped and list(found.decisions) == ["majority", "reliability"]
        assert found.decisions["reliability"].answer == "7"


def test_what_cannot_learn_from_the_whole_run_either_says_why() -> None:
    everything = counted(*(generation(n, "8", "7") for n in (1, 2)))
    (inspection,) = inspect(counted(generation(2, "8", "7")), ["reliability", "schedule-weighted"], whole=False)
    skipped = with_learned(inspection, everything).skipped
    assert "all votes are of one schedule" in skipped["reliability"]
    assert "--calibration OTHER" in skipped["schedule-weighted"]


def test_votes_kept_of_other_votes_are_not_taken() -> None:
    everything = counted(*(generation(n, label, "7") for n in (1, 2) for label in ("8", "16")))
    _, details = vote_frame(everything, ["reliability"])
    rows = {row["aggregator"]: row for row in details if row["problem_id"] == "p2"}
    part = counted(generation(2, "8", "7"), generation(2, "16", "9"))
    (inspection,) = inspect(part, ["majority", "reliability"], whole=False)
    for damaged in (rows, {"reliability": {"votes": 3}}, {}):
        assert "reliability" in with_kept(inspection, damaged, part).skipped
