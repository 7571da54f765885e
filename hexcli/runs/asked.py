"""What was asked of a run folder: every recipe, with how many generations it makes and whether they are all there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

# Fields of a recipe of which one that asks for more covers one that asks for less.
_LOOSE = ("schedules", "limit", "samples", "seed", "prompts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One recipe, with the number of generations it makes.

    problems  prompts of one's own, which no task can load again: their ids and questions
    """

    recipe: Mapping[str, Any]
    expected: int
    complete: bool = False
    problems: tuple[Mapping[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object in `recipes` of run.json."""
        fields = {"recipe": dict(self.recipe), "expected": self.expected, "complete": self.complete}
        return {**fields, "problems": [dict(one) for one in self.problems]} if self.problems else fields

    @classmethod
    def from_dict(cls, fields: Any) -> Self:
        """Raises ValueError where it is no such object."""
        try:
            recipe, expected, complete = fields["recipe"], fields["expected"], fields["complete"]
            problems = tuple({"id": one["id"], "question": one["question"]} for one in fields.get("problems", ()))
        except (TypeError, KeyError, AttributeError):
            raise ValueError("field 'recipes' is of the wrong type") from None
        numbers = isinstance(expected, int) and not isinstance(expected, bool) and isinstance(complete, bool)
        texts = all(isinstance(text, str) for one in problems for text in one.values())
        if not isinstance(recipe, Mapping) or not numbers or not texts:
            raise ValueError("field 'recipes' is of the wrong type")
        return cls(recipe=recipe, expected=expected, complete=complete, problems=problems)

    def covers(self, other: "Asked") -> bool:
        """Whether all that `other` asks for is asked for here too, as far as the recipes tell."""
        if self.problems != other.problems:
            return False
        if {**self.recipe, **dict.fromkeys(_LOOSE)} != {**other.recipe, **dict.fromkeys(_LOOSE)}:
            return False
        schedules = set(other.recipe.get("schedules", ())) <= set(self.recipe.get("schedules", ()))
        own, others = self.recipe.get("prompts", ()), other.recipe.get("prompts", ())
        prompts = set(others) <= set(own) if own and others else own == others
        return (
            schedules
            and prompts
            and all(
                wide[0] <= narrow[0] and narrow[1] <= wide[1]
                for wide, narrow in zip(_ranges(self.recipe), _ranges(other.recipe), strict=True)
            )
        )


def asked_anew(before: Sequence[Asked], now: Asked) -> tuple[Asked, ...]:
    """What was asked before and is asked now: the same again takes the place of what it was, and is the last."""
    others = [one for one in before if (one.recipe, one.problems) != (now.recipe, now.problems)]
    return (*others, now)


def finished(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """After the last of them is there: it, and those that it covers, are complete."""
    return tuple(replace(one, complete=one.complete or asked[-1].covers(one)) for one in asked)


def _ranges(recipe: Mapping[str, Any]) -> list[tuple[float, float]]:
    """The first and the last problem, and the first and the last seed."""
    seed, samples = recipe.get("seed", 0), recipe.get("samples", 1)
    limit = recipe.get("limit")
    if limit is None:
        return [(0, float("inf")), (seed, seed + samples)]
    first, dash, last = str(limit).partition("-")
    return [(int(first), int(last)) if dash else (0, int(first) - 1), (seed, seed + samples)]
