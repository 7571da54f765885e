"""A finished run of the embedded model and its cache, made up: nothing is decoded, all else is as hex writes it.

    python -m tests.load.make OUT [SAMPLES]

OUT/run and OUT/cache then hold 2,048 problems x 4 schedules x SAMPLES seeds (13: 106,496 generations).
"""

import dataclasses
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from hexcli.engine.job import Job
from hexcli.engine.manifest import manifest_of
from hexcli.engine.plan import Plan, plan_run
from hexcli.json_file import json_line, write_json
from hexcli.recipe.recipe import Recipe
from hexcli.records import Generation, Response
from hexcli.runs.row import row_of
from hexcli.runs.rows import GENERATIONS, MANIFEST
from hexcli.store.row import StoredRow, pack
from hexcli.store.store import open_store
from hexcli.tasks.embedded.stories import Story, fixed_set

WRONG = 0.4  # share of the generations with another number in each step
END = 638  # the embedded model's end of text


def recipe(samples: int, limit: str = "2048") -> Recipe:
    """What the run is of."""
    return Recipe(schedules=("8", "16", "32", "64"), temperature=0.9, samples=samples, limit=limit)


def write(out: Path, samples: int, limit: str = "2048") -> int:
    """Write both folders; how many generations that made."""
    plan = plan_run(recipe(samples, limit), dtype="float32")
    stories = {problem.question: story for problem, story in zip(plan.problems, _stories(plan), strict=True)}
    dice = random.Random(0)
    (out / "run").mkdir(parents=True)
    with (
        open_store(out / "cache", warn=print) as store,
        (out / "run" / GENERATIONS).open("wb") as file,
        store.database.run(lambda cache: cache.transact()),
    ):
        for job in plan.jobs:
            response = _response(plan, job, stories[job.problem.question], dice)
            value = pack(StoredRow(about=job.about, response=response))
            store.database.run(lambda cache, job=job, value=value: cache.set(job.key, value, tag=job.about["model"]))
            file.write(json_line(row_of(_generation(plan, job, response))))
    manifest = manifest_of(plan, "run", "cpu", "2026-01-01T00:00:00+00:00", None)
    made = dataclasses.replace(manifest, complete=True, generations=len(plan.jobs))
    write_json(out / "run" / MANIFEST, made.to_dict())
    return len(plan.jobs)


def _stories(plan: Plan) -> Iterator[Story]:
    for problem, story in zip(plan.problems, fixed_set("test", len(plan.problems)), strict=True):
        assert story.asked == problem.question
        yield story


def _response(plan: Plan, job: Job, story: Story, dice: random.Random) -> Response:
    """A solution, right or nearly so, filled in at random places of a canvas."""
    off = dice.choice((1, 1, 2, 10)) if dice.random() < WRONG else 0
    steps = " ".join(step.sentence.replace(str(step.value), str(step.value + off)) for step in story.steps)
    ids = plan.tokenizer.encode(f"{steps} \\boxed{{{story.answer + off}}}")[: job.schedule.gen_length]
    canvas = job.schedule.gen_length
    order = dice.sample(range(len(ids)), len(ids))
    rest = canvas - len(ids)
    return Response(
        text=plan.tokenizer.decode(ids),
        token_ids=(*ids, *[END] * rest),
        commit_step=(*(place // 2 for place in order), *[-1] * rest),
        commit_confidence=(*(round(1 - dice.random() ** 4, 6) for _ in ids), *[0.0] * rest),
        first_step_logprob=-dice.random(),
        nfe=len(ids) // 2 + 1,
        tokens_computed=(len(ids) // 2 + 1) * job.length,
        seconds=dice.random() / 10,
        device="cpu",
        batch_size=16,
    )


def _generation(plan: Plan, job: Job, response: Response) -> Generation:
    return Generation(
        problem=job.problem,
        prompt=job.prompt,
        schedule=job.schedule,
        response=response,
        cached=False,
        token_ends=plan.tokenizer.ends(response.token_ids),
    )


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 13), "generations")
