"""The order in which a canvas was filled, as a strip of a line: low and dark is early, high and bright is late."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.records import Generation

if TYPE_CHECKING:
    from rich.text import Text

HEIGHTS = "▁▂▃▄▅▆▇█"
# Never committed: the text had ended before it.
NEVER = "·"
# Early to late, from dark blue to yellow: the anchors of viridis (van der Walt and Smith, matplotlib 2.0).
_ANCHORS = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))


def colour(share: float) -> str:
    """A colour for a share of the steps, 0 = the first to 1 = the last, as `#rrggbb`."""
    place = min(max(share, 0.0), 1.0) * (len(_ANCHORS) - 1)
    low = min(int(place), len(_ANCHORS) - 2)
    part = place - low
    mixed = (round(a + part * (b - a)) for a, b in zip(_ANCHORS[low], _ANCHORS[low + 1], strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def cells(commit_step: Sequence[int], steps: int, width: int) -> list[float | None]:
    """The mean commit step of each cell as a share of the steps, for at most `width` cells; None: never committed.

    commit_step [gen_length], -1 where the text had ended. Cells are as even as they can be.
    """
    count = max(1, min(width, len(commit_step)))
    last = max(steps - 1, 1)
    found: list[float | None] = []
    for cell in range(count):
        part = commit_step[cell * len(commit_step) // count : (cell + 1) * len(commit_step) // count]
        made = [step for step in part if step >= 0]
        found.append(min(sum(made) / len(made) / last, 1.0) if made else None)
    return found


def commit_strip(generation: Generation, width: int) -> "Text":
    """The strip of a generation that has its canvas; its last step is the last that was taken."""
    from rich.text import Text

    response = generation.response
    strip = Text(no_wrap=True)
    for share in cells(response.commit_step, max(response.commit_step, default=0) + 1, width):
        if share is None:
            strip.append(NEVER, style="dim")
        else:
            strip.append(HEIGHTS[round(share * (len(HEIGHTS) - 1))], style=colour(share))
    return strip
