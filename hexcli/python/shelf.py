"""Run folders in a list, figures of runs, and generations made elsewhere, in Python."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.plugins.held import register_task
from hexcli.python.counting import names_of
from hexcli.python.loading import Generations, RunLike, counted, load, plug_in, several, warn
from hexcli.python.public import public
from hexcli.python.rows import DataLike, RowsLike, is_rows
from hexcli.python.said import AggregatorLike, SchedulesLike, mapping_said, path_said, require_flags, short
from hexcli.python.table import Table
from hexcli.python.written import Written
from hexcli.runs.folders import RUNS

_LISTED = ("path", "created", "state", "task", "model", "schedules", "temperature", "samples", "problems")


@public
def runs(folder: str | Path = RUNS, *, task: str | None = None, model: str | None = None, sort: str = "date") -> Table:
    """The runs in a folder and in those in it, as `hex runs list`: a row a run, how it was decoded, accuracy if scored.

    folder  of run folders, or one of them
    task    only runs of this task
    model   only runs of this model
    sort    "date" (the newest first), "accuracy" (of majority), "task", "size" (the largest first), "name" or "T"

    Raises hexcli.errors.UsageError where there is none.
    """
    from hexcli.runs.choosing import ORDERS, in_order, of_task_and_model
    from hexcli.runs.reading import find_runs
    from hexcli.runs.shelf import Kept

    if sort not in ORDERS:
        raise UsageError(f"sort is one of {', '.join(ORDERS)}, not {short(sort)}")
    for what, said in (("task", task), ("model", model)):
        if not isinstance(said, str | None):
            raise UsageError(f"{what} is a text, not {short(said)}")
    paths = of_task_and_model(find_runs([path_said("folder", folder)], below=True), task, model)
    kept = in_order([Kept.of(path) for path in paths], sort)
    return Table([one.to_dict() for one in kept], shown=(*_LISTED, "accuracy"))


@public
def plot(
    figure: str,
    runs: RunLike | Sequence[RunLike],
    output: str | Path | None = None,
    *,
    width: str = "column",
    aggregators: AggregatorLike | Sequence[AggregatorLike] | None = None,
    schedules: SchedulesLike | None = None,
    samples: int | None = None,
) -> Path:
    """Draw a figure of one or several runs, as `hex plot`: a file. Its path.

    figure       blocks, votes, cost, agreement, commits or settling
    runs         one run, or several
    output       a .pdf, .svg or .png file; one that is there is replaced; None: <figure>.png, which a notebook can show
    width        "column" (3.25 inches), "page" (6.75), or inches as text
    aggregators  as of `vote`
    schedules    as of `vote`
    samples      as of `vote`

    Needs matplotlib. Raises hexcli.errors.UsageError on a figure or file type that is none, HexError where it cannot be
    written.
    """
    from hexcli.insight.findings import Findings
    from hexcli.report.called import called
    from hexcli.report.figures.drawing import FIGURES, check, draw

    if not isinstance(figure, str):
        raise UsageError(f"the figure is named first, a text, not {short(figure)}: plot('blocks', run)")
    if figure not in FIGURES and Path(figure).exists():
        raise UsageError(f"the figure is named first, and '{figure}' is none: plot('blocks', {figure!r})")
    path = Path(f"{figure}.png") if output is None else path_said("output", output)
    check(figure, path)
    names = names_of(aggregators)
    found = [counted(run, schedules, samples) for run in several(runs)]
    draw(figure, [(name, Findings(one, names)) for name, one in zip(called(found), found, strict=True)], path, width)
    return path


@public
def import_(
    files: str | Path | Sequence[str | Path] | RowsLike,
    output: str | Path,
    *,
    task: str | None = None,
    format: str | None = None,
    data: DataLike | None = None,
    model: str | None = None,
    given: Mapping[str, Any] | None = None,
    fields: Mapping[str, str] | None = None,
    add: bool = False,
    overwrite: bool = False,
) -> Generations:
    """Make a run folder of generations made elsewhere, as `hex import`, and load it.

    files      one file or several; a path may say what its file does not: "b8.jsonl:block_length=8"; or rows, a list of
        mappings or a data frame, which are written beside the run: question, text (what a model wrote), target, ...
    output     the run folder to make
    task       a name, or the YAML file of your own
    format     "d1", "lm-eval", "jsonl", ...; None: what each file looks like
    data       the rows of the task's dataset: a file, "hub", or the rows
    model      whose they are, if no file tells
    given      what no file tells: {"gen_length": 256, "block_length": 32, "steps": ..., "temperature": ...}
    fields     what plain rows call their fields: {"question": "q", "text": "output"}
    add        add to the import that is at output
    overwrite  replace another import at output

    What the import has to say is a warning. Raises hexcli.errors.UsageError where the files do not fit, and writes
    nothing then.
    """
    from hexcli.importing.run import import_files
    from hexcli.importing.sources import sources

    plug_in()
    register_task(task)
    require_flags(add=add, overwrite=overwrite)
    folder = path_said("output", output)
    with Written() as written:
        if is_rows(files):
            files = str(written.file(files, folder.parent, "the rows"))
        named = list(files) if isinstance(files, list | tuple) else [path_said("files", files)]
        imported = import_files(
            sources([str(path_said("a file", one)) for one in named], None),
            folder,
            task=task,
            format=format,
            data=written.file(data, folder.parent),
            model=model,
            given=dict(mapping_said("given", given)),
            fields=dict(mapping_said("fields", fields)) or None,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            overwrite=overwrite,
            add=add,
        )
    for message in (*imported.notes, *imported.warnings):
        warn(message)
    return load(folder)
