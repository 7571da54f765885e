"""Task files of another program, which are recognised and not run: those of lm-evaluation-harness."""

import re

_KEY = re.compile(r"^[\"']?([a-z_]+)[\"']? ?:", re.MULTILINE)
# Keys of its YAML that none of ours is called (docs/new_task_guide.md of lm-evaluation-harness).
_KEYS = {
    "doc_to_text", "doc_to_target", "doc_to_choice", "dataset_path", "dataset_name", "dataset_kwargs", "output_type",
    "metric_list", "filter_list", "generation_kwargs", "fewshot_split", "fewshot_config", "training_split",
    "validation_split", "test_split", "process_docs", "process_results", "num_fewshot", "repeats", "task_alias",
    "should_decontaminate", "group", "group_alias", "aggregate_metric_list", "include",
}  # fmt: skip
_DATASETS = {
    "gsm8k": "gsm8k", "ai2_arc": "arc", "arc_challenge": "arc", "truthful": "truthfulqa", "hellaswag": "hellaswag",
    "hendrycks_math": "math", "math-500": "math", "minerva_math": "math", "competition_math": "math",
}  # fmt: skip
_MMLU = re.compile(r"mmlu(?![-_]?(?:pro|redux))")


def same_dataset(name: str) -> str | None:
    """Our task with the dataset of a task of lm-evaluation-harness, by how it is called; None where there is none."""
    told = name.lower()
    ours = next((task for part, task in _DATASETS.items() if part in told), None)
    return ours or ("mmlu" if _MMLU.search(told) else None)


def why_foreign(text: str) -> str | None:
    """What to say of a task file that is lm-evaluation-harness's; None for any other."""
    found = [key for key in _KEY.findall(text) if key in _KEYS]
    if not found:
        return None
    told = re.findall(r"^[\"']?(?:dataset_path|task|include|group)[\"']? ?:(.*)", text, re.MULTILINE)
    ours = same_dataset(" ".join(told))
    known = f"hex has its dataset as --task {ours}; else" if ours else "hex does not run those:"
    return (
        f"it is a task of lm-evaluation-harness ({', '.join(found[:3])}, ...): {known} describe it in a task file of "
        "hex (data, fields, prompt, extract), or `hex import` its samples_*.jsonl"
    )
