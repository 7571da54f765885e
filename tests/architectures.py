"""The forward pass of every family, written down from the published descriptions: slow, plain, in float64.

One sequence at a time, head by head and token by token, from published key names and config fields. It shares no
code with the package: what the package computes must come out of it.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

Weights = Mapping[str, Tensor]
Sees = Callable[[int, int], bool]


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    return torch.stack([row / math.sqrt(float((row * row).mean()) + eps) * weight for row in x])


def rotated(vector: Tensor, position: int, theta: float, width: int) -> Tensor:
    """Pairs (i, i + width/2) of the first `width` numbers turned by position * theta^(-2i/width)."""
    out = vector.clone()
    half = width // 2
    for i in range(half):
        angle = position * theta ** (-2 * i / width)
        a, b = float(vector[i]), float(vector[i + half])
        out[i] = a * math.cos(angle) - b * math.sin(angle)
        out[i + half] = b * math.cos(angle) + a * math.sin(angle)
    return out


def attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    *,
    heads: int,
    kv_heads: int,
    sees: Sees,
    theta: float,
    rotary: float = 1.0,
    norms: tuple[Tensor, Tensor] | None = None,
    eps: float = 0.0,
) -> Tensor:
    """q [T, heads * d], k and v [T, kv_heads * d] -> [T, heads * d]"""
    length, d = len(q), q.shape[1] // heads
    parts = []
    for head in range(heads):
        mine, shared = slice(head * d, (head + 1) * d), head * kv_heads // heads
        theirs = slice(shared * d, (shared + 1) * d)
        queries, keys, values = q[:, mine], k[:, theirs], v[:, theirs]
        if norms is not None:
            queries, keys = rms_norm(queries, norms[0], eps), rms_norm(keys, norms[1], eps)
        width = int(d * rotary)
        queries = torch.stack([rotated(row, t, theta, width) for t, row in enumerate(queries)])
        keys = torch.stack([rotated(row, t, theta, width) for t, row in enumerate(keys)])
        rows = []
        for t in range(length):
            seen = [s for s in range(length) if sees(t, s)]
            scores = torch.stack([queries[t] @ keys[s] for s in seen]) / math.sqrt(d)
            weights = torch.exp(scores - scores.max())
            rows.append((weights / weights.sum()) @ values[seen])
        parts.append(torch.stack(rows))
    return torch.cat(parts, dim=1)


def linear(x: Tensor, w: Weights, name: str) -> Tensor:
    out = x @ w[f"{name}.weight"].T
    return out + w[f"{name}.bias"] if f"{name}.bias" in w else out


def swiglu(x: Tensor, w: Weights, name: str) -> Tensor:
    gate = linear(x, w, f"{name}.gate_proj")
    return linear(gate / (1 + torch.exp(-gate)) * linear(x, w, f"{name}.up_proj"), w, f"{name}.down_proj")


def top(values: list[float], count: int) -> list[int]:
    return sorted(range(len(values)), key=lambda i: -values[i])[:count]


def softmax_experts(x: Tensor, w: Weights, name: str, config: Mapping[str, Any]) -> Tensor:
    """LLaDA-MoE, Qwen3-MoE: the best few of a softmax over all, scaled to sum to 1 only if norm_topk_prob."""
    out = torch.zeros_like(x)
    for t, row in enumerate(x):
        scores = torch.exp(w[f"{name}.gate.weight"] @ row)
        scores = scores / scores.sum()
        chosen = top(scores.tolist(), config["num_experts_per_tok"])
        total = float(scores[chosen].sum()) if config.get("norm_topk_prob") else 1.0
        for expert in chosen:
            out[t] += scores[expert] / total * swiglu(row[None], w, f"{name}.experts.{expert}")[0]
    return out


def grouped_experts(x: Tensor, w: Weights, name: str, config: Mapping[str, Any]) -> Tensor:
    """LLaDA2.0: sigmoid scores; a bias for choosing only; the best of the best groups; one shared expert."""
    out = swiglu(x, w, f"{name}.shared_experts")
    size = config["num_experts"] // config["n_group"]
    for t, row in enumerate(x):
        scores = [1 / (1 + math.exp(-float(w[f"{name}.gate.weight"][e] @ row))) for e in range(config["num_experts"])]
        merit = [score + float(bias) for score, bias in zip(scores, w[f"{name}.gate.expert_bias"], strict=True)]
        groups = [merit[g * size : (g + 1) * size] for g in range(config["n_group"])]
        best = top([sum(sorted(group)[-2:]) for group in groups], config["topk_group"])
        allowed = [merit[e] if e // size in best else -math.inf for e in range(config["num_experts"])]
        chosen = top(allowed, config["num_experts_per_tok"])
        total = sum(scores[e] for e in chosen)
        for e in chosen:
            share = scores[e] / total * config["routed_scaling_factor"]
            out[t] += share * swiglu(row[None], w, f"{name}.experts.{e}")[0]
    return out


def everything(t: int, s: int) -> bool:
    return True


def blocks_of(size: int) -> Sees:
    """A token sees its own block and those before it, counted from the start of the sequence."""
    return lambda t, s: s // size <= t // size


def llada(w: Weights, config: Mapping[str, Any], ids: list[int]) -> Tensor:
    eps = config["rms_norm_eps"]
    x = w["model.transformer.wte.weight"][ids]
    for index in range(config["n_layers"]):
        b = f"model.transformer.blocks.{index}"
        h = rms_norm(x, w[f"{b}.attn_norm.weight"], eps)
        q, k, v = (linear(h, w, f"{b}.{letter}_proj") for letter in "qkv")
        heads = config["n_heads"]
        mixed = attention(
            q, k, v, heads=heads, kv_heads=config["n_kv_heads"], sees=everything, theta=config["rope_theta"]
        )
        x = x + linear(mixed, w, f"{b}.attn_out")
        h = rms_norm(x, w[f"{b}.ff_norm.weight"], eps)
        gate = linear(h, w, f"{b}.ff_proj")
        x = x + linear(gate / (1 + torch.exp(-gate)) * linear(h, w, f"{b}.up_proj"), w, f"{b}.ff_out")
    head = "wte" if config["weight_tying"] else "ff_out"
    return linear(rms_norm(x, w["model.transformer.ln_f.weight"], eps), w, f"model.transformer.{head}")


def llama_like(w: Weights, config: Mapping[str, Any], ids: list[int], sees: Sees = everything) -> Tensor:
    """Llama, Qwen2, Qwen3 and their mixtures of experts, by what is in the checkpoint."""
    eps = config["rms_norm_eps"]
    theta = config.get("rope_theta") or config["rope_parameters"]["rope_theta"]
    x = w["model.embed_tokens.weight"][ids]
    for index in range(config["num_hidden_layers"]):
        layer = f"model.layers.{index}"
        h = rms_norm(x, w[f"{layer}.input_layernorm.weight"], eps)
        q, k, v = (linear(h, w, f"{layer}.self_attn.{letter}_proj") for letter in "qkv")
        normed = f"{layer}.self_attn.q_norm.weight" in w
        norms = (w[f"{layer}.self_attn.q_norm.weight"], w[f"{layer}.self_attn.k_norm.weight"]) if normed else None
        mixed = attention(
            q,
            k,
            v,
            heads=config["num_attention_heads"],
            kv_heads=config["num_key_value_heads"],
            sees=sees,
            theta=theta,
            norms=norms,
            eps=eps,
        )
        x = x + linear(mixed, w, f"{layer}.self_attn.o_proj")
        h = rms_norm(x, w[f"{layer}.post_attention_layernorm.weight"], eps)
        routed = f"{layer}.mlp.gate.weight" in w
        x = x + (softmax_experts(h, w, f"{layer}.mlp", config) if routed else swiglu(h, w, f"{layer}.mlp"))
    x = rms_norm(x, w["model.norm.weight"], eps)
    head = "model.embed_tokens" if config["tie_word_embeddings"] else "lm_head"
    return linear(x, w, head)


def dream(w: Weights, config: Mapping[str, Any], ids: list[int]) -> Tensor:
    """What the model says at a position is about the next one; the first position keeps its own."""
    logits = llama_like(w, config, ids)
    return torch.stack([logits[max(t - 1, 0)] for t in range(len(ids))])


def fast_dllm_v2(w: Weights, config: Mapping[str, Any], ids: list[int]) -> Tensor:
    """Dream's shift, over blocks."""
    logits = llama_like(w, config, ids, blocks_of(config["bd_size"]))
    return torch.stack([logits[max(t - 1, 0)] for t in range(len(ids))])


def llada2(w: Weights, config: Mapping[str, Any], ids: list[int]) -> Tensor:
    eps, heads, kv_heads, d = config["rms_norm_eps"], 4, 2, config["head_dim"]
    x = w["model.word_embeddings.weight"][ids]
    for index in range(config["num_hidden_layers"]):
        layer = f"model.layers.{index}"
        h = rms_norm(x, w[f"{layer}.input_layernorm.weight"], eps)
        fused = linear(h, w, f"{layer}.attention.query_key_value")
        q, k, v = (
            fused[:, : heads * d],
            fused[:, heads * d : (heads + kv_heads) * d],
            fused[:, (heads + kv_heads) * d :],
        )
        mixed = attention(
            q,
            k,
            v,
            heads=heads,
            kv_heads=kv_heads,
            sees=blocks_of(32),
            theta=config["rope_theta"],
            rotary=config["partial_rotary_factor"],
            norms=(w[f"{layer}.attention.query_layernorm.weight"], w[f"{layer}.attention.key_layernorm.weight"]),
            eps=eps,
        )
        x = x + linear(mixed, w, f"{layer}.attention.dense")
        h = rms_norm(x, w[f"{layer}.post_attention_layernorm.weight"], eps)
        dense = index < config["first_k_dense_replace"]
        x = x + (swiglu(h, w, f"{layer}.mlp") if dense else grouped_experts(h, w, f"{layer}.mlp", config))
    return linear(rms_norm(x, w["model.norm.weight"], eps), w, "lm_head")


FORWARDS: dict[str, Callable[[Weights, Mapping[str, Any], list[int]], Tensor]] = {
    "llada": llada,
    "illada": llada,
    "dream": dream,
    "a2d-qwen3": llama_like,
    "a2d-qwen2": llama_like,
    "a2d-llama": llama_like,
    "llada_moe": llama_like,
    "sdar": lambda w, config, ids: llama_like(w, config, ids, blocks_of(4)),
    "sdar_moe": lambda w, config, ids: llama_like(w, config, ids, blocks_of(4)),
    "llada2": llada2,
    "fast_dllm_v2": fast_dllm_v2,
}


def logits(family: str, weights: Weights, config: Mapping[str, Any], ids: list[int]) -> Tensor:
    """float64 [T, vocabulary]"""
    return FORWARDS[family]({name: value.double() for name, value in weights.items()}, config, ids)
