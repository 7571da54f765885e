"""Which aggregators decide a run alike, so that one line can speak for all of them."""

from collections.abc import Mapping, Sequence

from hexcli.voting.votes import Decision

FIRST = "majority"  # the one that others are said to be like


def same_as(decided: Mapping[str, Sequence[Decision]]) -> dict[str, str]:
    """Of each aggregator that decides every problem as another one does: which that is.

    It is majority where it is among them, else the first of them. How it came to its answers does not matter, nor
    how many of them were ties: only the answers do.
    """
    names = sorted(decided, key=lambda name: name != FIRST)
    answers = {name: tuple(decision.answer for decision in decided[name]) for name in names}
    found: dict[tuple[str | None, ...], str] = {}
    for name in names:
        found.setdefault(answers[name], name)
    return {name: found[own] for name, own in answers.items() if found[own] != name}
