"""A row to decode: one generation to make, in token ids."""

from dataclasses import dataclass

from hexcli.alignment import aligned_commits, tail_length
from hexcli.sampling.origin import origin_commits
from hexcli.schedule import Commit, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One generation to make. `noise_key` names its noise: same key, prompt and schedule, same tokens.

    trained_block  the block length the model was trained on, where it sees blocks (see alignment.py); negative where
                   they are counted from the end of the row
    """

    prompt_ids: tuple[int, ...]
    schedule: Schedule
    noise_key: int = 0
    trained_block: int | None = None

    @property
    def canvas_length(self) -> int:
        """Masked tokens to fill in: the canvas, and for a block-causal model the rest of its last block."""
        if self.trained_block is None:
            return self.schedule.gen_length
        return self.schedule.gen_length + tail_length(self.schedule, len(self.prompt_ids), self.trained_block)

    def commits(self) -> tuple[Commit, ...]:
        """The denoising steps in order. Raises ValueError where the schedule does not fit the trained block."""
        if self.trained_block is None:
            commits = self.schedule.commits()
        else:
            commits = aligned_commits(self.schedule, len(self.prompt_ids), self.trained_block)
        return origin_commits(commits, self.schedule, self.noise_key) if self.schedule.alg == "origin" else commits

    @property
    def phase(self) -> int:
        """Tokens of the prompt that are in the trained block which the canvas begins in."""
        trained = self.trained_block or 1
        return len(self.prompt_ids) % trained if trained > 0 else 0

    @property
    def opens(self) -> int:
        """The length of the blocks whose first step commits their first token, whatever is certain; 0: there are none.

        Blocks of the schedule (1) in Fast-dLLM's loop for Dream, the trained ones in that of Fast-dLLM v2.
        """
        if self.schedule.sampler == "fast_dllm_v2":
            return abs(self.trained_block or 0)
        return int(self.schedule.opens_first)

    @property
    def edits(self) -> bool:
        """Whether tokens that are committed may be replaced."""
        return self.schedule.editing_threshold is not None
