"""When an answer was settled: all of its tokens committed."""

from dataclasses import dataclass

from hexcli.answers.place import answer_tokens
from hexcli.records import Generation


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One generation: the answer's last token was committed at `step` (from 0), of `steps` that were run."""

    step: int
    steps: int

    @property
    def share(self) -> float:
        """The share of the steps after which the answer stands, in (0, 1]."""
        return (self.step + 1) / self.steps


def settled(generation: Generation, answer: str | None) -> Settled | None:
    """When the generation's answer was settled; None where it has none, or the run does not tell."""
    tokens = answer_tokens(generation, answer)
    if tokens is None:
        return None
    steps = generation.response.commit_step
    last = max(steps[tokens[0] : tokens[1]], default=-1)
    return Settled(step=last, steps=max(steps) + 1) if last >= 0 else None
