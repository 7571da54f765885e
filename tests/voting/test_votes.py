"""Votes become candidates: classes of equal answers, whatever the order of the votes."""

import itertools
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from hexcli.voting.rules import majority
from hexcli.voting.votes import Candidate, Election, classes, remembered
from tests.voting.elections import election, same, vote, votes

ANSWERS = ["1", "2", "3", "4", "5", "6"]


def halves(a: str, b: str) -> bool:
    return {a, b} <= {"1/2", "0.5", ".5"}


def chain(*links: str) -> Callable[[str, str], bool]:
    """An equality of neighbours only: 1 = 2 and 2 = 3, but not 1 = 3."""
    pairs = {frozenset(pair) for link in links for pair in itertools.pairwise(link)}
    return lambda a, b: a == b or frozenset((a, b)) in pairs


@st.composite
def equalities(draw: st.DrawFn) -> Callable[[str, str], bool]:
    """Symmetric, and transitive only by chance."""
    pairs = draw(st.sets(st.sampled_from(list(itertools.combinations(ANSWERS, 2)))))
    return lambda a, b: a == b or (min(a, b), max(a, b)) in pairs


def test_equal_answers_are_one_candidate() -> None:
    found = election("7", "1/2", "0.5", "7", None, equal=halves)
    assert [(one.answer, len(one.votes), one.first) for one in found.candidates] == [("7", 2, 0), ("0.5", 2, 1)]


def test_a_candidate_goes_by_its_most_frequent_spelling_then_the_shortest_then_the_alphabetically_first() -> None:
    assert election("0.5", "1/2", "1/2", equal=halves).candidates[0].answer == "1/2"
    assert election("0.5", "1/2", ".5", equal=halves).candidates[0].answer == ".5"
    assert election("1/2", "0.5", equal=halves).candidates[0].answer == "0.5"
    assert election("0.50", "1/2", equal=lambda a, b: True).candidates[0].answer == "1/2"


def test_what_is_equal_by_way_of_a_third_answer_is_equal() -> None:
    assert classes(["3", "1", "2", "4"], chain("123")) == [["1", "2", "3"], ["4"]]


def test_without_the_answer_between_there_is_no_way() -> None:
    assert classes(["1", "3"], chain("123")) == [["1"], ["3"]]


@given(st.lists(st.sampled_from(ANSWERS)), equalities(), st.randoms())
def test_classes_do_not_depend_on_the_order_of_the_answers(
    answers: list[str], equal: Callable[[str, str], bool], shuffler: st.randoms
) -> None:
    shuffled = list(answers)
    shuffler.shuffle(shuffled)
    assert classes(answers, equal) == classes(shuffled, equal)


@given(st.lists(st.sampled_from(ANSWERS)), equalities())
def test_classes_are_closed_under_equality_and_part_the_answers(
    answers: list[str], equal: Callable[[str, str], bool]
) -> None:
    found = classes(answers, equal)
    assert sorted(itertools.chain.from_iterable(found)) == sorted(set(answers))
    for one, other in itertools.combinations(found, 2):
        assert not any(equal(a, b) for a in one for b in other)


@given(st.lists(st.sampled_from([None, *ANSWERS]), min_size=1, max_size=12), equalities(), st.randoms())
def test_the_candidates_and_their_names_do_not_depend_on_the_order_of_the_votes(
    answers: list[str | None], equal: Callable[[str, str], bool], shuffler: st.randoms
) -> None:
    cast = votes(*answers)
    shuffled = list(cast)
    shuffler.shuffle(shuffled)
    counted = [
        {one.answer: sorted(v.answer or "" for v in one.votes) for one in Election.of(order, equal).candidates}
        for order in (cast, shuffled)
    ]
    assert counted[0] == counted[1]


def test_equality_is_asked_once_for_a_pair_of_answers_however_often_they_are_given() -> None:
    asked = []

    def costly(a: str, b: str) -> bool:
        asked.append((a, b))
        return False

    equal = remembered(costly)
    for _ in range(3):
        Election.of(votes("1", "2", "1", "3", "2"), equal)
    assert not equal("2", "1")
    assert equal("4", "4")
    assert sorted(asked) == [("1", "2"), ("1", "3"), ("2", "3")]


def test_within_a_class_nothing_more_is_asked() -> None:
    asked = []

    def costly(a: str, b: str) -> bool:
        asked.append((a, b))
        return True

    assert classes("12345", costly) == [["1", "2", "3", "4", "5"]]
    assert len(asked) == 4


def test_a_tie_goes_to_the_first_cast() -> None:
    decision = majority(election("7", "8", "8", "7"))
    assert (decision.answer, decision.tie) == ("7", True)


def test_weights_that_differ_by_rounding_only_tie() -> None:
    weights = {"8": 0.3, "7": 0.1 + 0.2}
    decision = election("7", "8").decide(lambda candidate: weights[candidate.answer])
    assert (decision.answer, decision.tie) == ("7", True)


def test_equal_support_goes_to_more_votes_then_to_the_preferred_then_to_the_first_cast() -> None:
    counted = election("a", "b", "c", "c")
    assert counted.decide(lambda one: 0.0).answer == "c"
    counted = election("a", "b", "c")
    assert counted.decide(lambda one: 0.0).answer == "a"
    assert counted.decide(lambda one: 0.0, prefer=lambda one: one.answer == "b").answer == "b"


def test_a_decision_says_what_broke_its_tie() -> None:
    def broken(*answers: str, prefer: Callable[[Candidate], float] = lambda one: 0.0) -> object:
        return election(*answers).decide(lambda one: 0.0, prefer).broken

    assert broken("a") == ()
    assert broken("a", "b") == ("first",)
    assert broken("a", "b", "b") == ("votes",)
    assert broken("a", "b", "c", "b", "c") == ("votes", "first")
    assert broken("a", "b", prefer=lambda one: one.answer == "b") == ("preferred 0",)
    three = election("a", "b", "c")
    assert three.decide(lambda one: 0.0, lambda one: (one.answer != "a", 0.0)).broken == ("preferred 0", "first")
    told = three.decide(lambda one: 0.0, lambda one: (one.answer != "a", one.answer == "c"))
    assert (told.answer, told.broken) == ("c", ("preferred 0", "preferred 1"))


def test_a_decision_says_how_the_votes_fell() -> None:
    decision = majority(election("7", "8", None, "8"))
    assert [(t.answer, t.votes, t.support) for t in decision.tallies] == [("8", 2, 2.0), ("7", 1, 1.0)]
    assert (decision.cast, decision.read) == (3, 4)
    assert decision.agreement == 2 / 3


def test_the_samples_of_an_expert_differ_in_the_seed_only() -> None:
    assert vote("1", 2, seed=5).expert == vote("2", 2).expert == vote("3", 2).voter
    assert vote("1", 2).expert != vote("1", 3).expert
    assert Election.of([vote("1", 2, seed=5)], same).votes[0].schedule.seed == 5
