"""Shapes of published models, and step times at random weights."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from hexcli.bench.modes import MODES, Stage
from hexcli.bench.shapes import SHAPES, Shape, find_shape, random_model
from hexcli.bench.stepping import make_rows, make_votes, measure_steps
from hexcli.errors import HexError
from hexcli.models.families.reading import read_architecture
from hexcli.models.network.transformer import MaskPredictor, TransformerConfig
from hexcli.models.options import ModelOptions
from hexcli.schedule import Schedule
from hexcli.workers.batching import AutoBatch
from tests import full_size
from tests.toys import MASK, VOCABULARY, ToyDenoiser

SMALL = TransformerConfig(
    vocab_size=VOCABULARY, width=16, layers=1, heads=2, kv_heads=1, mlp_width=24, context=64, qkv_bias=True
)
SHAPE = Shape(name="small", config=SMALL, mask_id=MASK)
MODEL = MaskPredictor(SMALL).eval()
SCHEDULES = [Schedule.parse(label, gen_length=8, temperature=0.9) for label in ("2", "4", "8")]


@pytest.mark.parametrize(("shape", "family"), [("llada-8b", "llada"), ("dream-7b", "dream")])
def test_the_shapes_of_diffusion_models_are_those_of_their_config_files(shape: str, family: str) -> None:
    assert SHAPES[shape] == read_architecture(Path(), full_size.SHAPES[family], ModelOptions())


# The checkpoints' own totals: safetensors metadata of their hub pages.
@pytest.mark.parametrize(
    ("name", "parameters"),
    [("llada-8b", 8_015_581_184), ("dream-7b", 7_615_616_512), ("13b", 13_015_864_320), ("70b", 70_553_706_496)],
)
def test_the_shapes_have_as_many_parameters_as_the_published_models(name: str, parameters: int) -> None:
    with torch.device("meta"):
        model = MaskPredictor(SHAPES[name])
    assert sum(weight.numel() for weight in model.parameters()) == parameters


def test_random_weights_are_where_and_what_was_asked_for_and_compute_numbers() -> None:
    model = random_model(SHAPE, device="cpu", dtype=torch.bfloat16, length=20, canvas=8)
    assert {(weight.dtype, weight.device.type) for weight in model.parameters()} == {(torch.bfloat16, "cpu")}
    assert model.norm.weight.unique().tolist() == [1.0]
    assert model.layers[0].self_attn.q_proj.bias.unique().tolist() == [0.0]
    logits = model(torch.tensor([[3, MASK, 5]]))
    assert logits.isfinite().all()
    assert logits.std() > 0


def test_a_shape_that_does_not_fit_says_how_much_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hexcli.models.loading.random_weights.free_bytes", lambda device: 16 << 30)
    with pytest.raises(HexError, match=r"13b does not fit: it needs 24\.\d GiB \(24\.2 GiB of weights in bfloat16"):
        random_model(find_shape("13b"), device="cpu", dtype=torch.bfloat16, length=406, canvas=256)


class Tight(ToyDenoiser):
    """Has no memory for the logits of whole sequences."""

    def logits(self, features: Tensor) -> Tensor:
        if features.dim() == 3:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 24.50 GiB. GPU 0 has little.")
        return super().logits(features)


def measure(
    denoiser: Any,
    *names: str,
    steps_timed: int | None = 3,
    commits: int | None = None,
    votes: float | None = None,
) -> list[dict[str, Any]]:
    return measure_steps(
        SHAPE,
        Stage(denoiser=denoiser, mask_id=MASK, device="cpu", batch=AutoBatch(4), commits=commits),
        {name: MODES[name] for name in names},
        prompt_length=3,
        schedules=SCHEDULES,
        steps_timed=steps_timed,
        votes=votes,
        profile=False,
        note=lambda message: None,
    )


def test_a_mode_out_of_memory_says_so_and_the_others_go_on() -> None:
    published, lossless = measure(Tight(), "published", "lossless")
    assert published["error"] == "CUDA out of memory. Tried to allocate 24.50 GiB."
    assert (published["ms_per_step"], published["ratio"], lossless["ratio"]) == (None, None, None)
    assert isinstance(lossless["ms_per_step"], float)
    with pytest.raises(HexError, match=r"4 rows: CUDA out of memory.*use a smaller --batch-size"):
        measure(Tight(), "published")


def test_only_the_steps_asked_for_are_done_in_one_batch_of_all_rows() -> None:
    forwards: list[int] = []

    class Counting(ToyDenoiser):
        def features(self, ids: Tensor, real: Tensor | None = None) -> Tensor:
            forwards.append(len(ids))
            assert real is None
            return super().features(ids, real)

    measure(Counting(), "published", "lossless")
    assert forwards == [4] * 2 * (3 + 3), "three steps to warm up, three to time"


def test_a_decode_takes_its_steps_and_others_where_a_step_commits_more_or_less() -> None:
    published, fast = measure(MODEL, "published", "fast", steps_timed=None)
    whole = SCHEDULES[0].steps
    assert (published["steps"], published["steps_timed"], fast["steps_timed"]) == (whole, whole, whole)
    assert published["seconds_per_decode"] == pytest.approx(published["seconds"])
    published, fast = measure(MODEL, "published", "fast", steps_timed=None, commits=1)
    assert (published["steps"], fast["steps"], fast["steps_timed"]) == (whole, 8, 8)
    assert fast["ratio"] == pytest.approx(published["seconds_per_decode"] / fast["seconds_per_decode"])


def test_rows_take_the_schedules_in_turn_and_hold_no_mask() -> None:
    rows = make_rows(SHAPE, 5, SCHEDULES, 4)
    assert [row.schedule.label for row in rows] == ["2", "4", "8", "2"]
    assert all(len(row.prompt_ids) == 5 and MASK not in row.prompt_ids for row in rows)
    assert len({row.prompt_ids for row in rows}) == 1, "votes on one problem"
    assert make_rows(SHAPE, 5, SCHEDULES, 1, problem=1)[0].prompt_ids != rows[0].prompt_ids


def test_the_votes_of_problems_go_round_until_each_has_what_it_needs() -> None:
    rows = make_votes(SHAPE, 5, SCHEDULES, problems=4, votes=2.5)
    prompts = [row.prompt_ids for row in rows]
    assert len(rows) == len(set(rows)) == 10
    assert prompts == [*prompts[:4], *prompts[:4], *prompts[:2]], "first votes of all come first"
    assert [row.schedule.label for row in rows] == ["2"] * 4 + ["4"] * 4 + ["8"] * 2


def test_what_a_problem_takes_is_measured_where_its_votes_are_said() -> None:
    published, lossless = measure(MODEL, "published", "lossless", steps_timed=None, votes=1.5)
    assert "seconds_per_problem" not in published
    assert lossless["seconds_per_problem"] > 0
    assert (published["rows"], lossless["rows"]) == (4, 4)
