"""Tokenizers of every kind of checkpoint, chat templates, and the mask token."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import hexcli
from hexcli.engine.fit import choose_mask_id
from hexcli.errors import HexError
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.families.reading import read_architecture
from hexcli.models.options import ModelOptions
from hexcli.models.tokenizer.tokenizer import Tokenizer, load_tokenizer
from tests.layouts.layout import END, MASK
from tests.published import write_published

TEXT = "Zoë's café: 3½ × 7 = ?\n\t日本"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    top = tmp_path_factory.mktemp("tokenizers")
    return {family: write_published(top / family, family) for family in ("dream", "sdar", "a2d-qwen3")}


@pytest.fixture
def copy(folders: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(folders["a2d-qwen3"], tmp_path / "copy"))


def test_dreams_files_are_read_without_its_code(folders: dict[str, Path], capfd: pytest.CaptureFixture[str]) -> None:
    """vocab.json, merges.txt and a class of its own; the same tokens as from a tokenizer.json."""
    assert not (folders["dream"] / "tokenizer.json").exists()
    dream, other = load_tokenizer(folders["dream"]), load_tokenizer(folders["a2d-qwen3"])
    prompt = dream.chat(TEXT)
    assert prompt == other.chat(TEXT) == f"<|im_start|>user\n{TEXT}<|im_end|>\n<|im_start|>assistant\n"
    assert dream.encode(prompt) == other.encode(prompt)
    assert dream.decode(dream.encode(TEXT)) == TEXT
    assert dream.decode([*dream.encode("yes"), 3, *dream.encode("no")]) == "yes"
    assert (dream.mask_id, dream.end_ids) == (MASK, {END, 3})
    assert "y/N" not in capfd.readouterr().out


def test_transformers_makes_the_same_tokens(folders: dict[str, Path]) -> None:
    from transformers import PreTrainedTokenizerFast

    ours, theirs = load_tokenizer(folders["sdar"]), PreTrainedTokenizerFast.from_pretrained(folders["sdar"])
    messages = [{"role": "user", "content": TEXT}]
    assert theirs.apply_chat_template(messages, add_generation_prompt=True, tokenize=False) == ours.chat(TEXT)
    assert theirs(ours.chat(TEXT), add_special_tokens=False)["input_ids"] == ours.encode(ours.chat(TEXT))


def test_a_damaged_vocabulary_is_one_line(folders: dict[str, Path], tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folders["dream"], tmp_path / "copy"))
    (copy / "vocab.json").write_text("{")
    with pytest.raises(HexError, match="cannot read the tokenizer in"):
        load_tokenizer(copy)
    (copy / "vocab.json").unlink()
    with pytest.raises(HexError, match=r"has no tokenizer\.json, nor a vocabulary"):
        load_tokenizer(copy)


def mask_of(folder: Path, **options: Any) -> int:
    checkpoint = find_checkpoint(str(folder), options=ModelOptions(**options))
    architecture = read_architecture(checkpoint.path, checkpoint.config, checkpoint.options)
    return choose_mask_id(checkpoint, load_tokenizer(folder), architecture)


def edit(file: Path, **changes: object) -> None:
    fields = {**json.loads(file.read_text()), **changes}
    file.write_text(json.dumps({name: value for name, value in fields.items() if value is not None}))


def test_the_mask_token_is_the_users_the_configs_or_the_tokenizers(copy: Path) -> None:
    assert mask_of(copy) == MASK
    edit(copy / "config.json", mask_token_id=7)
    assert mask_of(copy) == 7
    assert mask_of(copy, mask_id=9) == 9
    edit(copy / "config.json", mask_token_id=END)  # the default of some published config classes
    assert mask_of(copy) == MASK


def test_a_model_without_a_mask_token_says_what_to_set(copy: Path) -> None:
    edit(copy / "tokenizer_config.json", mask_token=None)
    text = (copy / "tokenizer.json").read_text().replace("<|mask|>", "<|other|>")
    (copy / "tokenizer.json").write_text(text)
    with pytest.raises(HexError, match=r"names no mask token: neither .* say -M mask_id=ID"):
        mask_of(copy)
    assert mask_of(copy, mask_id=5) == 5
    with pytest.raises(HexError, match="mask token 264 is outside the 264 tokens of copy"):
        mask_of(copy, mask_id=264)


def chat(template: str | None, **parts: Any) -> str:
    encoder = load_tokenizer(Path(hexcli.__file__).parent / "models/tiny").encoder
    return Tokenizer(encoder=encoder, template=template, special={}).chat("Q3?", "So ", **parts)


TURN = "[{{ m.role }}]{{ m.content | trim }}"
ROLES = f"{{% for m in messages %}}{TURN}{{% endfor %}}{{% if add_generation_prompt %}}[bot]{{% endif %}}"
REFUSED = "{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}"
TURNS = (("Q1?", "A1."), ("Q2?", "A2."))


def test_examples_are_earlier_turns_and_the_prefill_is_last() -> None:
    assert chat(ROLES, turns=TURNS) == "[user]Q1?[assistant]A1.[user]Q2?[assistant]A2.[user]Q3?[bot]So "
    assert (
        chat(ROLES, system=" Be brief. ", turns=TURNS[:1])
        == "[system]Be brief.[user]Q1?[assistant]A1.[user]Q3?[bot]So "
    )
    assert chat(None, system="Be brief.", turns=TURNS) == "Be brief.\n\nQ1?\nA1.\n\nQ2?\nA2.\n\nQ3?\nSo "


@pytest.mark.parametrize(
    "template",
    [
        ROLES.replace(
            "[{{ m.role }}]", "{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}[{{ m.role }}]"
        ),
        ROLES.replace("{% for m in messages %}", "{% for m in messages if m.role != 'system' %}"),
    ],
)
def test_where_a_template_knows_no_system_it_stands_above_the_first_turn(template: str) -> None:
    found = chat(template, system="Be brief.", turns=TURNS[:1])
    assert found == "[user]Be brief.\n\nQ1?[assistant]A1.[user]Q3?[bot]So "
