"""The published loop as modes: in the batches that HEX has, and in those of a competent user."""

import dataclasses
import time
from collections.abc import Iterator, Sequence

import torch

from hexcli.bench import machine
from hexcli.bench.published import Decoding, decode_batch
from hexcli.bench.stage import PUBLISHED_BATCH, PUBLISHED_BATCHES, Canvas, Mode, Stage, Step
from hexcli.labels import expert
from hexcli.sampling.fusing import unfused
from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule


def published(
    stage: Stage, rows: Sequence[Row], on_step: Step, *, unpadded: bool = False, native: bool = False
) -> Iterator[tuple[Row, Canvas]]:
    """The published loop: one schedule after another, its rows in left-padded batches.

    `unpadded`: rows of one length together, so that there is no padding and no mask, as batches of one prompt's samples
    are; `native`: see published.py.
    """
    denoiser = stage.denoiser
    for batch in _published_batches(stage, rows, unpadded):
        schedule = batch[0].schedule
        how = Decoding(
            gen_length=schedule.gen_length,
            block_length=schedule.blocks[0],
            steps=schedule.steps,
            temperature=schedule.temperature,
            mask_id=stage.mask_id,
            native=native,
        )
        with unfused():
            canvases = decode_batch(
                lambda ids, real: denoiser.logits(denoiser.features(ids, real)),
                [row.prompt_ids for row in batch],
                how,
                torch.Generator(stage.device).manual_seed(batch[0].noise_key),
                on_step,
            )
        for row, canvas in zip(batch, canvases.tolist(), strict=True):
            length = len(row.prompt_ids) + schedule.gen_length
            yield row, Canvas(tuple(canvas), schedule.steps, schedule.steps * length)


def _published_batches(stage: Stage, rows: Sequence[Row], unpadded: bool) -> Iterator[list[Row]]:
    """Rows of one schedule but for the seed, in their order; unpadded, those of one length and prompt next to each
    other."""
    alike: dict[tuple[Schedule, int], list[Row]] = {}
    for row in rows:
        key = (expert(row.schedule), len(row.prompt_ids)) if unpadded else (row.schedule, 0)
        alike.setdefault(key, []).append(row)
    for members in alike.values():
        if unpadded:
            members.sort(key=lambda row: row.prompt_ids)
        for first in range(0, len(members), stage.published_batch):
            yield members[first : first + stage.published_batch]


def best_batch(stage: Stage, mode: Mode, rows: Sequence[Row]) -> int:
    """The rows a batch that the published loop decodes most rows a second with, of sizes tried in turn on a GPU."""
    best, fastest = PUBLISHED_BATCH, 0.0
    for size in PUBLISHED_BATCHES:
        some = [row for row in rows if row.schedule.label == rows[0].schedule.label][:size]
        machine.synchronize(stage.device)
        started = time.perf_counter()
        try:
            for _ in mode.decode(dataclasses.replace(stage, published_batch=size), some, lambda forwards: None):
                pass
        except torch.OutOfMemoryError:
            break
        machine.synchronize(stage.device)
        rate = len(some) / (time.perf_counter() - started)
        if rate > fastest:
            best, fastest = size, rate
        if len(some) < size:
            break
    return best
