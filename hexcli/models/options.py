"""Options of loading a model: `-M key=value` on the command line, `model_args` in a recipe."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hexcli.errors import UsageError, unknown

ATTENTION = ("sdpa", "eager")
GRIDS = ("trained", "sampler")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """How to load a model. What can change a token is part of the model's identity, or of the prompt, the
    rest is not.

    adapter              folder or hub id of a LoRA adapter in peft's format, merged into the weights
    attn_implementation  sdpa (torch's fused kernels) or eager (step by step, softmax in float32)
    chat_template        whether the prompt goes through the tokenizer's; None = where there is one, but not for the
                         base models among the short names, whose tokenizers have one that they never saw
    block_length         the trained block of a block-causal checkpoint whose config.json does not name it
    cuda_graphs          whether forward passes on a GPU are recorded and launched as one (see recording.py)
    grid                 of a block-causal checkpoint: trained (its blocks are counted from the start of the prompt, as
                         SDAR's and LLaDA2's loops do) or sampler (from its end, as dllm's bd3lm sampler does)
    device_map           `auto` (every GPU) or devices in order (`cuda:0,cuda:1`): the layers are spread over them
    mask_id              id of the mask token, where neither config.json nor the tokenizer names it
    revision             branch, tag or commit of a hub id
    shift_logits         remote code only: whether its logits are about the next position, as Dream's
    """

    adapter: str | None = None
    attn_implementation: str = "sdpa"
    block_length: int | None = None
    chat_template: bool | None = None
    cuda_graphs: bool = True
    device_map: str | None = None
    grid: str = "trained"
    mask_id: int | None = None
    revision: str | None = None
    shift_logits: bool = False

    @property
    def identity(self) -> str:
        """What these options change in a model of a given content, as a suffix of its identity; often empty."""
        said = {
            "attn": None if self.attn_implementation == "sdpa" else self.attn_implementation,
            "block": self.block_length,
            "grid": None if self.grid == "trained" else self.grid,
            "mask": self.mask_id,
            "shift": self.shift_logits or None,
        }
        return "".join(f"+{name}={value}" for name, value in said.items() if value is not None)

    @property
    def native_only(self) -> str | None:
        """The name of an option that is set and that remote code could not follow."""
        return next(
            (name for name in ("adapter", "block_length", "device_map") if getattr(self, name) is not None), None
        )


# What other tools say of a model in this way, and hex by an option of its own.
_ELSEWHERE = {
    **dict.fromkeys(("pretrained", "path", "model", "model_path", "checkpoint", "name"), "a model is --model {}"),
    **dict.fromkeys(("torch_dtype", "precision"), "a dtype is --dtype {}"),
    **dict.fromkeys(("load_in_8bit", "load_in_4bit", "quantization"), "8-bit floats are --dtype float8"),
    **dict.fromkeys(("lora", "peft", "lora_path"), "a LoRA adapter is -M adapter={}"),
    **dict.fromkeys(("device", "gpu"), "a device is --device {}"),
    **dict.fromkeys(("batch_size", "gen_length", "steps", "cfg_scale", "temperature"), "it is an option of its own"),
    "trust_remote_code": "code of a checkpoint is run by --trust-remote-code",
}


def split_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """`key=value` texts -> a mapping. Raises UsageError on one without `=`, and on a key given twice."""
    found: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key.strip() or not equals or not value.strip():
            raise UsageError(
                f"-M takes key=value, not '{pair}': e.g. -M adapter=FOLDER (hex decode --help has all keys)"
            )
        if key.strip() in found:
            raise UsageError(f"-M {key.strip()} is given twice")
        found[key.strip()] = value.strip()
    return found


def read_options(values: Mapping[str, Any]) -> ModelOptions:
    """The options in `values`, which may be texts. Raises UsageError on an unknown key or a value that does not fit."""
    fields = {field.name: field for field in dataclasses.fields(ModelOptions)}
    parsed: dict[str, Any] = {}
    for key, value in values.items():
        if key in _ELSEWHERE:
            raise UsageError(f"-M {key}: {_ELSEWHERE[key].format(value)}")
        if key not in fields:
            raise unknown("model option", key, [*fields, "dtype"])
        if key in ("block_length", "mask_id"):
            parsed[key] = _whole(key, value, least=key == "block_length")
        elif key in ("shift_logits", "chat_template", "cuda_graphs"):
            parsed[key] = _flag(key, value)
        else:
            parsed[key] = str(value)
    options = ModelOptions(**parsed)
    if options.attn_implementation not in ATTENTION:
        raise unknown("attn_implementation", options.attn_implementation, ATTENTION)
    if options.grid not in GRIDS:
        raise unknown("grid", options.grid, GRIDS)
    return options


def _whole(key: str, value: Any, *, least: int) -> int:
    text = str(value)
    if not text.isdecimal() or int(text) < least:
        raise UsageError(f"-M {key} must be a whole number of at least {int(least)}, not '{value}'")
    return int(text)


def _flag(key: str, value: Any) -> bool:
    text = str(value).lower()
    if text not in ("true", "false"):
        raise UsageError(f"-M {key} must be true or false, not '{value}'")
    return text == "true"
