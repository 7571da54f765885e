"""What the aggregators do, in words: for lists of them, and to say why an answer won."""

from dataclasses import dataclass

from hexcli.voting.aggregators import AGGREGATORS

FIRST = "the first cast wins"


@dataclass(frozen=True, slots=True)
class Words:
    """decides = by what an answer wins; ties = how a tie is broken; measure = what an answer's support is called."""

    decides: str
    ties: str = FIRST
    measure: str = "weight"


_LIKELIHOOD = "log-probability"
_COSTLIEST = "the answer that took most forward passes wins, then the first cast"
WORDS: dict[str, Words] = {
    "first": Words("the first vote cast: the baseline of one schedule"),
    "majority": Words("most votes"),
    "majority-nll": Words("most votes; ties by the likeliest generation (HEX)", "the likelier generation wins"),
    "lowest-nll": Words("the likeliest generation by its first step (HEX)", measure=_LIKELIHOOD),
    "confidence": Words("votes weighted by how sure the model was of the answer's tokens"),
    "path-likelihood": Words("the generation whose path of commits is likeliest", measure=_LIKELIHOOD),
    "trajectory-confidence": Words("votes weighted by the product of the probabilities of all their commits"),
    "settled": Words("votes weighted by how early their answer stood"),
    "finished": Words("votes; a text without room behind its end, or without a box, counts half"),
    "informed": Words(
        "most votes; ties by what the generations tell of themselves",
        "it goes to independent voters, then to finished texts, then to the first cast",
    ),
    "valid": Words("majority of the answers that the question itself allows (self-verified)"),
    "temporal": Words("votes of every step, later ones weighing more (--record-steps)", measure="weight"),
    "schedule-weighted": Words("votes weighted by each schedule's accuracy on --calibration RUN", _COSTLIEST),
    "reliability": Words("votes weighted by each schedule's reliability, estimated from how votes agree", _COSTLIEST),
}


def words_of(name: str) -> Words:
    """What an aggregator does; of a plug-in, what the first line of its docstring says."""
    if name in WORDS:
        return WORDS[name]
    rule = AGGREGATORS.get(name)  # None has a docstring of its own in Python 3.13
    said = ((rule.__doc__ if rule else None) or "").strip().partition("\n")[0]
    return Words(said.rstrip("."), "its own rule decides")
