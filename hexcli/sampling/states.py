"""Rows in the same state share a forward pass.

A state is what the model sees: a prompt, and a canvas filled in so far. Votes on one problem begin in the same one, and
samples of one schedule stay together until their noise makes them part: at temperature 0.9 the 25 votes of a problem
of `sums` are in a state of their own at a third of their steps. What the model makes of a state does not depend on
who asks, or when, so it is computed once and kept. Nothing that is decoded changes.
"""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor

from hexcli.sampling.packing import PackedDenoiser, Packings

LIMIT = 1 << 28  # bytes of features kept


class States:
    """Features of the states met so far, those asked for last."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.asked = self.computed = 0  # rows
        self._known: OrderedDict[tuple[int, bool, bytes], Tensor] = OrderedDict()
        self._held = 0

    def features(
        self, denoiser: PackedDenoiser, ids: Tensor, rows: Sequence[tuple[int, int, bool]], wanted: Tensor
    ) -> Tensor:
        """Features [B, T, width] of ids [B, T] where `wanted` bool [B, T] says so; elsewhere they mean nothing.

        `rows`: tokens of each row, which ends in the last column, and of its canvas; a state's canvas is wanted where
        it is masked, or, where the row edits, as a whole.
        """
        width = ids.shape[1]
        keys = [
            (canvas, edits, ids[row, width - length :].numpy().tobytes())
            for row, (length, canvas, edits) in enumerate(rows)
        ]
        new = {key: row for row, key in reversed(list(enumerate(keys))) if key not in self._known}
        self.asked, self.computed = self.asked + len(rows), self.computed + len(new)
        found: dict[tuple[int, bool, bytes], Tensor] = {}
        if new:
            picked = list(new.values())
            packings = Packings([rows[row][0] for row in picked], width, denoiser.trained_block)
            features = packings.features(denoiser, ids[picked], wanted[picked])
            found = {key: part[wanted[row]] for (key, row), part in zip(new.items(), features, strict=True)}
        for key in dict.fromkeys(keys):
            if key in found:
                self._keep(key, found[key])
            else:
                self._known.move_to_end(key)
                found[key] = self._known[key]
        out = found[keys[0]].new_zeros(*ids.shape, found[keys[0]].shape[-1])
        out[wanted] = torch.cat([found[key] for key in keys])
        while self._held > self.limit:
            _, oldest = self._known.popitem(last=False)
            self._held -= oldest.nbytes
        return out

    def _keep(self, key: tuple[int, bool, bytes], features: Tensor) -> None:
        self._known[key] = features
        self._held += features.nbytes
