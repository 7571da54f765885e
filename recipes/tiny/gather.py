"""Decode recipes and keep nothing but the votes: the generations of `hex sweep`, by several processes on one GPU.

    python recipes/tiny/gather.py recipes/tiny/results/axes/axes.yaml --out votes.json.gz --processes 8

The keys of the generations, and so their noise, are those of `hex sweep`; run folder and cache are left out. What is
decoded by `--seconds` is kept: the problems that have all their votes.
"""

import argparse
import contextlib
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from kept import Cast, Kept, save

from hexcli.engine.decoding import decode
from hexcli.engine.plan import plan_run
from hexcli.recipe.file import load_recipes
from hexcli.recipe.recipe import Recipe
from hexcli.records import Canvas, Generation, Problem, Response
from hexcli.runs.ballots import vote_of
from hexcli.schedule import Schedule
from hexcli.store.store import GenerationStore
from hexcli.tasks.registry import get_task
from hexcli.voter import Voter, voter_of


class TimeUpError(Exception):
    """The seconds are over."""


class Nothing(GenerationStore):
    """A cache that holds nothing and keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.directory = folder / "cache"  # beside it the claims of other processes are: there are none

    def get(self, key: str) -> Response | None:
        """Nothing."""

    def each(self, keys: Iterable[str]) -> Iterator[Response | None]:
        """Nothing, for each key."""
        return (None for _ in keys)

    def put(self, key: str, response: Response, *, about: Mapping[str, Any]) -> None:
        """Nothing is kept."""

    def require_writable(self) -> None:
        """Nothing is written."""

    def __contains__(self, key: str) -> bool:
        return False


class Quiet:
    """A watcher that tells nobody."""

    looks = False

    def begin(self, *, total: int, reused: int, nfe: int, left: Mapping[str, int], at_most: bool) -> None:
        """Nobody is told."""

    def unneeded(self, problem_id: str, nfe: int) -> None:
        """Nobody is told."""

    def loading(self, share: float) -> None:
        """Nobody is told."""

    def at_work(self) -> None:
        """Nobody is told."""

    def step(self, forwards: int) -> None:
        """Nobody is told."""

    def canvases(self, canvases: Sequence[Canvas]) -> None:
        """Nobody is told."""

    def finished(self, generation: Generation) -> None:
        """Nobody is told."""

    def note(self, message: str) -> None:
        """Nobody is told."""


Sent = tuple[
    str, str, str, str, int
]  # a vote on its way from a process: schedule as JSON, wording, problem, answer, NFE


def sent(cast: Cast) -> Sent:
    """A vote without objects that remember their hash: hashes of texts differ from process to process."""
    schedule = json.dumps(cast.voter.schedule.to_dict(), sort_keys=True)
    return schedule, cast.voter.prompt, cast.problem, cast.answer, cast.nfe


def restored(vote: Sent) -> Cast:
    """The vote that was sent."""
    return Cast(_voter(vote[0], vote[1]), *vote[2:])


@cache
def _voter(schedule: str, prompt: str) -> Voter:
    return voter_of(Schedule.from_dict(json.loads(schedule)), prompt)


def votes(recipe: Recipe, problems: Sequence[Problem], device: str, until: float) -> list[Sent]:
    """The votes of a recipe on some problems; as many as there are when the clock of the machine says `until`."""
    task, casts = get_task(recipe.task), list[Sent]()
    if time.time() > until:
        return casts

    def keep(generation: Generation) -> None:
        vote = vote_of(generation, task)
        casts.append(sent(Cast(vote.voter, generation.problem.id, vote.answer or "", generation.response.nfe)))
        if time.time() > until:
            raise TimeUpError

    plan = plan_run(recipe, dtype=recipe.dtype, problems=problems)
    with contextlib.suppress(TimeUpError), tempfile.TemporaryDirectory() as folder:
        decode(plan, store=Nothing(Path(folder)), done=(), keep=keep, watcher=Quiet(), device=device, batch_size=512)
    return casts


def main() -> None:
    """Every recipe of the files, in parts of problems that the processes share."""
    parser = argparse.ArgumentParser(description="Decode recipes and keep the votes.")
    parser.add_argument("recipes", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--task", help="of the recipes only those of this task")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--chunk", type=int, default=128, help="problems that a process takes at a time")
    parser.add_argument("--seconds", type=float, default=1e9, help="keep what is there by then")
    parser.add_argument("--limit", type=int, help="the first problems only")
    parser.add_argument("--device", default="cuda")
    args = parser.parse_args()
    started = time.time()
    recipes = [one for path in args.recipes for one in load_recipes(path) if args.task in (None, one.task)]
    found: list[Kept] = []
    with ProcessPoolExecutor(args.processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for recipe in recipes:
            problems = list(get_task(recipe.task).load())[: args.limit]
            parts = [problems[place : place + args.chunk] for place in range(0, len(problems), args.chunk)]
            work = [
                pool.submit(votes, replace(recipe, limit=None), part, args.device, started + args.seconds)
                for part in parts
            ]
            casts = [restored(vote) for one in work for vote in one.result()]
            kept = Kept.of(recipe.model, recipe.task, {problem.id: problem for problem in problems}, casts)
            seconds = time.time() - started
            print(f"{recipe.task}: {len(casts)} votes, {len(kept.problems)} problems, {seconds:.0f} s", flush=True)
            found.append(kept)
            save(found, args.out)


if __name__ == "__main__":
    main()
