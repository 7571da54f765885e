"""Writes commands.md, the reference of the command line, from the command line itself: python docs/commands.py"""

from pathlib import Path

import typer.main

from hexcli.cli.main import app

INTRODUCTION = """# Commands

This page is what `--help` prints, command by command; `python docs/commands.py` writes it.

Every command that reports takes `--json`. Results go to stdout, progress and warnings to stderr. Exit codes: 0 done,
1 the run failed, 2 wrong usage, 130 interrupted. Whatever ends a `decode` or `sweep`, Ctrl-C or the power, the same
command goes on where it stopped. `hex --install-completion` sets up your shell.

"""


def reference() -> str:
    """The page. Lines are 80 wide whatever the terminal is."""
    root = typer.main.get_command(app)
    context = root.make_context("hex", [], resilient_parsing=True)
    return INTRODUCTION + "\n".join(_section(root, context, 2))


def _section(command: typer.core.TyperCommand | typer.core.TyperGroup, context: typer.Context, level: int) -> list[str]:
    context.max_content_width = context.terminal_width = 80
    help_text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    lines = [f"{'#' * level} {context.command_path}", "", "```text", help_text.strip(), "```", ""]
    for name, inside in getattr(command, "commands", {}).items():
        lines += _section(inside, inside.make_context(name, [], parent=context, resilient_parsing=True), level)
    return lines


if __name__ == "__main__":
    (Path(__file__).parent / "commands.md").write_text(reference(), encoding="utf-8")
