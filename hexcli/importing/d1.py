"""The JSON of d1's evaluation (dllm-reasoning/d1, eval/eval.py), which HEX's follows: one file a schedule.

    {"generations": [{"question": "...", "prompt_input": "...", "generations": "...<|eot_id|>", "ground_truth": 18.0}],
     "metrics": {...}, "model_path": "GSAI-ML/LLaDA-8B-Instruct", "checkpoint_path": "",
     "gen_length": 256, "diffusion_steps": 128, "block_length": 32}

The temperature is not in it; d1 evaluates at 0. Other fields, of the file or of a row, are kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hexcli.importing.sample import STATED, Sample, text_of, without

ASSUMED = {"temperature": 0.0}


def is_d1(value: Any) -> bool:
    """Whether the JSON value of a whole file is of this format."""
    return isinstance(value, Mapping) and isinstance(value.get("generations"), list)


def header(value: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says of all its rows."""
    return without(value, "generations")


def model(value: Mapping[str, Any]) -> str | None:
    """The model, with its adapter where there is one."""
    names = [value.get("model_path"), value.get("checkpoint_path")]
    return "+".join(name for name in names if isinstance(name, str) and name) or None


def samples(value: Mapping[str, Any]) -> Iterator[Sample]:
    """The file's generations. Raises ValueError naming the row and what is wrong with it."""
    stated = {name: value[name] for name in STATED if value.get(name) is not None}
    if value.get("diffusion_steps") is not None:
        stated["steps"] = value["diffusion_steps"]
    for number, row in enumerate(value["generations"], start=1):
        try:
            if not isinstance(row, Mapping):
                raise ValueError(f"it must be an object, not {row!r:.60}")
            yield Sample(
                row=number,
                question=text_of(row, "question"),
                text=text_of(row, "generations"),
                prompt=text_of({"prompt_input": "", **row}, "prompt_input"),
                target=row.get("ground_truth"),
                stated=stated,
                rest=without(row, "question", "generations", "prompt_input"),
            )
        except ValueError as error:
            raise ValueError(f"row {number}: {error}") from None
