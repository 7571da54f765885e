"""A network of transformers is saved into a folder, as the message for it as a model says, and decodes from there."""

from pathlib import Path
from typing import Any

import pytest
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel, PreTrainedTokenizerFast

import hexcli
from hexcli.errors import UsageError
from tests.published import LAYOUTS, random_weights, write_published

LAYOUT = LAYOUTS["llada"]()


class LLaDAConfig(PretrainedConfig):
    model_type = "llada"


class LLaDAModelLM(PreTrainedModel):
    """The published names of LLaDA's weights, as its own code has them."""

    config_class = LLaDAConfig

    def __init__(self, config: LLaDAConfig) -> None:
        super().__init__(config)
        for name, value in random_weights(LAYOUT.shapes).items():
            *path, last = name.split(".")
            place: Any = self
            for part in path:
                if not hasattr(place, part):
                    place.add_module(part, nn.Module())
                place = getattr(place, part)
            place.register_parameter(last, nn.Parameter(value))
        self.post_init()


def test_a_saved_network_and_its_tokenizer_decode_as_the_checkpoint_they_are_of(tmp_path: Path) -> None:
    published = write_published(tmp_path / "published", "llada")
    network = LLaDAModelLM(LLaDAConfig(**{key: value for key, value in LAYOUT.config.items() if key != "model_type"}))
    with pytest.raises(UsageError, match=r"not a LLaDAModelLM: save it and its tokenizer .*\(.save_pretrained\)"):
        hexcli.decode(model=network)  # type: ignore[arg-type]
    network.save_pretrained(tmp_path / "saved")
    PreTrainedTokenizerFast.from_pretrained(published).save_pretrained(tmp_path / "saved")
    assert (
        '"model_max_length": 1000000000000000019884624838656' in (tmp_path / "saved/tokenizer_config.json").read_text()
    )
    told = [
        hexcli.decode("3 + 4?", model=str(folder), schedules=[8], gen_length=16, steps=8, progress=False)
        for folder in (tmp_path / "saved", published)
    ]
    assert told[0].generations[0].response.token_ids == told[1].generations[0].response.token_ids
