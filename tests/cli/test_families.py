"""Published samplers through the real command line: options and recipes give the tokens of the transcribed loops."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.loading.loading import load_model
from hexcli.models.tokenizer.tokenizer import load_tokenizer
from tests.layouts.layout import END, MASK
from tests.published import write_published
from tests.samplers.blocks import block_diffusion, editing, fast_dllm_v2
from tests.samplers.dream import dream
from tests.samplers.llada import pick_share, semi_autoregressive
from tests.samplers.parts import dllm_shares, even_shares

FAMILIES = ("dream", "sdar", "llada2", "llada", "a2d-qwen3", "fast_dllm_v2")
TURN = 3


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    top = tmp_path_factory.mktemp("published")
    return {family: write_published(top / family, family) for family in FAMILIES}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def decoded(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[list[int], list[int]]:
    """Prompt and canvas of the one generation of a prompt."""
    code = run(["decode", "1 + 1?", "--model", str(folder), "--dtype", "float32", *arguments, "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    (generation,) = json.loads(out)["generations"]
    return load_tokenizer(folder).encode(generation["prompt"]), generation["token_ids"]


def logits_of(folder: Path) -> Any:
    return load_model(find_checkpoint(str(folder)), device="cpu", dtype="float32").denoiser


def until_end(ids: list[int]) -> list[int]:
    """Behind the end of a text canvases differ: ours stops there."""
    return ids[: next((place + 1 for place, token in enumerate(ids) if token in (END, TURN)), len(ids))]


def test_fast_dllms_loop_for_dream_runs(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Its tokens are in tests/sampling/test_dream.py; the reference needs a model without biases."""
    arguments = "-s 8 --gen-length 16 --alg confidence_threshold --threshold 0.9 --kv-cache dual"
    _, tokens = decoded(capsys, folders["dream"], *arguments.split())
    assert len(tokens) == 16 and MASK not in tokens


Loop = Callable[[Any, list[int]], list[int]]


def of_dream(model: Any, prompt: list[int]) -> list[int]:
    return dream(model, prompt, gen_length=24, steps=10, mask_id=MASK, alg="topk_margin", eps=0.01, top_p=0.9, top_k=50)


def of_sdar(model: Any, prompt: list[int]) -> list[int]:
    return block_diffusion(
        model,
        prompt,
        gen_length=24,
        block_length=4,
        denoising_steps=2,
        mask_id=MASK,
        strategy="low_confidence_dynamic",
        threshold=0.02,
    )[0]


def of_llada21(model: Any, prompt: list[int]) -> list[int]:
    tokens, _ = editing(
        model, prompt, gen_length=32, block_length=32, mask_id=MASK, threshold=0.05, editing_threshold=0.02
    )
    return tokens


def of_fast_v2(model: Any, prompt: list[int]) -> list[int]:
    tokens, _ = fast_dllm_v2(
        model, prompt, new_tokens=64, block_size=32, small_block_size=8, mask_id=MASK, threshold=0.02
    )
    return tokens


def of_llada(*last: int, banned: int | None = None) -> Loop:
    def loop(model: Any, prompt: list[int]) -> list[int]:
        out = () if banned is None else (banned,)
        return semi_autoregressive(
            model,
            prompt,
            blocks=[12, 12],
            mask_id=MASK,
            shares=even_shares(6),
            picks=pick_share,
            banned=lambda nfe: set(out),
            confidence=lambda values: values.index_fill(0, values.new_tensor([*last, *out]).long(), -float("inf")),
        )[0]

    return loop


def of_dllm(model: Any, prompt: list[int]) -> list[int]:
    return semi_autoregressive(
        model,
        prompt,
        blocks=[12, 12],
        mask_id=MASK,
        shares=dllm_shares(5),
        picks=pick_share,
    )[0]


CASES: list[tuple[str, str, Loop]] = [
    ("dream", "-s 24 --gen-length 24 --steps 10 --alg topk_margin --eps 0.01 --top-p 0.9", of_dream),
    ("sdar", "-s 4 --gen-length 24 --steps 12 --sampler sdar --threshold 0.02", of_sdar),
    ("llada2", "-s 32 --gen-length 32 --sampler sdar --threshold 0.05 --editing-threshold 0.02", of_llada21),
    ("fast_dllm_v2", "-s 8 --gen-length 64 --sampler fast_dllm_v2 --threshold 0.02", of_fast_v2),
    ("llada", "-s 12 --gen-length 24 --steps 12 --confidence-eos-eot-inf", of_llada(END, TURN)),
    ("llada", "-s 12 --gen-length 24 --steps 12 --logits-eos-inf", of_llada(banned=END)),
    ("a2d-qwen3", "-s 12 --gen-length 24 --steps 9 --sampler dllm", of_dllm),
]


@pytest.mark.parametrize(("family", "arguments", "loop"), CASES, ids=[case[1] for case in CASES])
def test_options_give_the_tokens_of_the_published_loop(
    family: str, arguments: str, loop: Loop, folders: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    prompt, tokens = decoded(capsys, folders[family], *arguments.split())
    expected = loop(logits_of(folders[family]), prompt)
    assert until_end(tokens) == until_end(expected)


def test_a_label_says_them_and_a_full_canvas_has_the_same_text(
    folders: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folders["dream"]
    said = "24:alg=topk_margin:eps=0.01:top_p=0.9:steps=10:sampler=dream"
    prompt, tokens = decoded(capsys, folder, "-s", said, "--gen-length", "24")
    _, whole = decoded(capsys, folder, "-s", said, "--gen-length", "24", "--full-canvas")
    assert until_end(tokens) == until_end(whole)
    assert whole == of_dream(logits_of(folder), prompt)


def test_a_recipe_says_them(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    Path("recipe.yaml").write_text(
        f"model: {folders['llada']}\nschedules: [8]\ngen_length: 16\nlimit: 1\nconfidence_eos_eot_inf: [true, false]\n"
        "suppress_tokens: 5,6\n"
    )
    assert run(["sweep", "recipe.yaml", "--json"]) == 0
    outcomes = json.loads(capsys.readouterr().out)
    rows = [
        json.loads(Path(outcome["run"], "generations.jsonl").read_text().splitlines()[0])["schedule"]
        for outcome in outcomes
    ]
    assert [row.get("confidence_eos_eot_inf") for row in rows] == [True, None]
    assert [row["suppress_tokens"] for row in rows] == [[5, 6], [5, 6]]
    assert run(["vote", "runs", "--json"]) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            "--alg fastest",
            "unknown alg 'fastest': known: origin, maskgit_plus, topk_margin, entropy, confidence_threshold",
        ),
        (
            "--alg confidence_threshold",
            "alg confidence_threshold is Fast-dLLM's: it needs a threshold (0.9) and a kv_cache",
        ),
        ("--alg origin --kv-cache dual", "alg origin has no loop with kv_cache dual"),
        ("-s 16 --steps 4 --alg entropy --kv-cache dual", "takes two steps a block at least, not 4 in all"),
        ("--sampler vllm", "unknown sampler 'vllm': known: llada, dream, sdar, dllm, fast_dllm_v2, d3llm, d3llm_dream"),
        ("--top-p 0.9", "top_p has no effect under sampler llada: it is of dream, sdar, fast_dllm_v2"),
        ("--sampler fast_dllm_v2", "sampler fast_dllm_v2 needs a threshold: 0.9, or 1 for one token a step"),
        ("--sampler fast_dllm_v2 --threshold 0.9 --kv-cache dual", "has no loop with kv_cache dual"),
        ("--sampler fast_dllm_v2 --threshold 0.9 --steps 8", "steps 8 have no effect with fast_dllm_v2"),
        ("--sampler fast_dllm_v2 --threshold 0.9 --top-p 0.9", "no effect under sampler fast_dllm_v2 at temperature 0"),
        ("--sampler fast_dllm_v2 --threshold 0.9 --top-k 9", "top_k has no effect under sampler fast_dllm_v2"),
        ("--sampler fast_dllm_v2 --threshold 0.9 --remasking random", "leave remasking random out"),
        (
            "--sampler fast_dllm_v2 --threshold 0.9",
            "whose logits are about the next token",
        ),
        ("--sampler d3llm", "sampler d3llm needs an entropy_threshold: 0.5"),
        ("--sampler d3llm --entropy-threshold 0.5 --kv-cache dual", "sampler d3llm has no loop with kv_cache dual"),
        ("--sampler d3llm --entropy-threshold 0.5 --steps 32", "steps 32 have no effect with d3llm"),
        ("--block-add-threshold 0.1", "block_add_threshold is d3llm's, and has no effect under sampler llada"),
        ("--sampler d3llm --entropy-threshold 0.5 -s 48+16", "takes blocks of one length, not 48+16"),
        ("--sampler sdar --top-p 1.5", "top_p must be above 0 and at most 1, not 1.5"),
        ("--alg entropy --threshold 0.9", "threshold has no effect under sampler dream"),
        ("--alg entropy --remasking random", "under sampler dream alg says what is certain"),
        ("--alg origin --alg-temp 0.5", "alg_temp has no effect with alg origin"),
        ("--eps 0.1", "eps is Dream's, and has no effect under sampler llada"),
        ("--factor 1 --threshold 0.9", "threshold and factor both say how much a step commits: leave one out"),
        ("--eb-threshold 0.3", "eb_threshold has no effect with remasking low_confidence"),
        ("--credit-alpha 0.7", "credit_alpha needs a threshold"),
        ("--decay-beta 0.5", "boost_gamma and decay_beta have no effect without credit_alpha"),
        ("--editing-threshold 0.5", "editing_threshold is LLaDA2.1's: it needs sampler sdar"),
        (
            "--sampler sdar --editing-threshold 0.5 --kv-cache dual",
            "revises what kv_cache dual keeps",
        ),
        ("--max-post-steps 3", "max_post_steps has no effect without editing_threshold"),
        ("--suppress-tokens 1,x", "suppress_tokens are token ids, comma-separated"),
        ("--suppress-tokens=-1", "suppress_tokens are token ids, and -1 is none"),
        ("--confidence-dtype float8", "unknown confidence_dtype 'float8': known: float64, model"),
        ("--early-ban-steps 0", "early_ban_steps must be at least 1, not 0"),
        ("--logits-eos-inf --early-ban-steps 1.5", "--early-ban-steps: '1.5' is no whole number"),
        ("--temperature 1 --confidence-eos-eot-inf", "has no effect on tiny above temperature 0"),
        ("-s 16:alg=fastest", "unknown alg 'fastest'"),
    ],
)
def test_what_has_no_effect_is_refused_in_one_line(
    arguments: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decode", "--limit", "1", *arguments.split()]) == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1
    assert says in err


def test_bench_measures_lladas_loop_of_a_model_whose_usual_one_is_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_published(tmp_path / "LLaDA2.1-mini", "llada2")
    asked = ["bench", "--model", str(folder), "--limit", "1", "--schedules", "32", "--gen-length", "32", "--json"]
    assert run([*asked, "--mode", "lossless"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_bench_measures_no_other_loop_than_lladas(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "--limit", "1", "--schedules", "32:factor=1"]) == 2
    assert "measures LLaDA's loop, and factor is of another: leave it out" in capsys.readouterr().err
