"""How `--help` reads: options in groups, every name to choose from, two examples, and where more is written.

Plain text on purpose: it reads the same in a terminal, a pager, a pipe and the documents, and costs no import.
"""

import re
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from hexcli.cli.examples import EXAMPLES
from hexcli.cli.options.choices import listed
from hexcli.cli.refusals import long_options, refusals, slips
from hexcli.cli.synonyms import no_command, one_dash
from hexcli.errors import UsageError

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

# The documents stand in the repository under this name, and in mkdocs.yml.
MORE = "docs/commands.md#{anchor}"
REST = "Options"
_SAID = re.compile(r"\[default: \((.*)\)\]")  # a default in words, which typer puts in brackets
# Where groups of options come, those that nobody named first.
ORDER = (
    REST,
    "Problems",
    "Model",
    "Schedule",
    "Sampling",
    "Published samplers",
    "Speed",
    "Measuring",
    "Measuring a shape",
    "Output",
)


# What commands are for, in the help of `hex`; the others come last.
PANELS = {
    "Make generations": ("decode", "sweep", "import", "reproduce"),
    "Count and compare": ("vote", "score", "compare", "show", "report", "plot", "grade"),
    "What there is to choose from": ("models", "tasks", "aggregators", "recipes"),
    "Look after": ("runs", "cache", "bench"),
}


def dress(app: typer.Typer) -> None:
    """Give every command of `app` this help; to be called once all are registered."""
    for command in app.registered_commands:
        command.cls = HexCommand
    for group in app.registered_groups:
        if group.typer_instance is not None:
            dress(group.typer_instance)


class HexCommand(TyperCommand):
    """A command whose options are in the groups that `rich_help_panel` names."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """The arguments; options that are none are refused with the one that was meant."""
        with refusals(ctx, args):
            if not ctx.resilient_parsing:
                for message in (one_dash(args, long_options(ctx)), slips(ctx, args)):
                    if message is not None:
                        raise UsageError(message)
            return super().parse_args(ctx, args)

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Arguments, then the groups in ORDER."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            if (record := parameter.get_help_record(ctx)) is not None:
                name, text = record
                argument = parameter.param_type_name == "argument"
                panel = "Arguments" if argument else getattr(parameter, "rich_help_panel", None) or REST
                if parameter.name == "help":
                    panel = "Output"
                groups.setdefault(panel, []).append((name, _SAID.sub(r"[default: \1]", listed(text))))
        for panel in sorted(groups, key=lambda name: ORDER.index(name) if name in ORDER else -1):
            with formatter.section(panel):
                formatter.write_dl(groups[panel], col_max=26)

    def format_epilog(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """The examples as they are typed, and the page with more."""
        write_examples(ctx, formatter)


class HexGroup(TyperGroup):
    """A group of commands, itself called without one: then the help, on stdout."""

    def resolve_command(self, ctx: "Context", args: list[str]) -> Any:
        """The command; one that there is none of is refused with the one that was meant."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            group = ctx.command_path.removeprefix("hex").strip()
            raise UsageError(no_command(args[0], self.commands, group))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """The commands under what they are for."""
        left = {name: (name, summary(one)) for name, one in self.commands.items() if not one.hidden}
        of_hex = PANELS if ctx.parent is None else {}
        panels = {panel: [left.pop(name) for name in names if name in left] for panel, names in of_hex.items()}
        for panel, rows in {**panels, "More" if of_hex else "Commands": [*left.values()]}.items():
            if rows:
                with formatter.section(panel):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """As of a command."""
        write_examples(ctx, formatter)

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Without a command: its help. Not by `no_args_is_help`, which makes an error of it."""
        if not args and not ctx.resilient_parsing:
            print(ctx.get_help())
            raise typer.Exit
        with refusals(ctx):
            return super().parse_args(ctx, args)


def summary(command: Any) -> str:
    """The first sentence of a command's help, in one line."""
    sentence = " ".join((command.help or "").split("\n\n")[0].split()).split(". ")[0].rstrip(".")
    return sentence.split(": ")[0] if len(sentence) > 70 else sentence


def write_examples(ctx: "Context", formatter: "HelpFormatter") -> None:
    """The examples of the command that `ctx` is of."""
    name = ctx.command_path.removeprefix("hex").strip()
    if name in EXAMPLES:
        with formatter.section("Examples"):
            for line in EXAMPLES[name]:
                formatter.write(f"  {line}\n")
    anchor = f"hex-{name}".replace(" ", "-").rstrip("-")
    formatter.write(f"\nMore: {MORE.format(anchor=anchor)}\n")
