"""Several runs of one task made one: a joint run, which refers to them by what is in them, or holds copies."""

import contextlib
import hashlib
import os
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hexcli.errors import HexError, UsageError, plural
from hexcli.files import why, write_atomically
from hexcli.json_file import write_json
from hexcli.runs.finding import VOTES
from hexcli.runs.joining import Joined, cast_by
from hexcli.runs.joint_manifest import joint_manifest
from hexcli.runs.lock import lock_run
from hexcli.runs.manifest import Manifest
from hexcli.runs.parts import Part, read_parts, told_apart
from hexcli.runs.questions import lacking_targets, matched
from hexcli.runs.reading import Run, read_manifest
from hexcli.runs.rows import MANIFEST
from hexcli.runs.shelf import COPY, GRADED, SCORES
from hexcli.runs.sources import Source, lines_of
from hexcli.tasks.file_names import subject_of

# What a task's definition says of answers; two that differ in it are two tasks, those that differ else in wording.
_OF_ANSWERS = ("name", "extract", "pattern", "grade")
_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Several runs as one. `notes`: what is to be known of it, a line each."""

    parts: tuple[Part, ...]
    joined: Joined
    manifest: Manifest
    notes: tuple[str, ...]

    def run(self, path: Path) -> Run:
        """As the run that `read` would give, were it written to `path`."""
        generations = tuple(self.joined.generations.values())
        manifest = replace(self.manifest, name=path.name)
        return Run(path=path, manifest=manifest, generations=generations, joined=self.joined)

    @property
    def usual_name(self) -> str:
        """What its folder is called where nobody says: the same runs give the same name."""
        content = "".join(sorted(part.source.sha256 for part in self.parts)).encode()
        task = subject_of(self.manifest.task)
        task = Path(task).stem if "/" in task else task
        return f"{task}-joint-{hashlib.sha256(content).hexdigest()[:8]}"

    @property
    def summary(self) -> str:
        """What was joined, in a line."""
        names = self.joined.generations
        voters, problems = {voter.expert for _, voter in names}, {problem for problem, _ in names}
        models = dict.fromkeys(part.source.who for part in self.parts)
        called = f", voting as {' and '.join(models)}" if len(models) > 1 else ""
        return (
            f"{plural(len(self.parts), 'run')}, {plural(len(problems), 'problem')}, "
            f"{plural(len(names), 'generation')} of {len(voters)} "
            f"schedule{'s' if len(voters) > 1 else ''}{called}"
        )

    def write(self, path: Path, *, copy: bool) -> None:
        """Make it a folder; `copy`: with the rows in it. A joint run that is there is replaced.

        Raises UsageError where something else is there, or rows are only to be had as copies of another joint run;
        HexError where another process writes there, or the disk does not allow it.
        """
        sources = tuple(_placed(part, path, copy=copy) for part in self.parts)
        if path.exists() and not (path.is_dir() and _may_take(path)):
            raise UsageError(f"'{path}' is there and no joint run: choose another -o")
        with _disk_errors(path):
            path.mkdir(parents=True, exist_ok=True)
            lock = lock_run(path)
            try:
                for name in (VOTES, SCORES, GRADED):  # of what was joined before
                    (path / name).unlink(missing_ok=True)
                for part, source in zip(self.parts, sources, strict=True) if copy else ():
                    if not (path / source.copy).is_file():
                        write_atomically(path / source.copy, lines_of(part.file, source.bytes))
                manifest = replace(self.manifest, name=path.resolve().name, sources=sources)
                write_json(path / MANIFEST, manifest.to_dict())
                for old in {*path.glob("source-*.jsonl")} - {path / source.copy for source in sources}:
                    old.unlink()
            finally:
                lock.release()


def together(
    paths: Sequence[Path], *, created: str, warn: Callable[[str], None] = lambda message: None, light: bool = True
) -> Together:
    """Read the runs in these folders as one, problems matched by question. Nothing is written.

    `light`: see rows.Reader. Raises UsageError where they are fewer than two, of several tasks, or have no common
    problems (see questions.matched).
    """
    found = read_parts(paths, warn=warn, light=light)
    if len(found) < 2:
        raise UsageError(f"one election of several runs takes two at least, not {len(found)}: name them, or runs/")
    _require_one_task(found)
    same, notes = matched(found)
    parts = told_apart(same)
    joined = Joined()
    for part in parts:
        joined.add(map(cast_by(replace(part.source, ids=())), part.generations))  # which have them already
    manifest = joint_manifest(parts, joined, created)
    return Together(parts=tuple(parts), joined=joined, manifest=manifest, notes=(*notes, *_notes(parts, joined)))


def _require_one_task(parts: Sequence[Part]) -> None:
    first = parts[0]
    for part in parts[1:]:
        one, other = first.manifest, part.manifest
        if one.task != other.task:
            names = f"{first.folder} is of {one.task}, {part.folder} of {other.task}"
            raise UsageError(f"one election is of one task, and {names}: {_of_one_task(first, part)}")
        if [one.definition.get(key) for key in _OF_ANSWERS] != [other.definition.get(key) for key in _OF_ANSWERS]:
            raise UsageError(f"{part.folder} reads or grades answers of task {one.task} otherwise than {first.folder}")


def _of_one_task(one: Part, other: Part) -> str:
    """What to do with two parts of two tasks."""
    for part, kept in ((other, one), (one, other)):
        if "import" in part.manifest.recipe:
            task = shlex.quote(str(kept.manifest.recipe.get("task") or kept.manifest.task))
            return f"import {part.folder} again with --task {task} --overwrite, or leave one out"
    if one.manifest.definition and other.manifest.definition:
        kept, again = (one, other) if _has_answers(one) or not _has_answers(other) else (other, one)
        task = shlex.quote(str(kept.manifest.recipe.get("task") or kept.manifest.task))
        return f"decode {again.folder} again by --task {task} -o NEW, from the cache where prompts are the same"
    return "leave one out (--task picks)"


def _has_answers(part: Part) -> bool:
    return "answer" in part.manifest.definition.get("fields", {})


def _notes(parts: Sequence[Part], joined: Joined) -> Iterator[str]:
    """What the runs have twice, and what they lack of each other."""
    if joined.twice:
        said = f"in several runs, counted once: {plural(joined.twice, 'generation')}"
        differ = f"; {joined.differing} of them have another text there: decoded on other machines?"
        yield said + (differ if joined.differing else "")
    versions = {part.manifest.task_version for part in parts}
    if len(versions) > 1:
        named = " and ".join(map(str, sorted(versions)))
        yield f"the runs are of versions {named} of task {parts[0].manifest.task}: their prompts differ"
    problems = sorted({problem for problem, _ in joined.generations})
    for part, names in zip(parts, joined.members, strict=True):
        voters = {voter for _, voter in names}
        lacking = [one for one in problems if any((one, voter) not in joined.generations for voter in voters)]
        if lacking and not {one for one, _ in names} & {one for o in joined.members if o is not names for one, _ in o}:
            yield f"'{part.folder}' has no question in common with the others: no vote of it is counted with theirs"
        elif lacking:
            yield (
                f"'{part.folder}' lacks votes on {len(lacking)} of "
                f"{plural(len(problems), 'problem')} ({_some(lacking)}), which are decided by those there are"
            )
    yield from lacking_targets(parts)


def _placed(part: Part, path: Path, *, copy: bool) -> Source:
    """The source as a joint run at `path` has it. Raises UsageError where it can only be copied."""
    if not copy and part.file.parent.resolve() != part.folder.resolve():
        raise UsageError(f"the rows of {part.source.name} are a copy in '{part.file.parent}': copy them, too (--copy)")
    relative = os.path.relpath(part.folder.resolve(), path.resolve())
    named = f"source-{part.source.sha256[:12]}.jsonl" if copy else ""
    return replace(part.source, path=Path(relative).as_posix(), copy=named)


def _may_take(path: Path) -> bool:
    """Whether a folder holds a joint run, or nothing but what one that was interrupted left."""
    if not (path / MANIFEST).exists():
        return all(entry.name.startswith(".") or re.fullmatch(COPY, entry.name) for entry in path.iterdir())
    return bool(read_manifest(path).sources)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_EXAMPLES]) + (", ..." if len(names) > _EXAMPLES else "")


@contextlib.contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HexError(f"cannot write the run '{path}': {why(error)}") from error
