"""What a dry run tells of time, memory and disk."""

import dataclasses
import re
from pathlib import Path

import pytest
import torch

from hexcli.cli.costs import cost_lines, duration
from hexcli.engine.costs import Costs, costs_of, sample
from hexcli.engine.plan import Plan, plan_run
from hexcli.engine.previewing import preview
from hexcli.engine.unseen import costs_without
from hexcli.models.families.shapes import SHAPES
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
    assert likely == [None, pytest.approx(125 / 800), pytest.approx(125 / 800), pytest.approx(160 / 320)]


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


def test_fast_is_named_where_a_plan_is_long() -> None:
    costs = Costs(model="llada", device="H100", seconds=7200.0, with_fast_seconds=600.0)
    assert "        with --fast about 10.0 minutes if it goes as on the embedded model" in "\n".join(cost_lines(costs))
    for short in (dataclasses.replace(costs, seconds=1700.0), dataclasses.replace(costs, with_fast_seconds=8000.0)):
        assert "--fast" not in "\n".join(cost_lines(short))
    fast = dataclasses.replace(
        costs, with_fast_seconds=None, expected_seconds=60.0, expected="a", without_fast_seconds=7200.0
    )
    assert "60.0 s if it goes as on the embedded model, against up to 2.0 hours without --fast (a)" in "\n".join(
        cost_lines(fast)
    )


def test_to_know_a_models_size_draws_none_of_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.nn.Embedding, "reset_parameters", lambda self: pytest.fail("torch imports its compiler"))
    with torch.device("meta"):
        model = MaskPredictor(SHAPES["llada-8b"])
    assert model.embed_tokens.weight.is_meta and model.embed_tokens.weight.shape == (126464, 4096)
