"""The wordings that a run asks in: those of a task by name, and those in files, with examples or without."""

from collections.abc import Mapping, Sequence

from hexcli.errors import UsageError, unknown
from hexcli.task import Task, Wording
from hexcli.tasks.prompts.file import PROMPT_FILES, read_wording
from hexcli.tasks.prompts.shots import Asked, called, drawn, with_shots

Wordings = Mapping[str, Wording | None]


def choose_wordings(task: Task, prompts: Sequence[str], shots: Asked) -> dict[str, Wording | None]:
    """The wordings of these names and YAML files, by what they are called in a voter; without any the task's own.

    The task's own without examples is called "", and is None: the task asks it itself. Raises UsageError on a name that
    the task has not, one that is said twice, and where a file cannot be read; on examples as `drawn` does.
    """
    found = named_wordings(task, prompts)
    shots.check()
    if not shots:
        return found
    examples = drawn(task, shots)
    count = shots.count or len(examples)
    answered: dict[str, Wording | None] = {}
    for name, wording in found.items():
        usual = wording or task.prompts.get(task.usual)
        if usual is None:
            raise UsageError(f"task '{task.name}' does not say how its examples are answered: give a prompt file")
        try:
            own = with_shots(usual, task, examples, shots.count)
        except UsageError as error:
            raise UsageError(f"prompt {name or task.usual}: {error}") from None
        answered[called(name or task.usual, shots, count)] = own
    return answered


def named_wordings(task: Task, prompts: Sequence[str]) -> dict[str, Wording | None]:
    """The wordings of these names and files, as they are there. Raises UsageError."""
    found: dict[str, Wording | None] = {}
    for text in prompts or (task.usual,):
        name, wording = _wording(task, text)
        if name in found:
            raise UsageError(f"two prompts are called {name or task.usual}: name each once, each file by another name")
        found[name] = wording
    return found


def _wording(task: Task, text: str) -> tuple[str, Wording | None]:
    if text.endswith(PROMPT_FILES):
        name, wording = read_wording(text)
        if name == task.usual or name in task.prompts:
            raise UsageError(f"{text}: task '{task.name}' has a prompt '{name}' of its own: give it another name")
        return name, wording
    if text == task.usual:
        return "", None
    if text not in task.prompts and (" " in text.strip() or "{" in text):
        raise UsageError(
            f"--prompt takes names of wordings, not the words '{text:.60}': write them into a YAML file (user: ...); "
            f"one prompt of your own is hex decode '{text:.60}'"
        )
    if text not in task.prompts:
        known, of = [*task.prompts] or [task.usual], f" of task '{task.name}'"
        raise unknown("prompt", text, known, (".yaml", ".yml"), of)
    return text, task.prompts[text]
