"""How a task asks, for people."""

from hexcli.errors import plural
from hexcli.report.terminal import visible
from hexcli.task import Task, Wording


def wordings_text(task: Task) -> str:
    """The wordings of a task, each with what is said before and behind the question; the task's own first."""
    size = "" if task.size is None else f", {plural(task.size, 'problem')}"
    shots = "has a training split" if task.train else "has no training split: --fewshot-data takes rows"
    parts = [f"{visible(task.name)}: {visible(task.summary)} ({visible(task.source)}{size})", f"--fewshot: it {shots}"]
    if task.definition:
        parts.append("to change it: add --yaml, which prints it as a task file")
    if not task.prompts:
        return "\n".join([*parts, f"--prompt: it has one wording, {task.usual}, in code"])
    return "\n\n".join(["\n".join(parts), *(_text(name, one, task) for name, one in task.prompts.items())])


def _text(name: str, wording: Wording, task: Task) -> str:
    head = f"--prompt {visible(name)}" + (", its own: without --prompt" if name == task.usual else "")
    more = {"system": wording.system, "reply begins": wording.prefill}
    lines = [head, *(f"  {what}: {visible(text)}" for what, text in more.items() if text)]
    lines += [f"    {line}" for line in visible(wording.user.strip("\n"), lines=True).split("\n")]
    if wording.examples:
        lines.append(f"  examples of its own: {len(wording.examples)}")
    return "\n".join(line.rstrip() for line in lines)
