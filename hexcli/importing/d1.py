"""The JSON of d1's evaluation (dllm-reasoning/d1, eval/eval.py) and of HEX's (junos-ai-org/hex), one file a schedule.

    {"generations": [{"question": "...", "prompt_input": "...", "generations": "...<|eot_id|>", "ground_truth": 18.0}],
     "metrics": {...}, "model_path": "GSAI-ML/LLaDA-8B-Instruct", "checkpoint_path": "",
     "gen_length": 256, "diffusion_steps": 128, "block_length": 32}

The temperature is not in it: d1 evaluates at 0, HEX at whatever its command said. HEX's rows also have its one-step
estimate, `loglikelihood`, and write options into the question. Other fields, of the file or of a row, are kept.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hexcli.answers.grading import LETTERS
from hexcli.importing.sample import STATED, Sample, text_of, without

_OPTIONS = re.compile(r"\n\nOptions:\n((?:\w\. .*\n)+)\nChoose ONE letter\.\s*$")


def is_d1(value: Any) -> bool:
    """Whether the JSON value of a whole file is of this format."""
    return isinstance(value, Mapping) and isinstance(value.get("generations"), list)


def header(value: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says of all its rows."""
    return without(value, "generations")


def model(value: Mapping[str, Any]) -> str | None:
    """The model, with its adapter where there is one."""
    names = [value.get("model_path"), value.get("checkpoint_path")]
    return "+".join(name for name in names if isinstance(name, str) and name not in ("", "nope")) or None


def assumed(value: Mapping[str, Any]) -> dict[str, Any]:
    """What holds of the schedule although the file does not state it: d1's temperature, but not HEX's."""
    return {} if "early_ban_steps" in value else {"temperature": 0.0}


def samples(value: Mapping[str, Any]) -> Iterator[Sample]:
    """The file's generations. Raises ValueError naming the row and what is wrong with it."""
    stated = {name: value[name] for name in STATED if value.get(name) is not None}
    if value.get("diffusion_steps") is not None:
        stated["steps"] = value["diffusion_steps"]
    for number, row in enumerate(value["generations"], start=1):
        try:
            if not isinstance(row, Mapping):
                raise ValueError(f"it must be an object, not {row!r:.60}")
            yield _sample(number, row, stated)
        except ValueError as error:
            raise ValueError(f"row {number}: {error}") from None


def _sample(number: int, row: Mapping[str, Any], stated: Mapping[str, Any]) -> Sample:
    question, target = text_of(row, "question"), row.get("ground_truth")
    rest = without(row, "question", "generations", "prompt_input")
    about: dict[str, Any] = {}
    logprob = row.get("loglikelihood")
    if isinstance(logprob, float) and math.isfinite(logprob):
        about["first_step_logprob"] = logprob
    if options := _OPTIONS.search(question):
        labels, texts = zip(*(line.split(". ", 1) for line in options[1].splitlines()), strict=True)
        if target in labels:
            target = LETTERS[labels.index(target)]
        about["choices"] = list(texts)
        rest["question"], question = question, question[: options.start()]
    return Sample(
        row=number,
        question=question,
        text=text_of(row, "generations"),
        prompt=text_of({"prompt_input": "", **row}, "prompt_input"),
        target=target,
        stated=stated,
        about=about,
        rest=rest,
    )
