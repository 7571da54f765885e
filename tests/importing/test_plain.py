import dataclasses
import json
from typing import Any

import pytest

from hexcli.importing import plain
from hexcli.importing.sample import Sample
from hexcli.runs.row import row_of
from hexcli.schedule import Schedule
from tests.samples import generation

ROW: dict[str, Any] = {"question": "What is 3 + 4?", "text": "\\boxed{7}"}


def sample(row: Any) -> Sample:
    (one,) = plain.samples([(4, row)])
    return one


def test_question_and_text_are_enough() -> None:
    assert sample(ROW) == Sample(row=4, question="What is 3 + 4?", text="\\boxed{7}")


def test_what_a_row_may_tell_besides() -> None:
    about = {"problem_id": "p7", "choices": ["6", "7"], "category": "sums", "first_step_logprob": -1.5}
    stated = {"gen_length": 64, "blocks": [48, 16], "steps": 32, "temperature": 0.9, "seed": 3}
    one = sample({**ROW, **about, **stated, "target": "B", "prompt": "Q", "model": "m", "note": {"a": 1}})
    assert (one.about, one.stated, one.target, one.prompt) == (about, stated, "B", "Q")
    assert one.rest == {**stated, "target": "B", "model": "m", "note": {"a": 1}}


def test_an_id_may_be_a_number() -> None:
    assert sample({**ROW, "problem_id": 0}).about["problem_id"] == "0"


def test_the_rows_of_our_own_run_folders() -> None:
    made = dataclasses.replace(generation(3, seed=2), token_ends=(1, 2))
    one = sample(json.loads(json.dumps({**row_of(made), "note": 5})))
    assert (one.question, one.text, one.target) == (made.problem.question, made.response.text, made.problem.target)
    assert one.stated == {**made.schedule.to_dict(), "seed": 2}
    assert one.about == {"problem_id": "p3", "first_step_logprob": made.response.first_step_logprob}
    assert (one.response, one.ends) == (made.response, (1, 2))
    assert (one.schedule, one.rest) == (made.schedule, {"note": 5})
    bare = Schedule.parse("8", gen_length=16, temperature=0.9, sampler="dream", alg="entropy", top_k=0)
    assert sample({**row_of(made), "schedule": bare.to_dict()}).schedule == bare  # no default is filled in
    with pytest.raises(ValueError, match="row 4: unknown schedule fields: x"):
        sample({**row_of(made), "schedule": {"x": 1}})
    with pytest.raises(ValueError, match="row 4: token_ids, commit_step and commit_confidence differ in length"):
        sample({**row_of(made), "token_ids": []})


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (None, "row 4: it must be an object, not None"),
        ([1], "row 4: it must be an object"),
        ({"text": "x"}, "row 4: no field 'question' (it has: text)"),
        ({"question": "x"}, "row 4: no field 'text' (it has: question)"),
        ({**ROW, "text": 3}, "row 4: field 'text' must be text"),
        ({**ROW, "prompt": None}, "row 4: field 'prompt' must be text"),
        ({**ROW, "choices": "a"}, "row 4: field 'choices' must be a list of texts"),
        ({**ROW, "problem_id": True}, "row 4: field 'problem_id' must be text"),
        ({**ROW, "first_step_logprob": "NaN"}, "row 4: field 'first_step_logprob' must be a number"),
    ],
)
def test_rows_that_are_none(row: Any, says: str) -> None:
    with pytest.raises(ValueError) as caught:
        sample(row)
    assert str(caught.value).startswith(says)
