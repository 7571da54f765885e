"""Generations whose text comes token by token."""

import dataclasses
import itertools

from hexcli.records import Generation
from tests.scoring.runs import generation

PIECES = ("Tom", " has", " 12", " + ", "5", " =", " 17", ".\n", "\\", "box", "ed", "{", "17", "}")


def made(problem: str, label: str, *, seed: int = 0, pieces: tuple[str, ...] = PIECES) -> Generation:
    """A generation on a canvas of 32 whose tokens are `pieces`, two a step, and then the end of the text."""
    steps = tuple(place // 2 for place in range(len(pieces)))
    one = generation(
        1,
        label,
        "17",
        seed=seed,
        target="17",
        gen_length=32,
        text="".join(pieces),
        token_ids=tuple(range(len(pieces))) + (99,) * (32 - len(pieces)),
        commit_step=steps + (-1,) * (32 - len(pieces)),
        commit_confidence=tuple(0.5 for _ in pieces) + (0.0,) * (32 - len(pieces)),
    )
    return dataclasses.replace(
        one,
        problem=dataclasses.replace(one.problem, id=problem),
        token_ends=tuple(itertools.accumulate(map(len, pieces))),
    )
