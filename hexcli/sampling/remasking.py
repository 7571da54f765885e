"""Remasking rules: which masked positions are certain enough to commit first.

Adding one is a function here, its line in RULES, and its name in hexcli.remasking.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from hexcli.errors import HexError
from hexcli.errors import place as place_in
from hexcli.remasking import REMASKING, brought

# A remasking rule: (probabilities [N, V] float64 without noise, chosen tokens [N], uniform draws [N]) -> how
# certain each position is [N]; the most certain commit first. Under `sequential` the draws fall from left to right.
Rule = Callable[[Tensor, Tensor, Tensor], Tensor]


def low_confidence(probs: Tensor, tokens: Tensor, draws: Tensor) -> Tensor:
    """Probability of the chosen token ([llada]; the HEX paper's "top-k")."""
    return probs.gather(1, tokens[:, None]).squeeze(1)


def topk_margin(probs: Tensor, tokens: Tensor, draws: Tensor) -> Tensor:
    """Lead of the most likely token over the second (arXiv 2502.06768, "top-K probability margin")."""
    best = probs.topk(2, dim=1).values
    return best[:, 0] - best[:, 1]


def entropy(probs: Tensor, tokens: Tensor, draws: Tensor) -> Tensor:
    """Negative entropy of the distribution (Dream's `entropy`)."""
    negative: Tensor = torch.special.xlogy(probs, probs).sum(1)
    return negative


def random(probs: Tensor, tokens: Tensor, draws: Tensor) -> Tensor:
    """A uniform draw: positions in random order ([llada])."""
    return draws


def sequential(probs: Tensor, tokens: Tensor, draws: Tensor) -> Tensor:
    """From left to right (JetAstra/SDAR generate.py)."""
    return draws


RULES: dict[str, Rule] = {
    "low_confidence": low_confidence,
    "topk_margin": topk_margin,
    "entropy": entropy,
    "random": random,
    "sequential": sequential,
    "entropy_bounded": entropy,  # how many commit is another matter: commits.py
}


def rule(name: str) -> Rule:
    """The rule of that name: a built-in one, or one of others. Raises UsageError where there is none."""
    return RULES[name] if name in RULES else _checked(name)


def place(name: str) -> int:
    """A number for each rule, the same wherever rows of it meet."""
    return _PLACES.setdefault(name, len(_PLACES))


_PLACES: dict[str, int] = {name: number for number, name in enumerate(REMASKING)}


def _checked(name: str) -> Rule:
    """A rule of others that fails in one line."""
    certain = brought(name).rule

    def checked(probs: Tensor, tokens: Tensor, draws: Tensor) -> Tensor:
        try:
            found = certain(probs, tokens, draws)
        except Exception as error:  # whatever code of others raises, said and not hidden
            where = place_in(error, certain)
            raise HexError(f"remasking rule {name} failed{where}: {type(error).__name__}: {error}") from error
        if not isinstance(found, Tensor) or found.shape != tokens.shape:
            shape = list(found.shape) if isinstance(found, Tensor) else type(found).__name__
            raise HexError(f"remasking rule {name} gave {shape}, not a certainty for each of {len(tokens)} positions")
        if found.isnan().any():
            raise HexError(f"remasking rule {name} gave NaN")
        return found.double()

    return checked
