"""One problem for people: nothing in it is obeyed by a terminal, and the answer stands out."""

import dataclasses
import io

import pytest
from rich.console import Console

from hexcli.insight.inspection import Inspection, inspect
from hexcli.report.parting import parting, where
from hexcli.report.showing import marked, problem_view, why
from tests.scoring.runs import counted, generation

HOSTILE = "a\x1b]0;title\x07b\u202ec\r\x08\x9b31m \\boxed{7}"


def inspection(*answers: str | None, **fields: object) -> Inspection:
    votes = [generation(1, label, answer, **fields) for label, answer in zip(("8", "16", "32"), answers, strict=False)]  # type: ignore[arg-type]
    (found,) = inspect(counted(*votes), ["first", "majority"])
    return found


def printed(found: Inspection, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(problem_view(found, "a run", width))
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_it_shows_question_texts_votes_and_why_the_answer_won() -> None:
    shown = printed(inspection("7", "1", "7"))
    for part in ("question 1", "right answer 7", "block 8 seed 0", "so \\boxed{1}", "2 of 3 votes, 1 for 1", "wrong"):
        assert part in shown, part


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (("7", "1", "7"), "majority 7 right: 2 of 3 votes, 1 for 1\n"),
        (("1", "7", "1"), "majority 1 wrong: 2 of 3 votes, 1 for 7; right: block 16\n"),
        (("1", "2", "1"), "majority 1 wrong: 2 of 3 votes, 1 for 2; no vote is right\n"),
        ((None, None), "majority no answer wrong: every vote abstained; no vote is right\n"),
    ],
)
def test_it_begins_with_what_majority_made_of_it(answers: tuple[str | None, ...], says: str) -> None:
    shown = "\n".join(line.rstrip() for line in printed(inspection(*answers), 120).splitlines())
    assert f"right answer 7\n{says}" in shown


@pytest.mark.parametrize("width", [40, 80, 140])
def test_it_fits_the_width(width: int) -> None:
    assert max(map(len, printed(inspection("7", "1", None), width).splitlines())) <= width


def test_no_control_character_of_a_text_is_printed() -> None:
    shown = printed(inspection("7", "1", text=HOSTILE))
    assert not {"\x1b", "\x07", "\x08", "\r", "\x9b", "\u202e"} & set(shown)
    assert "\\x1b]0;title\\x07b\\u202ec" in shown


def test_a_generation_made_elsewhere_has_no_strip() -> None:
    shown = printed(inspection("7", commit_step=(), token_ids=(), commit_confidence=()))
    assert "so \\boxed{7}" in shown and "▁" not in shown


def test_the_answer_is_marked_where_it_stands() -> None:
    one = generation(1, "8", "7", text="first 7, then \\boxed{7} and more<|eot_id|>rest")
    text = marked(one, "7", "green")
    spans = {(str(span.style), text.plain[span.start : span.end]) for span in text.spans}
    assert ("reverse green", "7") in spans and ("dim", "<|eot_id|>rest") in spans
    assert text.plain.index("\\boxed{") + 7 in {span.start for span in text.spans}


def test_an_answer_that_the_text_does_not_spell_marks_nothing() -> None:
    text = marked(generation(1, "8", "7", text="it is seven"), "7")
    assert not any("reverse" in str(span.style) for span in text.spans)


def test_why_an_answer_won() -> None:
    votes = inspection("7", "1", "1")
    assert why(votes.decisions["first"]) == "the only vote it reads"
    assert why(votes.decisions["majority"]) == "2 of 3 votes, 1 for 7"
    assert why(inspection("7", "1").decisions["majority"]) == "a tie with 1, 1 vote each: the first cast wins"
    assert why(inspection(None, None).decisions["majority"]) == "every vote abstained"


def test_two_texts_part_at_their_first_difference() -> None:
    assert parting("abc", "abd") == 2
    assert parting("ab", "abc") == 2
    assert parting("abc", "abc") is None
    one, other = (
        dataclasses.replace(generation(1, "8", "7", text=text), token_ends=(1, 2, 3)) for text in ("abc", "abd")
    )
    assert where(one, other, 2) == "they part at character 2 of 3 and 3: token 2 and 2, made at step 0 and 0"
    assert where(one, one, None) == "the two texts are the same"
