"""Counted runs to score."""

import dataclasses
from pathlib import Path
from typing import Any

from hexcli.records import Generation, Problem
from hexcli.runs.counting import Count, count
from hexcli.runs.reading import Run
from hexcli.schedule import Schedule
from tests.samples import RESPONSE, manifest


def generation(
    problem: int,
    label: str,
    answer: str | None,
    *,
    seed: int = 0,
    target: str | None = "7",
    gen_length: int = 64,
    temperature: float = 0.9,
    category: str | None = None,
    **response: Any,
) -> Generation:
    schedule = Schedule.parse(label, gen_length=gen_length, temperature=temperature, seed=seed)
    text = "no idea" if answer is None else f"so \\boxed{{{answer}}}"
    return Generation(
        problem=Problem(id=f"p{problem}", question=f"question {problem}", target=target, category=category),
        prompt=f"question {problem}",
        schedule=schedule,
        response=dataclasses.replace(
            RESPONSE,
            **{
                "text": text,
                "token_ids": (0,) * gen_length,
                "commit_step": (0,) * gen_length,
                "commit_confidence": (1.0,) * gen_length,
                "nfe": schedule.nfe,
                "tokens_computed": 1000,
                **response,
            },
        ),
        cached=False,
    )


def run(*generations: Generation, expected: int | None = None, name: str = "test", **fields: Any) -> Run:
    wanted = len(generations) if expected is None else expected
    return Run(
        path=Path("runs") / name,
        manifest=manifest(name=name, expected=wanted, complete=True, **fields),
        generations=tuple(generations),
    )


def counted(*generations: Generation, expected: int | None = None, **options: Any) -> Count:
    return count(run(*generations, expected=expected), **options)
