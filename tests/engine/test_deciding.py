"""A problem stops where its votes decide, and no generation is decoded in vain that could be known not to matter."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.engine.deciding import Polls
from hexcli.engine.decoding import count_cached, decode
from hexcli.engine.job import Job
from hexcli.engine.plan import Plan, plan_run
from hexcli.recipe.recipe import Recipe
from hexcli.records import Generation, Problem
from hexcli.store.store import open_store
from hexcli.tasks.embedded.sums import SUMS
from hexcli.voting.ordering import in_turn
from hexcli.voting.rules import majority
from hexcli.voting.votes import Election, Vote
from tests.checkpoints import write_checkpoint
from tests.engine.test_decoding import PROBLEMS, Silent, run
from tests.samples import RESPONSE

ENSEMBLE = {"schedules": ("2", "4", "8", "16"), "samples": 4, "temperature": 0.9}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_checkpoint(tmp_path_factory.mktemp("models") / "small"))


def plan(model: str, problems: list[Problem] = PROBLEMS, answer: str | None = "7", **fields: object) -> Plan:
    """16 votes a problem, each for `answer`: what an untrained model writes is no answer."""
    recipe = Recipe(model=model, **{"gen_length": 16, **ENSEMBLE, **fields})  # type: ignore[arg-type]
    made = plan_run(recipe, dtype="float32", problems=problems)
    return dataclasses.replace(made, task=dataclasses.replace(SUMS, extract=lambda text, problem: answer))


def test_a_problem_stops_where_no_vote_can_change_its_majority(model: str) -> None:
    work = plan(model)
    outcome, kept, watcher = run(work, polls=Polls(work, 1.0), batch_size=4)
    # Eight votes to eight would be a tie, which the first cast vote wins.
    assert (outcome.decoded, outcome.not_needed, outcome.nfe_saved) == (16, 16, 128)
    assert outcome.nfe == watcher.forwards <= watcher.nfe == 128, "what was left out is no longer waited for"
    wanted = set(in_turn(work.voters)[:8])
    for problem in PROBLEMS:
        assert {one.voter for one in kept if one.problem == problem} == wanted


def test_where_every_vote_abstains_all_are_cast(model: str) -> None:
    work = plan(model, answer=None)
    outcome, _, _ = run(work, polls=Polls(work, 1.0))
    assert (outcome.decoded, outcome.not_needed) == (32, 0)


def test_a_posterior_stops_earlier(model: str) -> None:
    work = plan(model)
    outcome, _, _ = run(work, polls=Polls(work, 0.95))
    assert (outcome.decoded, outcome.not_needed) == (8, 24)


def test_votes_that_are_there_count_first(model: str) -> None:
    run(plan(model, schedules=("8",)))
    work = plan(model)
    with open_store(warn=pytest.fail) as store:
        counts = count_cached(work, store, (), Polls(work, 1.0))
    assert (counts.there, counts.not_needed, counts.nfe) == (8, 0, 24 * 8)
    outcome, kept, _ = run(work, polls=Polls(work, 1.0))
    assert (outcome.from_cache, outcome.decoded) == (8, 8)

    done = {(one.problem.id, one.voter) for one in kept}
    again, _, _ = run(work, polls=Polls(work, 1.0, held=kept), done=done)
    assert (again.in_run, again.from_cache, again.decoded, again.not_needed) == (16, 0, 0, 16)
    with open_store(warn=pytest.fail) as store:
        counts = count_cached(work, store, (), Polls(work, 1.0))
    assert (counts.there, counts.not_needed, counts.nfe) == (16, 16, 0)


def test_an_interrupted_run_goes_on_where_it_stopped(model: str) -> None:
    class Interrupt(Silent):
        def finished(self, generation: Generation) -> None:
            super().finished(generation)
            if self.done == 11:
                raise KeyboardInterrupt

    work = plan(model)
    with open_store(warn=pytest.fail) as store, pytest.raises(KeyboardInterrupt):
        decode(
            work,
            store=store,
            done=(),
            keep=lambda generation: None,
            watcher=Interrupt(),
            device="cpu",
            batch_size=1,
            polls=Polls(work, 1.0),
        )
    outcome, _, _ = run(work, polls=Polls(work, 1.0))
    assert (outcome.from_cache, outcome.decoded, outcome.not_needed) == (11, 5, 16)


def test_votes_of_the_run_folder_that_the_plan_does_not_ask_for_count_too(model: str) -> None:
    _, others, _ = run(plan(model, answer="1", seed=10))
    work = plan(model)

    def extract(text: str, problem: Problem) -> str:
        return "1" if text in {one.response.text for one in others} else "7"

    work = dataclasses.replace(work, task=dataclasses.replace(SUMS, extract=extract))
    outcome, _, _ = run(work, polls=Polls(work, 1.0, held=others))
    assert outcome.decoded == 32, "16 votes of the others against 16 of its own"


def test_problems_with_one_prompt_share_their_votes(model: str) -> None:
    twins = [Problem(id="a", question="same"), Problem(id="b", question="same")]
    work = plan(model, twins)
    outcome, _, _ = run(work, polls=Polls(work, 1.0))
    assert (outcome.decoded, outcome.from_cache, outcome.not_needed, outcome.nfe_saved) == (8, 8, 16, 64)


@pytest.mark.usefixtures("small_memory")
def test_what_ran_out_of_memory_is_done_again(model: str) -> None:
    work = plan(model)
    outcome, _, watcher = run(work, polls=Polls(work, 1.0))
    assert (outcome.decoded, outcome.not_needed) == (16, 16)
    assert watcher.notes[-1] == "out of memory: going on with batches of 2"


def vote(job: Job, answer: str | None) -> Generation:
    text = "none" if answer is None else f"\\boxed{{{answer}}}"
    response = dataclasses.replace(RESPONSE, text=text)
    return Generation(problem=job.problem, prompt=job.prompt, schedule=job.schedule, response=response, cached=False)


def simulate(
    work: Plan, answer: Callable[[Job], str | None], *, slots: int, spare: int = 0
) -> tuple[list[Job], list[Job], int]:
    """The jobs that a batch of so many slots would do, those it would begin in vain, and the steps at which it would be
    neither full nor have `spare` jobs while some are left."""
    polls, by_key = Polls(work, 1.0), {job.key: job for job in work.jobs}
    done: list[Job] = []
    in_vain: list[Job] = []
    batch: list[Job] = []
    idle = 0
    todo = set(by_key) - {job.key for job in polls.open(work.jobs)}
    order = polls.order(spare=spare)
    while todo:
        while len(batch) < slots and (key := next(order, None)) is not None:
            batch.append(by_key[key])
        assert batch
        idle += len(batch) < min(slots, spare, len(todo))
        done.append(batch.pop(0))
        todo.remove(done[-1].key)
        unneeded = {job.key for job in polls.cast(vote(done[-1], answer(done[-1])))}
        todo -= unneeded
        in_vain += [job for job in batch if job.key in unneeded]
        batch = [job for job in batch if job.key not in unneeded]
    assert not batch, "what is not needed is taken back"
    return done, in_vain, idle


@pytest.fixture(scope="module")
def sums() -> Plan:
    return plan_run(Recipe(schedules=("8", "16", "32"), samples=3, temperature=0.9, limit="6"), dtype="float32")


@settings(max_examples=60)
@given(st.data(), st.integers(1, 20), st.sampled_from([0, 3, 20]))
def test_whatever_the_votes_and_the_batch_the_majority_is_that_of_all(
    sums: Plan, data: st.DataObject, slots: int, spare: int
) -> None:
    table = {job.key: data.draw(st.sampled_from(["1", "1", "1", "2", None])) for job in sums.jobs}
    done, in_vain, idle = simulate(sums, lambda job: table[job.key], slots=slots, spare=spare)
    begun = [job.key for job in [*done, *in_vain]]
    assert len(set(begun)) == len(begun), "none is begun twice"
    assert idle == 0
    alone, nothing, _ = simulate(sums, lambda job: table[job.key], slots=1)
    assert not nothing
    assert len(done) <= len(alone) + spare * len(sums.problems)
    for problem in sums.problems:
        full, there = (
            [job for job in sorted(jobs, key=lambda job: job.schedule.cast_order) if job.problem == problem]
            for jobs in (sums.jobs, done)
        )
        assert winner(full, table) == winner(there, table)


def winner(jobs: list[Job], table: dict[str, str | None]) -> str | None:
    votes = [Vote(answer=table[job.key], schedule=job.schedule) for job in jobs]
    return majority(Election.of(votes, SUMS.equal)).answer


def test_a_batch_holds_votes_that_are_needed_of_many_problems_and_not_spare_ones_of_few(sums: Plan) -> None:
    polls = Polls(sums, 0.87)
    polls.open(sums.jobs)
    by_key = {job.key: job for job in sums.jobs}
    chosen = [by_key[key] for key in polls.order(spare=0)]
    assert [job.problem.id for job in chosen] == [problem.id for problem in sums.problems for _ in range(2)]
    assert [job.schedule.label for job in chosen] == ["32", "8"] * len(sums.problems), "the most different ones first"
    more = [by_key[key] for key in polls.order(spare=15)]
    assert len(more) == 15
    assert [job.problem.id for job in more[12:]] == [problem.id for problem in sums.problems[:3]]


def test_an_order_that_has_none_has_some_later(sums: Plan) -> None:
    polls = Polls(sums, 0.87)
    polls.open(sums.jobs)
    order, by_key = polls.order(spare=0), {job.key: job for job in sums.jobs}
    first = [by_key[key] for key in order]
    for answer, job in zip("12", first[:2], strict=True):
        assert polls.cast(vote(job, answer)) == []
    assert {by_key[key].problem for key in order} == {first[0].problem}
