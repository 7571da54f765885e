import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hexcli.errors import HexError
from hexcli.tasks.data.hub import hub_rows
from hexcli.tasks.registry import get_task

HUB_TASKS = ["gsm8k", "math", "arc", "truthfulqa", "mmlu", "hellaswag", "countdown"]

# Puts one row where `datasets` keeps what it downloaded and prepared before.
FILL_CACHE = """
import json, sys, datasets
from datasets.arrow_writer import ArrowWriter
folder, name, config, split, columns = sys.argv[1:]
with ArrowWriter(path=f"{folder}/{name}-{split}.arrow") as writer:
    writer.write(json.loads(columns))
    examples, size = writer.finalize()
splits = datasets.SplitDict()
splits[split] = datasets.SplitInfo(split, num_bytes=size, num_examples=examples, dataset_name=name)
info = datasets.DatasetInfo(splits=splits, features=writer._features, dataset_name=name, config_name=config)
info.write_to_directory(folder)
"""

LOAD = """
import sys
from hexcli.errors import HexError
from hexcli.tasks.registry import get_task
try:
    print("rows", [problem.target for problem in get_task(sys.argv[1]).load()])
except HexError as error:
    print("error", error)
"""


def python(code: str, *arguments: str, **environment: str) -> str:
    env = {key: value for key, value in os.environ.items() if key != "HF_HUB_OFFLINE"} | environment
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=env, capture_output=True, text=True, timeout=250
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def load_dataset(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands in for the hub: the calls it got, and one row of no use."""
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    calls: list[Any] = []

    def load(*args: Any, **options: Any) -> list[dict[str, Any]]:
        calls.append((args, options))
        if args[0] == "broken":
            raise RuntimeError("Dataset scripts are no longer supported,\nbut found broken.py.")
        return [{"a": 1}]

    monkeypatch.setattr(datasets, "load_dataset", load)
    return calls


def test_rows(load_dataset: list[Any]) -> None:
    assert hub_rows("some/data", "main", "test", revision="r") == [{"a": 1}]
    assert load_dataset == [(("some/data", "main"), {"split": "test", "revision": "r"})]


def test_every_failure_is_one_line(load_dataset: list[Any]) -> None:
    with pytest.raises(HexError) as caught:
        hub_rows("broken", None, "test")
    message = str(caught.value)
    assert message.startswith("cannot load broken (offline?): Dataset scripts are no longer supported, but found")
    assert message.endswith("found in the Hugging Face cache (HF_HOME), or give its rows in a file: --data FILE")
    assert "\n" not in message


def test_a_dataset_that_changed_is_one_line(load_dataset: list[Any]) -> None:
    with pytest.raises(HexError, match="openai/gsm8k, row 1: no field 'question' \\(it has: a\\)"):
        get_task("gsm8k").load()


@pytest.mark.parametrize("name", HUB_TASKS)
def test_tasks_of_the_hub(name: str) -> None:
    task = get_task(name)
    assert task.name == name
    assert task.size and task.summary and "/" in task.source


@pytest.mark.parametrize("offline", ["1", "0"])
def test_offline_is_said_within_seconds(offline: str, tmp_path: Path) -> None:
    """With HF_HUB_OFFLINE, and with a hub that refuses the connection."""
    code = f"import time\nslept = []\ntime.sleep = slept.append\n{LOAD}\nprint(sum(slept))"
    output = python(code, "arc", HF_HUB_OFFLINE=offline, HF_ENDPOINT="http://127.0.0.1:9", HF_HOME=str(tmp_path))
    said, slept = output.splitlines()
    assert said.startswith("error cannot load allenai/ai2_arc (offline?): ")
    assert float(slept) < 10, "the hub's client alone would wait for 23 s between its tries"


@pytest.mark.parametrize(
    ("task", "dataset", "config", "split", "row", "target"),
    [
        ("gsm8k", "openai___gsm8k", "main", "test", {"question": "How many?", "answer": "#### 3"}, "3"),
        (
            "truthfulqa", "EleutherAI___truthful_qa_mc", "default", "validation",
            {"question": "Who?", "choices": ["I", "you"], "label": 1}, "B",
        ),
    ],
)  # fmt: skip
def test_what_was_downloaded_is_found_offline(
    tmp_path: Path, task: str, dataset: str, config: str, split: str, row: dict[str, Any], target: str
) -> None:
    folder = tmp_path / "datasets" / dataset / config / "0.0.0" / ("0" * 40)
    folder.mkdir(parents=True)
    name = dataset.partition("___")[2]
    python(FILL_CACHE, str(folder), name, config, split, json.dumps(row), HF_HOME=str(tmp_path))
    output = python(LOAD, task, HF_ENDPOINT="http://127.0.0.1:9", HF_HOME=str(tmp_path))
    assert output == f"rows ['{target}']\n"
