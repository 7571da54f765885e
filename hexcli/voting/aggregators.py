"""The aggregators by name.

An aggregator is a function from the elections of a run (one a problem) to a Decision each. Most look at one
problem at a time: a plain function from an Election to a Decision, and `each`. Adding one is a function and its
line in AGGREGATORS.
"""

from hexcli.errors import UsageError, unknown
from hexcli.voting.informed import informed
from hexcli.voting.rules import (
    Aggregator,
    confidence,
    each,
    finished,
    first,
    lowest_nll,
    majority,
    majority_nll,
    path_likelihood,
    settled,
    trajectory_confidence,
    valid,
)
from hexcli.voting.temporal import temporal
from hexcli.voting.weighted import reliability, schedule_weighted

AGGREGATORS: dict[str, Aggregator] = {
    "first": each(first),
    "majority": each(majority),
    "majority-nll": each(majority_nll, needs="first_step_logprob"),
    "lowest-nll": each(lowest_nll, needs="first_step_logprob"),
    "confidence": each(confidence, needs="confidence"),
    "path-likelihood": each(path_likelihood, needs="path_logprob"),
    "trajectory-confidence": each(trajectory_confidence, needs="path_logprob"),
    "settled": each(settled, needs="settled"),
    "finished": each(finished, needs="room"),
    "informed": informed,
    "valid": each(valid, needs="valid"),
    "temporal": temporal,
    "schedule-weighted": schedule_weighted,
    "reliability": reliability,
}

# Those that are told by the question itself which answers are possible (Task.check).
SELF_VERIFIED = ("valid",)

# What papers and people call them.
_MEANT = {
    **dict.fromkeys(("vote", "maj", "mode", "plurality", "self-consistency", "majority-vote", "hex"), "majority"),
    **dict.fromkeys(("nll", "likelihood"), "lowest-nll"),
    **dict.fromkeys(("weighted", "weights"), "schedule-weighted"),
}


def get_aggregator(name: str) -> Aggregator:
    """The aggregator of that name. Raises UsageError naming the nearest one."""
    if name.endswith(".py"):
        raise UsageError(f"'{name}' is a file: name the function in it, {name}:NAME")
    if name == "oracle":
        raise UsageError("the oracle knows the targets, and is no vote: hex score has it in a row of its own")
    if name not in AGGREGATORS and (meant := _MEANT.get(name.lower())):
        raise UsageError(f"unknown aggregator '{name}': it is called {meant} here: -a {meant}")
    if name not in AGGREGATORS:
        raise unknown("aggregator", name, AGGREGATORS, (".py",))
    return AGGREGATORS[name]
