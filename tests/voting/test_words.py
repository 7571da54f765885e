"""Every aggregator can be told in words."""

from hexcli.voting.aggregators import AGGREGATORS
from hexcli.voting.words import WORDS, words_of


def test_all_of_ours_are_told_and_no_other() -> None:
    assert set(WORDS) == set(AGGREGATORS)


def test_one_that_is_plugged_in_is_told_by_its_docstring() -> None:
    assert words_of("no-such-rule").decides == ""
    assert words_of("no-such-rule").ties == "its own rule decides"
