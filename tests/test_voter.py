"""Who votes, and what they are called."""

import os
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.schedule import Schedule
from hexcli.voter import Voter, asked_in, in_cast_order, meant, voter_names, voter_of

LABELS = ("4", "8", "16", "48+16")
PROMPTS = ("", "plain", "answer+4shot")
voters = st.builds(
    lambda label, prompt, seed: Voter(Schedule.parse(label, gen_length=64, temperature=0.9, seed=seed), prompt),
    st.sampled_from(LABELS),
    st.sampled_from(PROMPTS),
    st.integers(0, 3),
)


def voter(label: str, prompt: str = "", seed: int = 0) -> Voter:
    return Voter(Schedule.parse(label, gen_length=64, temperature=0.9, seed=seed), prompt)


def test_in_a_run_of_the_tasks_own_wording_names_are_those_of_the_schedules() -> None:
    assert list(voter_names([voter("8", seed=3), voter("4")]).values()) == ["4", "8"]


def test_where_there_are_several_every_name_says_its_own() -> None:
    named = voter_names([voter("8"), voter("8", "plain"), voter("4", "plain")], usual="reasoning")
    assert list(named.values()) == ["4 · plain", "8 · reasoning", "8 · plain"]
    assert list(voter_names([voter("8", "plain")]).values()) == ["8 · plain"]


def test_the_schedule_comes_before_the_wording_and_the_seed_last() -> None:
    mixed = [voter("8", seed=1), voter("8", "plain"), voter("8"), voter("4", "plain"), voter("16")]
    assert in_cast_order(mixed) == [
        voter("4", "plain"),
        voter("8"),
        voter("8", seed=1),
        voter("8", "plain"),
        voter("16"),
    ]


@given(st.sets(voters, min_size=1))
def test_every_name_means_its_voter_and_no_other(some: set[Voter]) -> None:
    named = voter_names(in_cast_order(some), usual="usual")
    assert set(named) == {one.expert for one in some}
    for one, name in named.items():
        assert meant(name, named, "usual") == [one]


def test_a_schedule_alone_means_it_in_every_wording() -> None:
    named = voter_names([voter("8"), voter("8", "plain"), voter("4")], usual="reasoning")
    assert meant("8", named, "reasoning") == [voter("8"), voter("8", "plain")]
    assert meant("8 · nothing", named) == meant("·", named) == meant("x · plain", named) == []


def test_wordings_are_chosen_by_name_and_with_their_examples() -> None:
    named = voter_names([voter("8"), voter("8", "plain"), voter("8", "answer+4shot")], usual="reasoning")
    assert asked_in(["reasoning", "answer"], named, "reasoning") == [voter("8"), voter("8", "answer+4shot")]
    with pytest.raises(ValueError, match="no prompt plane: it has reasoning, answer\\+4shot, plain"):
        asked_in(["plane"], named, "reasoning")


def test_equal_voters_are_one_and_an_expert_has_no_seed() -> None:
    assert voter_of(voter("8").schedule, "plain") is voter_of(voter("8").schedule, "plain")
    assert voter("8", "plain", 5).expert == voter("8", "plain") != voter("8")
    assert hash(voter("8", "plain")) == hash(voter("8", "plain"))


def test_a_voter_from_another_process_is_found_among_ours() -> None:
    """Texts have another hash there; what is sent must not remember it."""
    make = "Voter(Schedule.parse('32', gen_length=64), 'plain', 'tiny')"
    program = (
        "import pickle, sys\nfrom hexcli.schedule import Schedule\nfrom hexcli.voter import Voter\n"
        f"sys.stdout.buffer.write(pickle.dumps({make}))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        sent = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True).stdout
        assert pickle.loads(sent) in {Voter(Schedule.parse("32", gen_length=64), "plain", "tiny")}
