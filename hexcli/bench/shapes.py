"""The shapes of models, to be filled with random weights: what a step costs does not depend on what they say."""

from dataclasses import dataclass
from pathlib import Path

import torch

from hexcli.errors import UsageError, unknown
from hexcli.json_file import read_json, rounded
from hexcli.models.families.reading import read_architecture
from hexcli.models.families.shapes import SHAPES as SHAPES
from hexcli.models.loading.random_weights import random_weights
from hexcli.models.network.architecture import TransformerConfig
from hexcli.models.network.transformer import MaskPredictor
from hexcli.models.options import ModelOptions

BLOCKS = ("8", "16", "32", "64", "128")  # of the paper (arXiv 2510.05040)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A model without its weights. The last token of the vocabulary is the mask, where nothing says it."""

    name: str
    config: TransformerConfig
    mask_id: int

    @property
    def blocks(self) -> tuple[str, ...]:
        """Labels of schedules that it can be decoded under, where nobody chose."""
        if self.config.block_length is None:
            return BLOCKS
        return tuple(str(length) for length in (2, 4, 8, 16, 32, 64) if self.config.block_length % length == 0)


def find_shape(name: str) -> Shape:
    """The shape of that name, or of the config.json at that path.

    Raises UsageError where there is neither, HexError where the file is no known model.
    """
    path = Path(name)
    if name in SHAPES:
        return Shape(name=name, config=SHAPES[name], mask_id=SHAPES[name].vocab_size - 1)
    if not path.is_file():
        if path.suffix == ".json" or path.is_dir():
            raise UsageError(f"--shape {name} is no file: give the config.json of a model")
        raise unknown("shape", name, [*SHAPES, "or the config.json of a model"])
    try:
        config = read_json(path, rounded)
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None
    if not isinstance(config, dict):
        raise UsageError(f"{path} is no config.json: it holds no JSON object")
    found = read_architecture(path.parent, config, ModelOptions())
    said = config.get("mask_token_id")
    last = found.vocab_size - 1
    return Shape(name=name, config=found, mask_id=said if isinstance(said, int) and 0 <= said <= last else last)


def random_model(shape: Shape, *, device: str, dtype: torch.dtype, length: int, canvas: int) -> MaskPredictor:
    """The model with random weights, made where it is to be: no copy of it is ever anywhere else.

    `length` and `canvas`: tokens of a row, for the memory it needs. Raises HexError where that is not there.
    """
    return random_weights(shape.config, shape.name, device=device, dtype=dtype, length=length, canvas=canvas)
