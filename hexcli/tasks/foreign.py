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
    "gsm8k": re.compile(r"gsm[-_]?8k(?!_platinum)"),
    "arc": re.compile(r"arc[-_](?:challenge|c$)"),
    "hellaswag": re.compile(r"hellaswag"),
    "truthfulqa": re.compile(r"truthful_qa_mc"),
    "math": re.compile(r"hendrycks_math|minerva_math|math[-_ ]?500|competition_math"),
    "mmlu": re.compile(r"mmlu(?![-_]?(?:pro|redux|prox))"),
}
# What others call a key -> what it is called here.
MEANT = {
    **dict.fromkeys(("template", "prompt_template", "user", "doc_to_text"), "prompt"),
    **dict.fromkeys(("dataset", "rows", "file", "path"), "data"),
    **dict.fromkeys(("columns", "field"), "fields"),
    **dict.fromkeys(("metric", "grader", "scorer", "compare"), "grade"),
    **dict.fromkeys(("extractor", "answer_type", "type", "kind"), "extract"),
    **dict.fromkeys(("regex", "regexp"), "pattern (with extract: regex)"),
    **dict.fromkeys(
        ("question", "answer", "choices", "options", "id", "category"), "fields: {question: ..., answer: ...}"
    ),
    **dict.fromkeys(("fewshot", "few_shot", "examples"), "train (and hex decode --fewshot)"),
    **dict.fromkeys(("system",), "prompts: {NAME: {system: ..., user: ...}}"),
}
ANSWER = ("target", "gold", "label", "ground_truth", "solution")  # what others call the right answer


def same_dataset(name: str) -> str | None:
    """Our task with the dataset of a task of lm-evaluation-harness, by how it is called; None where there is none."""
    return next((ours for ours, called in _DATASETS.items() if called.search(name.lower())), None)


def why_foreign(text: str) -> str | None:
    """What to say of a task file that is lm-evaluation-harness's; None for any other."""
    keys = _KEY.findall(text)
    found = [key for key in keys if key in _KEYS]
    if not found or {"fields", "extract"} & set(keys):  # ours, with a slip in it
        return None
    told = re.findall(r"^[\"']?(?:dataset_path|task|include|group)[\"']? ?:(.*)", text, re.MULTILINE)
    ours = same_dataset(" ".join(told))
    known = f"hex has its dataset as --task {ours}; else" if ours else "hex does not run those:"
    return (
        f"it is a task of lm-evaluation-harness ({', '.join(found[:3])}, ...): {known} describe it in a task file of "
        "hex (data, fields, prompt, extract), or `hex import` its samples_*.jsonl"
    )
