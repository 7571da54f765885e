"""What is committed when: the end of the text, the answer, every position."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.answers.place import answer_place, answer_tokens
from hexcli.insight.blocks import blocks
from hexcli.insight.commits import commits, commits_of
from hexcli.insight.ending import early_share, end_position, ends_early
from hexcli.insight.settling import BINS, settled, settling
from hexcli.records import Generation
from tests.scoring.runs import counted, generation


def decoded(text: str, steps: list[int], label: str = "8", answer: str | None = "7", problem: int = 1) -> Generation:
    """One token a character, then end-of-text; position i is committed at steps[i]."""
    made = generation(problem, label, answer, gen_length=len(steps), text=text, commit_step=tuple(steps))
    return dataclasses.replace(made, token_ends=tuple(range(1, len(text) + 1)))


def test_an_end_committed_before_half_of_its_text_is_early() -> None:
    assert ends_early(decoded("abcd", [3, 4, 5, 6, 2, 1, 0, 0])) is True
    assert ends_early(decoded("abcd", [0, 1, 5, 6, 2, 7, 7, 7])) is True, "half of it"
    assert ends_early(decoded("abcd", [0, 1, 2, 6, 3, 7, 7, 7])) is False, "a quarter"
    assert ends_early(decoded("abcd", [0, 1, 2, 3, 4, -1, -1, -1])) is False


def test_an_empty_text_ends_early_and_one_that_fills_the_canvas_does_not_end() -> None:
    assert ends_early(decoded("", [0] * 8)) is True
    full = decoded("abcdefgh", list(range(8)))
    assert ends_early(full) is False and end_position(full) is None


def test_a_run_without_tokens_does_not_tell_and_is_not_counted() -> None:
    known, unknown = decoded("", [0] * 8), generation(1, "8", "7", commit_step=(), token_ids=(), commit_confidence=())
    assert ends_early(unknown) is None and end_position(unknown) is None
    assert early_share([known, unknown, unknown]) == (1, 1)


def test_blocks_have_accuracies_where_there_are_targets() -> None:
    found = counted(decoded("", [0] * 16, "8"), decoded("ab", list(range(16)), "16"))
    rows = [{"kind": "schedule", "name": "8", "accuracy": 0.5, "ci95": [0.1, 0.9]}]
    eight, sixteen = blocks(found, rows)
    assert (eight.length, eight.accuracy, eight.ci95, eight.early_rate) == (8, 0.5, (0.1, 0.9), 1)
    assert (sixteen.length, sixteen.accuracy, sixteen.early_rate) == (16, None, 0)


@pytest.mark.parametrize(
    ("text", "answer", "said"),
    [
        (r"so \boxed{7}", "7", "7"),
        (r"so \boxed{1,000}", "1000", "1,000"),
        ("<answer>B. foo</answer>", "B", "B. foo"),
        ("first 18, then the answer is 18 dollars", "18", "18"),
        ("the answer is 1,800.", "1800", "1,800"),
        ("it is 180 or 1.18", "18", None),
        (r"\boxed{7}<|eot_id|>\boxed{8}", "7", "7"),
        ("no idea", None, None),
    ],
)
def test_an_answer_is_found_where_the_text_says_it(text: str, answer: str | None, said: str | None) -> None:
    place = answer_place(text, answer)
    assert (None if place is None else text[slice(*place)]) == said


def test_of_the_same_answer_said_twice_the_last_is_marked() -> None:
    assert answer_place("18 and 18", "18") == (7, 9)


def test_an_answer_is_settled_with_the_last_of_its_tokens() -> None:
    one = decoded(r"\boxed{42}", [0, 1, 2, 3, 4, 5, 6, 9, 7, 8, 11, 11, -1, -1, -1, -1])
    assert answer_tokens(one, "42") == (7, 9)
    found = settled(one, "42")
    assert found is not None and (found.step, found.steps) == (9, 12) and found.share == pytest.approx(10 / 12)
    assert settled(one, None) is None and settled(dataclasses.replace(one, token_ends=None), "42") is None


def test_settling_counts_each_answer_once() -> None:
    made = [decoded(r"\boxed{7}", [*range(9), *[9] * 7], problem=n) for n in range(3)]
    (found,) = settling(counted(*made, generation(9, "8", "7", gen_length=16)))
    assert sum(found.counts) == found.known == 3 and found.median == 0.8
    assert found.counts[15] == 3 and len(found.counts) == BINS, "0.8 is the end of the sixteenth part"


def test_commits_are_counted_by_position_and_step() -> None:
    (found,) = commits(counted(decoded("ab", [0, 1, 2, 3, -1, -1, -1, -1]), decoded("ab", [1, 0] + [3] * 6, problem=2)))
    assert (found.gen_length, found.steps, found.generations) == (8, 4, 2)
    assert found.counts[0] == (1, 1, 0, 0) and found.counts[4] == (0, 0, 0, 1), "what is never committed is not there"


def test_runs_without_tokens_have_no_commits() -> None:
    made = generation(1, "8", "7", commit_step=(), token_ids=(), commit_confidence=())
    assert commits(counted(made)) == []
    with pytest.raises(ValueError, match="no generations"):
        commits_of("8", [])


@given(st.integers(1, 300), st.integers(1, 200), st.randoms(use_true_random=False))
def test_no_token_is_lost_in_the_bins(length: int, steps: int, random) -> None:
    canvas = [random.randrange(-1, steps) for _ in range(length)]
    found = commits_of("8", [decoded("", canvas, str(length))])
    assert sum(map(sum, found.counts)) == sum(step >= 0 for step in canvas)
    assert len(found.counts) == min(length, 64) and len(set(map(len, found.counts))) == 1
