"""Published results on the tasks, to set beside one's own: each with the paper it is from.

All are of LLaDA-8B-Instruct. Harnesses differ in prompt, extraction and grading: a gap of a few points between a
landmark and a run of one's own says nothing.
"""

from dataclasses import dataclass

from hexcli.runs.counting import Count

HEX = "2510.05040"
DVOTING = "2602.12153"
PRISM = "2602.01842"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A published accuracy (a share) at a cost in forward passes a problem. `source`: the arXiv id of who says so."""

    name: str
    accuracy: float
    nfe: int
    source: str


def _landmark(name: str, per_cent: float, nfe: int, source: str) -> Landmark:
    return Landmark(name=name, accuracy=round(per_cent / 100, 6), nfe=nfe, source=source)


# By the name of the task. HEX: 128 forward passes a vote (256 tokens, two a step).
LANDMARKS: dict[str, tuple[Landmark, ...]] = {
    "gsm8k": (
        _landmark("one block (top-k)", 22.52, 128, HEX),
        _landmark("one block (top-k margin)", 24.72, 128, HEX),
        _landmark("blocks of 32", 76.27, 128, HEX),
        _landmark("HEX, 5 votes", 82.2, 640, HEX),
        _landmark("HEX, 25 votes", 88.10, 3200, HEX),
        _landmark("HEX as rerun by dVoting", 85.75, 3200, DVOTING),
        _landmark("dVoting, 256 tokens", 83.78, 237, DVOTING),
        _landmark("dVoting, 512 tokens", 87.72, 290, DVOTING),
        _landmark("Prism, K = 8", 85.30, 1048, PRISM),
    ),
    "math": (
        _landmark("one block (top-k)", 16.60, 128, HEX),
        _landmark("blocks of 32", 32.80, 128, HEX),
        _landmark("HEX, 5 votes", 38.4, 640, HEX),
        _landmark("HEX, 25 votes", 40.00, 3200, HEX),
        _landmark("HEX as rerun by dVoting", 43.6, 3200, DVOTING),
        _landmark("dVoting, 256 tokens", 40.2, 474, DVOTING),
        _landmark("dVoting, 512 tokens", 45.4, 701, DVOTING),
        _landmark("Prism, K = 8", 42.80, 1304, PRISM),
    ),
    "arc": (
        _landmark("one block (top-k)", 47.87, 128, HEX),
        _landmark("HEX, 5 votes", 74.6, 640, HEX),
        _landmark("HEX, 25 votes", 87.80, 3200, HEX),
        _landmark("HEX as rerun by dVoting", 83.87, 3200, DVOTING),
    ),
    "truthfulqa": (
        _landmark("one block (top-k)", 29.82, 128, HEX),
        _landmark("HEX, 5 votes", 45.9, 640, HEX),
        _landmark("HEX, 25 votes", 57.46, 3200, HEX),
    ),
}


def landmarks(task: str) -> tuple[Landmark, ...]:
    """What is published on the task of that name; nothing for most."""
    return LANDMARKS.get(task, ())


def of_the_dataset(counted: Count) -> bool:
    """Whether a run's problems are known to be those of the task's dataset: decoded from it, or as many as it has.

    Rows of a file (an import, --data) may be anyone's.
    """
    manifest = counted.run.manifest
    told = [one.recipe.get(name) for one in manifest.asked for name in ("import", "data")]
    return len(counted.ballots) == counted.task.size or not (manifest.data or any(told))
