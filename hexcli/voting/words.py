"""What the aggregators do, in words: for lists of them, and to say why an answer won."""

from dataclasses import dataclass

from hexcli.voting.aggregators import AGGREGATORS
from hexcli.voting.votes import FIRST, PREFERRED, VOTES, Decision


@dataclass(frozen=True, slots=True)
class Words:
    """How an aggregator decides.

    decides    by what an answer wins
    preferred  by what it breaks a tie between answers of as many votes: each number that it prefers by, in turn
    measure    what an answer's support is called
    more       what it means that more votes broke a tie
    """

    decides: str
    preferred: tuple[str, ...] = ()
    measure: str = "weight"
    more: str = "more votes win"

    def ties(self, decision: Decision) -> str:
        """What broke the tie of this decision, in the order in which it did."""
        told = {VOTES: self.more, FIRST: "the first cast wins"}
        told |= {f"{PREFERRED}{place}": said for place, said in enumerate(self.preferred)}
        own = list(dict.fromkeys(told.get(one, OWN) for one in decision.broken))
        return ", then ".join(own) or OWN


# What is said of a rule that tells of itself only what it decided.
OWN = "its own rule decides"
_LIKELIHOOD = "log-probability"
# Of the schedule, not of the generation: a text may end before its last block, and take fewer than its schedule plans.
_COSTLIEST = ("the schedule that plans more forward passes wins",)
WORDS: dict[str, Words] = {
    "first": Words("the first vote cast: the baseline of one schedule"),
    "majority": Words("most votes"),
    "majority-nll": Words("most votes; ties by the likeliest generation (HEX)", ("the likelier generation wins",)),
    "lowest-nll": Words("the likeliest generation by its first step (HEX)", measure=_LIKELIHOOD),
    "confidence": Words("votes weighted by how sure the model was of the answer's tokens"),
    "path-likelihood": Words("the generation whose path of commits is likeliest", measure=_LIKELIHOOD),
    "trajectory-confidence": Words("votes weighted by the product of the probabilities of all their commits"),
    "settled": Words("votes weighted by how early their answer stood"),
    "finished": Words("votes; a text without room behind its end, or without a box, counts half"),
    "informed": Words(
        "most votes; ties by what the generations tell of themselves",
        (
            "more independent voters win",
            "more signs of finished texts win",
            "schedules whose texts are finished more often win",
        ),
    ),
    "valid": Words("majority of the answers that the question itself allows (self-verified)"),
    "temporal": Words(
        "votes of every step, later ones weighing more (--record-steps)", more="more generations and spellings win"
    ),
    "schedule-weighted": Words("votes weighted by each schedule's accuracy on --calibration RUN", _COSTLIEST),
    "reliability": Words("votes weighted by each schedule's reliability, estimated from how votes agree", _COSTLIEST),
}


def words_of(name: str) -> Words:
    """What an aggregator does; of a plug-in, what the first line of its docstring says."""
    if name in WORDS:
        return WORDS[name]
    rule = AGGREGATORS.get(name)  # None has a docstring of its own in Python 3.13
    said = ((rule.__doc__ if rule else None) or "").strip().partition("\n")[0]
    return Words(said.rstrip("."))
