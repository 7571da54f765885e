"""The weights of a trained model as the start of another one's training."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from hexcli.models.families.llada import published_name

BY_TOKEN = ("embed_tokens.weight", "lm_head.weight")


def weights(folder: Path, fresh: Mapping[str, Tensor], tokenizer: Tokenizer) -> dict[str, Tensor]:
    """The fresh weights with those of the folder in their places; rows of tokens by their text, new ones stay fresh.

    Raises ValueError where the sizes differ.
    """
    published = load_file(folder / "model.safetensors")
    theirs = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    common = [(place, theirs[token]) for token, place in tokenizer.get_vocab().items() if token in theirs]
    ours, others = (torch.tensor(places) for places in zip(*common, strict=True))
    found = {}
    for name, weight in fresh.items():
        given = published[published_name(name)].to(weight.dtype)
        if given.shape[1:] != weight.shape[1:] or (name not in BY_TOKEN and given.shape != weight.shape):
            raise ValueError(f"{name} is {tuple(given.shape)} in {folder}, and {tuple(weight.shape)} here")
        found[name] = weight.clone()
        if name in BY_TOKEN:
            found[name][ours] = given[others]
        else:
            found[name] = given
    return found
