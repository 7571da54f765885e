"""Lists whose parts find each other: in any order, each with a partner of its own, or by their names."""

from collections.abc import Sequence

from hexcli.answers.math.shapes import Labelled
from hexcli.answers.math.tree import Listing, Name, Node


def point(listing: Listing, order: Sequence[Node] = ()) -> Sequence[Node] | None:
    """The point that named values are, in an order of the names, or in that of the alphabet: `x=3, y=2` is (3,2)."""
    values = {item.label: item.value for item in listing.items if isinstance(item, Labelled)}
    names = sorted(label.name for label in values if isinstance(label, Name))
    if len(names) < len(listing.items) or (order and set(order) != set(values)):
        return None
    return [values[name] for name in order or map(Name, names)]


def named_apart(items: Sequence[Node]) -> bool:
    """Whether the parts of a list have different names."""
    return len({item.label for item in items if isinstance(item, Labelled)}) > 1


def unmatched(ours: Sequence[Node], theirs: Sequence[Node]) -> tuple[list[Node], list[Node]]:
    """What is left of both when equal trees are taken away in pairs."""
    left, right = [], list(theirs)
    for item in ours:
        if item in right:
            right.remove(item)
        else:
            left.append(item)
    return left, right


def matched(partners: Sequence[Sequence[int]]) -> bool:
    """Whether each can have one of its partners for itself."""
    taken: dict[int, int] = {}

    def found(one: int, seen: set[int]) -> bool:
        for partner in partners[one]:
            if partner not in seen:
                seen.add(partner)
                if partner not in taken or found(taken[partner], seen):
                    taken[partner] = one
                    return True
        return False

    return all(found(one, set()) for one in range(len(partners)))
