"""What a dry run tells of time, memory and disk."""

import dataclasses
import re
from pathlib import Path

import pytest

from hexcli.engine.costs import costs_of, sample
from hexcli.engine.measured import MEASURED
from hexcli.engine.plan import Plan, plan_run
from hexcli.engine.previewing import preview
from hexcli.engine.unseen import costs_without
from hexcli.recipe.recipe import Recipe
from hexcli.store.store import GenerationStore, open_store
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


def test_a_gpu_of_another_machine_is_planned_for_and_what_is_not_measured_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    for name, known in (("llada", True), ("llada-1.5", True), ("dream", False), ("illada", False)):
        recipe = Recipe(model=name, task="gsm8k", limit="50", gen_length=256, temperature=0.9, samples=5)
        found = preview(recipe, tmp_path / "runs", device="cuda", warn=pytest.fail)
        assert (found.generations, found.nfe, found.tokens) == (750, 750 * 128, 750 * 256)
        costs = found.costs
        assert costs is not None and costs.device == "cuda (not on this machine)" and costs.free_bytes is None
        assert costs.weight_bytes == pytest.approx(16e9, rel=0.06), "in bfloat16, as on a GPU"
        assert (costs.row_bytes is not None) == (name != "illada"), "its sizes are not known"
        assert (costs.seconds == 750 * 128 * MEASURED["llada-8b", "none"].seconds) == known
        assert (costs.source is not None) == known
    assert preview(planned().recipe, tmp_path / "runs", device="cuda", warn=pytest.fail).costs is not None


def test_what_was_measured_is_in_the_document_that_is_named() -> None:
    for seconds, source in MEASURED.values():
        page, said = source.split(": ", 1)
        text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
        assert re.findall(r"[0-9]+\.?[0-9]*", said)[0] in text and 0 < seconds < 0.1
