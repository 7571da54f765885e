"""What the votes of a mode come to: one answer a problem, right or wrong, the same as another mode's or not."""

import dataclasses
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from hexcli.bench.modes import Canvas, row_of
from hexcli.engine.plan import Plan
from hexcli.errors import plural
from hexcli.sampling.sampler import Row
from hexcli.stats import mcnemar, paired_interval, wilson
from hexcli.voting.rules import majority
from hexcli.voting.votes import Election, Equal, Vote, remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The majority's answer to each problem, and whether it is right (None where the problem has no target)."""

    answers: tuple[str | None, ...]
    right: tuple[bool | None, ...]
    equal: Equal

    @classmethod
    def of(cls, plan: Plan, canvases: Mapping[Row, Canvas]) -> Self:
        """The verdicts on the votes that were cast: those whose rows have a canvas."""
        task, equal = plan.task, remembered(plan.task.equal)
        votes: dict[str, list[Vote]] = {problem.id: [] for problem in plan.problems}
        for job in plan.jobs:  # in cast order
            if (canvas := canvases.get(row_of(job))) is not None:
                text = plan.tokenizer.decode(canvas.token_ids)
                blind = dataclasses.replace(job.problem, target=None)
                votes[job.problem.id].append(Vote(answer=task.extract(text, blind), schedule=job.schedule))
        answers = tuple(majority(Election.of(votes[problem.id], equal)).answer for problem in plan.problems)
        targets = [problem.target for problem in plan.problems]
        return cls(
            answers=answers,
            right=tuple(
                None if target is None else answer is not None and task.grade(answer, target)
                for answer, target in zip(answers, targets, strict=True)
            ),
            equal=equal,
        )

    def scores(self) -> dict[str, Any]:
        """Accuracy of the vote with its Wilson 95 % interval, over the problems that have a target."""
        graded = [right for right in self.right if right is not None]
        if not graded:
            return {"accuracy": None, "ci95": None}
        return {"accuracy": sum(graded) / len(graded), "ci95": list(wilson(sum(graded), len(graded)))}


def agreement(own: Verdicts, full: Verdicts | None) -> dict[str, Any]:
    """Beside the full lossless vote: share of problems with another answer, difference in accuracy, McNemar's p."""
    if full is None:
        return dict.fromkeys(("changed_votes", "accuracy_difference", "difference_ci95", "p_value"))
    changed = sum(not _same(one, other, own.equal) for one, other in zip(own.answers, full.answers, strict=True))
    pairs = [(one, other) for one, other in zip(own.right, full.right, strict=True) if one is not None]
    wins = sum(bool(one) and not other for one, other in pairs)
    losses = sum(not one and bool(other) for one, other in pairs)
    return {
        "changed_votes": changed / len(own.answers),
        "accuracy_difference": (wins - losses) / len(pairs) if pairs else None,
        "difference_ci95": list(paired_interval([bool(one) - bool(other) for one, other in pairs])) if pairs else None,
        "p_value": mcnemar(wins, losses) if pairs else None,
    }


def too_few(rows: Sequence[Mapping[str, Any]], problems: int) -> str | None:
    """What to say where the interval of a difference from the lossless vote is wider than a point to either side."""
    ends = [row["difference_ci95"] for row in rows if row["difference_ci95"] is not None]
    half = max(((high - low) / 2 for low, high in ends), default=0.0)
    if half <= 0.01:
        return None
    enough = math.ceil(problems * (half / 0.01) ** 2)
    return (
        f"{plural(problems, 'problem')} cannot tell a difference of one point: its 95 % interval is "
        f"{100 * half:.1f} points to either side; --limit {enough} could"
    )


def same_tokens(
    own: Mapping[Row, Canvas], exact: Mapping[Row, Canvas] | None, end_ids: Collection[int]
) -> dict[str, Any]:
    """Share of generations whose token ids are those of the published loop: all, and those up to the end of text.

    Only where noise plays no part (`exact` None: it does, or the published loop was not run).
    """
    shares: dict[str, Callable[[Sequence[int]], Sequence[int]]] = {
        "same_tokens": lambda ids: ids,
        "same_text": lambda ids: _until_end(ids, end_ids),
    }
    if exact is None:
        return dict.fromkeys(shares)
    return {
        name: sum(part(canvas.token_ids) == part(exact[row].token_ids) for row, canvas in own.items()) / len(own)
        for name, part in shares.items()
    }


def _same(one: str | None, other: str | None, equal: Equal) -> bool:
    if one is None or other is None:
        return one is other
    return equal(one, other)


def _until_end(ids: Sequence[int], end_ids: Collection[int]) -> Sequence[int]:
    end = next((place for place, token in enumerate(ids) if token in end_ids), len(ids))
    return ids[:end]
