"""Modes in turn, what their votes come to, and where the time goes."""

import dataclasses
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
import torch

from hexcli.bench import machine
from hexcli.bench.comparing import Going, compare
from hexcli.bench.modes import MODES, PUBLISHED_BATCH, Canvas, Mode, Stage, Step, row_of
from hexcli.bench.profiling import CHANNELS, Stopwatch, channels
from hexcli.bench.verdicts import Verdicts, agreement, same_tokens
from hexcli.engine.plan import Plan, plan_run
from hexcli.models.loading.loading import load_model
from hexcli.recipe.recipe import Recipe
from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from hexcli.shortcuts import FAST_SAMPLED
from hexcli.workers.batching import AutoBatch
from tests.toys import MASK, ToyDenoiser


def verdicts(*answers: str | None, target: str = "7") -> Verdicts:
    right = tuple(answer == target for answer in answers)
    return Verdicts(answers=answers, right=right, equal=lambda one, other: one.lstrip("0") == other.lstrip("0"))


def test_votes_differ_by_the_tasks_equality_and_abstentions_equal_only_each_other() -> None:
    own = verdicts("7", "007", None, None, "7", "1")
    full = verdicts("7", "7", None, "7", "2", "7")
    found = agreement(own, full)
    assert found["changed_votes"] == pytest.approx(3 / 6)
    assert found["accuracy_difference"] == pytest.approx((1 - 3) / 6)
    assert found["p_value"] == pytest.approx(0.625)  # one of four discordant pairs, two-sided
    assert set(agreement(own, None).values()) == {None}


def test_problems_without_a_target_are_compared_and_not_scored() -> None:
    blind = Verdicts(answers=("7", "8"), right=(None, None), equal=str.__eq__)
    assert blind.scores() == {"accuracy": None, "ci95": None}
    assert agreement(blind, blind) == {
        "changed_votes": 0.0,
        "accuracy_difference": None,
        "difference_ci95": None,
        "p_value": None,
    }


def test_tokens_behind_the_end_of_text_are_told_apart_from_the_text() -> None:
    schedule = Schedule.parse("4", gen_length=4)
    rows = [Row(prompt_ids=(place,), schedule=schedule) for place in (1, 2, 3)]
    exact = {row: Canvas((5, 6, 9, 4), 2, 10) for row in rows}
    own = {
        rows[0]: Canvas((5, 6, 9, 4), 2, 10),
        rows[1]: Canvas((5, 6, 9, 9), 2, 10),
        rows[2]: Canvas((5, 9, 9, 9), 2, 10),
    }
    assert same_tokens(own, exact, {9}) == pytest.approx({"same_tokens": 1 / 3, "same_text": 2 / 3})
    assert same_tokens(own, None, {9}) == {"same_tokens": None, "same_text": None}


def test_every_mode_does_a_chunk_before_the_next_and_another_one_goes_first_each_time() -> None:
    plan = plan_run(Recipe(limit="3", schedules=("8",), gen_length=8), dtype="float32")
    model = load_model(plan.checkpoint, device="cpu", dtype="float32")
    stage = Stage(denoiser=model.denoiser, mask_id=plan.mask_id, device="cpu", batch=AutoBatch(4))
    turns: list[tuple[str, int]] = []

    def heard(name: str) -> Mode:
        def decode(stage: Stage, rows: Sequence[Row], on_step: Step) -> Iterator[tuple[Row, Canvas]]:
            turns.append((name, len(rows)))
            return MODES[name].decode(stage, rows, on_step)

        return Mode(decode, mixed=True)

    notes: list[str] = []
    modes = {name: heard(name) for name in ("published", "lossless")}
    published, lossless = compare(plan, stage, modes, chunk=1, profile=False, note=notes.append)
    first, second = (("published", 1), ("lossless", 1))
    assert turns == [first, second, first, second, second, first, first, second], "the first two warm up"
    said = [note.partition(":")[0] for note in notes]
    assert said == ["published", "lossless", "chunk 1 of 3", "chunk 2 of 3", "chunk 3 of 3"]
    for row in (published, lossless):
        assert len(row["chunk_seconds"]) == row["generations"] == 3
        assert row["seconds"] == pytest.approx(sum(row["chunk_seconds"]))
    assert lossless["ratio"] == pytest.approx(published["seconds"] / lossless["seconds"])


def test_a_long_chunk_tells_now_and_then_how_far_it_is() -> None:
    notes: list[str] = []
    clock = iter([0.0, 1.0, 5.0, 5.0, 6.0, 11.0, 11.0])
    going = Going("chunk 1 of 2, published", 4, notes.append, lambda: next(clock))
    canvas = Canvas((), 8, 8)
    rows = [Row(prompt_ids=(n,), schedule=Schedule.parse("4", gen_length=8)) for n in range(4)]
    for _ in going.counted((row, canvas) for row in rows):
        going.step(8)
    assert notes == [f"chunk 1 of 2, published: {n} of 4 generations, {8 * n} NFE" for n in (2, 4)]


class Slow:
    """A denoiser that takes its time, in several threads at once as on a CPU."""

    def packed_features(self, *inputs: object) -> None:
        time.sleep(0.05)


def test_what_several_threads_do_at_once_is_timed_once() -> None:
    watch = Stopwatch(cast(Any, Slow()), "cpu")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: watch.packed_features(), range(4)))
    watch.step(4)
    assert 0.05 <= watch.forward <= watch.steps, "not four times as long"


@pytest.mark.parametrize("name", ["published", "lossless"])
def test_the_channels_are_all_the_time_there_is(name: str) -> None:
    stage = Stage(denoiser=ToyDenoiser(), mask_id=MASK, device="cpu", batch=AutoBatch(2))
    rows = [Row(prompt_ids=(n,), schedule=Schedule.parse("4", gen_length=8, temperature=0.9)) for n in (1, 2, 3)]
    spent = channels(MODES[name], stage, rows)
    assert tuple(spent) == CHANNELS
    assert all(seconds > 0 for seconds in spent.values())


RECIPE = Recipe(limit="2", schedules=("8", "16"), gen_length=48, samples=2, temperature=0.5)


def stage_of(plan: Plan, batch: AutoBatch) -> Stage:
    model = load_model(plan.checkpoint, device="cpu", dtype="float32")
    return Stage(
        denoiser=model.denoiser,
        mask_id=plan.mask_id,
        device="cpu",
        batch=batch,
        end_ids=plan.tokenizer.end_ids,
        end_of_text=plan.tokenizer.end_of_text,
        plan=plan,
    )


def test_until_decided_gives_the_answers_of_all_votes_for_fewer_generations() -> None:
    plan = plan_run(dataclasses.replace(RECIPE, samples=4), dtype="float32")
    stage, rows = stage_of(plan, AutoBatch(4)), [row_of(job) for job in plan.jobs]
    for full, early in (("lossless", "until-decided"), ("fast", "fast-until-decided")):
        whole = dict(MODES[full].decode(stage, rows, lambda forwards: None))
        part = dict(MODES[early].decode(stage, rows, lambda forwards: None))
        assert len(part) <= len(whole) == 16
        assert all(whole[row] == canvas for row, canvas in part.items())
        assert agreement(Verdicts.of(plan, part), Verdicts.of(plan, whole))["changed_votes"] == 0


def test_fast_decodes_what_decode_does_with_its_shortcuts() -> None:
    plan, hurried = (
        plan_run(recipe, dtype="float32") for recipe in (RECIPE, dataclasses.replace(RECIPE, **FAST_SAMPLED))
    )
    stage = stage_of(plan, AutoBatch(4))
    fast = dict(MODES["fast"].decode(stage, [row_of(job) for job in plan.jobs], lambda forwards: None))
    expected = dict(MODES["lossless"].decode(stage, [row_of(job) for job in hurried.jobs], lambda forwards: None))
    assert [fast[row_of(job)] for job in plan.jobs] == [expected[row_of(job)] for job in hurried.jobs]


def test_where_memory_is_left_each_of_our_modes_takes_more_rows_together() -> None:
    plan = plan_run(dataclasses.replace(RECIPE, limit="1", gen_length=16, samples=3), dtype="float32")
    stage = stage_of(plan, AutoBatch(2, lambda: (0, 1, 1000)))
    modes = {name: MODES[name] for name in ("published", "lossless", "until-decided")}
    published, lossless, early = compare(plan, stage, modes, chunk=8, profile=False, note=lambda message: None)
    assert published["batch_size"] == PUBLISHED_BATCH
    assert lossless["batch_size"] == 8, "six rows fill 2 and 4 slots"
    assert 2 < early["batch_size"] <= 8
    assert stage.batch.size == 2


def test_peak_memory_is_counted_anew() -> None:
    if not machine.reset_peak("cpu"):
        pytest.skip("this system does not tell")
    before = machine.peak_bytes("cpu")
    assert before is not None
    torch.ones(1 << 26, dtype=torch.uint8).sum()
    assert (machine.peak_bytes("cpu") or 0) > before + (1 << 25)
    machine.reset_peak("cpu")
    assert (machine.peak_bytes("cpu") or 0) < before + (1 << 25)
