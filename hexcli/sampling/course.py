"""What a row brings to a batch: the table of its steps, and what of its schedule its steps heed."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from hexcli.rules import PIPELINED
from hexcli.sampling.commits import renews
from hexcli.sampling.pipeline import left_to_open
from hexcli.sampling.row import Row
from hexcli.schedule import Commit, Schedule


class Mark(NamedTuple):
    """How far a row is.

    step      steps done
    place     where in its table (`steps_of`) the next step is
    block     canvas position where the last step's block began; -1 before the first step
    fresh     tokens committed since the whole canvas was computed, and `stale` since the prompt was
    computed  tokens that went through the model
    posts     steps done since the block was full: only edits are left
    """

    step: int = 0
    place: int = 0
    block: int = -1
    fresh: int = 0
    stale: int = 0
    computed: int = 0
    posts: int = 0


START = Mark()

# Under kv_cache `likely` a step looks at so many masked tokens of its block at least, or at that share of the block.
HOPEFUL, HOPEFUL_SHARE = 8, 4

# Per row: its table [places, 4] and how long that is, the canvas position behind its last token, the length of its
# trained blocks (1: it has none), how much of one the prompt ends in, the length of the prompt, what of its schedule
# matters here, whether it keeps what cannot change (`exact`), and its mark. The table's last column is where the next
# block's first place is.
PACE = ("cumulative", "blockwise", "max_posts", "opens", "adds")
CACHED = ("uncached", "exact", "to_end", "only_open", "hopeful", "refresh", "prompt_refresh")
FIELDS = ("table", "places", "ends", "grid", "phase", "origin", *PACE, *CACHED, *Mark._fields)


def steps_of(commits: Sequence[Commit], schedule: Schedule) -> tuple[Commit, ...]:
    """The table of a row: what a step at each place does, `tokens` being the fewest it commits.

    A step goes on by one place. Under a threshold places are the tokens committed so far: a step goes on by as many
    as it commits, and at least to where the schedule's step would end. Where shares are renewed, it goes on to the next
    block once its own is full; where tokens are edited, by way of a place without tokens, where it stays a while. Where
    several blocks are decoded at once, a place is the last one that is open (pipeline.py).
    """
    if schedule.sampler in PIPELINED:
        spans = dict.fromkeys((commit.start, commit.stop) for commit in commits)
        return tuple(Commit(start, stop, int(schedule.sampler == "d3llm")) for start, stop in spans)
    if renews(schedule):
        if not schedule.max_post_steps or schedule.editing_threshold is None:
            return tuple(commits)
        blocks = itertools.groupby(commits, key=lambda commit: (commit.start, commit.stop))
        return tuple(commit for (start, stop), steps in blocks for commit in (*steps, Commit(start, stop, 0)))
    if not schedule.adaptive:
        return tuple(commits)
    return tuple(Commit(start, stop, left) for start, stop, tokens in commits for left in range(tokens, 0, -1))


def _with_next(table: Sequence[Commit]) -> list[tuple[int, ...]]:
    """Every place with that of the next block's first one."""
    starts = [commit.start for commit in table]
    later = {start: place + 1 for place, start in enumerate(starts)}
    return [(*commit, later[commit.start]) for commit in table]


def keeps(row: Row) -> bool:
    """Whether a row's keys and values are kept, where the denoiser can: where a cache is asked for, and where it loses
    nothing, since the model sees only its block and those before, and no token is replaced."""
    return row.schedule.kv_cache != "none" or (row.trained_block is not None and not row.edits)


def hopeful(row: Row) -> int:
    """Masked tokens of a block that a step looks at, where it looks at the likeliest only (0: at all): never fewer than
    may have to be committed."""
    if row.schedule.kv_cache != "likely":
        return 0
    most = max(commit.tokens for commit in row.commits())
    return max(HOPEFUL, max(row.schedule.blocks) // HOPEFUL_SHARE, 2 * most)


def fields_of(rows: Sequence[Row], *, windows: bool) -> dict[str, Tensor]:
    """What Frontier needs to know of rows that have not begun, on the CPU: see FIELDS. `windows`: whether the denoiser
    can compute parts of a row."""
    schedules = [row.schedule for row in rows]
    tables = [_with_next(steps_of(row.commits(), row.schedule)) for row in rows]
    longest = max(len(table) for table in tables)
    filler = [(0, 0, 0, 0)]
    kinds = [schedule.kv_cache for schedule in schedules]
    marks = torch.tensor(START).expand(len(rows), -1)
    return {
        "table": torch.tensor([table + filler * (longest - len(table)) for table in tables]),
        "places": torch.tensor([len(table) for table in tables]),
        "ends": torch.tensor([row.canvas_length for row in rows]),
        "grid": torch.tensor([abs(row.trained_block or 1) for row in rows]),
        "phase": torch.tensor([row.phase for row in rows]),
        "origin": torch.tensor([len(row.prompt_ids) for row in rows]),
        "cumulative": torch.tensor([s.adaptive and not renews(s) and s.sampler not in PIPELINED for s in schedules]),
        "blockwise": torch.tensor([renews(schedule) for schedule in schedules]),
        "opens": torch.tensor([row.opens for row in rows]),
        "adds": torch.tensor([left_to_open(schedule) for schedule in schedules]),
        "max_posts": torch.tensor([row.schedule.max_post_steps if row.edits else 0 for row in rows]),
        "uncached": torch.tensor([not (windows and keeps(row)) for row in rows]),
        "exact": torch.tensor([windows and keeps(row) and row.schedule.kv_cache == "none" for row in rows]),
        "to_end": torch.tensor([kind == "prefix" for kind in kinds]),
        "only_open": torch.tensor([kind in ("open", "likely") for kind in kinds]),
        "hopeful": torch.tensor([hopeful(row) for row in rows]),
        "refresh": torch.tensor([schedule.refresh or 0 for schedule in schedules]),
        "prompt_refresh": torch.tensor([schedule.prompt_refresh or 0 for schedule in schedules]),
        **{name: marks[:, place].clone() for place, name in enumerate(Mark._fields)},
    }
