import json

import pytest

from hexcli.importing import d1
from tests.importing.files import D1_ROWS

FILE = {
    "generations": D1_ROWS,
    "metrics": {"wall_time": 22.1},
    "model_path": "GSAI-ML/LLaDA-8B-Instruct",
    "checkpoint_path": "",
    "gen_length": 128,
    "diffusion_steps": 64,
    "block_length": 32,
}


def test_what_is_of_this_format() -> None:
    assert d1.is_d1(FILE)
    for other in (None, [], {}, {"generations": 3}, "generations"):
        assert not d1.is_d1(other)


def test_a_file() -> None:
    first, second = d1.samples({**FILE, "generations": [{**D1_ROWS[0], "prompt_input": "P", "extra": [1]}, D1_ROWS[1]]})
    assert (first.row, first.question, first.prompt, first.target) == (1, "What is 3 + 4?", "P", 7.0)
    assert first.text == D1_ROWS[0]["generations"]
    assert first.stated == {"gen_length": 128, "block_length": 32, "steps": 64}
    assert first.rest == {"ground_truth": 7.0, "extra": [1]}
    assert (second.row, second.prompt, second.target) == (2, "", None)
    assert d1.header(FILE) == {name: value for name, value in FILE.items() if name != "generations"}


@pytest.mark.parametrize(
    ("fields", "model"),
    [
        ({}, "GSAI-ML/LLaDA-8B-Instruct"),
        ({"checkpoint_path": "d1/checkpoint-7"}, "GSAI-ML/LLaDA-8B-Instruct+d1/checkpoint-7"),
        ({"checkpoint_path": "nope"}, "GSAI-ML/LLaDA-8B-Instruct"),
        ({"model_path": None}, None),
        ({"model_path": 3}, None),
    ],
)
def test_the_model(fields: dict[str, object], model: str | None) -> None:
    assert d1.model({**FILE, **fields}) == model


def test_what_hex_adds() -> None:
    question = "Which is a gas?\n\nOptions:\n1. Iron, a. b\n2. Air\n\nChoose ONE letter."
    row = {"question": question, "generations": "x", "ground_truth": "2", "loglikelihood": -1.5}
    (one,) = d1.samples({**FILE, "generations": [row]})
    assert (one.question, one.target) == ("Which is a gas?", "B")
    assert one.about == {"choices": ["Iron, a. b", "Air"], "first_step_logprob": -1.5}
    assert one.rest == {"ground_truth": "2", "loglikelihood": -1.5, "question": question}
    for strange in (None, "low", float("inf"), [1.0]):
        (one,) = d1.samples({**FILE, "generations": [{**row, "loglikelihood": strange}]})
        assert "first_step_logprob" not in one.about
    assert d1.assumed(FILE) == {"temperature": 0.0}
    assert d1.assumed({**FILE, "early_ban_steps": 10}) == {}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (3, "row 2: it must be an object, not 3"),
        ({"question": "?"}, "row 2: no field 'generations' (it has: question)"),
        ({"question": None, "generations": "x"}, "row 2: field 'question' must be text, not None"),
        ({"question": "?", "generations": ["x"]}, "row 2: field 'generations' must be text"),
        ({"question": "?", "generations": "\ud800"}, "row 2: field 'generations' holds half a surrogate pair"),
    ],
)
def test_rows_that_are_none(row: object, says: str) -> None:
    with pytest.raises(ValueError) as caught:
        list(d1.samples({**FILE, "generations": [D1_ROWS[0], row]}))
    assert str(caught.value).startswith(says)
    assert len(str(caught.value)) < 200
    json.dumps(str(caught.value))
