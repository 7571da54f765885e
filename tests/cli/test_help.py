"""`--help`: in groups, with every name to choose from, examples that can be typed, on stdout."""

import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from hexcli.bench import modes, names, shapes
from hexcli.cli.examples import EXAMPLES
from hexcli.cli.main import app, run
from hexcli.cli.options.choices import CHOICES, completing


def commands() -> Iterator[str]:
    """The names of all commands, `cache` and `cache stats`."""
    for command in app.registered_commands:
        yield str(command.name)
    for group in app.registered_groups:
        yield str(group.name)
        assert group.typer_instance is not None
        inside = group.typer_instance.registered_commands
        yield from (f"{group.name} {one.name or one.callback.__name__}" for one in inside if one.callback)


COMMANDS = list(commands())


def read(words: list[str]) -> str:
    """The command that the words are of, their options understood; nothing is run."""
    context = typer.main.get_command(app).make_context("hex", words)
    while hasattr(context.command, "commands") and context._protected_args:
        name, found, rest = context.command.resolve_command(context, [*context._protected_args, *context.args])
        context = found.make_context(name, rest, parent=context)
    return context.command_path.removeprefix("hex").strip()


def help_of(capsys: pytest.CaptureFixture[str], command: str) -> str:
    assert run([*command.split(), "--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_ends_with_two_examples_and_where_more_is_written(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command in EXAMPLES, "its examples go into hexcli/cli/examples.py"
    text = help_of(capsys, command)
    shown = re.findall(r"^  (hex .*)$", text, re.M)
    assert len(shown) >= 2 and all(line.startswith(f"hex {command}") for line in shown)
    assert f"More: docs/commands.md#hex-{command.replace(' ', '-')}" in text
    assert max(map(len, text.split("Examples:")[0].splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_can_be_typed(command: str) -> None:
    """Only read, not run: they name models and files that are not here."""
    for line in EXAMPLES[command]:
        assert read(shlex.split(line.split(" | ")[0])[1:]).startswith(command)


def test_no_example_is_of_a_command_that_is_not_there() -> None:
    assert set(EXAMPLES) <= {"", *COMMANDS}


def test_options_are_in_groups(capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(capsys, "decode")
    groups = re.findall(r"^([A-Z]\w+):$", text, re.M)
    assert groups == ["Arguments", "Problems", "Model", "Schedule", "Sampling", "Speed", "Output", "Examples"]


@pytest.mark.parametrize(
    ("command", "kinds"),
    [
        ("decode", ("tasks", "models", "remasking", "kv_caches", "dtypes", "fields", "model_args")),
        ("vote", ("aggregators",)),
        ("score", ("aggregators",)),
        ("bench", ("modes", "shapes", "tasks", "models", "dtypes")),
        ("import", ("formats", "tasks")),
        ("sweep", ("recipes",)),
    ],
)
def test_options_that_list_choices_list_all_of_them(
    command: str, kinds: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "".join(help_of(capsys, command).split())  # names are broken at their hyphens
    for kind in kinds:
        assert ",".join(CHOICES[kind]()) in text


def test_names_that_are_kept_apart_from_what_computes_are_the_same() -> None:
    assert tuple(modes.MODES) == names.MODES
    assert tuple(shapes.SHAPES) == names.SHAPES


def test_completion_goes_on_behind_the_last_comma() -> None:
    assert completing("aggregators")("majority,maj") == ["majority,majority", "majority,majority-nll"]
    assert "sums-new" in completing("tasks")("sums-")


@pytest.mark.parametrize("words", [[], ["cache"]])
def test_without_a_command_the_help_is_on_stdout(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "hexcli", *words], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: hex") and "\n\nExamples:\n" in done.stdout


def test_a_shell_completes_commands_and_names() -> None:
    for typed, wanted in (("hex sc", "score"), ("hex decode --task su", "sums")):
        done = subprocess.run(
            [sys.executable, "-c", "import sys; sys.argv[0] = 'hex'; from hexcli.cli.main import main; main()"],
            env={"_HEX_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))},
            capture_output=True,
            text=True,
        )
        assert wanted in done.stdout.split(), done.stderr


def test_the_reference_in_the_documents_is_what_help_prints() -> None:
    script = Path(__file__).parents[2] / "docs" / "commands.py"
    written = runpy.run_path(str(script))["reference"]()
    assert (script.parent / "commands.md").read_text() == written, "python docs/commands.py writes it anew"
