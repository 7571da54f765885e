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


def test_rows_of_one_filter_are_never_one_however_alike() -> None:
    """Three logs in one file: three samples, each with both of its filters."""
    flexible = {**LM_EVAL_ROW, "filter": "flexible-extract", "exact_match": 0.0}
    assert len(samples(LM_EVAL_ROW, LM_EVAL_ROW, LM_EVAL_ROW)) == 3
    for order in ([LM_EVAL_ROW, flexible] * 3, [LM_EVAL_ROW] * 3 + [flexible] * 3):
        found = samples(*order)
        assert [one.rest["filters"] for one in found] == [[{"filter": "flexible-extract", "exact_match": 0.0}]] * 3
        assert len({one.row for one in found}) == 3


OLD = {name: value for name, value in LM_EVAL_ROW.items() if name != "filter"}
OTHER = {**OLD, "doc_id": 12, "doc": {"question": "And 3 + 5?", "answer": "#### 8"}, "resps": [["8"]]}
INVALID = {"filtered_resps": ["[invalid]"], "exact_match": 0.0}


def test_logs_that_do_not_name_their_filters_keep_what_each_tells() -> None:
    first, second = samples(OLD, OTHER, {**OLD, **INVALID}, OTHER)
    assert first.rest["filters"] == [INVALID]
    assert second.rest["filters"] == [{}]  # the other filter found the same
    three = samples(OLD, OTHER, {**OLD, **INVALID}, OTHER, {**OLD, "filtered_resps": ["8"]}, OTHER)
    assert [len(one.rest["filters"]) for one in three] == [2, 2]


def test_logs_without_filters_that_were_put_into_one_file_are_samples() -> None:
    again = {**OLD, "resps": [["another"]]}
    assert [one.text for one in samples(OLD, OTHER, again, OTHER)] == [OLD["resps"][0][0], "8", "another", "8"]
    assert len(samples(OLD, OLD)) == 2
    both = [OLD, OTHER, {**OLD, **INVALID}, OTHER]
    other = [again, OTHER, {**again, **INVALID}, OTHER]
    assert [len(one.rest["filters"]) for one in samples(*both, *other)] == [1] * 4


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
