"""A published model's real shape at random weights, and what decoding with it costs. Run by hand, on a GPU:

    python -m tests.full_size write llada /tmp/llada-8b          # 16 GB, sharded, bfloat16
    python -m tests.full_size measure /tmp/llada-8b --batch-size 12
    hex decode --model /tmp/llada-8b --task sums --limit 4 --schedules 8,16,32 --gen-length 256 -o runs/llada-8b
    hex vote runs/llada-8b && hex score runs/llada-8b

The text is nonsense, and the time is that of the real model: it does not depend on what the weights say.
"""

import argparse
import itertools
import json
import time
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from hexcli.models.families.reading import family_module, read_architecture
from hexcli.models.loading.weights import published_pieces
from hexcli.models.network.transformer import MaskPredictor
from hexcli.models.options import ModelOptions
from tests.layouts.dense import dream, llada, sdar
from tests.layouts.experts import llada2, llada_moe
from tests.layouts.layout import TEMPLATE

SHARD_BYTES = 5 << 30
# The published sizes, over the fields of the tiny checkpoints of the tests.
SHAPES: dict[str, dict[str, Any]] = {
    "llada": {
        **llada().config,
        "d_model": 4096,
        "n_layers": 32,
        "n_heads": 32,
        "n_kv_heads": 32,
        "mlp_hidden_size": 12288,
        "vocab_size": 126464,
        "embedding_size": 126464,
        "max_sequence_length": 4096,
        "mask_token_id": 126336,
    },
    "dream": {
        **dream().config,
        "hidden_size": 3584,
        "num_hidden_layers": 28,
        "num_attention_heads": 28,
        "num_key_value_heads": 4,
        "intermediate_size": 18944,
        "vocab_size": 152064,
        "max_position_embeddings": 131072,
        "mask_token_id": 151666,
    },
    "llada-moe": {
        **llada_moe().config,
        "hidden_size": 2048,
        "num_hidden_layers": 16,
        "num_attention_heads": 16,
        "num_key_value_heads": 16,
        "expert_intermediate_size": 1024,
        "num_experts": 64,
        "num_experts_per_tok": 8,
        "moe_layer_freq": [1] * 16,
        "vocab_size": 157184,
        "max_position_embeddings": 8192,
        "mask_token_id": 156895,
    },
    "llada2": {
        **llada2().config,
        "hidden_size": 2048,
        "num_hidden_layers": 20,
        "num_attention_heads": 16,
        "num_key_value_heads": 4,
        "head_dim": 128,
        "intermediate_size": 5120,
        "moe_intermediate_size": 512,
        "num_experts": 256,
        "num_experts_per_tok": 8,
        "n_group": 8,
        "topk_group": 4,
        "rotary_dim": 64,
        "vocab_size": 157184,
        "max_position_embeddings": 32768,
        "mask_token_id": 156895,
    },
    "sdar-4b": {
        **sdar().config,
        "hidden_size": 2560,
        "num_hidden_layers": 36,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "intermediate_size": 9728,
        "vocab_size": 151936,
        "max_position_embeddings": 32768,
        "mask_token_id": 151669,
    },
}


def write(name: str, path: Path) -> None:
    """The checkpoint, shard after shard: no more than one is ever in memory."""
    from tests.checkpoints import byte_tokenizer

    config = SHAPES[name]
    path.mkdir(parents=True, exist_ok=True)
    (path / "config.json").write_text(json.dumps(config, indent=2))
    byte_tokenizer(("<|endoftext|>", "<|im_start|>", "<|im_end|>")).save(str(path / "tokenizer.json"))
    tokenizer = {"eos_token": "<|endoftext|>", "chat_template": TEMPLATE}
    (path / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    with torch.device("meta"):
        model = MaskPredictor(read_architecture(path, config, ModelOptions()))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    shard: dict[str, torch.Tensor] = {}
    where: dict[str, str] = {}
    held = total = 0
    for key, pieces in published_pieces(model, family_module(config).published_name).items():
        shape = (sum(piece.shape[0] for piece in pieces), *pieces[0].shape[1:])
        value = torch.randn(shape, device=device, dtype=torch.bfloat16) * 0.02
        shard[key] = (value + 1 if "norm" in key or key.endswith("ln_f.weight") else value).cpu()
        held += shard[key].nbytes
        if held >= SHARD_BYTES:
            where |= _save(path, shard, len(set(where.values())))
            shard, total, held = {}, total + held, 0
    if shard:
        where |= _save(path, shard, len(set(where.values())))
    index = {"metadata": {"total_size": total + held}, "weight_map": where}
    (path / "model.safetensors.index.json").write_text(json.dumps(index))
    print(f"{path}: {(total + held) / 2**30:.1f} GiB in {len(set(where.values()))} files")


def _save(path: Path, shard: dict[str, torch.Tensor], number: int) -> dict[str, str]:
    file = f"model-{number + 1:05}.safetensors"
    save_file(shard, path / file, metadata={"format": "pt"})
    return dict.fromkeys(shard, file)


def measure(path: Path, batch_size: int, gen_length: int, schedules: str) -> dict[str, Any]:
    """Loading, step time and peak memory of 4 problems under `schedules`."""
    from hexcli.engine.plan import plan_run
    from hexcli.models.loading.loading import load_model, pick_device, pick_dtype
    from hexcli.recipe.recipe import Recipe
    from hexcli.sampling.sampler import Row, Sampler

    device = pick_device("auto")
    recipe = Recipe(model=str(path), limit="4", gen_length=gen_length, schedules=tuple(schedules.split(",")))
    started = time.perf_counter()
    work = plan_run(recipe, dtype=pick_dtype("auto", device))
    planned = time.perf_counter()
    longest = max(len(job.prompt_ids) for job in work.jobs) + gen_length
    model = load_model(work.checkpoint, device=device, dtype=work.dtype, length=longest, canvas=gen_length)
    loaded = time.perf_counter()
    rows = [Row(prompt_ids=job.prompt_ids, schedule=job.schedule, trained_block=job.trained_block) for job in work.jobs]
    steps: list[float] = []
    decoded = list(
        Sampler(model.denoiser, mask_id=work.mask_id, batch_size=batch_size, device=device).run(
            rows, lambda _: steps.append(time.perf_counter())
        )
    )
    ended = time.perf_counter()
    gaps = sorted(after - before for before, after in itertools.pairwise(steps))
    on_gpu = device.startswith("cuda")
    return {
        "device": torch.cuda.get_device_name() if on_gpu else "cpu",
        "dtype": work.dtype,
        "plan_s": round(planned - started, 1),
        "load_s": round(loaded - planned, 1),
        "generations": len(decoded),
        "longest_row": longest,
        "nfe": sum(canvas.nfe for _, canvas in decoded),
        "decode_s": round(ended - loaded, 1),
        "median_step_ms": round(gaps[len(gaps) // 2] * 1e3, 1),
        "batch_size": batch_size,
        "peak_gib": round(torch.cuda.max_memory_allocated() / 2**30, 1) if on_gpu else None,
    }


def main() -> None:
    """The command line: see the top of the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write")
    writing.add_argument("shape", choices=SHAPES)
    writing.add_argument("path", type=Path)
    measuring = commands.add_parser("measure")
    measuring.add_argument("path", type=Path)
    measuring.add_argument("--batch-size", type=int, default=12)
    measuring.add_argument("--gen-length", type=int, default=256)
    measuring.add_argument("--schedules", default="8,16,32")
    chosen = parser.parse_args()
    if chosen.command == "write":
        write(chosen.shape, chosen.path)
    else:
        print(json.dumps(measure(chosen.path, chosen.batch_size, chosen.gen_length, chosen.schedules), indent=2))


if __name__ == "__main__":
    main()
