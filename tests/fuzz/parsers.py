"""Every kind of file that hex reads: how a sound one is made, and what reads it; and which module reads which."""

import gzip
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from hexcli.bench.shapes import find_shape
from hexcli.cli.grade import pairs
from hexcli.cli.main import run
from hexcli.errors import HexError
from hexcli.importing.reading import read_file
from hexcli.importing.sources import Source, sources
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.families.editing import edits
from hexcli.models.loading.loading import load_model
from hexcli.models.options import ModelOptions
from hexcli.models.tokenizer.tokenizer import load_tokenizer
from hexcli.recipe.file import load_recipes
from hexcli.runs.failed import read_failed
from hexcli.runs.manifest import Manifest
from hexcli.runs.together import together
from hexcli.runs.writing import RunWriter
from hexcli.schedule import Schedule
from hexcli.store.claims import FOLDER, Claims
from hexcli.tasks.custom import load_task
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.prompts.file import read_wording
from hexcli.tasks.registry import get_task
from hexcli.yaml_file import parse_yaml
from tests.checkpoints import write_checkpoint
from tests.importing.files import LM_EVAL_ROW, d1_file, jsonl_file
from tests.models.loading.test_adapter import D1, write_adapter

GOLDEN = Path(__file__).parents[1] / "golden"
OLDER = GOLDEN / "before_wings" / "runs" / "golden"


def heard(message: str) -> None:
    """Warnings are lines."""
    assert "\n" not in message


class Parser(NamedTuple):
    """How a file is made in an empty folder, and read by what of hex."""

    file: str
    make: Callable[[Path], object]
    read: Callable[[Path], object]


def text(name: str, content: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(content)


def packed(name: str, content: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(gzip.compress(content.encode(), mtime=0))


def copied(source: Path) -> Callable[[Path], object]:
    return lambda folder: shutil.copytree(source, folder / "run", dirs_exist_ok=True)


def commands(*lines: str) -> Callable[[Path], object]:
    """What reads a run folder: whole commands, each of which ends in words."""

    def read(folder: Path) -> None:
        for line in lines:
            assert run([word.replace("RUN", str(folder / "run")) for word in line.split()]) in (0, 1, 2)

    return read


LOOKED_AT = commands("runs show RUN", "score RUN --by category", "show RUN 0")


def going_on(folder: Path) -> None:
    asked = Manifest.from_dict(json.loads((GOLDEN / "run" / "run.json").read_text()))
    with RunWriter.open(folder / "run", asked, warn=heard) as writer:
        writer.finish()


def write_joint(folder: Path) -> None:
    shutil.copytree(GOLDEN / "run", folder / "other")
    manifest = json.loads((folder / "other" / "run.json").read_text())
    (folder / "other" / "run.json").write_text(json.dumps(manifest | {"model_identity": "another"}))
    found = together([GOLDEN / "run", folder / "other"], created="2026-01-01", warn=heard)
    found.write(folder / "run", copy=True)
    next((folder / "run").glob("source-*.jsonl")).rename(folder / "run" / "source-000000000000.jsonl")
    manifest = json.loads((folder / "run" / "run.json").read_text())
    manifest["sources"][0]["copy"] = "source-000000000000.jsonl"
    (folder / "run" / "run.json").write_text(json.dumps(manifest))


def write_failed(folder: Path) -> None:
    row = {"problem_id": "p", "schedule": Schedule(blocks=(64,), gen_length=64, steps=32).to_dict(), "reason": "NaN"}
    (folder / "failed.jsonl").write_text(json.dumps(row) + "\n")


def rows(name: str) -> Callable[[Path], object]:
    return lambda folder: read_file(Source(path=folder / name), None)


RECIPE = "model: tiny\ntask: sums\nschedules: [8, '16@64:T=0.5', '32+32']\ntemperature: [0.5, 1]\nsamples: 2\nseed: 1\n"
TASK = (
    "data: rows.jsonl\nfields: {question: q, answer: a, choices: c}\nextract: regex\npattern: '(\\d+)'\n"
    "prompt: 'Q: {question} {choices}'\n"
)
WORDING = "user: 'Say it: {question}'\nsystem: Be brief.\nprefill: 'So'\nexamples:\n- {question: '1?', reply: '1'}\n"
MAPPING = "a.jsonl: {block_length: 8, steps: 32}\n'b*.jsonl': {blocks: [8, 8], temperature: 0.5}\n"
PLAIN = {"question": "q", "text": "\\boxed{5}", "target": "5", "gen_length": 64, "block_length": 8, "choices": ["a"]}
DATA = [{"question": "1 + 1?", "answer": "so #### 2"}, {"question": "2?", "answer": "2"}]
LINES = "".join(json.dumps(row) + "\n" for row in DATA)
TEMPLATE = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] | trim }}{% endfor %}{{ eos_token }}"
SETS = "{a: &a [1, 2.5, yes], b: {<<: {c: 2001-01-01}}, d: *a, e: !!set {x}}"


def write_mapping(folder: Path) -> None:
    (folder / "m.yaml").write_text(MAPPING)
    for name in ("a", "b1", "b2"):
        jsonl_file(folder / f"{name}.jsonl", PLAIN)


def data(name: str) -> Callable[[Path], object]:
    return lambda folder: load_problems(get_task("gsm8k"), str(folder / name))


def write_parquet(folder: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    columns = {name: [row[name] for row in DATA] for name in DATA[0]}
    pyarrow.parquet.write_table(pyarrow.table(columns), folder / "d.parquet")


def given(folder: Path) -> None:
    try:
        parse_yaml((folder / "set").read_bytes().decode(errors="surrogateescape"))
    except ValueError as error:
        raise HexError(str(error)) from None


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


def write_sharded(folder: Path) -> None:
    from safetensors.torch import load_file

    write_checkpoint(folder, shards=2)
    where = {name: file.name for file in folder.glob("*.safetensors") for name in load_file(file)}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": where}))


def write_code(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "llada2_moe", "_name_or_path": "x"}')
    (folder / "modeling_llada2_moe.py").write_text("editing_threshold = 0.9\n")


def write_claims(folder: Path) -> None:
    (folder / FOLDER).mkdir()
    (folder / FOLDER / "other.txt").write_text("000000000001\ng2:abc\n")


def claimed(folder: Path) -> None:
    with Claims(folder) as claims:
        claims.take("g2:abc")


PARSERS: Mapping[str, Parser] = {
    "run.json": Parser("run/run.json", copied(GOLDEN / "run"), LOOKED_AT),
    "run.json of a run that goes on": Parser("run/run.json", copied(GOLDEN / "run"), going_on),
    "generations": Parser("run/generations.jsonl", copied(GOLDEN / "run"), LOOKED_AT),
    "generations of an older version": Parser("run/generations.jsonl", copied(OLDER), LOOKED_AT),
    "run.json of an older version": Parser("run/run.json", copied(OLDER), LOOKED_AT),
    "votes": Parser("run/votes.jsonl", copied(OLDER), commands("show RUN 0", "show RUN 0 -a majority --json")),
    "scores": Parser("run/scores.json", copied(OLDER), commands("runs list RUN", "runs show RUN --json")),
    "joint": Parser("run/run.json", write_joint, LOOKED_AT),
    "rows of a joint run": Parser("run/source-000000000000.jsonl", write_joint, LOOKED_AT),
    "failed": Parser("failed.jsonl", write_failed, read_failed),
    "plain rows": Parser("a.jsonl", lambda folder: jsonl_file(folder / "a.jsonl", PLAIN, PLAIN), rows("a.jsonl")),
    "packed rows": Parser("a.jsonl.gz", packed("a.jsonl.gz", json.dumps(PLAIN)), rows("a.jsonl.gz")),
    "d1": Parser("a.jsonl", lambda folder: d1_file(folder / "a.jsonl"), rows("a.jsonl")),
    "lm-eval": Parser("a.jsonl", lambda folder: jsonl_file(folder / "a.jsonl", LM_EVAL_ROW), rows("a.jsonl")),
    "mapping": Parser("m.yaml", write_mapping, lambda folder: sources([], folder / "m.yaml")),
    "recipe": Parser("r.yaml", text("r.yaml", RECIPE), lambda folder: load_recipes(folder / "r.yaml")),
    "task": Parser("t.yaml", text("t.yaml", TASK), lambda folder: load_task(str(folder / "t.yaml"))),
    "wording": Parser("w.yaml", text("w.yaml", WORDING), lambda folder: read_wording(str(folder / "w.yaml"))),
    "--set": Parser("set", text("set", SETS), given),
    "pairs": Parser("p.tsv", text("p.tsv", "gold\tprediction\tright\n5\t5.0\tsame\n"), lambda f: pairs(f / "p.tsv")),
    "data": Parser("d.jsonl", text("d.jsonl", LINES), data("d.jsonl")),
    "data as JSON": Parser("d.json", text("d.json", json.dumps(DATA)), data("d.json")),
    "data as CSV": Parser("d.csv", text("d.csv", 'question,answer\n"1,\n2?",#### 3\n2?,2\n'), data("d.csv")),
    "data as parquet": Parser("d.parquet", write_parquet, data("d.parquet")),
    "packed data": Parser("d.jsonl.gz", packed("d.jsonl.gz", LINES), data("d.jsonl.gz")),
    "config.json": Parser("config.json", write_checkpoint, loaded),
    "shape": Parser("config.json", write_checkpoint, lambda folder: find_shape(str(folder / "config.json"))),
    "published code": Parser("modeling_llada2_moe.py", write_code, lambda folder: edits(str(folder))),
    "tokenizer.json": Parser("tokenizer.json", write_checkpoint, tokenized),
    "tokenizer_config.json": Parser("tokenizer_config.json", write_checkpoint, tokenized),
    "chat template": Parser(
        "chat_template.jinja",
        lambda folder: (write_checkpoint(folder) / "chat_template.jinja").write_text(TEMPLATE),
        tokenized,
    ),
    "safetensors": Parser("model.safetensors", write_checkpoint, loaded),
    "index": Parser("model.safetensors.index.json", write_sharded, loaded),
    "adapter config": Parser("adapter/adapter_config.json", write_adapted, adapted),
    "adapter weights": Parser("adapter/adapter_model.safetensors", write_adapted, adapted),
    "claims": Parser(f"{FOLDER}/other.txt", write_claims, claimed),
}
