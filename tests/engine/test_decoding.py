"""Plans and their execution: nothing is decoded twice, and what is recorded is what ran."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import torch

from hexcli.engine.decoding import Outcome, count_cached, decode
from hexcli.engine.plan import Plan, plan_run
from hexcli.errors import HexError, UsageError
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.loading.loading import load_model
from hexcli.recipe.recipe import Recipe
from hexcli.records import Canvas, Generation, Problem
from hexcli.store.store import open_store
from hexcli.workers.batching import FIRST
from tests.checkpoints import write_checkpoint
from tests.reference import published_decode


class Silent:
    """A watcher that only counts."""

    def __init__(self) -> None:
        self.forwards = self.done = self.nfe = self.reused = 0
        self.notes: list[str] = []
        self.seen: list[Sequence[Canvas]] = []

    def begin(self, *, total: int, reused: int, nfe: int, left: Mapping[str, int], at_most: bool) -> None:
        self.reused, self.nfe = reused, nfe

    def unneeded(self, problem_id: str, nfe: int) -> None:
        self.nfe -= nfe

    def step(self, forwards: int) -> None:
        self.forwards += forwards

    def at_work(self) -> None: ...

    looks = False

    def canvases(self, canvases: Sequence[Canvas]) -> None:
        self.seen.append(canvases)

    def finished(self, generation: Generation) -> None:
        self.done += 1

    def note(self, message: str) -> None:
        self.notes.append(message)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_checkpoint(tmp_path_factory.mktemp("models") / "small"))


PROBLEMS = [Problem(id="a", question="1 + 1?"), Problem(id="b", question="What is two plus two?")]


def plan(model: str, problems: list[Problem] = PROBLEMS, **fields: object) -> Plan:
    settings = {"schedules": ("4", "8"), "gen_length": 16, "task": "prompt", **fields}
    return plan_run(Recipe(model=model, **settings), dtype="float32", problems=problems)  # type: ignore[arg-type]


class Looking(Silent):
    """A watcher that sees every step."""

    looks = True


def run(work: Plan, **options: object) -> tuple[Outcome, list[Generation], Silent]:
    kept: list[Generation] = []
    watcher = options.pop("watcher", None) or Silent()
    assert isinstance(watcher, Silent)
    with open_store(warn=pytest.fail) as store:
        settings = {"done": (), "device": "cpu", **options}
        outcome = decode(work, store=store, keep=kept.append, watcher=watcher, **settings)  # type: ignore[arg-type]
    return outcome, kept, watcher


def test_a_plan_has_every_problem_under_every_schedule_in_cast_order(model: str) -> None:
    work = plan(model)
    assert [(j.problem.id, j.schedule.label) for j in work.jobs] == [("a", "4"), ("a", "8"), ("b", "4"), ("b", "8")]
    assert len({job.key for job in work.jobs}) == 4
    assert work.jobs[0].prompt == "<|user|>1 + 1?<|assistant|>"


def test_at_temperature_0_the_tokens_are_those_of_the_published_algorithm(model: str) -> None:
    labels = ("1", "2", "4", "16", "10+6", "3+5+8")
    for remasking, cfg_scale in (("low_confidence", 0.0), ("topk_margin", 0.0), ("entropy", 0.0), ("entropy", 0.5)):
        work = plan(model, schedules=labels, steps=16, remasking=remasking, cfg_scale=cfg_scale)
        _, kept, _ = run(work, batch_size=5)
        denoiser = load_model(work.checkpoint, device="cpu", dtype="float32").denoiser
        assert len(kept) == 12
        for generation in kept:
            schedule = generation.schedule
            with torch.no_grad():
                expected = published_decode(
                    denoiser,
                    work.tokenizer.encode(generation.prompt),
                    blocks=list(schedule.blocks),
                    gen_length=16,
                    steps=16,
                    mask_id=work.mask_id,
                    remasking=remasking,
                    cfg_scale=cfg_scale,
                )
            assert list(generation.response.token_ids) == expected, (schedule, generation.problem.id)


def test_who_looks_sees_canvases_fill_up_to_what_was_decoded(model: str) -> None:
    work = plan(model)
    _, kept, watcher = run(work, batch_size=3, watcher=Looking())
    assert len(watcher.seen) >= 4 and all(1 <= len(step) <= 3 for step in watcher.seen)
    for generation in kept:
        own = [
            canvas
            for step in watcher.seen
            for canvas in step
            if (canvas.problem_id, canvas.schedule) == (generation.problem.id, generation.schedule)
        ]
        filled = [sum(piece is not None for piece in canvas.pieces) for canvas in own]
        assert filled == sorted(filled) and filled[0] > 0 and len(own) == generation.response.nfe
        last, response = own[-1], generation.response
        for place, step in enumerate(response.commit_step):
            if step >= 0:
                assert last.pieces[place] == work.tokenizer.decode([response.token_ids[place]])
                assert last.commit_step[place] == step
    assert run(work, batch_size=3)[1][0].response.token_ids == kept[0].response.token_ids


def test_what_is_recorded_is_what_ran(model: str) -> None:
    outcome, kept, watcher = run(plan(model), batch_size=3)
    assert sorted(generation.response.batch_size for generation in kept)[1:] == [3, 3, 3]
    taken = sum(generation.response.nfe for generation in kept)
    assert (outcome.decoded, outcome.nfe, watcher.forwards, watcher.done) == (4, taken, taken, 4)
    for generation in kept:
        response = generation.response
        assert not generation.cached
        assert 1 <= response.nfe <= generation.schedule.nfe == 8, "fewer where the text ended early"
        assert response.nfe == max(response.commit_step) + 1
        assert len(response.token_ids) == 16
        assert response.device == "cpu"
        assert response.seconds > 0


def test_nothing_is_decoded_twice(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, first, _ = run(plan(model))
    monkeypatch.setattr("hexcli.models.loading.loading.load_model", lambda *_, **__: pytest.fail("nothing to decode"))
    outcome, again, watcher = run(plan(model))
    assert (outcome.decoded, outcome.from_cache, outcome.nfe) == (0, 4, 0)
    assert watcher.reused == 4
    assert [g.response for g in again] == sorted_like([g.response for g in first], [g.response for g in again])
    assert all(generation.cached for generation in again)


def sorted_like(values: list[object], order: list[object]) -> list[object]:
    return sorted(values, key=order.index)


def test_other_schedules_pay_only_for_what_is_new(model: str) -> None:
    run(plan(model))
    outcome, _, _ = run(plan(model, schedules=("4", "8", "16")))
    assert (outcome.from_cache, outcome.decoded) == (4, 2)


def test_what_the_run_holds_is_not_even_looked_up(model: str) -> None:
    work = plan(model)
    done = {(job.problem.id, job.voter) for job in work.jobs[:3]}
    outcome, kept, _ = run(work, done=done)
    assert (outcome.in_run, outcome.decoded) == (3, 1)
    assert [g.problem.id for g in kept] == ["b"]


def test_problems_with_one_prompt_share_one_generation(model: str) -> None:
    twins = [Problem(id="a", question="same"), Problem(id="b", question="same")]
    outcome, kept, _ = run(plan(model, twins))
    assert (outcome.decoded, outcome.from_cache) == (2, 2)
    assert sorted((g.problem.id, g.cached) for g in kept) == [("a", False)] * 2 + [("b", True)] * 2


def test_a_dry_run_counts_what_a_run_would_do(model: str) -> None:
    run(plan(model, schedules=("4",)))
    with open_store(warn=pytest.fail) as store:
        assert count_cached(plan(model), store, ()) == (2, 0, 16)


def test_an_interrupted_run_keeps_what_was_finished(model: str) -> None:
    class Interrupt(Silent):
        def finished(self, generation: Generation) -> None:
            super().finished(generation)
            if self.done == 2:
                raise KeyboardInterrupt

    kept: list[Generation] = []
    with open_store(warn=pytest.fail) as store, pytest.raises(KeyboardInterrupt):
        decode(plan(model), store=store, done=(), keep=kept.append, watcher=Interrupt(), device="cpu", batch_size=1)
    outcome, _, _ = run(plan(model))
    assert (outcome.from_cache, outcome.decoded) == (2, 2)


def test_a_generation_does_not_depend_on_batch_size_or_order(model: str) -> None:
    fields = {"temperature": 0.9, "samples": 3, "remasking": "random"}
    _, together, _ = run(plan(model, **fields), batch_size=12)
    with open_store(warn=pytest.fail) as store:
        store.database.run(lambda cache: cache.clear())
    _, apart, _ = run(plan(model, PROBLEMS[::-1], **fields), batch_size=1)
    tokens = {(g.problem.id, g.schedule): g.response.token_ids for g in together}
    assert {(g.problem.id, g.schedule): g.response.token_ids for g in apart} == tokens
    assert len(set(tokens.values())) == 12


@pytest.mark.usefixtures("small_memory")
def test_running_out_of_memory_halves_the_batch_and_goes_on(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIRST, "cpu", 8)
    outcome, kept, watcher = run(plan(model, temperature=0.5, samples=2))
    assert outcome.decoded == len(kept) == 8
    assert watcher.notes == [f"out of memory: going on with batches of {size}" for size in (4, 2)]
    with pytest.raises(HexError, match="out of memory on cpu with a batch of 4: use a smaller --batch-size"):
        run(plan(model, seed=7, temperature=0.5, samples=2), batch_size=4)


def test_a_prompt_that_does_not_fit_is_refused_before_anything_is_decoded(model: str) -> None:
    long = Problem(id="long", question="x" * 1100)
    with pytest.raises(UsageError, match=r"the prompt of long is too long: 1102 tokens and a canvas of 16 .* 1024"):
        plan(model, [*PROBLEMS, long])


def test_a_question_that_spells_the_mask_token_is_text_and_the_other_rows_go_on(model: str) -> None:
    work = plan(model, [Problem(id="c", question="what is <|mdm_mask|>?"), *PROBLEMS])
    assert not any(work.mask_id in job.prompt_ids for job in work.jobs)
    assert work.jobs[0].problem.question == "what is <|mdm_mask|>?", "the row says what was asked"
    assert "< |mdm_mask|>" in work.jobs[0].prompt, "and how"
    assert len({job.problem.id for job in work.jobs}) == 3


def test_a_chat_template_with_the_mask_token_is_refused(tmp_path: Path) -> None:
    own = write_checkpoint(tmp_path / "own")
    (own / "chat_template.jinja").write_text("<|mdm_mask|>{{ messages[0]['content'] }}")
    with pytest.raises(UsageError, match="the prompt of a holds the model's mask token"):
        plan(str(own))


def test_a_limit_that_takes_no_problem_is_refused() -> None:
    with pytest.raises(UsageError, match="limit 5000-6000 takes no problem: sums has 2048"):
        plan_run(Recipe(limit="5000-6000"), dtype="float32")


def test_nan_is_a_failed_run(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from hexcli.models.network.transformer import MaskPredictor

    monkeypatch.setattr(MaskPredictor, "logits", lambda self, x: x @ torch.full((32, 260), torch.nan))
    outcome, kept, _ = run(work := plan(model))
    assert (kept, outcome.failed) == ([], len(work.jobs))
    assert "not finite" in outcome.reason


def test_the_model_identity_is_part_of_the_key(model: str, tmp_path: Path) -> None:
    other = write_checkpoint(tmp_path / "other", seed=1)
    assert find_checkpoint(str(other)).identity != find_checkpoint(model).identity
    assert plan(str(other)).jobs[0].key != plan(model).jobs[0].key
