"""A checkpoint -> a mask predictor on a device. Fails on any missing, unexpected or misshapen weight."""

import importlib
from dataclasses import dataclass

import torch
from safetensors import SafetensorError, safe_open

from hexcli.errors import HexError
from hexcli.models import FAMILIES
from hexcli.models.checkpoint import Checkpoint
from hexcli.models.transformer import MaskPredictor


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """A denoiser ready to decode: `hexcli.sampler.Denoiser` on `device` in `dtype`."""

    denoiser: MaskPredictor
    device: str
    dtype: str


def load_model(checkpoint: Checkpoint, *, device: str, dtype: str) -> LoadedModel:
    """Read the weights. `device`: cpu, cuda, cuda:1; `dtype`: float32, bfloat16, float16.

    Raises HexError where the architecture is unknown, or the files do not hold exactly its weights.
    """
    kind = checkpoint.config.get("model_type")
    if kind not in FAMILIES:
        raise HexError(
            f"{checkpoint.path} is of architecture {kind!r}, which hex cannot decode by masking; "
            f"it knows: {', '.join(FAMILIES)}"
        )
    family = importlib.import_module(FAMILIES[kind])
    config = family.read_config(checkpoint.config)
    with torch.device("meta"):
        denoiser = MaskPredictor(config)
    wanted = {family.published_name(name): (name, part.shape) for name, part in denoiser.state_dict().items()}
    weights: dict[str, torch.Tensor] = {}
    for file in sorted(checkpoint.path.glob("*.safetensors")):
        try:
            with safe_open(str(file), framework="pt", device=device) as content:
                for key in content.keys():  # noqa: SIM118  safe_open is no dict
                    if key not in wanted:
                        raise HexError(f"{file} has an unexpected weight {key}")
                    name, shape = wanted[key]
                    if tuple(content.get_slice(key).get_shape()) != tuple(shape):
                        raise HexError(
                            f"{file}: {key} has shape {content.get_slice(key).get_shape()}, "
                            f"config.json says {list(shape)}"
                        )
                    weights[name] = content.get_tensor(key).to(getattr(torch, dtype))
        except (SafetensorError, OSError) as error:
            raise HexError(f"cannot read {file}: {error} (is the download complete?)") from None
    if missing := sorted(key for key, (name, _) in wanted.items() if name not in weights):
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise HexError(f"{checkpoint.path} lacks the weight {missing[0]}{more}")
    denoiser.load_state_dict(weights, strict=True, assign=True)
    return LoadedModel(denoiser=denoiser.eval().requires_grad_(False), device=device, dtype=dtype)


def pick_device(device: str) -> str:
    """`auto` -> the GPU where there is one. Raises HexError on a device this machine lacks."""
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise HexError(f"no device '{device}' here: {str(error).splitlines()[0]}") from None
    return device


def pick_dtype(dtype: str, device: str) -> str:
    """`auto` -> bfloat16 on a GPU, float32 on a CPU."""
    if dtype != "auto":
        return dtype
    return "float32" if device.partition(":")[0] == "cpu" else "bfloat16"


def device_name(device: str) -> str:
    """What people call the device: `NVIDIA H200`, or `cpu`."""
    return torch.cuda.get_device_name(device) if device.startswith("cuda") else device
