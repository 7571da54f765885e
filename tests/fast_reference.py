"""Fast-dLLM's cached decode loops, written naively from their description: one row, lists, no batch.

NVlabs/Fast-dLLM llada/generate.py, `generate_with_prefix_cache` and `generate_with_dual_cache` (arXiv 2505.22618); the
refresh intervals and the open windows are ours, as Schedule tells them. It shares nothing with hexcli but the weights.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli.models.network.transformer import MaskPredictor
from tests.reference import certainty, tokens_per_step

Past = list[tuple[Tensor, Tensor]]


class PlainLlama:
    """The forward pass of LLaDA's layout for one row, with keys and values from the outside."""

    def __init__(self, model: MaskPredictor) -> None:
        self.weights = dict(model.state_dict())
        self.config = model.config

    def norm(self, x: Tensor, name: str) -> Tensor:
        return x / (x.pow(2).mean(-1, keepdim=True) + self.config.norm_eps).sqrt() * self.weights[f"{name}.weight"]

    def turned(self, x: Tensor, positions: Tensor) -> Tensor:
        half = x.shape[-1] // 2
        angles = positions[:, None].float() * self.config.rope_theta ** (-torch.arange(half) / half)
        a, b = x[..., :half], x[..., half:]
        return torch.cat([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()], dim=-1)

    def __call__(self, ids: list[int], past: Past | None = None, at: list[int] | None = None) -> tuple[Tensor, Past]:
        """Logits of `ids`, standing `at` these positions, and all keys and values, theirs put into `past`."""
        config, w = self.config, self.weights
        x = w["embed_tokens.weight"][torch.tensor(ids)]
        positions = torch.tensor(list(range(len(ids))) if at is None else at)
        kept: Past = []
        for index in range(config.layers):
            name = f"layers.{index}"
            y = self.norm(x, f"{name}.input_layernorm")
            q, k, v = (
                (y @ w[f"{name}.self_attn.{part}_proj.weight"].T).view(len(ids), -1, config.head_width).transpose(0, 1)
                for part in "qkv"
            )
            q, k = self.turned(q, positions), self.turned(k, positions)
            if past is not None:
                k, v = (old.index_copy(1, positions, new) for old, new in zip(past[index], (k, v), strict=True))
            kept.append((k, v))
            groups = config.heads // config.kv_heads
            k, v = k.repeat_interleave(groups, 0), v.repeat_interleave(groups, 0)
            y = (q @ k.transpose(1, 2) / config.head_width**0.5).softmax(-1) @ v
            x = x + y.transpose(0, 1).flatten(1) @ w[f"{name}.self_attn.o_proj.weight"].T
            y = self.norm(x, f"{name}.post_attention_layernorm")
            gate, up, down = (w[f"{name}.mlp.{part}_proj.weight"].T for part in ("gate", "up", "down"))
            x = x + (F.silu(y @ gate) * (y @ up)) @ down
        return self.norm(x, "norm") @ w["lm_head.weight"].T, kept


def cached_decode(
    model: PlainLlama,
    prompt: list[int],
    *,
    blocks: list[int],
    gen_length: int,
    steps: int,
    mask_id: int,
    cache: str,
    threshold: float | None = None,
    refresh: int | None = None,
    prompt_refresh: int | None = None,
    remasking: str = "low_confidence",
    cfg_scale: float = 0.0,
    hopeful: int = 8,
) -> tuple[list[int], int, int]:
    """Temperature 0. Returns the canvas, forward passes, and tokens computed.

    Under a threshold it takes steps = gen_length, the published minimum of one token a step. Cache `likely` looks at
    `hopeful` masked tokens of a block at least.
    """
    peaks: dict[int, float] = {}  # the probability of the likeliest token when a position was last looked at
    x = prompt + [mask_id] * gen_length
    pasts: list[Past | None] = [None, None] if cfg_scale > 0 else [None]
    nfe = computed = fresh = stale = 0
    end = last_start = len(prompt)
    recent: list[list[int]] = []  # the positions that each step committed
    for block in blocks:
        start, end = end, end + block
        quotas = [1] * block if threshold is not None else tokens_per_step(block, blocks, gen_length, steps)
        for number, quota in enumerate(quotas):
            if mask_id not in x[start:end]:
                break
            whole = nfe == 0 or (number == 0 if refresh is None else fresh >= refresh)
            at = list(range(last_start, len(x) if cache == "prefix" else end))
            inside = [position for position in range(start, end) if x[position] == mask_id]
            if cache == "likely" and inside:
                most = max(max(tokens_per_step(one, blocks, gen_length, steps)) for one in blocks)
                count = max(hopeful, max(blocks) // 4, 2 * (1 if threshold is not None else most))
                edge = sorted((peaks.get(position, math.inf) for position in inside), reverse=True)[:count][-1]
                inside = [position for position in inside if peaks.get(position, math.inf) >= edge]
                at = [one for one in at if one in inside or any(one in just for just in recent[-4:])]
            if cache == "open":
                at = [
                    position for position in at if x[position] == mask_id or any(position in one for one in recent[-4:])
                ]
            if whole:
                anew = nfe == 0 or prompt_refresh is None or stale >= prompt_refresh
                at, fresh, stale = list(range(0 if anew else len(prompt), len(x))), 0, 0 if anew else stale
                if cache == "likely" and nfe:
                    at = [one for one in at if x[one] != mask_id or start <= one < end]
            found = []
            for which, past in enumerate(pasts):
                seen = x if which == 0 else [mask_id] * len(prompt) + x[len(prompt) :]
                logits, pasts[which] = model([seen[position] for position in at], past, at)
                found.append(logits)
                nfe, computed = nfe + 1, computed + len(at)
            logits = found[0] if len(found) == 1 else found[1] + (cfg_scale + 1) * (found[0] - found[1])
            candidates = []
            for position in range(start, end):
                if x[position] == mask_id and position in at:
                    probs = logits[at.index(position)].double().softmax(-1)
                    token = int(logits[at.index(position)].argmax())
                    peaks[position] = float(probs.max())
                    rank = certainty(probs, token, remasking)
                    candidates.append((-rank, position, token, float(probs[token])))
            just: list[int] = []
            for order, (_, position, token, confidence) in enumerate(sorted(candidates)):
                if order < quota or (threshold is not None and confidence >= threshold):
                    x[position] = token
                    just.append(position)
            recent.append(just)
            fresh, stale = fresh + len(just), stale + len(just)
            last_start = start
    return x[len(prompt) :], nfe, computed
