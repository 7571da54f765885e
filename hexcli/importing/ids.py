"""A column of ids in plain rows: taken for those of the problems where they are."""

import dataclasses
from collections.abc import Iterator, Sequence

from hexcli.importing.sample import Sample, SampleFile
from hexcli.tasks.columns import called


def with_ids(files: Sequence[SampleFile]) -> list[SampleFile]:
    """The files, their problems called as a field `id`, `uid`, `question_id`, ... calls them, where over all of them
    each id is of one question and each question has one id. Whether it is, the file's notes tell."""
    columns = [_column(file) for file in files]
    fault = _fault(files, columns)
    found = []
    for file, column in zip(files, columns, strict=True):
        if column is None:
            found.append(file)
            continue
        if fault:
            kept = "it is kept as it is, and the ids are hashes of the questions"
            note = f"{file.name}: its field '{column}' is not the problems' id ({fault}): {kept}"
            found.append(dataclasses.replace(file, notes=[*file.notes, note]))
            continue
        read_as = f"{file.name} is read as --fields "
        notes = [f"{note},problem_id={column}" if note.startswith(read_as) else note for note in file.notes]
        notes += [f"{read_as}problem_id={column}"] if notes == list(file.notes) else []
        samples = [
            dataclasses.replace(one, about={**one.about, "problem_id": str(one.rest[column])}, id_guessed=True)
            for one in file.samples
        ]
        found.append(dataclasses.replace(file, samples=samples, notes=notes))
    return found


def _column(file: SampleFile) -> str | None:
    """The field that may be the problems' id in all rows of a plain file that states none."""
    if file.format != "jsonl" or file.run is not None:
        return None
    rows = [sample.rest for sample in file.samples]
    if any("problem_id" in sample.about or sample.schedule for sample in file.samples):
        return None
    for name in called("id", list(rows[0])):
        if all(isinstance(row.get(name), str | int) and str(row[name]).strip() for row in rows):
            return name
    return None


def _fault(files: Sequence[SampleFile], columns: Sequence[str | None]) -> str:
    """Why the columns are no ids of problems; empty where they are."""
    ids: dict[object, str] = {}
    questions: dict[str, object] = {}
    for question, name in _named(files, columns):
        if ids.setdefault(question, name) != name:
            return f"one question has {ids[question]} and {name}"
        if questions.setdefault(name, question) != question:
            return f"{name} is of two questions"
    return ""


def _named(files: Sequence[SampleFile], columns: Sequence[str | None]) -> Iterator[tuple[object, str]]:
    for file, column in zip(files, columns, strict=True):
        if column is not None:
            yield from ((_asked(sample), str(sample.rest[column])) for sample in file.samples)


def _asked(sample: Sample) -> object:
    return " ".join(sample.question.split()), tuple(sample.about.get("choices", ()))
