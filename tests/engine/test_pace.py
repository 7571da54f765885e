"""What a forward pass takes, by a model's sizes, beside what an H100 took."""

import dataclasses

import pytest

from hexcli.engine.pace import seconds_a_pass, tokens_a_pass
from hexcli.models.cards import CARDS, find_card
from hexcli.models.families.shapes import SHAPES
from hexcli.schedule import Schedule
from hexcli.shortcuts import FAST, FAST_SAMPLED, in_tokens

KINDS = {"none": {}, "open": FAST, "likely": FAST_SAMPLED, "dual": {"kv_cache": "dual", "refresh": "1/4"},
         "prefix": {"kv_cache": "prefix"}}  # fmt: skip


def schedules(kind: str, canvas: int, block: int | None = None) -> list[Schedule]:
    lengths = (8, 16, 32, 64, 128) if block is None else [one for one in (2, 4, 8, 16, 32) if block % one == 0]
    fields = in_tokens(KINDS[kind], canvas)
    return [
        Schedule(blocks=(one,) * (canvas // one), gen_length=canvas, steps=canvas // 2, temperature=0.9, **fields)
        for one in lengths
    ]


# Milliseconds of a step of so many rows on an H100 in bfloat16, a prompt of 150 tokens: docs/speed.md, What it takes.
MEASURED = (
    ("llada-8b", "none", 25, 256, 227.2),
    ("llada-8b", "none", 64, 256, 608.4),
    ("llada-8b", "none", 25, 512, 370.6),
    ("llada-8b", "none", 25, 1024, 655.2),
    ("llada-8b", "likely", 8, 256, 11.5),
    ("llada-8b", "likely", 25, 256, 23.7),
    ("llada-8b", "likely", 64, 256, 56.0),
    ("llada-8b", "likely", 25, 1024, 29.8),
    ("llada-8b", "open", 25, 256, 33.4),
    ("llada-8b", "prefix", 25, 256, 115.5),
    ("dream-7b", "none", 25, 256, 231.2),
    ("dream-7b", "none", 64, 512, 988.4),
    ("dream-7b", "likely", 25, 256, 28.3),
    ("llada-moe", "none", 64, 256, 124.8),
    ("llada-moe", "likely", 25, 256, 9.5),
    ("llada2-mini", "none", 25, 256, 14.5),
    ("sdar-8b", "none", 25, 256, 13.3),
)


@pytest.mark.parametrize(("shape", "kind", "rows", "canvas", "measured"), MEASURED)
def test_a_pass_takes_about_what_was_measured(shape: str, kind: str, rows: int, canvas: int, measured: float) -> None:
    config = SHAPES[shape]
    ensemble = schedules(kind, canvas, config.block_length)
    found = seconds_a_pass(config, ensemble, CARDS["h100"], dtype="bfloat16", prompt=150, rows=rows)
    assert found is not None
    assert 1000 * rows * found == pytest.approx(measured, rel=0.27 if kind == "likely" and rows == 8 else 0.24)


@pytest.mark.parametrize(("kind", "tokens"), [("likely", 31.8), ("open", 47.1), ("dual", 61.6), ("prefix", 178.7)])
def test_a_cache_computes_as_many_tokens_as_were_counted(kind: str, tokens: float) -> None:
    ensemble = schedules(kind, 256)
    found = sum(tokens_a_pass(one, 150) for one in ensemble) / len(ensemble)
    assert found == pytest.approx(tokens, rel=0.1)


def test_a_slower_card_takes_longer_and_a_small_model_is_not_judged() -> None:
    config, ensemble = SHAPES["llada-8b"], schedules("none", 256)
    times = [
        seconds_a_pass(config, ensemble, CARDS[name], dtype="bfloat16", prompt=150, rows=64)
        for name in ("b200", "h100", "a100", "4090", "3090")
    ]
    known = [time for time in times if time is not None]
    assert known == sorted(known) and len(known) == 5
    small = dataclasses.replace(config, vocab_size=100, width=64, layers=2, heads=2, kv_heads=2, mlp_width=64)
    for dtype in ("bfloat16", "float32"):
        sizes = small if dtype == "bfloat16" else config
        assert seconds_a_pass(sizes, ensemble, CARDS["h100"], dtype=dtype, prompt=9, rows=1) is None


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("a100", "a100"), ("A100-40GB", "a100"), ("a100-80", "a100-80gb"), ("NVIDIA A100-SXM4-80GB", "a100-80gb"),
        ("NVIDIA A100 80GB PCIe", "a100-80gb"), ("NVIDIA H100 80GB HBM3", "h100"), ("NVIDIA H100 PCIe", "h100-pcie"),
        ("NVIDIA H200", "h200"), ("rtx 4090", "4090"), ("NVIDIA GeForce RTX 3090", "3090"), ("NVIDIA L40S", "l40s"),
        ("NVIDIA RTX 6000 Ada Generation", "6000ada"), ("RTX A6000", "a6000"), ("NVIDIA A10G", "a10g"),
        ("a100 40 gb", "a100"), ("AMD Instinct MI300X", "mi300x"), ("v100", None), ("warp", None), ("cuda:0", None),
    ],
)  # fmt: skip
def test_cards_are_found_as_people_and_torch_call_them(said: str, key: str | None) -> None:
    assert find_card(said) is (None if key is None else CARDS[key])


def test_a_card_has_its_article() -> None:
    assert (CARDS["h100"].named, CARDS["b200"].named, CARDS["4090"].named) == ("an H100", "a B200", "an RTX 4090")


def test_every_card_is_found_by_its_key_and_its_label() -> None:
    for key, card in CARDS.items():
        assert find_card(key) is find_card(card.label) is card
