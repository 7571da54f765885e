"""A damaged or hostile file is read, or is one HexError: no parser lets another error through.

`HEX_FUZZ=2000 python -m pytest tests/fuzz` (make fuzz) tries more than the few examples of every day.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hexcli.errors import HexError
from hexcli.importing.reading import read_file
from hexcli.importing.sources import Source, sources
from hexcli.keys import key_of
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.loading.loading import load_model
from hexcli.models.options import ModelOptions
from hexcli.models.tokenizer.tokenizer import load_tokenizer
from hexcli.recipe.file import load_recipes
from hexcli.runs.ballots import count
from hexcli.runs.failed import read_failed
from hexcli.runs.reading import Run
from hexcli.schedule import Schedule
from hexcli.scoring.frames import score_frame
from hexcli.store.row import RowRefusedError, StoredRow, pack, unpack
from hexcli.store.store import open_store
from hexcli.store.transfer import take
from hexcli.tasks.custom import load_task
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.prompts.file import read_wording
from hexcli.tasks.registry import get_task
from hexcli.voting.aggregators import AGGREGATORS
from tests.checkpoints import write_checkpoint
from tests.fuzz.damage import damaged
from tests.importing.files import LM_EVAL_ROW, d1_file, jsonl_file
from tests.models.loading.test_adapter import D1, write_adapter
from tests.samples import RESPONSE, about

EXAMPLES = int(os.environ.get("HEX_FUZZ", "20"))
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


def heard(message: str) -> None:
    """Warnings are lines."""
    assert "\n" not in message


class Parser(NamedTuple):
    """How a file is made in an empty folder, and read by what of hex."""

    file: str
    make: Callable[[Path], object]
    read: Callable[[Path], object]


def write_run(folder: Path) -> None:
    shutil.copytree(Path(__file__).parents[1] / "golden" / "run", folder, dirs_exist_ok=True)


def read_run(folder: Path) -> None:
    score_frame(count(Run.read(folder, warn=heard, light=True)), list(AGGREGATORS))


def write_failed(folder: Path) -> None:
    row = {"problem_id": "p", "schedule": Schedule(blocks=(64,), gen_length=64, steps=32).to_dict(), "reason": "NaN"}
    (folder / "failed.jsonl").write_text(json.dumps(row) + "\n")


def read_rows(folder: Path) -> None:
    read_file(Source(path=folder / "a.jsonl"), None)


def text(name: str, content: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(content)


RECIPE = "model: tiny\ntask: sums\nschedules: [8, '16@64:T=0.5', '32+32']\ntemperature: [0.5, 1]\nsamples: 2\nseed: 1\n"
TASK = (
    "data: rows.jsonl\nfields: {question: q, answer: a, choices: c}\nextract: regex\npattern: '(\\d+)'\n"
    "prompt: 'Q: {question} {choices}'\n"
)
WORDING = "user: 'Say it: {question}'\nsystem: Be brief.\nprefill: 'So'\nexamples:\n- {question: '1?', reply: '1'}\n"
MAPPING = "a.jsonl: {block_length: 8, steps: 32}\n'b*.jsonl': {blocks: [8, 8], temperature: 0.5}\n"
PLAIN = {"question": "q", "text": "\\boxed{5}", "target": "5", "gen_length": 64, "block_length": 8, "choices": ["a"]}


def write_mapping(folder: Path) -> None:
    (folder / "m.yaml").write_text(MAPPING)
    for name in ("a", "b1", "b2"):
        jsonl_file(folder / f"{name}.jsonl", PLAIN)


def tokenized(folder: Path) -> None:
    tokenizer = load_tokenizer(folder)
    tokenizer.decode(tokenizer.encode(tokenizer.chat("What is 1 + <|user|>?", "So", system="Be brief."))[:20])
    assert tokenizer.end_ids is not None and tokenizer.mask_id != -1


def loaded(folder: Path) -> None:
    load_model(find_checkpoint(str(folder)), device="cpu", dtype="float32")


def adapted(folder: Path) -> None:
    options = ModelOptions(adapter=str(folder / "adapter"))
    load_model(find_checkpoint(str(folder), options=options), device="cpu", dtype="float32")


def write_adapted(folder: Path) -> None:
    write_checkpoint(folder, kv_heads=4)
    write_adapter(folder / "adapter", D1)


PARSERS: Mapping[str, Parser] = {
    "run.json": Parser("run.json", write_run, read_run),
    "generations": Parser("generations.jsonl", write_run, read_run),
    "failed": Parser("failed.jsonl", write_failed, read_failed),
    "plain rows": Parser("a.jsonl", lambda folder: jsonl_file(folder / "a.jsonl", PLAIN, PLAIN), read_rows),
    "d1": Parser("a.jsonl", lambda folder: d1_file(folder / "a.jsonl"), read_rows),
    "lm-eval": Parser("a.jsonl", lambda folder: jsonl_file(folder / "a.jsonl", LM_EVAL_ROW), read_rows),
    "mapping": Parser("m.yaml", write_mapping, lambda folder: sources([], folder / "m.yaml")),
    "recipe": Parser("r.yaml", text("r.yaml", RECIPE), lambda folder: load_recipes(folder / "r.yaml")),
    "task": Parser("t.yaml", text("t.yaml", TASK), lambda folder: load_task(str(folder / "t.yaml"))),
    "wording": Parser("w.yaml", text("w.yaml", WORDING), lambda folder: read_wording(str(folder / "w.yaml"))),
    "data": Parser(
        "d.jsonl",
        text("d.jsonl", '{"question": "1 + 1?", "answer": "so #### 2"}\n{"question": "2?", "answer": "2"}\n'),
        lambda folder: load_problems(get_task("gsm8k"), str(folder / "d.jsonl")),
    ),
    "config.json": Parser("config.json", write_checkpoint, loaded),
    "tokenizer.json": Parser("tokenizer.json", write_checkpoint, tokenized),
    "tokenizer_config.json": Parser("tokenizer_config.json", write_checkpoint, tokenized),
    "safetensors": Parser("model.safetensors", write_checkpoint, loaded),
    "adapter config": Parser("adapter/adapter_config.json", write_adapted, adapted),
    "adapter weights": Parser("adapter/adapter_model.safetensors", write_adapted, adapted),
}


@pytest.mark.parametrize("name", PARSERS)
def test_a_damaged_file_is_read_or_is_one_line(name: str, tmp_path: Path) -> None:
    parser = PARSERS[name]
    parser.make(tmp_path)
    file = tmp_path / parser.file
    sound = file.read_bytes()
    parser.read(tmp_path)  # as it was, it is read

    @fuzzed
    @given(damaged(sound))
    def tried(content: bytes) -> None:
        file.write_bytes(content)
        try:
            parser.read(tmp_path)
        except HexError as error:
            assert str(error).strip() and "\n" not in str(error)

    tried()


def stored() -> StoredRow:
    return StoredRow(about=about(3), response=RESPONSE)


@fuzzed
@given(damaged(pack(stored())))
def test_a_damaged_cache_row_is_refused(value: bytes) -> None:
    key = key_of(stored().about)
    try:
        assert unpack(key, value) == stored()
    except RowRefusedError as reason:
        assert str(reason)


@fuzzed
@given(damaged(json.dumps(stored().to_dict()).encode() + b"\n"))
def test_a_damaged_export_is_taken_row_by_row(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "e.jsonl").write_bytes(content)
    with open_store(tmp_path / "cache", warn=heard) as store:
        try:
            take(store, tmp_path / "e.jsonl")
        except HexError as error:
            assert "\n" not in str(error)


def settings_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM Settings ORDER BY key")]


@settings(parent=fuzzed, max_examples=max(EXAMPLES // 2, 5))
@given(data=st.data())
def test_damaged_settings_and_pages_of_a_cache_lose_no_command(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder, row = tmp_path_factory.mktemp("cache"), stored()
    with open_store(folder, warn=heard) as store:
        store.put(key_of(row.about), row.response, about=row.about)
    file = folder / "generations" / "cache.db"
    if data.draw(st.booleans()):
        name = data.draw(st.sampled_from(settings_of(file)))
        value = data.draw(st.sampled_from([None, "", "abc", -1, 2**62, b"\xff", 0.5, "exclusive", "off"]))
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE Settings SET value = ? WHERE key = ?", (value, name))
    else:
        content = bytearray(file.read_bytes())
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
            content[place] ^= 1 << data.draw(st.integers(0, 7))
        file.write_bytes(bytes(content))
    try:
        with open_store(folder, warn=heard) as store:
            found = store.get(key_of(row.about))
            assert found in (None, row.response), "no row that was not put"
            store.put(key_of(row.about), row.response, about=row.about)
    except HexError as error:
        assert "\n" not in str(error)
