"""The rules by which published samplers differ from LLaDA's: fields of schedules and recipes. Off, they change nothing.

Which candidates a position has, what makes one certain, and how many tokens a step commits: docs/families.md says which
published file each is equal to.
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from hexcli.bounds import bring

PIPELINED = ("d3llm", "d3llm_dream")  # d3LLM's, for LLaDA and for Dream
SAMPLERS = ("llada", "dream", "sdar", "dllm", "fast_dllm_v2", *PIPELINED)
NUCLEUS = ("dream", "sdar", "fast_dllm_v2")  # whose candidates, after temperature and top_p, say what is certain
# Dream's algorithms (generation_utils.py), and which of our remasking rules says what is certain in each.
ALGORITHMS = {
    "origin": "random",
    "maskgit_plus": "low_confidence",
    "topk_margin": "topk_margin",
    "entropy": "entropy",
    "confidence_threshold": "low_confidence",  # Fast-dLLM's name
}
CONFIDENCE_DTYPES = ("float64", "model")
DREAM_TOP_K = 50  # what its code takes where nobody says another (PretrainedConfig's, in transformers 4)
EB_THRESHOLD = 0.35  # of entropy_bounded, in SDAR's engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a schedule takes from published samplers besides LLaDA's; names and defaults are theirs.

    sampler      whose rules: llada; dream (its timesteps; certain by `alg`); sdar, also LLaDA2's (under a threshold a
                 step commits its share anew, however much came before); dllm (its linear schedule of tokens a step);
                 fast_dllm_v2 (all above the threshold; a trained block begins with its first token, the likeliest);
                 d3llm, d3llm_dream (all below the entropy_threshold, in several blocks at once).
                 In dream, sdar and fast_dllm_v2 certainty is that of the candidates: after temperature, top_p and top_k
    alg          dream: origin, maskgit_plus, topk_margin or entropy; with a kv_cache Fast-dLLM's loop for Dream, whose
                 blocks begin with their first token: entropy, or confidence_threshold, under a threshold
    eps          dream: the last of its timesteps
    alg_temp     dream: above 0, positions are drawn by their certainty at this temperature, not ranked
    top_p        dream, sdar, fast_dllm_v2: the fewest candidates that have this probability together; None = all
    top_k        dream, sdar: as many candidates; None = all
    entropy_threshold  a step commits also every position of its block whose entropy (nats) is at most this (dParallel)
    block_add_threshold  d3llm: the next block opens once this share of the last one is committed
    eb_threshold       remasking entropy_bounded: a step commits the least entropies as long as their sum is below this
    factor       a step commits the n surest positions whose n-th has probability 1 - factor / (n + 1) (Fast-dLLM)
    credit_alpha     what a token was likeliest before adds to its logit (dInfer's credit); None = off
    boost_gamma, decay_beta  credit: the power of a probability that is added, and what is left of it a step later
    editing_threshold  tokens of the current block are replaced by others of more than this probability (LLaDA2.1)
    max_post_steps     editing: so many steps more, once a block is full and as long as something changes
    suppress_tokens    ids that are never candidates (dllm)
    logits_eos_inf     the end of text is no candidate (LLaDA's evaluation)
    confidence_eos_eot_inf  it may be one, and the last to commit (LLaDA's evaluation)
    early_ban_steps    the end of text is no candidate in the steps before this one, counted from 1 (HEX's banAEoT)
    full_canvas        decoded to the last step, also where the text has ended: the text stays the same
    confidence_dtype   type that certainty is computed in: float64, or the model's logits' own
    """

    sampler: str = "llada"
    alg: str | None = None
    eps: float = 1e-3
    alg_temp: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    entropy_threshold: float | None = None
    block_add_threshold: float = 0.5
    eb_threshold: float | None = None
    factor: float | None = None
    credit_alpha: float | None = None
    boost_gamma: float = 0.2
    decay_beta: float = 0.8
    editing_threshold: float | None = None
    max_post_steps: int = 16
    suppress_tokens: tuple[int, ...] = ()
    logits_eos_inf: bool = False
    confidence_eos_eot_inf: bool = False
    early_ban_steps: int | None = None
    full_canvas: bool = False
    confidence_dtype: str = "float64"

    @property
    def about_ends(self) -> str | None:
        """The name of a field that is about the end of text, where one is set."""
        names = ("logits_eos_inf", "confidence_eos_eot_inf", "early_ban_steps")
        return next((name for name in names if getattr(self, name)), None)

    def rules(self) -> dict[str, Any]:
        """These fields as keyword arguments of another that has them."""
        return {name: getattr(self, name) for name in OFF}


# What each is when it is off: then it is in no cache key.
OFF: dict[str, Any] = {field.name: field.default for field in dataclasses.fields(Rules)}
# Those that only change how many tokens a step commits, or how far it goes: they draw the same noise as without.
SHORTCUTS = (
    *("entropy_threshold", "factor", "credit_alpha", "boost_gamma", "decay_beta"),
    *("full_canvas", "confidence_dtype"),
)


def resolved(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as a schedule takes them: what a published sampler does where nobody says otherwise is said.

    `alg` is Dream's, and Dream's alg is `origin`; its top_k is 50, and 0 none.
    """
    found = dict(fields)
    if found.get("alg") is not None and found.get("sampler", "llada") == "llada":
        found["sampler"] = "dream"
    if found.get("sampler") == "dream":
        found["alg"] = found.get("alg") or "origin"
        found["top_k"] = DREAM_TOP_K if found.get("top_k") is None else found["top_k"]
    if found.get("top_k") == 0:
        found["top_k"] = None
    if found.get("remasking") == "entropy_bounded" and found.get("eb_threshold") is None:
        found["eb_threshold"] = EB_THRESHOLD
    return found


def check(rules: Rules, **other: Any) -> None:
    """Bring the fields to one type and value each. Raises ValueError where one is out of reach, or has no effect.

    `other`: remasking, temperature, threshold and kv_cache of the schedule.
    """
    _choose(rules, "sampler", SAMPLERS)
    _choose(rules, "confidence_dtype", CONFIDENCE_DTYPES)
    for name in ("logits_eos_inf", "confidence_eos_eot_inf", "full_canvas"):
        if not isinstance(getattr(rules, name), bool):
            raise ValueError(f"{name} must be true or false, not {getattr(rules, name)!r}")
    for name, (least, most) in _REACH.items():
        bring(rules, name, least, most)
    tokens = tuple(dict.fromkeys(sorted(int(token) for token in rules.suppress_tokens)))
    if tokens and tokens[0] < 0:
        raise ValueError(f"suppress_tokens are token ids, and {tokens[0]} is none")
    object.__setattr__(rules, "suppress_tokens", tokens)
    for name, nothing in (("alg_temp", 0.0), ("top_p", 1.0)):  # as good as not said
        object.__setattr__(rules, name, None if getattr(rules, name) == nothing else getattr(rules, name))
    if other["remasking"] == "entropy_bounded" and rules.eb_threshold is None:
        object.__setattr__(rules, "eb_threshold", EB_THRESHOLD)
    said = other | rules.rules()
    _check_dream(rules, said)
    _check_commits(rules, said)
    if rules.sampler in _NEEDS:
        _check_own(rules, said)
    if rules.sampler not in PIPELINED and rules.block_add_threshold != OFF["block_add_threshold"]:
        raise ValueError(f"block_add_threshold is d3llm's, and has no effect under sampler {rules.sampler}")


# Of each number: the least value, and the most. Whole ones are those whose bounds are.
_REACH: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("eps", "top_p", "block_add_threshold"), (1e-9, 1.0)),
    **dict.fromkeys(("entropy_threshold", "eb_threshold", "factor", "credit_alpha"), (1e-9, math.inf)),
    **dict.fromkeys(("alg_temp", "boost_gamma"), (0.0, math.inf)),
    **dict.fromkeys(("decay_beta", "editing_threshold"), (0.0, 1.0)),
    "top_k": (1, 2**31),
    "max_post_steps": (0, 2**20),
    "early_ban_steps": (1, 2**20),
}


def _choose(rules: Rules, name: str, known: tuple[str, ...]) -> None:
    if getattr(rules, name) not in known:
        raise ValueError(f"unknown {name} '{getattr(rules, name)}': known: {', '.join(known)}")


def _check_dream(rules: Rules, said: dict[str, Any]) -> None:
    dream = rules.sampler == "dream"
    if dream and rules.alg not in ALGORITHMS:
        raise ValueError(f"unknown alg '{rules.alg}': known: {', '.join(ALGORITHMS)}")
    for name in ("alg", "eps", "alg_temp"):
        if not dream and getattr(rules, name) != OFF[name]:
            raise ValueError(f"{name} is Dream's, and has no effect under sampler {rules.sampler}")
    for name, whose in (("top_p", NUCLEUS), ("top_k", NUCLEUS[:2])):
        if rules.sampler not in whose and getattr(rules, name) is not None:
            raise ValueError(f"{name} has no effect under sampler {rules.sampler}: it is of {', '.join(whose)}")
    if rules.alg == "origin" and rules.alg_temp:
        raise ValueError("alg_temp has no effect with alg origin: its positions are drawn whatever is certain")
    if dream and said["remasking"] != "low_confidence":
        raise ValueError(f"under sampler dream alg says what is certain: leave remasking {said['remasking']} out")
    adaptive = [name for name in ("threshold", *ADAPTIVE) if said[name] is not None]
    if rules.alg == "confidence_threshold":
        if adaptive != ["threshold"] or said["kv_cache"] == "none":
            raise ValueError("alg confidence_threshold is Fast-dLLM's: it needs a threshold (0.9) and a kv_cache")
        if rules.eps != OFF["eps"]:
            raise ValueError("eps has no effect with alg confidence_threshold: it has no timesteps")
    elif dream and adaptive:
        raise ValueError(f"{adaptive[0]} has no effect under sampler dream: its timesteps say how much a step commits")
    if rules.alg == "origin" and said["kv_cache"] != "none":
        raise ValueError(f"alg origin has no loop with kv_cache {said['kv_cache']}: leave one out")


# Samplers with a loop of their own, and what it cannot be without.
_NEEDS = {
    "fast_dllm_v2": ("threshold", "a threshold: 0.9, or 1 for one token a step"),
    **dict.fromkeys(PIPELINED, ("entropy_threshold", "an entropy_threshold: 0.5")),
}


def _check_own(rules: Rules, said: dict[str, Any]) -> None:
    name, such = _NEEDS[rules.sampler]
    if said[name] is None:
        raise ValueError(f"sampler {rules.sampler} needs {such}")
    if said["kv_cache"] != "none":
        raise ValueError(f"sampler {rules.sampler} has no loop with kv_cache {said['kv_cache']}: leave one out")
    if said["remasking"] != "low_confidence":
        raise ValueError(f"sampler {rules.sampler} says what is certain: leave remasking {said['remasking']} out")
    if rules.top_p is not None and said["temperature"] == 0 and rules.sampler == "fast_dllm_v2":
        raise ValueError("top_p has no effect under sampler fast_dllm_v2 at temperature 0")


# Fields by which a step commits more than its share; at most one of them, and of `threshold`.
ADAPTIVE = ("entropy_threshold", "eb_threshold", "factor")


def _check_commits(rules: Rules, said: dict[str, Any]) -> None:
    adaptive = [name for name in ("threshold", *ADAPTIVE) if said[name] is not None]
    if len(adaptive) > 1:
        raise ValueError(f"{adaptive[0]} and {adaptive[1]} both say how much a step commits: leave one out")
    if rules.eb_threshold is not None and said["remasking"] != "entropy_bounded":
        raise ValueError(f"eb_threshold has no effect with remasking {said['remasking']}: it is of entropy_bounded")
    if rules.factor is not None and said["remasking"] != "low_confidence":
        raise ValueError(f"factor goes down the probabilities: leave remasking {said['remasking']} out")
    if rules.credit_alpha is not None and said["threshold"] is None:
        raise ValueError("credit_alpha needs a threshold: the share of a step is not of dInfer's credit decoding")
    if rules.credit_alpha is None and (rules.boost_gamma, rules.decay_beta) != (0.2, 0.8):
        raise ValueError("boost_gamma and decay_beta have no effect without credit_alpha")
    if rules.editing_threshold is None and rules.max_post_steps != OFF["max_post_steps"]:
        raise ValueError("max_post_steps has no effect without editing_threshold")
    if rules.editing_threshold is not None:
        if rules.sampler != "sdar":
            raise ValueError("editing_threshold is LLaDA2.1's: it needs sampler sdar, whose steps are LLaDA2's")
        if (name := next((name for name in ("eb_threshold", "factor") if name in adaptive), None)) is not None:
            raise ValueError(f"{name} has no effect with editing_threshold, whose steps commit a share or by threshold")
        if said["kv_cache"] != "none":
            raise ValueError(f"editing_threshold revises what kv_cache {said['kv_cache']} keeps: leave one out")
