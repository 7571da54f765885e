"""The vocabulary head, where a token can be committed: what may stand at a position, and how certain that is."""

import functools
import itertools
from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from hexcli.sampling import noise
from hexcli.sampling.batch import Batch
from hexcli.sampling.credit import credited
from hexcli.sampling.slot import Slot

# Logits worked on at once, in elements of float64: bounds memory where the vocabulary is large (1 GiB each).
CHUNK_ELEMENTS = 1 << 27


class Denoiser(Protocol):
    """A mask predictor. `features` sees whole rows, `logits` any selection of positions."""

    def features(self, ids: Tensor, real: Tensor | None = None) -> Tensor:
        """ids [B, T], real bool [B, T] (False on padding; None: no padding) -> [B, T, width]"""
        ...

    def logits(self, features: Tensor) -> Tensor:
        """[N, width] -> [N, vocabulary]"""
        ...


class Head:
    """Scores positions of a batch with a denoiser's head, so many at once as the memory holds.

    kind  the logits' type, once one was there
    """

    def __init__(self, denoiser: Denoiser, device: torch.device) -> None:
        self.denoiser = denoiser
        self.kind = torch.float64
        self._vocabulary: int | None = None
        self._counters = functools.cache(functools.partial(noise.counters, device=device))

    def choose(self, batch: Batch, features: Tensor, rows: Tensor, columns: Tensor) -> tuple[Tensor, ...]:
        """For N positions: the token to put there, its probability, that of the likeliest, the rule's certainty, and,
        where a rule asks for it, the entropy, [N] each. `features` [>= B, T, width] of the rows and their twins."""
        size = self.chunk(features)
        parts = [
            self._choose(batch, features, some_rows, some_columns)
            for some_rows, some_columns in zip(torch.split(rows, size), torch.split(columns, size), strict=True)
        ]
        return tuple(torch.cat(part) for part in zip(*parts, strict=True)) if len(parts) > 1 else parts[0]

    def _choose(self, batch: Batch, features: Tensor, rows: Tensor, columns: Tensor) -> tuple[Tensor, ...]:
        logits = self.logits(batch, features, rows, columns)
        logits = credited(logits, batch.credits, rows, columns - batch.start[rows])
        step = batch.frontier.step[rows]
        choice = batch.candidates.choose(
            logits,
            rows,
            step,
            batch.noise_keys(rows, columns, step),
            self._counters(logits.shape[1]),
            batch.frontier.opening if batch.opening else None,
            all_probs=batch.order.by_probs or batch.commits.by_entropy,
        )
        keys = batch.noise_keys(rows, columns, batch.order.draw_step(step, rows))
        draws = noise.uniform(keys, self._counters(1, first=0)).squeeze(1)
        certainty = batch.order.certainty(choice, draws, rows, columns)
        entropy = torch.special.entr(choice.probs).sum(1) if batch.commits.by_entropy else choice.confidence
        return choice.tokens, choice.confidence, choice.peak, certainty, entropy

    def logits(self, batch: Batch, features: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        """Of N positions, under guidance where their row has some: [N, V]"""
        conditional = features[rows, columns]
        if not batch.twins.guided:
            return self.denoiser.logits(conditional)
        # Rows without guidance are their own twin: no change.
        twin = batch.twins.place[rows]
        return self._guided(conditional, features[twin, columns], batch.guidance[rows][:, None])

    def _guided(self, conditional: Tensor, unconditional: Tensor, weight: Tensor) -> Tensor:
        """Classifier-free guidance: Lu + weight (Lc - Lu), where weight = cfg_scale + 1, as [llada]."""
        base = self.denoiser.logits(unconditional)
        return base + weight * (self.denoiser.logits(conditional) - base)

    def chunk(self, features: Tensor) -> int:
        """Positions to score at once."""
        if self._vocabulary is None:
            one = self.denoiser.logits(features[0, :1])
            self._vocabulary, self.kind = one.shape[1], one.dtype
        return max(CHUNK_ELEMENTS // self._vocabulary, 1)

    def first_step_logprobs(self, slots: Sequence[Slot], tokens: Sequence[Tensor]) -> list[float]:
        """Mean log p of each slot's final tokens under its first, all-masked forward ([hex] generate.py)."""
        if not slots:
            return []
        firsts = [slot.first for slot in slots]
        ids = torch.cat(list(tokens)).to(firsts[0][0].device)
        counts = [len(part) for part in tokens]
        parts = [ids, torch.cat([first[0] for first in firsts])]
        if any(len(first) == 2 for first in firsts):
            # As in `logits`: rows without guidance are their own twin.
            parts.append(torch.cat([first[-1] for first in firsts]))
            weights = [[slot.row.schedule.cfg_scale + 1] * count for slot, count in zip(slots, counts, strict=True)]
            parts.append(torch.tensor(list(itertools.chain(*weights)), device=ids.device)[:, None])
        found = []
        size = self.chunk(parts[1][None])
        for some, *first in zip(*(torch.split(part, size) for part in parts), strict=True):
            logits = self.denoiser.logits(first[0]) if len(first) == 1 else self._guided(*first)
            found.append(logits.double().log_softmax(1).gather(1, some[:, None]).squeeze(1))
        return [float(part.mean()) for part in torch.split(torch.cat(found).cpu(), counts)]
