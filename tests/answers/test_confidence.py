"""The confidence of an answer's tokens, without a tokenizer."""

import dataclasses
import itertools
import math
from typing import Any

import pytest

from hexcli.answers.confidence import answer_confidence
from hexcli.records import Generation
from hexcli.runs.row import generation_of, row_of
from tests import samples


def generation(*tokens: tuple[str, float], canvas: int = 12, **response: Any) -> Generation:
    """A response of these tokens, then end-of-text to the end of the canvas, at confidence 1."""
    text = "".join(token for token, _ in tokens)
    confidences = [confidence for _, confidence in tokens] + [1.0] * (canvas - len(tokens))
    return dataclasses.replace(
        samples.generation(1),
        response=dataclasses.replace(
            samples.RESPONSE,
            **{
                "text": text,
                "token_ids": (0,) * canvas,
                "commit_step": (0,) * canvas,
                "commit_confidence": tuple(confidences),
                **response,
            },
        ),
        token_ends=tuple(itertools.accumulate(len(token) for token, _ in tokens)),
    )


def test_it_is_the_geometric_mean_over_the_tokens_in_the_last_box() -> None:
    made = generation(("7 \\boxed{", 0.1), ("1", 0.9), ("7", 0.4), ("}", 0.2), (" 17", 0.3))
    assert answer_confidence(made, "17") == pytest.approx(0.6)


def test_a_token_that_holds_more_than_the_answer_counts() -> None:
    made = generation(("so \\boxed{1", 0.25), ("7}.", 1.0))
    assert answer_confidence(made, "17") == pytest.approx(0.5)


def test_of_two_boxes_the_last_is_meant() -> None:
    made = generation(("\\boxed{", 0.1), ("5", 0.2), ("} or \\boxed{", 0.1), ("5", 0.8), ("}", 0.1))
    assert answer_confidence(made, "17") == pytest.approx(0.8)


def test_without_a_box_it_is_the_answer_tag_and_without_that_the_whole_response() -> None:
    tagged = generation(("no <answer>", 0.1), ("42", 0.7), ("</answer>", 0.1))
    assert answer_confidence(tagged, "42") == pytest.approx(0.7)
    plain = generation(("it is ", 0.25), ("42", 1.0))
    assert answer_confidence(plain, "42") == pytest.approx(0.5)


def test_tokens_behind_the_text_do_not_count() -> None:
    assert answer_confidence(generation(("a", 0.5), ("b", 0.5), canvas=100), "ab") == pytest.approx(0.5)


def test_tokens_without_text_do_not_count() -> None:
    assert answer_confidence(generation(("\\boxed{", 0.1), ("7", 0.9), ("", 0.2), ("}", 0.1)), "7") == pytest.approx(
        0.9
    )


def test_a_probability_rounded_to_zero_is_a_small_one() -> None:
    assert 0 < (answer_confidence(generation(("7", 0.0)), "7") or 0) < 1e-6


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.5, 1.5, None, "0.5"])
def test_what_is_no_probability_tells_nothing(value: Any) -> None:
    assert answer_confidence(generation(("7", value)), "7") is None


def test_runs_that_do_not_tell_where_tokens_end_have_none() -> None:
    assert answer_confidence(dataclasses.replace(generation(("7", 0.5)), token_ends=None), "7") is None


def test_an_empty_response_has_none() -> None:
    assert answer_confidence(generation(), "7") is None


def test_token_ends_are_kept_in_the_row_and_not_required() -> None:
    made = dataclasses.replace(samples.generation(1), token_ends=(1, 4, 9))
    row = row_of(made)
    assert row["token_ends"] == [1, 4, 9]
    assert generation_of(row) == made
    del row["token_ends"]
    assert generation_of(row).token_ends is None
    assert "token_ends" not in row_of(samples.generation(1))


@pytest.mark.parametrize("ends", ["17", 3, [1.5], ["1"], [True]])
def test_token_ends_of_another_kind_are_damage(ends: Any) -> None:
    with pytest.raises(ValueError, match="token_ends"):
        generation_of({**row_of(samples.generation(1)), "token_ends": ends})


def test_a_list_of_boxes_is_meant_as_a_whole() -> None:
    made = generation(("\\boxed{", 0.1), ("5", 0.9), ("} or \\boxed{", 0.9), ("6", 0.9), ("}", 0.1))
    assert answer_confidence(made, "5,6") == pytest.approx(0.9)
