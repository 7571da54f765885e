"""A network in memory decodes as the checkpoint it is of: it is written beside the run, once, by what is in it."""

from pathlib import Path
from typing import Any

import pytest
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel, PreTrainedTokenizerFast

import hexcli
import hexcli.python.loading
from hexcli.errors import UsageError
from tests.cli.test_vote_and_score import out_of
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


def network() -> LLaDAModelLM:
    return LLaDAModelLM(LLaDAConfig(**{key: value for key, value in LAYOUT.config.items() if key != "model_type"}))


def tokens(run: hexcli.python.loading.Generations) -> list[int]:
    return run.generations[0].response.token_ids


HOW = {"schedules": [8], "gen_length": 16, "steps": 8}


def test_a_network_and_its_tokenizer_decode_as_the_checkpoint_they_are_of(tmp_path: Path) -> None:
    published = write_published(tmp_path / "published", "llada")
    tokenizer, ours = PreTrainedTokenizerFast.from_pretrained(published), network()
    run = hexcli.decode("3 + 4?", model=(ours, tokenizer), progress=False, **HOW)
    (folder,) = Path("runs").glob("model-*")
    assert run.manifest.model == folder.name
    assert '"model_max_length": 1000000000000000019884624838656' in (folder / "tokenizer_config.json").read_text()
    assert tokens(run) == tokens(hexcli.decode("3 + 4?", model=str(published), progress=False, **HOW))
    with pytest.raises(UsageError, match=r"not a LLaDAModelLM: one in memory is model=\(network, tokenizer\)"):
        hexcli.decode(model=ours)  # type: ignore[arg-type]


def test_a_torch_module_has_the_config_and_the_tokenizer_of_a_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = write_published(tmp_path / "published", "llada")
    module = nn.Module()
    for name, part in network().named_children():
        module.add_module(name, part)
    first = hexcli.decode("3 + 4?", model=(module, published), output="runs/one", **HOW)
    assert f"the model is written to runs/{first.manifest.model}, " in capsys.readouterr().err
    (again,) = hexcli.sweep({"model": (module, published), "task": "sums", "limit": 1, **HOW}, output="runs")
    assert "is written" not in capsys.readouterr().err, "it is there"
    assert len(list(Path("runs").glob("model-*"))) == 1
    module.get_parameter("model.transformer.ln_f.weight").data.zero_()
    other = hexcli.decode("3 + 4?", model=(module, published), output="runs/two", progress=False, **HOW)
    assert tokens(other) != tokens(first), "other weights are another model: nothing of the cache is theirs"
    for name in ("runs/one", "runs/two", str(again.path)):
        out_of(capsys, "runs", "rm", name, "--yes")
    assert not list(Path("runs").glob("*")), "the models go with the last run that names them"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ((1, 2), "1 is no model: model=(network, tokenizer) is a transformers model and its tokenizer, or "),
        ((nn.Linear(2, 2), 3), "3 is no tokenizer: model=(network, tokenizer) is "),
        ((nn.Linear(2, 2), PreTrainedTokenizerFast), "a torch module has no config.json of its own: model=(network, "),
        ((nn.Linear(2, 2), "tiny"), "/model.safetensors has an unexpected weight bias"),
        ((nn.Linear(2, 2), "nope"), "unknown model 'nope'"),
        (["tiny", "llada"], "['tiny', 'llada'] are 2 models: hexcli.sweep({'model': [...]}) takes several"),
    ],
)
def test_what_is_no_model_is_refused_and_leaves_nothing(model: Any, said: str) -> None:
    with pytest.raises(hexcli.HexError) as refused:
        hexcli.decode(model=model, schedules=[8], limit=1, progress=False)
    assert said in str(refused.value)
    assert not Path("runs").exists()


def test_an_adapter_is_no_model() -> None:
    class Adapter:
        def save_pretrained(self, folder: str) -> None:
            (Path(folder) / "adapter_config.json").write_text("{}")

    with pytest.raises(UsageError, match=r"is a LoRA adapter on another: give model=\(network.merge_and_unload\(\)"):
        hexcli.decode(model=(Adapter(), Adapter()), limit=1)
