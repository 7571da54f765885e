"""A file of generations, whatever its format, as samples.

| format    | is | the schedule is in it |
|-----------|----|-----------------------|
| `d1`      | the JSON that d1's and HEX's evaluation writes, one file a schedule | yes |
| `lm-eval` | `samples_<task>_<time>.jsonl` of lm-evaluation-harness, tasks that generate | no |
| `jsonl`   | one JSON object a line, see plain.py; a table of them; a run folder of hex | where the rows state it |
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
from hexcli.importing.guessing import guessed, misfit
from hexcli.importing.naming import REQUIRED, renamed, there
from hexcli.importing.paths import has
from hexcli.importing.sample import SampleFile
from hexcli.importing.sources import Source
from hexcli.importing.unwrapping import unwrapped
from hexcli.json_file import flaw, parse_json, parse_lines
from hexcli.runs.folders import run_folder
from hexcli.runs.manifest import Manifest
from hexcli.runs.mistakes import require_no_part, runs_in
from hexcli.runs.reading import read_manifest
from hexcli.runs.rows import GENERATIONS, MANIFEST
from hexcli.tasks.data.content import LARGEST_DATA
from hexcli.tasks.data.content import plain as plain_content
from hexcli.tasks.data.local import TABLES, table_of

Row = tuple[int, Any]

FORMATS = ("d1", "lm-eval", "jsonl")
_FEW = 4
_SHEETS = (".xlsx", ".xls", ".ods")
_RESULTS = {"configs", "versions", "n-shot", "config", "higher_is_better"}  # beside lm-eval's results
GREEDY = {"temperature": 0.0}  # the default of lm-eval, and of plain rows


def read_file(source: Source, format: str | None, fields: Mapping[str, str] | None = None) -> SampleFile:
    """The samples of a file, in one of FORMATS or, with None, in the one that it looks like; of a run folder, its rows.

    `fields`: what plain rows call theirs, by our names, where they do; other formats have names of their own, and
    `SampleFile.fields` says which of them were used. A file may be packed (gzip), and UTF-16 where its first bytes
    say so. Raises UsageError naming the file, the row and what is wrong with it.
    """
    path = run_folder(source.path)
    if path.name != GENERATIONS:
        require_no_part(path)
    run = _run_of(path)
    file = path / GENERATIONS if run and path.is_dir() else path
    fields = {} if run is not None else {**(fields or {}), **source.fields}
    try:
        content = content_of(file, LARGEST_DATA)
        name = path.name if run is None else file.resolve().parent.name
        found = _parse(name, content if table_of(file) == ".parquet" else plain_content(content), format, fields)
    except OSError as error:
        inside = runs_in(file) or ": name the files in it" if file.is_dir() else beside(file) or _near(file)
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


def _near(file: Path) -> str:
    """Files that may be meant, where none is called alike."""
    try:
        found = sorted(one.name for one in file.parent.iterdir() if one.suffix in (".jsonl", ".json", ".csv", ".gz"))
    except OSError:
        return ""
    more = ", ..." if len(found) > _FEW else ""
    return f": '{file.parent}' has {', '.join(found[:_FEW])}{more}" if found else ""


def _table(file: Path) -> str:
    """How a spreadsheet becomes a table that is read; nothing for another file."""
    if file.suffix.lower() in _SHEETS:
        table = f"pandas.read_excel('{file}').to_csv('{file.stem}.csv', index=False)"
        return f': save it as CSV: python -c "import pandas; {table}"'
    if file.suffix.lower() in (".json", ".jsonl", ".gz", "", *TABLES):
        return ""
    return f": what is imported is JSON, JSON lines or CSV, of format {', '.join(FORMATS)}"


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
    if (kind := table_of(Path(name))) is not None:
        if format not in (None, "jsonl"):
            raise ValueError(f"it is not of format {format}: it is a table ({kind}), of rows as in format jsonl")
        rows = iter(TABLES[kind](content))
        return _of_rows(SampleFile(name=name, format="jsonl", sha256=sha256), rows, fields)
    value, whole = _json(content)
    if isinstance(value, Mapping) and isinstance(value.get("results"), Mapping) and _RESULTS & set(value):
        raise ValueError("it holds lm-eval's results and no generations: name samples_*.jsonl (--log_samples)")
    if d1.is_d1(value):
        if format not in (None, "d1"):
            raise ValueError(f"it is not of format {format}: it looks like d1")
        return SampleFile(
            name=name,
            format="d1",
            sha256=sha256,
            model=d1.model(value),
            header=d1.header(value),
            assumed=d1.assumed(value),
            samples=list(d1.samples(value)),
        )
    found = None if value is None else unwrapped(value, fields)
    rows = _lines(content) if found is None else iter(enumerate(found.rows, start=1))
    try:
        first = next(rows, None)
    except ValueError:
        if (
            isinstance(whole, JSONDecodeError) and whole.lineno > 1 and b"\n" in content.strip()
        ):  # a value over several lines
            raise ValueError(f"not JSON ({flaw(whole)})") from None
        raise
    if format == "d1":
        raise ValueError('it is not of format d1: no JSON object with a list of "generations"')
    format = format or ("lm-eval" if first and lm_eval.is_lm_eval(first[1]) else "jsonl")
    file = SampleFile(
        name=name,
        format=format,
        sha256=sha256,
        header={} if found is None else found.header,
        notes=[f"{name}: {found.note}"] if found is not None and found.note else [],
    )
    return _of_rows(file, itertools.chain([first] if first else [], rows), fields)


def _of_rows(file: SampleFile, rows: Iterator[Row], fields: Mapping[str, str]) -> SampleFile:
    """The file with what is in its rows."""
    models: set[str] = set()
    notes, header = list(file.notes), dict(file.header)
    first = next(rows, None)
    all_rows: Iterable[Row] = itertools.chain([first] if first else [], rows)
    used: Mapping[str, str] = {}
    if file.format == "jsonl" and first and isinstance(first[1], Mapping):
        used, told = _read_as(*first, fields)
        if told:
            header["fields"] = told
            notes.append(f"{file.name} is read as --fields {','.join(f'{one}={two}' for one, two in told.items())}")
        if used or told:
            all_rows = renamed(all_rows, {**told, **used})
    reader = lm_eval if file.format == "lm-eval" else plain
    return dataclasses.replace(
        file,
        samples=list(reader.samples(_naming(models, all_rows))),
        model=next(iter(models), None),
        header=header,
        assumed=GREEDY,
        notes=notes,
        fields=used,
        has=has(first[1]) if first and isinstance(first[1], Mapping) else "",
    )


def _read_as(number: int, row: Mapping[str, Any], fields: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Which of `fields` the rows of a file have, by the first of them, and what else its fields are by their names.

    A field that is named and not there is one of another file, where this file has it under our name, or has nothing
    that is named and can be read without. Raises ValueError where it cannot.
    """
    used = {ours: theirs for ours, theirs in fields.items() if there(row, theirs)}
    for ours, theirs in used.items():
        if theirs in REQUIRED and theirs != ours and theirs not in fields:
            raise ValueError(f"--fields {ours}={theirs} leaves nothing to be the {theirs}: say {theirs}=FIELD, too")
    told = guessed(row, used)
    fault = None if told else misfit(row, used)
    lacking = [ours for ours in fields if ours not in used and ours not in row and ours not in told]
    if (used or fault) and lacking:
        said = f"no field '{fields[lacking[0]]}', which --fields says is the {lacking[0]}"
        raise ValueError(f"row {number}: {said} ({has(row)})")
    if fault is not None:
        raise ValueError(f"row {number}: {fault}")
    return used, told


def _json(content: bytes) -> tuple[Any, ValueError | None]:
    """The JSON value of the whole file; None, and why, where it is none, as several lines are not."""
    try:
        return parse_json(content, str), None
    except ValueError as error:
        return None, error


def _lines(content: bytes) -> Iterator[Row]:
    """The rows with their numbers, as they are asked for: a million of them take memory."""
    return parse_lines(read_lines(io.BytesIO(content.removeprefix(b"\xef\xbb\xbf")).readline), str)


def _naming(models: set[str], rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, the model that they name put into `models`. Raises ValueError where they name several."""
    for number, row in rows:
        if isinstance(row, dict) and isinstance(row.get("model"), str):
            models.add(row["model"])
        if len(models) > 1:
            several = ", ".join(sorted(models))
            raise ValueError(
                f"its rows are of several models ({several}): write each into a file, and import it into a run"
            )
        yield number, row
