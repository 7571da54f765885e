"""Files of generations made elsewhere, in the forms that their programs write."""

import json
from pathlib import Path
from typing import Any

D1_ROWS: list[dict[str, Any]] = [
    {"question": "What is 3 + 4?", "generations": "\n<answer>\n\\boxed{7}\n</answer><|eot_id|>", "ground_truth": 7.0},
    {"question": "What is 2 - 5?\n", "generations": "<answer>\\boxed{-3}</answer>", "ground_truth": None},
]
LM_EVAL_ROW: dict[str, Any] = {
    "doc_id": 11,
    "doc": {"question": "What is 3 + 4?", "answer": "3 + 4 = 7\n#### 7"},
    "target": "3 + 4 = 7\n#### 7",
    "arguments": {"gen_args_0": {"arg_0": "Q: What is 3 + 4?\nA:", "arg_1": {"until": ["Q:"], "temperature": 0.0}}},
    "resps": [["It is 3 + 4 = 7.\n#### 7"]],
    "filtered_resps": ["7"],
    "filter": "strict-match",
    "metrics": ["exact_match"],
    "doc_hash": "d",
    "prompt_hash": "p",
    "target_hash": "t",
    "exact_match": 1.0,
}


def d1_file(path: Path, rows: list[dict[str, Any]] | None = None, **fields: Any) -> Path:
    """A file as d1's evaluation writes it; a field set to None is left out."""
    content = {
        "generations": D1_ROWS if rows is None else rows,
        "metrics": {"wall_time": 22.1, "total_processed": 2},
        "model_path": "GSAI-ML/LLaDA-8B-Instruct",
        "checkpoint_path": "",
        "gen_length": 128,
        "diffusion_steps": 64,
        "block_length": 32,
        **fields,
    }
    path.write_text(json.dumps({name: value for name, value in content.items() if value is not None}, indent=2))
    return path


def jsonl_file(path: Path, *rows: Any) -> Path:
    """A line a row."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
