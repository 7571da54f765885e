"""Samples of several files become generations: problems by question, schedules by settings, nothing lost."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.importing.gathering import Gathered, gather
from hexcli.importing.sample import Sample, SampleFile
from hexcli.records import Problem
from hexcli.runs.row import generation_of, row_of
from hexcli.schedule import Schedule
from hexcli.tasks.gsm8k import from_row
from hexcli.tasks.registry import get_task
from tests import samples

TASK = get_task("gsm8k")
STATED = {"gen_length": 128, "block_length": 32, "steps": 64, "temperature": 0.0}
SUM = "What is 3 + 4?"


def sample(row: int, question: str = SUM, **fields: Any) -> Sample:
    return Sample(**{"row": row, "question": question, "text": "\\boxed{7}", "stated": STATED, "target": 7.0, **fields})


def file(*samples: Sample, name: str = "a.json", **assumed: Any) -> SampleFile:
    return SampleFile(name=name, format="jsonl", sha256=name, model=None, header={}, assumed=assumed, samples=samples)


def gathered(*files: SampleFile, known: tuple[Problem, ...] = (), **given: Any) -> Gathered:
    return gather(files, TASK, known, given)


def fails(*files: SampleFile, known: tuple[Problem, ...] = (), **given: Any) -> str:
    with pytest.raises(UsageError) as caught:
        gathered(*files, known=known, **given)
    return str(caught.value)


def test_files_are_matched_by_question_never_by_index() -> None:
    long = {**STATED, "gen_length": 256, "steps": 128}
    one = file(sample(1, "A?", text="a"), sample(2, "B?", text="b"), name="one")
    other = file(sample(1, " B?\n", text="b2", stated=long), sample(2, "A?", text="a2", stated=long), name="other")
    found = gathered(one, other).generations
    assert [(g.problem.question, g.response.text, g.schedule.gen_length) for g in found] == [
        ("A?", "a", 128),
        ("A?", "a2", 256),
        ("B?", "b", 128),
        ("B?", "b2", 256),
    ]
    assert len({g.problem.id for g in found}) == 2
    assert [g.problem.id for g in gathered(other, one).generations] == [g.problem.id for g in found[2:] + found[:2]]


def test_a_generation_has_what_its_sample_tells_and_no_more() -> None:
    rest = {"ground_truth": 7.0, "metrics": [1, {"a": None}]}
    (one,) = gathered(file(sample(5, prompt="P", rest=rest))).generations
    assert one.schedule == Schedule(blocks=(32,) * 4, gen_length=128, steps=64)
    assert (one.prompt, one.problem.target, one.cached) == ("P", "7", False)
    response = one.response
    assert (response.token_ids, response.commit_step, response.commit_confidence) == ((), (), ())
    assert (response.nfe, response.tokens_computed, response.seconds, response.batch_size) == (64, 0, 0, 0)
    assert json.loads(one.source or "") == {"file": "a.json", "row": 5, "fields": rest}
    assert generation_of(json.loads(json.dumps(row_of(one)))) == one


def test_known_problems_give_ids_and_targets() -> None:
    known = tuple(from_row({"question": q, "answer": f"#### {a}"}, i) for i, (q, a) in enumerate([("B?", 5), (SUM, 7)]))
    found = gathered(file(sample(1, target=None), sample(2, "C?"), sample(3, "B?", target=6.0)), known=known)
    assert [(g.problem.id, g.problem.target) for g in found.generations][::2] == [
        ("gsm8k-0002", "7"),
        ("gsm8k-0001", "5"),
    ]
    assert found.generations[1].problem.id.startswith("gsm8k-") and len(found.generations[1].problem.id) == 18
    assert found.warnings == (
        "targets that differ from those of the task's rows, which are taken: 1 (first: a.json, row 3)",
        "questions that are not among the task's rows: 1 (first: a.json, row 2)",
    )
    twice = (known[0], Problem(id="x", question="B?"))
    assert "the task's rows have its question 2 times (gsm8k-0001, x)" in fails(file(sample(1, "B?")), known=twice)


def test_a_target_that_one_file_lacks_comes_from_another() -> None:
    long = {**STATED, "gen_length": 256}
    found = gathered(file(sample(1, target=None)), file(sample(1, stated=long), name="b"))
    assert [g.problem.target for g in found.generations] == ["7", "7"]
    assert found.warnings == ()
    assert "b, row 1: its target is 8, and in a.json, row 1 it is 7" in fails(
        file(sample(1)), file(sample(1, target=8.0, stated=long), name="b")
    )


def test_problems_without_a_target_are_kept_and_told() -> None:
    found = gathered(file(sample(1), sample(2, "B?", target=None)))
    assert [g.problem.target for g in found.generations] == ["7", None]
    assert found.warnings == (
        "problems without a target to score by: 1 of 2; --data FILE, rows of the task's dataset, gives them",
    )


def test_targets_that_are_no_answers() -> None:
    found = gathered(file(sample(1), sample(2, "B?", target="blue")))
    assert found.warnings[0] == "targets that are no answer of task gsm8k: 1 (first: a.json, row 2)"
    assert len(found.generations) == 2
    assert "a.json, row 1: its target is no answer of task gsm8k: is --task right?" in fails(
        file(sample(1, target="p - q"), sample(2, "B?", target="blue"))
    )


def test_a_wrong_task_is_suspected_only_where_nothing_speaks_for_it() -> None:
    said = "no generation holds an answer of task gsm8k"
    blue = {"text": "blue"}
    assert gathered(file(sample(1, **blue))).warnings == (said,)  # its target is one of gsm8k
    assert f"{said}: is --task right?" in gathered(file(sample(1, target=None, **blue))).warnings
    doc = {"question": SUM, "answer": "#### 7"}
    assert gathered(file(sample(1, question="", target=None, doc=(doc, 0), **blue))).warnings == (said,)
    known = (Problem(id="k", question=SUM, target="7"),)
    assert gathered(file(sample(1, target=None, **blue)), known=known).warnings == (said,)


def test_options_that_no_file_has_are_asked_for() -> None:
    bare, told = ({"target": "B", "text": "the second", **more} for more in ({}, {"about": {"choices": ["x", "y"]}}))
    (warning,) = gather([file(sample(1, **bare))], get_task("arc"), (), {}).warnings
    said = "no generation holds an answer of task arc"
    assert warning.startswith(f"{said}: its options are not in the files: --data FILE")
    (warning,) = gather([file(sample(1, **told))], get_task("arc"), (), {}).warnings
    assert warning == said


def test_what_is_said_of_one_file_is_of_that_file() -> None:
    bare = {"stated": {"temperature": 0.0}}
    eight = dataclasses.replace(file(sample(1, **bare), name="a"), given={"block_length": 8})
    uneven = dataclasses.replace(file(sample(1, **bare), name="b"), given={"blocks": [96, 32]})
    other = file(sample(1, **bare), name="c")
    found = gathered(eight, uneven, other, gen_length=128, block_length=16)
    assert [g.schedule.label for g in found.generations] == ["8", "16", "96+32"]
    assert {one.label: files for one, files in found.files.items()} == {"8": ["a"], "16": ["c"], "96+32": ["b"]}
    assert found.warnings == ()
    eight = dataclasses.replace(eight, samples=(sample(1),))
    assert "a, row 1: it states block_length 32, not 8: leave block_length=8 out" in fails(eight)


def test_files_that_land_in_one_schedule_are_named() -> None:
    found = gathered(file(sample(1), name="a"), file(sample(1), name="b"), file(sample(1, "B?"), name="shard"))
    assert list(found.files.values()) == [["a", "b", "shard"]]
    (warning,) = [line for line in found.warnings if "land in one schedule" in line]
    assert warning.startswith("a and b land in one schedule, block 32: their votes are samples of it; if they were")
    assert warning.endswith("say how: b:block_length=N")
    assert not any("land in" in line for line in gathered(file(sample(1)), file(sample(1, "B?"), name="b")).warnings)


def test_generations_that_are_there_come_first() -> None:
    there = gathered(file(sample(1, target=None), sample(2, "B?"), name="old")).generations
    new = file(sample(1), sample(2, "C?"), sample(3, "B?", stated={**STATED, "seed": 7}), name="new")
    found = gather([new], TASK, (), {}, there)
    kept = {(g.problem.question, g.schedule.seed): g for g in found.generations}
    assert sorted(kept) == [("B?", 0), ("B?", 7), ("C?", 0), (SUM, 0), (SUM, 1)]
    assert {g.problem.target for g in found.generations} == {"7"}  # one that was missing came with the new file
    assert [g.problem.id for g in there] == [kept[SUM, 0].problem.id, kept["B?", 0].problem.id]
    assert kept[SUM, 0].response == there[0].response and kept[SUM, 0].source == there[0].source
    assert list(found.files.values()) == [["old", "new"]]
    with pytest.raises(UsageError, match="new, row 1: it and old, row 2 are one question under one schedule and seed"):
        gather([file(sample(1, "B?", stated={**STATED, "seed": 0}), name="new")], TASK, (), {}, there)


def test_documents_that_are_counted_anew_in_each_log_are_told_apart() -> None:
    rows = [{"question": f"{name}?", "subject": name, "choices": ["x", "y"], "answer": 1} for name in ("law", "art")]
    logs = [file(sample(1, question="", target=None, doc=(row, 0)), name=row["subject"]) for row in rows]
    found = gather(logs, get_task("mmlu"), (), {}).generations
    assert [(g.problem.question, g.problem.category) for g in found] == [("law?", "law"), ("art?", "art")]
    assert found[0].problem.id == "mmlu-00001" and found[1].problem.id.startswith("mmlu-")
    assert len({g.problem.id for g in found}) == 2


def test_a_generation_of_hex_keeps_all_it_is() -> None:
    response = dataclasses.replace(samples.RESPONSE, text="\\boxed{7}")
    own = sample(1, response=response, ends=(1, 2))
    (one,) = gathered(file(own)).generations
    assert (one.response, one.token_ends) == (response, (1, 2))


def test_rows_that_are_in_some_files_only_are_told() -> None:
    long = {**STATED, "gen_length": 256}
    found = gathered(file(sample(1), sample(2, "B?")), file(sample(1, stated=long), name="b"))
    assert len(found.generations) == 3
    assert found.warnings == ("problems that are not in every schedule: 1 of 2; those votes are missing",)


def test_repeated_questions_are_further_samples() -> None:
    a, b, c = (f"\\boxed{{{number}}}" for number in (7, 8, 9))
    found = gathered(file(sample(1, text=a), sample(2, text=b)), file(sample(1, text=c), name="shard"))
    assert [(g.response.text, g.schedule.seed) for g in found.generations] == [(a, 0), (b, 1), (c, 2)]
    assert found.warnings[0] == "generations that repeat a question under one schedule, taken as further samples: 2"
    bare = {name: value for name, value in STATED.items() if name != "temperature"}
    two = file(sample(1, stated=bare), sample(2, stated=bare), temperature=0.0)
    assert "a.json, row 2: another sample of its question: give the --temperature" in fails(two)
    assert len(gathered(two, temperature=0.9).generations) == 2


def test_seeds_that_are_stated_are_kept_and_must_differ() -> None:
    rows = [sample(number, stated={**STATED, "seed": seed}) for number, seed in ((1, 5), (2, 3))]
    assert [g.schedule.seed for g in gathered(file(*rows)).generations] == [3, 5]
    assert "a.json, row 3: it and a.json, row 1 are one question under one schedule and seed" in fails(
        file(*rows, sample(3, stated={**STATED, "seed": 5}))
    )


def test_one_problem_id_is_one_question() -> None:
    found = gathered(file(sample(1, about={"problem_id": "p", "category": "sums"})))
    assert (found.generations[0].problem.id, found.generations[0].problem.category) == ("p", "sums")
    assert "its problem_id 'p' is that of another question" in fails(
        file(sample(1, about={"problem_id": "p"}), sample(2, "B?", about={"problem_id": "p"}))
    )


def test_questions_with_other_options_are_other_questions() -> None:
    one, other = ({"choices": ["x", last]} for last in "yz")
    found = gather(
        [file(sample(1, about=one, target="A"), sample(2, about=other, target="B"))], get_task("arc"), (), {}
    )
    assert [(g.problem.choices, g.problem.target) for g in found.generations] == [(("x", "y"), "A"), (("x", "z"), "B")]


def test_rows_of_the_dataset_that_come_along() -> None:
    doc = {"question": SUM, "answer": "#### 7"}
    (one,) = gathered(file(sample(1, question="", target=None, doc=(doc, 11)))).generations
    assert one.problem == Problem(id="gsm8k-0012", question=SUM, target="7")
    assert "its 'doc' is no row of task gsm8k: no field 'question' (it has: q)" in fails(
        file(sample(1, doc=({"q": 1}, 0)))
    )
    law = {"question": "?", "subject": "law", "choices": ["x", "y"], "answer": 1}
    assert "field 'answer' must be text, not 1 (--task mmlu reads it)" in fails(file(sample(1, doc=(law, 0))))
    with pytest.raises(UsageError, match="task sums has no dataset that its 'doc' could be a row of"):
        gather([file(sample(1, doc=(doc, 0)))], get_task("sums"), (), {})


@pytest.mark.parametrize(
    ("stated", "given", "says"),
    [
        ({}, {}, "its gen_length is not stated: give --gen-length"),
        ({"gen_length": 128, "block_length": 32}, {}, "its temperature is not stated: give --temperature"),
        ({**STATED, "blocks": [64, 64]}, {"block_length": 32}, "it states its blocks: leave --block-length out"),
        ({"gen_length": 128}, {}, "its block_length is not stated: give --block-length"),
        (STATED, {"gen_length": 256}, "it states gen_length 128, not 256: leave --gen-length out"),
        ({**STATED, "block_length": 48}, {}, "gen_length 128 does not divide into blocks of 48"),
        ({**STATED, "steps": 63}, {}, "steps 63 do not divide over 4 blocks"),
        ({**STATED, "gen_length": "long"}, {}, "its schedule is none"),
        ({**STATED, "seed": [1]}, {}, "its schedule is none"),
        ({**STATED, "remasking": "best"}, {}, "unknown remasking 'best'"),
        ({**STATED, "gen_length": 10**30}, {}, "gen_length must be at most"),
    ],
)
def test_schedules_that_are_not_whole(stated: dict[str, Any], given: dict[str, Any], says: str) -> None:
    assert fails(file(sample(3, stated=stated)), **given).startswith(f"a.json, row 3: {says}")


def test_schedules_that_options_complete() -> None:
    (one,) = gathered(file(sample(1, stated={"temperature": 0.5})), gen_length=256, block_length=64).generations
    assert one.schedule == Schedule(blocks=(64,) * 4, gen_length=256, steps=128, temperature=0.5)
    uneven = {"gen_length": 64, "blocks": [48, 16]}
    (two,) = gathered(file(sample(1, stated=uneven), temperature=0.0)).generations
    assert two.schedule.label == "48+16"


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from([64, 128]), st.text("xyz", max_size=2)), max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_no_row_is_lost_and_every_row_is_under_its_own_question(rows: list[list[tuple[str, int, str]]]) -> None:
    files = [
        file(
            *(
                sample(number, f"{question}?", text=text, stated={**STATED, "gen_length": length})
                for number, (question, length, text) in enumerate(own, start=1)
            ),
            name=f"{place}.json",
        )
        for place, own in enumerate(rows)
    ]
    if not any(rows):
        return
    found = gathered(*files).generations
    assert sorted((g.problem.question[0], g.schedule.gen_length, g.response.text) for g in found) == sorted(
        row for own in rows for row in own
    )
    assert len({(g.problem.id, g.schedule) for g in found}) == len(found)
    assert {json.loads(g.source or "")["file"] for g in found} == {f"{n}.json" for n, own in enumerate(rows) if own}
