"""What a generation tells of itself besides its answer."""

import dataclasses
import math

import pytest

from hexcli.answers.signs import path_logprob, reached, room
from tests.report.motion.generations import PIECES, made
from tests.scoring.runs import generation


def test_room_is_the_canvas_behind_the_end_of_the_text() -> None:
    assert room(made("a", "4")) == 32 - len(PIECES)


def test_a_text_made_elsewhere_tells_its_room_where_it_kept_its_end_tokens() -> None:
    elsewhere = generation(1, "4", "7", token_ids=(), commit_step=(), commit_confidence=())
    said = dataclasses.replace(elsewhere.response, text="\\boxed{7}<|eot_id|><|endoftext|><|endoftext|>")
    assert room(elsewhere) is None
    assert room(dataclasses.replace(elsewhere, response=said)) == 3


def test_a_run_that_does_not_tell_where_tokens_end_tells_no_room() -> None:
    assert room(dataclasses.replace(made("a", "4"), token_ends=None)) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3 + 4 = 7, so \\boxed{7}", True),
        ("so \\boxed{7}", False),
        ("it is 7", None),
        ("4 + 3 is 7. <answer>7</answer>", True),
        ("<answer>7</answer>", False),
        ("\\boxed{8}<|eot_id|> 8", False),
        ("\\boxed{7} and 7", False),
    ],
)
def test_what_is_boxed_was_reached_where_it_stands_before(text: str, found: bool | None) -> None:
    assert reached(text) is found


def test_the_likelihood_of_a_path_is_of_what_was_committed() -> None:
    assert path_logprob(made("a", "4")) == pytest.approx(len(PIECES) * math.log(0.5))
    assert path_logprob(generation(1, "4", "7", token_ids=(), commit_step=(), commit_confidence=())) is None
    damaged = made("a", "4")
    damaged = dataclasses.replace(
        damaged, response=dataclasses.replace(damaged.response, commit_confidence=(1.5,) * 32)
    )
    assert path_logprob(damaged) is None
