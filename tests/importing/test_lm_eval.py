from typing import Any

import pytest

from hexcli.importing import lm_eval
from hexcli.importing.sample import Sample
from tests.importing.files import LM_EVAL_ROW


def samples(*rows: dict[str, Any]) -> list[Sample]:
    return list(lm_eval.samples(list(enumerate(rows, start=1))))


def test_a_row() -> None:
    (one,) = samples(LM_EVAL_ROW)
    assert (one.row, one.text) == (1, "It is 3 + 4 = 7.\n#### 7")
    assert one.prompt == "Q: What is 3 + 4?\nA:"
    assert one.stated == {"temperature": 0.0}
    assert one.doc == (LM_EVAL_ROW["doc"], 11)
    assert one.rest == {name: value for name, value in LM_EVAL_ROW.items() if name != "resps"}


def test_the_arguments_of_older_versions() -> None:
    (one,) = samples({**LM_EVAL_ROW, "arguments": [["Q?", {"do_sample": False, "gen_length": 256, "steps": 128}]]})
    assert (one.prompt, one.stated) == ("Q?", {"gen_length": 256, "steps": 128})
    for strange in (None, [], {}, [[]], [[3, {}]], {"gen_args_0": {}}, "Q?", [["Q?"]]):
        (one,) = samples({**LM_EVAL_ROW, "arguments": strange})
        assert one.stated == {}


@pytest.mark.parametrize("resps", [[["a", "b"]], [["a"], ["b"]], ["a", "b"]])
def test_several_responses_are_several_samples(resps: list[Any]) -> None:
    assert [one.text for one in samples({**LM_EVAL_ROW, "resps": resps})] == ["a", "b"]


def test_a_row_for_each_filter_is_one_generation() -> None:
    other = {**LM_EVAL_ROW, "filter": "flexible-extract", "filtered_resps": ["[invalid]"], "exact_match": 0.0}
    (one,) = samples(LM_EVAL_ROW, other)
    assert one.rest["filter"] == "strict-match"
    assert one.rest["filters"] == [{"filter": "flexible-extract", "filtered_resps": ["[invalid]"], "exact_match": 0.0}]
    assert len(samples(LM_EVAL_ROW, {**other, "doc_id": 12})) == 2
    assert len(samples(LM_EVAL_ROW, {**other, "resps": [["another"]]})) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"resps": [[["-1.5", "False"]], [["-2.5", "True"]]]}, "row 1: field 'resps' holds no generated texts"),
        ({"resps": []}, "row 1: field 'resps' holds no generated texts"),
        ({"resps": None}, "row 1: field 'resps' holds no generated texts"),
        ({"doc": "What is 3 + 4?"}, "row 1: field 'doc' must be an object"),
        ({"doc_id": "x"}, "row 1: field 'doc_id' must be a whole number"),
        ({"doc_id": -1}, "row 1: field 'doc_id' must be a whole number"),
    ],
)
def test_rows_that_are_none(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError) as caught:
        samples({**LM_EVAL_ROW, **change})
    assert str(caught.value).startswith(says)


def test_rows_of_something_else() -> None:
    with pytest.raises(ValueError, match="row 2: no fields 'doc' and 'resps'"):
        samples(LM_EVAL_ROW, {"question": "?"})
