"""The text of the model card."""

from collections.abc import Sequence
from dataclasses import asdict

from evaluate import Score, table
from trainer import Trainer

WORDED = """{reasoning:.0%} of the problems are asked in the wording `reasoning` (solved in sentences, the answer in
tags), {answer:.0%} in `answer` (equations and a box), the others in `plain`, to which alone the next line applies.
Training began with the weights of `tiny`.
"""


def card(trainer: Trainer, scores: Sequence[Score], device: str) -> str:
    """The card of the trainer's model as it is now; `scores` were measured at this step, on the averaged weights."""
    s = trainer.settings
    stopped = "" if trainer.finished else f" Training was stopped there; {trainer.steps:,} steps were planned."
    several = len(s.wordings) > 1
    name, options = ("tiny-prompts", " --prompts") if several else ("tiny", "")
    wordings = WORDED.format(reasoning=s.reasoning, answer=s.answer) if several else ""
    settings = "\n".join(f"- {name}: {value}" for name, value in asdict(s).items())
    return f"""---
license: mit
library_name: dllm-hex
tags: [masked diffusion, LLaDA, test-time scaling]
---
# hex {name}

A masked diffusion language model of {trainer.parameters / 1e6:.1f}M parameters in LLaDA's layout. It solves short
arithmetic word problems, and exists to try decoding schedules on: trained to be decoded in blocks of any length.

## Data
{s.examples:,} problems from a generator (`hexcli/tasks/embedded/stories.py`), seed {s.seed}; no text of other origin.
What is apart in training, calibration and test is the numbers that a solution uses, in whatever order. Other numbers in
a text can coincide (4.8 % of the test problems in an eighth of the data of `tiny`), drills are not split, and half of
the wordings of the test were seen in training.
{wordings}Responses are {s.sentences:.0%} sentences,
{s.equations:.0%} equations, the rest a bare answer; {s.choices:.0%} of the problems have
four options, and one in eight of the others asks for the answer first. For 100 problems there are
{100 * s.drills:.0f} drills, of one equation or one option each.

## Training
`python recipes/tiny/train.py{options}`, {trainer.step:,} steps, {trainer.tokens / 1e9:.2f} billion tokens,
{trainer.seconds / 60:.1f} minutes of steps on {device}.{stopped}

## Accuracy
Of these weights, those of step {trainer.step:,}, on calibration problems at temperature 0, two tokens a step; majority
and oracle are over the blocks of the table.

{table(scores)}

## Limits
It knows the world of its generator only: names, things and relations it has seen, whole numbers below 10,000, and
2 to 5 steps. Other words are spelled in letters and mostly not understood. English only. Prompts of more than
about 120 tokens and canvases of more than about 160 are outside its training.

## Settings
{settings}
"""
