"""The command line: each command parses, calls one function, and prints. One file a command.

Nothing heavy is imported at the top of these files: `hex --help`, `hex vote` and `hex score` need no torch.
"""

import errno
import os
import sys

import typer
from typer.exceptions import TyperException

from hexcli.cli import (
    bench,
    cache,
    catalog,
    compare,
    decode,
    grade,
    import_,
    plot,
    recipes,
    report,
    reproduce,
    runs,
    score,
    show,
    sweep,
    tasks,
    vote,
)
from hexcli.cli.ending import INTERRUPTED, Ending, leave_at_once
from hexcli.cli.environment import warn_misspelt
from hexcli.cli.help import HexGroup, dress
from hexcli.cli.output import ReaderLeftError, flush_stdout, leave_stdout, warn, watch_streams
from hexcli.cli.stopping import BEGINS_AGAIN
from hexcli.errors import HexError
from hexcli.plugins.registering import register_installed
from hexcli.report.terminal import visible
from hexcli.version import VERSION

app = typer.Typer(
    name="hex",
    help="Test-time scaling of masked diffusion language models: decode under several block schedules, "
    "vote on the answers, score the votes.",
    cls=HexGroup,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("decode")(decode.decode)
app.command("sweep")(sweep.sweep)
app.command("vote")(vote.vote)
app.command("score")(score.score)
app.command("compare")(compare.compare)
app.command("show")(show.show)
app.command("grade", context_settings={"ignore_unknown_options": True})(grade.grade)
app.command("plot")(plot.plot)
app.command("report")(report.report)
app.command("import")(import_.import_runs)
app.command("reproduce")(reproduce.reproduce)
app.command("bench")(bench.bench)
app.command("models")(catalog.models)
app.command("tasks")(tasks.tasks)
app.command("aggregators")(catalog.aggregators)
app.command("recipes")(recipes.recipes)
app.add_typer(runs.app, name="runs")
app.add_typer(cache.app, name="cache")


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        print(f"hex {VERSION}")
        raise typer.Exit
    register_installed(warn)
    warn_misspelt()


dress(app)


def main() -> None:
    """`hex`: run the command line; errors that a user can mend end in one line and an exit code."""
    # Threads of GNU OpenMP (torch on a CPU) spin for milliseconds at every barrier; where another process wants the
    # core, each of a model's small operations then waits for it: measured 30-44 s instead of 4-5 s for 16 rows.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    ending = Ending()
    ending.watch()
    watch_streams()
    code = run(sys.argv[1:])
    leave_stdout()
    ending.done()
    if code == INTERRUPTED:
        leave_at_once()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """The exit code of `hex` with these arguments: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    try:
        try:
            code = app(arguments, prog_name="hex", standalone_mode=False)
        finally:
            flush_stdout()
        if code == INTERRUPTED:  # what typer makes of Ctrl-C
            return _fail(BEGINS_AGAIN, code)
    except HexError as error:
        return _fail(str(error), error.exit_code)
    except OSError as error:  # of all that is asked about a name, this may come anywhere
        if error.errno != errno.ENAMETOOLONG:
            raise
        return _fail(f"no file or folder has a name as long as '{str(error.filename)[:40]}...'", 2)
    except TyperException as error:
        return _fail(error.format_message().rstrip("."), getattr(error, "exit_code", 2))
    except ReaderLeftError:
        return 0
    except KeyboardInterrupt:
        return _fail(BEGINS_AGAIN, INTERRUPTED)
    return code if isinstance(code, int) else 0


def _fail(message: str, code: int) -> int:
    print(f"hex: {visible(' '.join(message.split()))}", file=sys.stderr, flush=True)
    return code
