"""Task files of lm-evaluation-harness are recognised, whole or in part, YAML or not."""

from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.tasks.foreign import why_foreign
from hexcli.tasks.registry import get_task

WHOLE = """task: gsm8k_short
dataset_path: openai/gsm8k
output_type: generate_until
process_docs: !function utils.process
doc_to_text: "Q: {{question}}"
"""


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (WHOLE, "gsm8k"),
        ('"dataset_name": "anatomy"\n"include": "_default_template_yaml"\n"task": "mmlu_anatomy_generative"\n', "mmlu"),
        ("include: arc_easy.yaml\ntask: arc_challenge_chat\n", "arc"),
        ("group: minerva_math\ntask:\n  - minerva_math_algebra\naggregate_metric_list:\n  - metric: x\n", "math"),
    ],
)
def test_a_file_is_told_what_it_is_and_which_task_has_its_data(tmp_path: Path, text: str, ours: str) -> None:
    file = tmp_path / "task.yaml"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        get_task(str(file))
    message = str(caught.value)
    assert message.startswith(f"{file}: it is a task of lm-evaluation-harness (")
    assert f"--task {ours}; else" in message and "hex import" in message and "\n" not in message


def test_a_dataset_that_is_none_of_ours_is_not_promised() -> None:
    for text in ("dataset_path: org/other\ndoc_to_text: x", "task: mmlu_pro\ninclude: mmlu_pro.yaml"):
        assert "hex does not run those" in (why_foreign(text) or "")


def test_our_own_files_are_ours() -> None:
    assert why_foreign("data: a.jsonl\nfields: {question: q}\nextract: number\n") is None
    assert why_foreign("data: a.jsonl\nfields: {question: q}\nrepeats: 3\n") is None
    assert why_foreign("prompt: |\n  group: {question}\n") is None


@pytest.mark.parametrize(
    ("name", "ours"),
    [("arc_challenge_chat", "arc"), ("mmlu_anatomy_generative", "mmlu"), ("hendrycks_math_algebra", "math")],
)
def test_a_name_of_its_tasks_is_told_which_of_ours_it_is(name: str, ours: str) -> None:
    with pytest.raises(UsageError, match=f"unknown task '{name}': its dataset is that of --task {ours}"):
        get_task(name)


def test_other_names_get_the_nearest_of_ours() -> None:
    with pytest.raises(UsageError, match="unknown task 'gsm8': did you mean 'gsm8k'"):
        get_task("gsm8")
    with pytest.raises(UsageError, match="unknown task 'mmlu_pro'"):
        get_task("mmlu_pro")
