"""A row in a batch: what is known of it besides the tensors of the batch."""

from dataclasses import dataclass

import torch
from torch import Tensor

from hexcli.sampling.course import START, Mark
from hexcli.sampling.credit import Credit
from hexcli.sampling.row import Row

EMPTY = torch.empty(0)


@dataclass(slots=True, kw_only=True, eq=False)
class Slot:
    """A row in the batch. Its tensors, on the CPU, cover prompt and canvas; they and `mark` are there once it is done.

    hopeful   see Frontier
    cached    its places in the key/value cache, where it has some: its own, and its twin's
    finished  every step is done (all_steps), or no further one can change the text; or nobody wants it (withdrawn)
    first     features of the canvas at the first forward: conditional and, under guidance, unconditional
    seconds   that it took; while it is in the batch, what the batch's clock showed when it came
    """

    row: Row
    seconds: float
    batch_size: int = 0
    hopeful: int = 0
    cached: tuple[int, ...] = ()
    finished: bool = False
    withdrawn: bool = False
    all_steps: bool = True
    first: tuple[Tensor, ...] = ()
    mark: Mark = START
    ids: Tensor = EMPTY
    commit_step: Tensor = EMPTY
    credit: Credit | None = None
    confidence: Tensor = EMPTY

    @property
    def length(self) -> int:
        """Tokens in prompt and canvas."""
        return len(self.row.prompt_ids) + self.row.canvas_length

    @property
    def prompt_length(self) -> int:
        """Tokens in the prompt."""
        return len(self.row.prompt_ids)

    @property
    def forwards(self) -> int:
        """Rows of the model's batch it takes a step: guidance adds the unconditional one."""
        return 2 if self.row.schedule.cfg_scale > 0 else 1
