"""What typer refuses, in our words: what is wrong with the line that was typed, and what to type instead."""

import difflib
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from typer.exceptions import TyperException

from hexcli.blocks import doubled
from hexcli.cli.counts import by_the_shell
from hexcli.cli.examples import EXAMPLES
from hexcli.cli.mistakes import choosing, use_of
from hexcli.cli.synonyms import no_option
from hexcli.errors import UsageError, plural
from hexcli.models.cards import CARDS

if TYPE_CHECKING:
    from typer._click import Context


def _share(percent: re.Match[str]) -> str:
    return f"'{percent[1]}%' is no number: as a share it is {int(percent[1]) / 100:g}"


def _choice(refused: re.Match[str]) -> str:
    said = refused[1].rpartition("'")[2]  # behind the name of the option
    if said.lower().lstrip(".") in ("pdf", "png", "svg", "jpg", "eps", "html"):
        way = "hex report -o FILE.html" if said.lower().endswith("html") else "hex plot FIGURE -o FILE.pdf"
        return f"'{refused[1]}' is none of {refused[2]}: write {way}"
    near = [SAID[said.lower()]] if SAID.get(said.lower(), "") in refused[2].replace("'", "").split(", ") else []
    near = near or difflib.get_close_matches(said.lower(), re.findall(r"'([^']*)'", refused[2]), n=1)
    hint = f": did you mean '{near[0]}'?" if near else ""
    return f"'{refused[1]}' is none of {refused[2]}{hint}"


def _several(refused: re.Match[str]) -> str:
    """Numbers where one is taken: the forms that take several."""
    key, numbers = refused[1].replace("-", "_"), re.split("[,;/ ]+", refused[2].strip())
    if len(numbers) == 2 and "." not in refused[2] and key != "steps":
        return refused[0]  # a decimal comma
    one, samples = numbers[-1], ":samples=3" if key == "temperature" else ""
    return (
        f"--{refused[1]} takes one number, not '{refused[2]}': a schedule may have its own, "
        f"-s 8,8:{key}={one}{samples}, and a recipe (hex sweep) several, {key}: [{', '.join(numbers)}]"
    )


# How typer words what it refuses, and how we do.
WORDS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"'(\d+) ?%' is not a valid (?:int|float)(?: range)?", _share),
    (
        r"^Invalid value for '?--(temperature|cfg-scale|threshold|steps)'?: '([\d.]+(?:[,;/ ]+[\d.]+)+)' "
        r"is not a valid (?:int|float)(?: range)?",
        _several,
    ),
    (r"is not a valid (int|float) range", r"is not a valid \1"),
    (r"^Option '(.*)' does not take a value", r"\1 takes no value: leave it out"),
    (r"is not a valid int", "is no whole number"),
    (r"is not a valid float", "is no number (decimals have a point: 0.9)"),
    (r"(\S+) is not in the range x>=(\S+)", r"\1 is too small: at least \2"),
    (r"Option '(.*)' does not take a value", r"\1 takes no value: write \1 alone"),
    (r"'(.*)' is not one of ('[^',]*')$", r"'\1' is not what it takes: \2 alone"),
    (r"'(.*)' is not one of (.*)", _choice),
    (r"^Invalid value for '?(?:-\w' / ')?(.+?)'?(?: / '-\w')?: ", r"\1: "),
)
# Values of other tools, and ours.
SAID = {
    **dict.fromkeys(("md", "gfm"), "markdown"),
    **dict.fromkeys(("xlsx", "xls", "excel", "pandas", "dataframe", "tsv", "spreadsheet"), "csv"),
    **dict.fromkeys(("jsonl", "ndjson", "dict"), "json"),
    **dict.fromkeys(("text", "txt", "plain", "rich"), "table"),
    **dict.fromkeys(("sample", "samples", "vote", "votes", "texts", "response", "output"), "generation"),
    **dict.fromkeys(("question", "questions", "row", "item", "prompt"), "problem"),
}
CATALOGUES = ("models", "tasks", "aggregators", "recipes")
_ONE_MEANT = re.compile(r"did you mean (--[\w-]+)\?$")
MAY_BE_EMPTY = ("grade",)  # whose options are texts
_EXTRA = r"Got unexpected extra argument\(?s?\)? \((.*)\)"
_NO_VALUE = r"Option '(.*)' requires (an argument|\d+ arguments)"


def long_options(ctx: "Context") -> list[str]:
    """The options of a command that are words."""
    return [name for one in ctx.command.get_params(ctx) for name in one.opts if name.startswith("--")]


def _of_all(ctx: "Context") -> dict[str, list[str]]:
    """The long options of every command, by its name."""
    found, waiting = {}, [("", ctx.find_root().command)]
    for name, command in waiting:
        inside = getattr(command, "commands", {})
        waiting += [(f"{name} {own}".strip(), one) for own, one in inside.items()]
        if not inside:
            found[name] = [text for one in command.params for text in one.opts if text.startswith("--")]
    return found


@contextmanager
def refusals(ctx: "Context", arguments: Sequence[str] = ()) -> Iterator[None]:
    """What typer refuses of `arguments`, said with what to type instead. Raises UsageError in its place."""
    typed = list(arguments)  # which typer empties
    try:
        yield
    except TyperException as error:
        message = error.format_message().rstrip(".")
        extra = re.match(_EXTRA, message)
        unknown = getattr(error, "option_name", None) if hasattr(error, "possibilities") else extra and extra[1]
        if unknown is not None and unknown.startswith("-") and " " not in unknown:
            own = ctx.command_path.removeprefix("hex").strip()
            if "--output" not in long_options(ctx) and (printed := by_the_shell(own, unknown, typed)):
                message = f"no option {unknown}: {printed}"
            else:
                message = no_option(unknown, own, {**_of_all(ctx), own: long_options(ctx)})
                message = _with_value(ctx, message, unknown, typed)
        elif extra is not None:
            many = "is one word" if " " not in extra[1] else "are words"
            meant = use_of(extra[1]) if ctx.command.name in (*CATALOGUES, "bench") else ""
            meant = meant.replace("hex decode", "hex bench") if ctx.command.name == "bench" else meant
            message = f"'{extra[1]}' {many} too many: write {_usage(ctx)}{meant} (see {ctx.command_path} --help)"
            if ctx.command_path == "hex compare":
                message = (
                    f"'{extra[1]}' {many} too many: two are compared, hex compare A B, A and B each RUN or RUN:WHO"
                )
            if ctx.command_path == "hex cache stats" and extra[1] in ("model", "task", "run", "schedule"):
                message = f"what is counted by is an option: hex cache stats --by {extra[1]}"
            if ctx.command_path == "hex cache prune":
                message = f"what goes is said by options: hex cache prune {choosing(extra[1].split()[0])}"
        elif (lacking := re.match(_NO_VALUE, message)) is not None:
            message = _no_value(ctx, lacking[1])
        elif message.startswith("Missing"):
            name = ctx.command_path.removeprefix("hex").strip()
            message += f", e.g. {_here(EXAMPLES[name][0])}" if name in EXAMPLES else f": see {ctx.command_path} --help"
        for theirs, ours in WORDS:
            message = re.sub(theirs, ours, message)
        raise UsageError(message) from None


def _with_value(ctx: "Context", message: str, name: str, typed: Sequence[str]) -> str:
    """The message of an unknown option, the one that was meant with the value that was typed, where it may have it."""
    place = next((at for at, one in enumerate(typed) if one.partition("=")[0] == name), None)
    if place is None:
        return message
    _, equals, value = typed[place].partition("=")
    value = value if equals else next(iter(typed[place + 1 :]), "")
    if message.endswith("=VALUE") and value.strip() and not value.startswith("-"):
        return message.removesuffix("VALUE") + shlex.quote(value)
    if (meant := _ONE_MEANT.search(message)) is None:
        return message
    option = next(one for one in ctx.command.get_params(ctx) if meant[1] in one.opts)
    if meant[1] == "--device" and value.isdecimal() and value not in CARDS:
        value = f"cuda:{value}"
    if getattr(option, "is_flag", False) or not value.strip() or value.startswith("-"):
        return message
    if meant[1] == "--limit" and not re.match(r"\d", value):
        return message
    if meant[1] == "--schedules":
        value = ",".join(map(str, doubled(value))) or value
    try:
        option.type.convert(value, option, ctx)
    except TyperException:
        return message
    return f"{message.removesuffix('?')} {shlex.quote(value)}?"


def _here(example: str) -> str:
    """An example with the newest run that is here, or NAME, for the one of the documentation."""
    from hexcli.runs.folders import RUNS
    from hexcli.runs.rows import MANIFEST

    runs = sorted(RUNS.glob(f"*/{MANIFEST}"), key=lambda found: found.stat().st_mtime)
    return re.sub(r"runs/sums-tiny-\w+", lambda _: str(runs[-1].parent if runs else RUNS / "NAME"), example)


def slips(ctx: "Context", arguments: Sequence[str]) -> str | None:
    """What typer takes, and nobody means: an option for another's value, one value said after another.

    The message, or None.
    """
    known = {name: one for one in ctx.command.get_params(ctx) for name in one.opts if name.startswith("-")}
    seen: dict[str, str] = {}
    before: str | None = None
    for argument in arguments:
        if argument == "--":
            return None
        if before is not None and not (argument.startswith("--") and argument in known):
            if not argument.strip() and ctx.command.name not in MAY_BE_EMPTY:
                return f"the value of {before} is empty: leave it out, or say one (a variable that is not set?)"
            before = None  # it is the value
            continue
        if before is not None:
            return f"{_no_value(ctx, before)}; behind it stands {argument}"
        if not argument.strip() and ctx.command.name not in (*MAY_BE_EMPTY, "decode"):
            return f"an argument of {ctx.command_path} is empty: leave it out, or say it (a variable that is not set?)"
        name, equals, _ = argument.partition("=")
        option = known.get(name if name.startswith("--") else argument)
        if option is None or getattr(option, "is_flag", False):
            continue
        if not option.multiple and str(option.name) in seen:
            return f"{seen[str(option.name)]} is said twice: leave one out"
        seen[str(option.name)] = name
        before = None if equals else name
    return None


def _usage(ctx: "Context") -> str:
    """The line of a command, without its options."""
    return " ".join(
        [ctx.command_path, *(one.strip("{}") for one in ctx.command.collect_usage_pieces(ctx) if "OPTIONS" not in one)]
    )


def _no_value(ctx: "Context", name: str) -> str:
    option = next(one for one in ctx.command.get_params(ctx) if name in one.opts)
    long = max(option.opts, key=len)
    metavar = option.make_metavar(ctx)
    values = "a value" if option.nargs == 1 else f"{plural(option.nargs, 'value')} parted by spaces"
    return f"{name} needs {values}: {long} {metavar}"
