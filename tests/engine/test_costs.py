"""What a dry run tells of time, memory and disk."""

import dataclasses
import re
from pathlib import Path

import pytest
import torch

from hexcli.cli.budget import duration
from hexcli.cli.costs import cost_lines
from hexcli.engine.costs import Costs, costs_of, sample
from hexcli.engine.expected import expected
from hexcli.engine.plan import Plan, plan_run
from hexcli.engine.previewing import preview
from hexcli.engine.room import room_of
from hexcli.engine.unseen import costs_without
from hexcli.models.cards import CARDS
from hexcli.models.families.shapes import SHAPES
from hexcli.models.loading.memory import held_bytes
from hexcli.models.network.transformer import MaskPredictor
from hexcli.recipe.file import load_recipes
from hexcli.recipe.recipe import Recipe
from hexcli.recipe.shipped import shipped
from hexcli.shortcuts import FAST_SAMPLED
from hexcli.store.store import GenerationStore, open_store
from hexcli.workers.crew import ALONE, Crew
from tests.samples import RESPONSE

CANVAS = ("token_ids", "commit_step", "commit_confidence")


def planned(**fields: object) -> Plan:
    return plan_run(Recipe(**{"limit": "4", "schedules": ("8", "16"), **fields}), dtype="float32")  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return open_store(tmp_path / "cache", warn=pytest.fail)


def put(store: GenerationStore, plan: Plan, count: int, *, device: str = "cpu", nfe: int = 16) -> None:
    """The first generations of a plan: half a second each."""
    for job in plan.jobs[:count]:
        canvas = dict.fromkeys(CANVAS, (0,) * job.schedule.gen_length)
        response = dataclasses.replace(RESPONSE, seconds=0.5, nfe=nfe, device=device, **canvas)
        store.put(job.key, response, about=job.about)


def test_the_time_is_that_of_this_model_on_this_device(store: GenerationStore, tmp_path: Path) -> None:
    plan = planned()
    with store:
        put(store, plan, 3)
        put(store, planned(temperature=0.9), 4, device="NVIDIA H200")
        found = costs_of(plan, store, tmp_path / "runs", device="cpu", generations=5, nfe=5 * 32)
    assert (found.timed, found.model, found.device) == (3, "tiny", "cpu")
    assert found.seconds_a_pass == pytest.approx(0.5 / 16)
    assert found.seconds == pytest.approx(5 * 0.5), "as early as those ended, not what the schedules allow"
    assert found.weight_bytes and found.row_bytes and found.free_bytes and found.disk_free
    assert found.run_bytes > found.cache_bytes > 0


def test_without_a_generation_to_go_by_it_is_unknown(store: GenerationStore, tmp_path: Path) -> None:
    plan = planned()
    with store:
        put(store, plan, 2, device="NVIDIA H200")
        found = costs_of(plan, store, tmp_path, device="cpu", generations=8, nfe=256)
        assert (found.seconds, found.timed) == (None, 0)
        assert costs_of(plan, store, tmp_path, device="cpu", generations=0, nfe=0).seconds == 0


def test_generations_with_a_cache_of_keys_tell_nothing_of_those_without(store: GenerationStore) -> None:
    fast = planned(kv_cache="dual")
    with store:
        put(store, fast, 2)
        assert sample(store, fast.checkpoint.identity, planned().schedules) == []
        assert len(sample(store, fast.checkpoint.identity, fast.schedules)) == 2


def test_of_a_model_that_is_not_here_the_download_is_told(tmp_path: Path) -> None:
    recipe = Recipe(model="llada", task="gsm8k", gen_length=256)
    schedules = recipe.ensemble(256)
    found = costs_without(recipe, tmp_path, device="cpu", schedules=schedules, generations=100, nfe=12800)
    assert found.download_bytes == pytest.approx(16e9, rel=0.01)
    assert found.weight_bytes == pytest.approx(32e9, rel=0.01), "in float32, which a CPU computes in"
    assert found.seconds is None and found.run_bytes > 100 * 256 * 20


def test_a_gpu_of_another_machine_is_planned_for_and_a_model_of_unknown_sizes_has_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    for name in ("llada", "llada-1.5", "dream", "illada"):
        recipe = Recipe(model=name, task="gsm8k", limit="50", gen_length=256, temperature=0.9, samples=5)
        found = preview(recipe, tmp_path / "runs", device="cuda", warn=pytest.fail)
        assert (found.generations, found.nfe, found.tokens) == (750, 750 * 128, 750 * 256)
        costs = found.costs
        assert costs is not None and costs.device == "cuda (not on this machine)" and costs.free_bytes is None
        assert costs.weight_bytes == pytest.approx(16e9, rel=0.06), "in bfloat16, as on a GPU"
        assert (costs.row_bytes is not None) == (name != "illada"), "its sizes are not known"
        assert (costs.seconds is not None) == (costs.source is not None) == (name != "illada")
    assert preview(planned().recipe, tmp_path / "runs", device="cuda", warn=pytest.fail).costs is not None


@pytest.mark.parametrize("name", sorted(name for name, one in shipped().items() if one.kind == "recipe"))
def test_a_shipped_recipe_says_the_time_that_its_dry_run_says(name: str, tmp_path: Path) -> None:
    one = shipped()[name]
    (recipe,) = load_recipes(one.path)
    for limit, said in ((None, r"about ([0-9.]+ \w+) of one H100"), ("50", r"--limit 50 about ([0-9.]+ \w+)")):
        found = preview(
            dataclasses.replace(recipe, limit=limit), tmp_path / "runs", device="h100", warn=lambda line: None
        )
        if (stated := re.search(said, one.about)) is not None:
            assert found.costs is not None and found.costs.seconds is not None
            assert stated[1] == duration(found.costs.seconds), (name, limit)
        else:
            assert limit == "50" or name == "demo", f"{name}: {said}"


def test_workers_share_the_time_and_add_up_to_the_same_hours(tmp_path: Path) -> None:
    recipe = Recipe(model="llada", task="gsm8k", limit="50", gen_length=256, temperature=0.9, samples=5)
    one, four = (
        preview(recipe, tmp_path / "runs", device="h100", warn=pytest.fail, crew=crew).costs
        for crew in (ALONE, Crew(count=4))
    )
    assert one is not None and four is not None and one.seconds and four.seconds
    assert (one.gpus, four.gpus) == (1, 4)
    assert 4 * four.seconds == pytest.approx(one.seconds) and four.gpu_hours == pytest.approx(one.gpu_hours)
    assert one.gpu_hours == pytest.approx(one.seconds / 3600)


def test_what_is_left_out_is_expected_only_where_it_was_measured(tmp_path: Path) -> None:
    recipe = Recipe(model="llada", task="gsm8k", limit="50", gen_length=256, temperature=0.9, samples=9)
    found = [
        preview(recipe, tmp_path / "runs", device="h100", warn=pytest.fail, certainty=certainty).costs
        for certainty in (None, 0.87, 0.8, 1.0)
    ]
    likely = [one.expected_seconds and one.expected_seconds / one.seconds for one in found if one and one.seconds]
    assert likely == [None, pytest.approx(125 / 800), pytest.approx(125 / 800), None]
    assert [one.unmeasured for one in found if one] == [None, None, None, 1.0]


@pytest.mark.parametrize(
    ("votes", "fast", "certainty", "line"),
    [
        (25, False, 0.87, (125, 25, 0.87)),
        (25, True, 0.87, (57, 25, 0.87)),
        (25, True, 0.6, (57, 25, 0.87)),
        (25, False, 0.9, None),  # ten votes are no 25
        (25, True, 0.95, (296, 25, None)),
        (25, True, None, (296, 25, None)),
        (25, False, None, None),
        (10, False, 0.9, (145, 10, 0.95)),
        (10, False, 1.0, (160, 10, 1.0)),
        (10, True, 0.9, (58, 10, 0.95)),
        (10, True, 1.0, (296, 25, None)),
        (5, False, 0.87, None),
    ],
)
def test_a_likely_number_is_a_measurement_of_what_was_asked(
    votes: int, fast: bool, certainty: float | None, line: tuple[int, int, float | None] | None
) -> None:
    recipe = Recipe(schedules=("8",), gen_length=64, temperature=0.9, samples=votes)
    recipe = dataclasses.replace(recipe, **FAST_SAMPLED) if fast else dataclasses.replace(recipe, steps=32)
    found = expected(recipe.ensemble(64), certainty)
    assert line == (found and (found.taken, found.votes, found.certainty))
    if found is not None and found.certainty is not None:
        assert f"({votes} votes" in found.said and " stopped " in found.said


def test_a_plan_says_which_row_an_asked_stop_is_not_in(tmp_path: Path) -> None:
    recipe = Recipe(model="llada", task="gsm8k", limit="50", gen_length=256, steps=128, temperature=0.9, samples=2)
    recipe = dataclasses.replace(recipe, schedules=("8", "16", "32", "64", "128"))

    def last(one: Recipe, certainty: float | None) -> str:
        costs = preview(one, tmp_path, device="h100", warn=pytest.fail, certainty=certainty).costs
        assert costs is not None
        (line,) = (line for line in cost_lines(costs, 50) if line.startswith("likely"))
        return line

    assert "not measured of" not in last(recipe, None) + last(recipe, 0.87) + last(recipe, 0.9)
    assert "160 of 320 NFE (10 votes stopped once decided); with --fast 296 of 1600 NFE (25 votes)" in last(recipe, 1.0)
    assert last(recipe, 1.0).endswith(
        "; --until-decided was not measured of so many votes with --fast: counted without it"
    )
    more = dataclasses.replace(recipe, samples=5)
    assert last(more, 0.9).endswith("; --decide-at 0.9 was not measured of so many votes: counted without it")
    alone = last(dataclasses.replace(more, record_steps=True), 0.9)
    assert alone == "likely  --decide-at 0.9 was not measured of so many votes: counted without it"


def test_a_plan_tells_what_fast_saves(tmp_path: Path) -> None:
    recipe = Recipe(model="llada", task="gsm8k", limit="50", gen_length=256, steps=128, temperature=0.9, samples=5)
    quick = dataclasses.replace(recipe, steps=None, **FAST_SAMPLED)

    def planned_on(one: Recipe, device: str = "h100", certainty: float | None = None) -> Costs:
        found = preview(one, tmp_path / "runs", device=device, warn=pytest.fail, certainty=certainty).costs
        assert found is not None
        return found

    for certainty in (None, 0.87):
        plain, fast = planned_on(recipe, certainty=certainty), planned_on(quick, certainty=certainty)
        assert plain.with_fast_seconds == pytest.approx(fast.expected_seconds)
        assert fast.without_fast_seconds == pytest.approx(plain.expected_seconds or plain.seconds)
        assert plain.without_fast_seconds is fast.with_fast_seconds is None
    stopped, whole = planned_on(quick, certainty=1.0).expected_seconds, planned_on(quick).expected_seconds
    assert stopped is not None and whole is not None and stopped <= whole
    assert planned_on(recipe, "cpu").with_fast_seconds is None
    for more in ({"kv_cache": "dual"}, {"record_steps": True}, {"model": "llada2", "schedules": ("32",)}):
        other = planned_on(dataclasses.replace(recipe, **more))  # type: ignore[arg-type]
        assert other.with_fast_seconds is other.without_fast_seconds is None


def test_a_plan_has_a_row_for_each_way_and_says_what_the_likely_one_rests_on(tmp_path: Path) -> None:
    recipe = Recipe(model="llada", task="gsm8k", limit="200", gen_length=256, steps=128, temperature=0.9, samples=5)
    recipe = dataclasses.replace(recipe, schedules=("8", "16", "32", "64", "128"))

    def lines(one: Recipe, **how: object) -> str:
        found = preview(one, tmp_path / "runs", device="a100", warn=pytest.fail, **how)  # type: ignore[arg-type]
        assert found.costs is not None
        return "\n".join(cost_lines(found.costs, found.problems))

    plain = lines(recipe)
    heads, *rows = plain.splitlines()[:4]
    assert heads.split("  ")[0] == "A100 40 GB" and "rows (fit)" in heads
    assert [row.split("  ")[0] for row in rows] == ["as asked, at most", "--fast, at most", "--fast, likely"]
    assert "640,000" in rows[0] and "1,280,000" in rows[1] and "236,800" in rows[2]
    assert "64 (350)" in rows[0] and "64 (68)" in rows[1]
    assert "296 of 1600 NFE (25 votes), where the published loop takes 800" in plain
    assert "llada's were not measured" in plain
    assert "not measured there" in plain, "an A100 was not"
    fast = lines(dataclasses.replace(recipe, steps=None, **FAST_SAMPLED))
    assert [row.partition("  ")[0] for row in fast.splitlines()[1:4]] == [
        "as asked, at most", "as asked, likely", "no --fast, at most",
    ]  # fmt: skip
    assert "64 rows together, prompts taken for 150 tokens; --fast keeps keys and values too: with it 64 rows" in plain
    assert "memory  fits 40 GB" in fast and "too: without it 64 rows" in fast
    assert "of --batch-size 4000 no more fit" in lines(recipe, batch_size=4000)
    assert "no more fit" not in lines(recipe, batch_size=64)
    little = preview(recipe, tmp_path, device="4090", warn=pytest.fail).costs
    assert little is not None and "values too: with it 10 rows" in "\n".join(cost_lines(little))
    large = lines(dataclasses.replace(recipe, dtype="float32"))
    assert "does not fit 40 GB" not in large and "fits 40 GB" in large
    small = preview(dataclasses.replace(recipe, dtype="float32"), tmp_path, device="4090", warn=pytest.fail).costs
    assert small is not None and "does not fit 24 GB: 29.9 GiB of weights" in "\n".join(cost_lines(small))


def test_votes_that_are_left_out_are_the_same_share_however_many_steps_they_take() -> None:
    recipe = Recipe(schedules=("8", "16", "32", "64"), gen_length=64, temperature=0.9, samples=5)
    for steps in (32, 64):
        found = expected(dataclasses.replace(recipe, steps=steps).ensemble(64), 0.87)
        assert found is not None and found.share == 125 / 800
    quick = dataclasses.replace(recipe, threshold=0.97).ensemble(64)
    found = expected(quick, 0.87)
    assert found is not None and found.share == 125 / 1600, "a threshold allows a step a token"


def test_in_8_bit_floats_weights_take_half_once_they_are_read() -> None:
    with torch.device("meta"):
        model = MaskPredictor(SHAPES["llada-8b"])
    whole, held = (held_bytes(model, torch.bfloat16, float8=float8) for float8 in (False, True))
    inside = sum(one.weight.numel() for one in model.layers.modules() if isinstance(one, torch.nn.Linear))
    assert whole - held == pytest.approx(inside, rel=0.01)
    room = room_of(
        SHAPES["llada-8b"], "float8", Recipe(gen_length=256).ensemble(256), length=406, device="h100",
        card=CARDS["h100"], batch_size=1, left=1,
    )  # fmt: skip
    assert (room.weights, room.together) == (held, whole), "they are read in 16 bits"


def test_to_know_a_models_size_draws_none_of_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.nn.Embedding, "reset_parameters", lambda self: pytest.fail("torch imports its compiler"))
    with torch.device("meta"):
        model = MaskPredictor(SHAPES["llada-8b"])
    assert model.embed_tokens.weight.is_meta and model.embed_tokens.weight.shape == (126464, 4096)
