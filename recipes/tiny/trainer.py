"""A training run: its state, the batch of a step, the step, the learning rate, saving and going on.

Every step draws its batch and its masks from (seed, step) alone, so a resumed run continues exactly.
"""

import random
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F
from data import Rows
from masks import semi_autoregressive, uniform
from optimizers import optimizers
from settings import Settings
from tokenizer import MASK
from tokenizers import Tokenizer
from torch import Tensor, nn
from warm import weights

from hexcli.models.network.transformer import MaskPredictor
from hexcli.tasks.embedded.choices import LETTERS

TRIAL_RATE = 1e-4  # of the steps that only measure the pace
LEAST_BRAKE = 2**-6
WARM_UP = 3  # steps of a length before its step is recorded as one CUDA graph


def init(model: MaskPredictor, settings: Settings) -> None:
    """Normal weights; what is added to the residual stream starts smaller than the embedded tokens."""
    generator = torch.Generator().manual_seed(settings.seed)
    for name, weight in model.named_parameters():
        if weight.ndim == 2:
            deviation = weight.shape[1] ** -0.5 if "layers." in name else 0.02
            if name.startswith("embed"):
                deviation = settings.embedding
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                deviation /= (2 * model.config.layers) ** 0.5
            nn.init.normal_(weight, std=deviation, generator=generator)


def row_losses(model: MaskPredictor, shown: Tensor, ids: Tensor, weight: Tensor) -> Tensor:
    """The loss of each row: shown [B, T] with masks, ids [B, T] without, weight [B, T] -> [B]"""
    logits = model(shown)
    loss = F.cross_entropy(logits.flatten(0, 1).float(), ids.flatten(), reduction="none")
    return (loss.view_as(weight) * weight).sum(1)


class Trainer:
    """The state of a run and what moves it on."""

    def __init__(
        self,
        settings: Settings,
        tokenizer: Tokenizer,
        rows: Mapping[int, Rows],
        device: str,
        start: Path | None = None,
    ) -> None:
        self.settings, self.tokenizer, self.device = settings, tokenizer, device
        self.start = start  # a folder with the weights to begin with; without, they are drawn
        self.rows = {length: part.to(device) for length, part in rows.items()}
        self.mask_id = tokenizer.token_to_id(MASK)
        self.emphasis = torch.ones(tokenizer.get_vocab_size(), device=device)
        self.emphasis[[tokenizer.token_to_id(letter) for letter in LETTERS]] = settings.letters
        self.blocks = torch.tensor(settings.blocks, device=device)
        self.generator = torch.Generator(device)
        self.stream = torch.cuda.Stream() if device == "cuda" and settings.graphs else None  # where steps are recorded
        self.config = settings.transformer(-(-tokenizer.get_vocab_size() // 64) * 64)
        self.model = MaskPredictor(self.config).to(device)
        self.losses = torch.compile(row_losses, dynamic=False) if device == "cuda" else row_losses
        self.steps = 0
        self.reset()

    def reset(self) -> None:
        """Back to step 0."""
        self.step, self.tokens, self.seconds, self.brake = 0, 0, 0.0, 1.0
        with torch.no_grad():
            fresh = MaskPredictor(self.config)
            init(fresh, self.settings)
            begun = fresh.state_dict()
            self.model.load_state_dict(weights(self.start, begun, self.tokenizer) if self.start else begun)
        self.ema = {name: value.detach().clone() for name, value in self.model.named_parameters()}
        self._renew(optimizers(self.model, self.settings))

    def _renew(self, made: list[torch.optim.Optimizer]) -> None:
        """Take these optimizers: recorded steps hold the old ones' memory."""
        self.optimizers = made
        self.graphs: dict[int, tuple[torch.cuda.CUDAGraph, Tensor]] = {}
        self.seen: dict[int, int] = {}

    @property
    def finished(self) -> bool:
        """Whether all steps are taken."""
        return self.step >= self.steps

    @property
    def parameters(self) -> int:
        """How many numbers are learned."""
        return sum(weight.numel() for weight in self.model.parameters())

    def rate(self) -> float:
        """The learning rates of this step as a share of their peaks: up, then down to zero; less after a brake."""
        up = (self.step + 1) / self.settings.warmup_steps
        down = (self.steps - self.step) / self.steps
        return min(up, down, 1.0) * self.brake

    def batch(self, length: int) -> tuple[Tensor, Tensor, Tensor, int]:
        """Rows of a length: shown, ids and weight [B, T], and how many rows are masked uniformly."""
        s, rows = self.settings, self.rows[length]
        count = s.tokens_per_step // length
        part = rows.take(torch.randint(len(rows.ids), (count,), generator=self.generator, device=self.device))
        split = count - round(count * s.semi_autoregressive)
        masks = [
            uniform(part.prompt[:split], length, self.generator),
            semi_autoregressive(part.prompt[split:], part.response[split:], length, self.blocks, self.generator),
        ]
        hidden, weight = (torch.cat(pair) for pair in zip(*masks, strict=True))
        return part.ids.masked_fill(hidden, self.mask_id), part.ids, weight * self.emphasis[part.ids], split

    def advance(self, length: int | None = None) -> Tensor:
        """One step. Returns the mean losses under uniform and under semi-autoregressive masks [2] (0: no such rows)."""
        s = self.settings
        if length is None:
            lengths = list(self.rows)
            sizes = [len(self.rows[length].ids) * length for length in lengths]
            length = random.Random(f"{s.seed}:{self.step}").choices(lengths, sizes)[0]
        self.generator.manual_seed((s.seed << 32) + self.step)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"].fill_(group["peak"] * (self.rate() if self.steps else TRIAL_RATE))
        losses = self._moved(length) if self.stream is None else self._graph(length, self.stream)
        keep = min(s.ema, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.ema.values()), list(self.model.parameters()), 1 - keep)
        self.step += 1
        self.tokens += s.tokens_per_step // length * length
        return losses

    def _moved(self, length: int) -> Tensor:
        """The work of a step, all of it on the device: rows, losses, gradients, weights."""
        shown, ids, weight, split = self.batch(length)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            losses = self.losses(self.model, shown, ids, weight)
        losses.mean().backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        losses = losses.detach()
        return torch.stack([part.sum() / max(len(part), 1) for part in (losses[:split], losses[split:])])

    def _graph(self, length: int, stream: torch.cuda.Stream) -> Tensor:
        """The same, launched as one: a small model's step is hundreds of kernels, each shorter than its launch."""
        if length in self.graphs:
            graph, losses = self.graphs[length]
            graph.replay()
            return losses
        self.seen[length] = self.seen.get(length, 0) + 1
        if self.seen[length] <= WARM_UP:
            # Warm-up belongs on the stream that records (torch's notes on CUDA graphs).
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                losses = self._moved(length)
            torch.cuda.current_stream().wait_stream(stream)
            return losses
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self.generator)
        with torch.cuda.graph(graph, stream=stream):
            losses = self._moved(length)
        self.graphs[length] = (graph, losses)
        graph.replay()
        return losses

    def seconds_a_step(self) -> float:
        """What a step takes, measured over all lengths. Compiles; leaves the run at step 0."""
        total, weights = 0.0, 0
        for length, rows in self.rows.items():
            for turn in range(14):
                if turn == 4:
                    self._synchronize()
                    started = time.monotonic()
                self.advance(length)
            self._synchronize()
            total += (time.monotonic() - started) / 10 * len(rows.ids) * length
            weights += len(rows.ids) * length
        self.reset()
        return total / weights

    def _synchronize(self) -> None:
        if self.device == "cuda":
            torch.cuda.synchronize()

    def averaged(self, dtype: torch.dtype) -> MaskPredictor:
        """The model with averaged weights, rounded as they ship, in `dtype`."""
        model = MaskPredictor(self.config).to(self.device)
        model.load_state_dict(self.ema)
        return model.to(torch.bfloat16).to(dtype).eval()

    def save(self, path: Path) -> None:
        """Write all that a resumed run needs."""
        state = {
            "settings": asdict(self.settings),
            "tokenizer": self.tokenizer.to_str(),
            **{name: getattr(self, name) for name in ("step", "steps", "tokens", "seconds", "brake", "ema")},
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Take up the run in that file."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        for name in ("step", "steps", "tokens", "seconds", "brake", "ema"):
            setattr(self, name, state[name])
        self.model.load_state_dict(state["model"])
        for optimizer, kept in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
        self._renew(self.optimizers)

    def back_off(self, path: Path) -> None:
        """After losses that are not finite: back to the saved state, from there on at half the learning rate."""
        self.load(path)
        self.brake /= 2
        if self.brake < LEAST_BRAKE:
            raise FloatingPointError(f"losses are not finite at {self.brake * 2} of the learning rate either")
        self.save(path)
