"""Small records to put into caches and run folders."""

import dataclasses
from typing import Any

from hexcli.keys import generation_about, key_of
from hexcli.records import Generation, Problem, Response
from hexcli.runs.manifest import Manifest
from hexcli.schedule import Schedule
from hexcli.voter import Voter

RESPONSE = Response(
    text="3 + 4 = 7, so \\boxed{7} ✓",
    token_ids=(11, 12, 13, 0),
    commit_step=(0, 1, 1, 0),
    commit_confidence=(0.1, 0.30000000000000004, 1.0, 5e-324),
    first_step_logprob=-1.25,
    nfe=2,
    tokens_computed=20,
    seconds=0.5,
    device="cpu",
    batch_size=3,
)


def schedule(**fields: Any) -> Schedule:
    return Schedule(**{"blocks": (2, 2), "gen_length": 4, "steps": 2, **fields})


def voter(**fields: Any) -> Voter:
    return Voter(schedule(**fields))


def response(number: int) -> Response:
    return dataclasses.replace(RESPONSE, token_ids=(number, 12, 13, 0))


def about(number: int, *, model: str = "model-a") -> dict[str, Any]:
    return generation_about(model=model, dtype="float32", prompt=f"What is {number} + 4?", schedule=schedule())


def key(number: int, *, model: str = "model-a") -> str:
    return key_of(about(number, model=model))


def generation(number: int, **fields: Any) -> Generation:
    problem = Problem(id=f"p{number}", question=f"What is {number} + 4?", target=str(number + 4))
    return Generation(
        problem=problem,
        prompt=f"Q: {problem.question}",
        schedule=schedule(**fields),
        response=response(number),
        cached=False,
    )


def manifest(**fields: Any) -> Manifest:
    return Manifest(
        **{
            "name": "sums-tiny",
            "created": "2025-01-02T03:04:05+00:00",
            "recipe": {"task": "sums", "schedules": ["2"]},
            "task": "sums",
            "task_version": 1,
            "model": "tiny",
            "model_identity": "sha256:0123",
            "dtype": "float32",
            "hardware": {"device": "cpu", "cores": 2},
            "expected": 3,
            **fields,
        }
    )
