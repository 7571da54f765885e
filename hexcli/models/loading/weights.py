"""Published weights, file by file, into a transformer. Fails on any missing, unexpected or misshapen one.

A published tensor may be a part of ours (one expert of a stack) or hold several of ours (queries, keys and values
in one): both are read off the names that the family gives.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from hexcli.errors import HexError
from hexcli.json_file import read_json
from hexcli.models.loading.adapter import Adapter
from hexcli.models.network.experts import ExpertStack

INDEX = "model.safetensors.index.json"
# Types that hold a weight as it is; others are quantized and mean nothing without their scales.
_PLAIN = ("F64", "F32", "F16", "BF16")
# Hears the share of the weights that is read, from 0 to 1.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Where rows of a published tensor go: to our tensor `name`, or to expert `expert` of that stack."""

    name: str
    expert: int | None
    shape: tuple[int, ...]


def published_pieces(model: nn.Module, published_name: Callable[[str], str]) -> dict[str, list[Piece]]:
    """Every published tensor of the model, and the pieces of ours that lie in it one after the other."""
    stacks = {f"{name}." for name, part in model.named_modules() if isinstance(part, ExpertStack)}
    found: dict[str, list[Piece]] = {}
    for name, tensor in model.state_dict().items():
        shape = tuple(tensor.shape)
        stack = next((stack for stack in stacks if name.startswith(stack)), None)
        if stack is None:
            found.setdefault(published_name(name), []).append(Piece(name, None, shape))
            continue
        for expert in range(shape[0]):
            single = f"{stack}{expert}.{name.removeprefix(stack)}.weight"
            found.setdefault(published_name(single), []).append(Piece(name, expert, shape[1:]))
    return found


def read_weights(
    model: nn.Module,
    path: Path,
    published_name: Callable[[str], str],
    *,
    dtype: torch.dtype,
    device_of: Callable[[str], str],
    adapter: Adapter | None = None,
    progress: Progress = lambda share: None,
) -> None:
    """Fill `model` (on the meta device) from the safetensors files in `path`.

    Files are mapped into memory and read tensor by tensor, straight to `device_of(our name)`. Raises HexError where
    the files are not exactly the model's weights.
    """
    wanted = published_pieces(model, published_name)
    shapes = {key: _joined(pieces) for key, pieces in wanted.items()}
    head, embedding = published_name("lm_head.weight"), published_name("embed_tokens.weight")
    if head not in shapes:  # tied: some checkpoints hold the one matrix under both names
        shapes[head] = shapes[embedding]
    if adapter is not None:
        adapter.check(shapes)
    weights: dict[str, Tensor] = {}
    seen: set[str] = set()
    spare: Tensor | None = None
    for key, tensor in _tensors(path, shapes):
        if key not in wanted:
            spare = tensor
            continue
        tensor = tensor.to(device_of(wanted[key][0].name))
        if adapter is not None:
            tensor = adapter.merged(key, tensor)
        _place(tensor.to(dtype), wanted[key], model, weights)
        seen.add(key)
        progress(len(seen) / len(wanted))
    if missing := sorted(set(wanted) - seen):
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise HexError(f"{path} lacks the weight {missing[0]}{more}")
    if spare is not None and not torch.equal(spare.to(dtype), weights["embed_tokens.weight"].cpu()):
        raise HexError(f"{path}: config.json says that the head is the embedding, but {head} is not {embedding}")
    model.load_state_dict(weights, strict=True, assign=True)


def _joined(pieces: list[Piece]) -> tuple[int, ...]:
    return (sum(piece.shape[0] for piece in pieces), *pieces[0].shape[1:])


def _place(tensor: Tensor, pieces: list[Piece], model: nn.Module, weights: dict[str, Tensor]) -> None:
    for piece, part in zip(pieces, torch.split(tensor, [piece.shape[0] for piece in pieces]), strict=True):
        if piece.expert is None:
            weights[piece.name] = part
            continue
        if piece.name not in weights:
            whole = model.get_parameter(piece.name).shape
            weights[piece.name] = torch.empty(whole, dtype=part.dtype, device=part.device)
        weights[piece.name][piece.expert] = part


def _tensors(path: Path, shapes: dict[str, tuple[int, ...]]) -> Iterator[tuple[str, Tensor]]:
    """Every tensor of the files, checked against `shapes`."""
    for file in weight_files(path):
        try:
            with safe_open(str(file), framework="pt") as content:
                for key in content.keys():  # noqa: SIM118  safe_open is no dict
                    if key not in shapes:
                        raise HexError(f"{file} has an unexpected weight {key}")
                    part = content.get_slice(key)
                    shape = list(part.get_shape())
                    if shape != list(shapes[key]):
                        raise HexError(f"{file}: {key} has shape {shape}, config.json says {list(shapes[key])}")
                    if part.get_dtype() not in _PLAIN:
                        raise HexError(f"{file}: {key} is of type {part.get_dtype()}: quantized, which hex cannot read")
                    yield key, content.get_tensor(key)
        except (SafetensorError, OSError) as error:
            raise HexError(f"cannot read {file}: {error} (is the download complete?)") from None


def weight_files(path: Path) -> list[Path]:
    """The safetensors files that are the model: those its index names, else all there are.

    Raises HexError where one is missing.
    """
    index = path / INDEX
    if not index.is_file():
        return sorted(path.glob("*.safetensors"))
    try:
        names = sorted(set(map(str, read_json(index)["weight_map"].values())))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HexError(f"cannot read {index}: {error}") from None
    if outside := [name for name in names if name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name]:
        raise HexError(f"{index} names {outside[0]!r:.80}, which is not in its folder")
    # os.path, since pathlib raises on names that no file system would take.
    missing = [name for name in names if not os.path.isfile(path / name)]  # noqa: PTH113
    if missing:
        raise HexError(
            f"{path} lacks {missing[0]:.80}, {len(missing)} of {len(names)} files of its weights: is the download "
            "complete?"
        )
    return [path / name for name in names]
