"""A file of generations, whatever its format, as samples.

| format    | is | the schedule is in it |
|-----------|----|-----------------------|
| `d1`      | the JSON that d1's and HEX's evaluation writes, one file a schedule | yes |
| `lm-eval` | `samples_<task>_<time>.jsonl` of lm-evaluation-harness, tasks that generate | no |
| `jsonl`   | one JSON object a line, see plain.py; a run folder of hex | where the rows state it |
"""

import dataclasses
import hashlib
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, beside
from hexcli.files import read_file as content_of
from hexcli.files import read_lines, why
from hexcli.importing import d1, lm_eval, plain
from hexcli.importing.naming import guessed, misfit, renamed
from hexcli.importing.sample import SampleFile
from hexcli.importing.sources import Source
from hexcli.json_file import flaw, parse_json, parse_lines
from hexcli.runs.folders import run_folder
from hexcli.runs.manifest import Manifest
from hexcli.runs.mistakes import require_no_part, runs_in
from hexcli.runs.reading import read_manifest
from hexcli.runs.rows import GENERATIONS, MANIFEST
from hexcli.tasks.data.content import LARGEST_DATA
from hexcli.tasks.data.content import plain as plain_content

Row = tuple[int, Any]

FORMATS = ("d1", "lm-eval", "jsonl")
_TABLES = {".csv": "csv", ".tsv": "table", ".parquet": "parquet", ".xlsx": "excel"}  # as pandas reads them
GREEDY = {"temperature": 0.0}  # the default of lm-eval, and of plain rows


def read_file(source: Source, format: str | None, fields: Mapping[str, str] | None = None) -> SampleFile:
    """The samples of a file, in one of FORMATS or, with None, in the one that it looks like; of a run folder, its rows.

    `fields`: what plain rows call theirs, by our names. A file may be packed (gzip), and UTF-16 where its first bytes
    say so. Raises UsageError naming the file, the row and what is wrong with it.
    """
    path = run_folder(source.path)
    if path.name != GENERATIONS:
        require_no_part(path)
    run = _run_of(path)
    if run is not None and fields:
        raise UsageError(f"{path} is a run, whose fields have their names: leave --fields out")
    file = path / GENERATIONS if run and path.is_dir() else path
    try:
        content = plain_content(content_of(file, LARGEST_DATA))
        found = _parse(path.name if run is None else file.resolve().parent.name, content, format, fields or {})
    except OSError as error:
        inside = runs_in(file) or ": name the files in it" if file.is_dir() else beside(file)
        raise UsageError(f"cannot read {file}: {why(error)}{inside}") from None
    except ValueError as error:
        raise UsageError(f"{file}: {error}{_table(file)}") from None
    if not found.samples:
        raise UsageError(f"{file} holds no generations")
    if run is None:
        return dataclasses.replace(found, given=source.given)
    return dataclasses.replace(
        found,
        given=source.given,
        model=run.model,
        run=run,
        header={"run": run.name, "model_identity": run.model_identity, "dtype": run.dtype, "recipe": dict(run.recipe)},
    )


def _table(file: Path) -> str:
    """How a table that pandas reads becomes lines; nothing for another file."""
    kind = _TABLES.get(file.suffix.lower())
    if kind is None and file.suffix.lower() in (".json", ".jsonl", ".gz", ""):
        return ""
    if kind is None:
        return f": what is imported is JSON or JSON lines, of format {', '.join(FORMATS)}"
    lines = f"to_json('{file.with_suffix('.jsonl').name}', orient='records', lines=True)"
    return f": JSON lines are imported, e.g. python -c \"import pandas; pandas.read_{kind}('{file}').{lines}\""


def _run_of(path: Path) -> Manifest | None:
    """The run.json of a run folder, or beside its generations; None for any other path."""
    folder = path if path.is_dir() else path.parent if path.name == GENERATIONS else None
    if folder is None or not (folder / MANIFEST).is_file():
        return None
    manifest = read_manifest(folder)
    manifest.require_own(folder, "what is imported are the runs that it is of")
    return manifest


def _parse(name: str, content: bytes, format: str | None, fields: Mapping[str, str]) -> SampleFile:
    sha256 = hashlib.sha256(content).hexdigest()
    value, whole = _json(content)
    rows = None if d1.is_d1(value) else _rows(content, value)
    try:
        first = next(rows, None) if rows is not None else None
    except ValueError:
        if (
            isinstance(whole, JSONDecodeError) and whole.lineno > 1 and b"\n" in content.strip()
        ):  # a value over several lines
            raise ValueError(f"not JSON ({flaw(whole)})") from None
        raise
    if format is None:
        format = "d1" if rows is None else "lm-eval" if first and lm_eval.is_lm_eval(first[1]) else "jsonl"
    if format == "d1" and rows is not None:
        raise ValueError('it is not of format d1: no JSON object with a list of "generations"')
    if format != "d1" and rows is None:
        raise ValueError(f"it is not of format {format}: it looks like d1")
    if rows is None and fields:
        raise ValueError("it is of format d1, whose fields have their names: leave --fields out")
    if rows is None:
        return SampleFile(
            name=name,
            format=format,
            sha256=sha256,
            model=d1.model(value),
            header=d1.header(value),
            assumed=d1.assumed(value),
            samples=list(d1.samples(value)),
        )
    models: set[str] = set()
    all_rows: Iterable[Row] = itertools.chain([first] if first else [], rows)
    if fields and format != "jsonl":
        raise ValueError(f"it is of format {format}, whose fields have their names: leave --fields out")
    told: dict[str, str] = {}
    if format == "jsonl" and first and not _absent(first[1], fields):
        told = guessed(first[1], fields)
        if not told and (fault := misfit(first[1], fields)) is not None:
            raise ValueError(f"row {first[0]}: {fault}")
        fields = {**told, **fields}
    if fields:
        all_rows = renamed(all_rows, fields)
    all_rows = _naming(models, all_rows)
    samples = list((lm_eval if format == "lm-eval" else plain).samples(all_rows))
    return SampleFile(
        name=name,
        format=format,
        sha256=sha256,
        model=next(iter(models), None),
        header={"fields": told} if told else {},
        assumed=GREEDY,
        notes=[f"{name} is read as --fields {','.join(f'{one}={two}' for one, two in told.items())}"] if told else [],
        samples=samples,
    )


def _absent(row: Any, fields: Mapping[str, str]) -> bool:
    """Whether a field is named that the row does not have, as `renamed` says."""
    return not isinstance(row, Mapping) or any(theirs not in row for theirs in fields.values())


def _json(content: bytes) -> tuple[Any, ValueError | None]:
    """The JSON value of the whole file; None, and why, where it is none, as several lines are not."""
    try:
        return parse_json(content, str), None
    except ValueError as error:
        return None, error


def _rows(content: bytes, value: Any) -> Iterator[Row]:
    """The rows with their numbers, as they are asked for: a million of them take memory."""
    if value is not None:
        return iter(enumerate(value if isinstance(value, list) else [value], start=1))
    return parse_lines(read_lines(io.BytesIO(content.removeprefix(b"\xef\xbb\xbf")).readline), str)


def _naming(models: set[str], rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, the model that they name put into `models`. Raises ValueError where they name several."""
    for number, row in rows:
        if isinstance(row, dict) and isinstance(row.get("model"), str):
            models.add(row["model"])
        if len(models) > 1:
            several = ", ".join(sorted(models))
            raise ValueError(f"its rows are of several models ({several}): import each into its own run")
        yield number, row
