"""Runs to report: with tokens, without, and with what nobody should write."""

import dataclasses
from typing import Any

from hexcli.insight.findings import Findings
from hexcli.records import Generation
from hexcli.runs.counting import count
from hexcli.voting.aggregators import AGGREGATORS
from tests.scoring.runs import generation, run

LABELS = ("8", "16", "64")
CANVAS = 64

# What a model may write, and no page may obey.
HOSTILE = (
    '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">\n'
    "</script><script>window.hacked = 3</script></template></textarea></style><!-- --> <svg onload=window.hacked=4>\n"
    '<a href="javascript:window.hacked = 5">click</a> {{ 7 * 7 }} {% raw %} ${window.hacked = 6} &lt; \u2028\n'
    "\u202eright to left\u202c \u2066isolated\u2069 \x1b[31mred\x1b[0m \x1b]8;;http://x\x07link \x00 \U0001f642\n"
    "<answer>\\boxed{7}</answer>"
)


def decoded(
    problem: int, label: str, answer: str | None, *, seed: int = 0, text: str = "", **fields: Any
) -> Generation:
    """A token every two characters, in blocks from their ends backwards; the end of the text is committed with its
    block, and nothing behind it."""
    said = text or ("no idea" if answer is None else f"4 + 3 is so \\boxed{{{answer}}}")
    length = min((len(said) + 1) // 2, CANVAS)
    block = int(label)
    steps = [
        (place // block * block + block - 1 - place % block) // 2 if place <= length or block == CANVAS else -1
        for place in range(CANVAS)
    ]
    made = generation(problem, label, answer, seed=seed, text=said, commit_step=tuple(steps), **fields)
    return dataclasses.replace(made, token_ends=tuple(min(2 * place + 2, len(said)) for place in range(length)))


def worked(problems: int = 12, name: str = "worked", **fields: Any) -> Findings:
    """Three schedules, two samples: all agree, a tie, a minority right, no vote right, and so on in turn."""
    ways = ("777777", "778889", "788888", "888888", "77-777", "887777")
    made = [
        decoded(number, LABELS[place % 3], None if letter == "-" else letter, seed=place // 3,
                category="odd" if number % 2 else "even")
        for number in range(problems)
        for place, letter in enumerate(ways[number % len(ways)])
    ]  # fmt: skip
    return Findings(count(run(*made, name=name, **fields)), list(AGGREGATORS))


def hostile() -> Findings:
    """Every text, the name, the category and the question are hostile; one text is a line of a megabyte."""
    bad = "<script>window.hacked = 9</script>\u202e\"'>"
    made = [decoded(number, label, "7", text=HOSTILE, category=bad) for number in range(3) for label in LABELS]
    made.append(decoded(3, "8", "7", text="x" * 1_000_000 + "\\boxed{7}"))
    made = [dataclasses.replace(one, problem=dataclasses.replace(one.problem, question=HOSTILE)) for one in made]
    return Findings(count(run(*made, name=bad, model=bad)), list(AGGREGATORS))


def without_tokens(**fields: Any) -> Findings:
    """As of generations made elsewhere."""
    bare: dict[str, Any] = {
        "token_ids": (),
        "commit_step": (),
        "commit_confidence": (),
        "tokens_computed": 0,
        "seconds": 0.0,
    }
    made = [
        dataclasses.replace(generation(number, label, letter, **bare, **fields), source="{}")
        for number, word in enumerate(("777", "778", "899"))
        for label, letter in zip(LABELS, word, strict=True)
    ]  # fmt: skip
    return Findings(count(run(*made, name="imported", recipe={"import": []})), list(AGGREGATORS))
