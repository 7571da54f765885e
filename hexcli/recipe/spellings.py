"""What people write for a dtype, a remasking rule or a task, and what it is called here: one recipe in any spelling.

Only where nothing else can be meant; what could be is told by the error instead.
"""

from collections.abc import Callable
from typing import Any

from hexcli.errors import UsageError
from hexcli.remasking import OFFERED, REMASKING
from hexcli.tasks.registry import called

# Words of torch, transformers and vLLM.
_DTYPES = {
    **dict.fromkeys(("fp32", "f32", "float", "single"), "float32"),
    **dict.fromkeys(("bf16", "bfloat"), "bfloat16"),
    **dict.fromkeys(("fp16", "f16", "half"), "float16"),
    **dict.fromkeys(("fp8", "f8", "float8_e4m3fn"), "float8"),
}
# Names of a rule in papers and other loops: which of ours each is.
_RULES = {
    **dict.fromkeys(
        ("topk", "top_k", "confidence", "maskgit", "maskgit_plus", "low_conf", "probability"), REMASKING[0]
    ),
    **dict.fromkeys(("margin", "topk_margin_confidence", "top_k_margin", "confidence_margin"), "topk_margin"),
    **dict.fromkeys(("neg_entropy", "negative_entropy", "low_entropy"), "entropy"),
    **dict.fromkeys(("left_to_right", "l2r", "ltr", "autoregressive", "ar"), "sequential"),
    **dict.fromkeys(("eb", "eb_sampler"), "entropy_bounded"),
}
# Keys of other tools' files and options: which of a recipe's each is.
KEYS = {
    **dict.fromkeys(("block_length", "block_size", "block_lengths", "blocks", "block", "schedule"), "schedules"),
    **dict.fromkeys(("max_new_tokens", "max_tokens", "max_length", "length", "canvas"), "gen_length"),
    **dict.fromkeys(("num_samples", "n_samples", "votes", "k", "num_generations"), "samples"),
    **dict.fromkeys(("num_steps", "diffusion_steps", "nfe"), "steps"),
    **dict.fromkeys(("dataset", "tasks", "benchmark"), "task"),
    **dict.fromkeys(("models", "checkpoint", "pretrained", "model_name", "model_path"), "model"),
    **dict.fromkeys(("num_fewshot", "n_shot", "shots", "few_shot"), "fewshot"),
    **dict.fromkeys(("num_problems", "max_samples", "n"), "limit"),
    **dict.fromkeys(("temp", "t", "temperatures"), "temperature"),
    **dict.fromkeys(("torch_dtype", "precision"), "dtype"),
    **dict.fromkeys(("cfg", "guidance_scale"), "cfg_scale"),
    **dict.fromkeys(("prompt", "prompt_template"), "prompts"),
    **dict.fromkeys(("seeds", "random_seed"), "seed, the first of samples"),
}


def dtype(said: str) -> str:
    """`bf16`, `torch.bfloat16`, `BFLOAT16` -> `bfloat16`; other texts as they are."""
    plain = said.strip().lower().removeprefix("torch.")
    return _DTYPES.get(plain, plain)


def remasking(said: str) -> str:
    """`low-confidence` -> `low_confidence`; other texts as they are. Raises UsageError on another's name for a rule."""
    plain = said.strip().lower().replace("-", "_")
    if said in REMASKING or said in OFFERED or "." in said or "@" in said:
        return said
    if plain in _RULES:
        raise UsageError(f"unknown remasking '{said}': it is called {_RULES[plain]} here: --remasking {_RULES[plain]}")
    return plain if plain in REMASKING else said


def token_ids(said: str) -> tuple[int, ...]:
    """`2,126081` -> its numbers. Raises UsageError."""
    try:
        return tuple(int(part) for part in said.split(","))
    except ValueError:
        raise UsageError(f"suppress_tokens are token ids, comma-separated (2,126081), not '{said}'") from None


SPELLED: dict[str, Callable[[str], Any]] = {
    "dtype": dtype,
    "remasking": remasking,
    "task": called,
    "suppress_tokens": token_ids,
}
