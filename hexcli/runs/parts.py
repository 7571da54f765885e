"""Run folders read to be joined: the rows of each, who made them, and what tells their votes apart."""

import hashlib
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hexcli.errors import HexError, UsageError, plural
from hexcli.files import open_file, read_lines, why
from hexcli.records import Generation
from hexcli.runs.folders import folder_name, tidy
from hexcli.runs.manifest import Manifest
from hexcli.runs.reading import joining, read_manifest
from hexcli.runs.rows import GENERATIONS, Reader
from hexcli.runs.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One run to be joined: `file` holds its rows, `manifest` is of the run (or joint run) that it was named by.

    damaged  rows that cannot be read
    """

    source: Source
    folder: Path
    file: Path
    manifest: Manifest
    generations: tuple[Generation, ...]
    damaged: int

    @property
    def made_by(self) -> tuple[str, str]:
        """The model, by what is in it, and its precision."""
        return self.source.model_identity, self.source.dtype


def read_parts(paths: Sequence[Path], *, warn: Callable[[str], None], light: bool = True) -> list[Part]:
    """The runs in these folders, each content once; of a joint run those that it is of. Raises UsageError."""
    found: dict[tuple[str, ...], Part] = {}
    for path in paths:
        manifest = read_manifest(path)
        if not manifest.sources:
            parts = [_read(path, path / GENERATIONS, manifest, light=light)]
        else:
            again = joining(path, manifest.sources)
            parts = [
                _read(tidy(path / one.path), one.find(path, again=again, warn=warn), manifest, one, light=light)
                for one in manifest.sources
            ]
        for part in parts:
            first = found.setdefault((part.source.sha256, *part.made_by), part)
            if first is not part:
                warn(f"'{part.folder}' holds the rows of '{first.folder}': taken once")
            elif part.damaged:
                warn(f"'{part.folder}': {plural(part.damaged, 'row')} that cannot be read left out")
    return list(found.values())


def _read(folder: Path, file: Path, manifest: Manifest, known: Source | None = None, *, light: bool) -> Part:
    """The whole rows in a file: those that `known` has of it, or all."""
    reader, digest = Reader(light=light), hashlib.sha256()
    generations: list[Generation] = []
    damaged = rows = size = 0
    try:
        with open_file(file) as descriptor, os.fdopen(os.dup(descriptor), "rb") as stream:
            for line in read_lines(stream.readline):
                if not line.endswith(b"\n") or (known is not None and size >= known.bytes):
                    break
                digest.update(line)
                size, rows = size + len(line), rows + 1
                try:
                    generations.append(reader.read(line))
                except ValueError:
                    damaged += bool(line.strip())
    except FileNotFoundError:
        pass
    except OSError as error:
        raise HexError(f"cannot read '{file}': {why(error)}") from None
    if not generations:
        raise UsageError(
            f"{folder} has no generations to vote on: finish it with `hex sweep {shlex.quote(str(folder))}`"
        )
    source = known or Source(
        name=folder_name(folder),
        path="",
        sha256=digest.hexdigest(),
        bytes=size,
        rows=rows,
        model=manifest.model,
        model_identity=manifest.model_identity,
        dtype=manifest.dtype,
    )
    return Part(
        source=replace(source, who="", shift=0, copy=""),
        folder=folder,
        file=file,
        manifest=manifest,
        generations=tuple(generations),
        damaged=damaged,
    )


def told_apart(parts: Sequence[Part]) -> list[Part]:
    """The parts with what tells their votes apart (`who`), and the seeds of those made elsewhere shifted.

    Runs of one model and precision, whose prompts are the same where they have the same problem, vote as one; else
    their votes are told apart by the model's name, the precision, the model's hash or the run's name: by the first of
    these that does.
    """
    groups: list[list[Part]] = []
    prompts: list[dict[tuple[str, str], str]] = []
    for part in parts:
        own = _prompts(part)
        for group, known in zip(groups, prompts, strict=True):
            if group[0].made_by == part.made_by and not _conflict(known, own):
                group.append(part)
                known.update(own)
                break
        else:
            groups.append([part])
            prompts.append(own)
    called = dict(zip((id(part) for group in groups for part in group), _named(groups), strict=True))
    shifts = {id(part): shift for group in groups for part, shift in zip(group, _shifts(group), strict=True)}
    return [replace(part, source=replace(part.source, who=called[id(part)], shift=shifts[id(part)])) for part in parts]


def _prompts(part: Part) -> dict[tuple[str, str], str]:
    """The text of the prompt by problem and wording, where the run tells it."""
    return {(one.problem.id, one.prompt_name): one.prompt for one in part.generations if one.prompt}


def _conflict(known: Mapping[tuple[str, str], str], own: Mapping[tuple[str, str], str]) -> bool:
    return any(known.get(name, prompt) != prompt for name, prompt in own.items())


def _named(groups: Sequence[Sequence[Part]]) -> list[str]:
    """A name for each part of each group in turn: one a group, none where there is one group."""
    firsts = [group[0].source for group in groups]
    names = [""] * len(groups)
    if len(groups) > 1:
        models = [Path(one.model.rstrip("/")).name or one.model for one in firsts]
        hashes = [one.model_identity.partition(":")[2][:8] or one.model_identity[:8] for one in firsts]
        alike = len({group[0].made_by for group in groups}) == 1
        steps = [models, [one.dtype for one in firsts], hashes, [one.name for one in firsts]]
        for step in steps[3:] if alike else steps:
            names = _longer(names, step)
        names = _longer(names, [f"#{number}" for number in range(1, len(groups) + 1)])
    return [name for group, name in zip(groups, names, strict=True) for _ in group]


def _longer(names: Sequence[str], more: Sequence[str]) -> list[str]:
    """The names with one word more where that tells apart those that are called alike."""
    told = [len({other for name, other in zip(names, more, strict=True) if name == own}) > 1 for own in names]
    pairs = zip(names, more, told, strict=True)
    return [" ".join(filter(None, (name, word))) if apart else name for name, word, apart in pairs]


def _shifts(group: Sequence[Part]) -> list[int]:
    """How far the seeds of each part's rows from elsewhere go up, so that other texts are other samples."""
    texts: dict[object, str] = {}
    top, shifts = -1, []
    for part in group:
        made = [one for one in part.generations if one.source is not None]
        names = [(one.problem.id, one.voter) for one in made]
        other = any(
            texts.get(name, one.response.text) != one.response.text for name, one in zip(names, made, strict=True)
        )
        shift = top + 1 if other else 0
        for name, one in zip(names, made, strict=True):
            if not shift:
                texts.setdefault(name, one.response.text)
            top = max(top, one.schedule.seed + shift)
        shifts.append(shift)
    return shifts
