"""What `decode` and `sweep` print of a run: before it (dry), and when it is done."""

import shlex
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexcli.cli import values
from hexcli.cli.costs import cost_lines, total_line
from hexcli.cli.finishing import resuming
from hexcli.cli.output import print_json, tell, warn
from hexcli.cli.stopping import StoppedError, stopped
from hexcli.errors import HexError, grouped, plural
from hexcli.report.terminal import visible
from hexcli.workers.crew import ALONE, Crew

if TYPE_CHECKING:
    from hexcli.engine.decoding import Outcome
    from hexcli.engine.previewing import Preview
    from hexcli.recipe.recipe import Recipe
    from hexcli.records import Generation, Problem
    from hexcli.report.progress import Meter


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """How `--live` shows the work: the task whose votes it reads, and what colours a token."""

    task: str
    colour: str

    def answer(self, generation: "Generation") -> str | None:
        """What a generation votes for."""
        from hexcli.runs.ballots import vote_of
        from hexcli.tasks.registry import get_task

        return vote_of(generation, get_task(self.task)).answer


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What a command says about how to run, not about what."""

    device: str
    batch_size: int | None
    trust_remote_code: bool
    certainty: float | None
    vote_order: tuple[str, ...] = ()
    live: "Live | None" = None
    retry_failed: bool = False
    crew: Crew = ALONE


def progress(how: How) -> "AbstractContextManager[Meter]":
    """How the work is shown on stderr: canvases where asked for and there is a terminal, else a bar or lines."""
    from hexcli.report.motion.live import LiveDisplay
    from hexcli.report.progress import meter

    if how.live is not None:
        if sys.stderr.isatty():
            return LiveDisplay(sys.stderr, answers=how.live.answer, by=how.live.colour)
        warn("--live needs a terminal, and standard error is none: progress comes in lines")
    return meter()


def run_with_progress(
    recipe: "Recipe", path: Path, how: How, *, problems: "Sequence[Problem] | None" = None
) -> "Outcome":
    """`engine.running.run_recipe`, with progress and warnings on stderr; a folder in which nothing came is no run."""
    from hexcli.engine.running import run_recipe
    from hexcli.runs.shelf import forget_empty

    new, watcher = not path.exists(), None
    try:
        with progress(how) as watcher:
            return run_recipe(
                recipe,
                path,
                device=how.device,
                batch_size=how.batch_size,
                trust_remote_code=how.trust_remote_code,
                certainty=how.certainty,
                vote_order=how.vote_order,
                retry_failed=how.retry_failed,
                crew=how.crew,
                created=values.now(),
                watcher=watcher,
                warn=warn,
                problems=problems,
            )
    except KeyboardInterrupt:
        raise stopped_run(path, cached=watcher is not None and watcher.decoded > 0) from None
    except HexError:
        if new:
            forget_empty(path)
        raise


def stopped_run(path: Path, *, cached: bool = False) -> StoppedError:
    """How an interrupted run ends: what is saved, and how it goes on. `cached`: the cache has some of it, at least."""
    from hexcli.runs.reading import read_manifest
    from hexcli.runs.rows import GENERATIONS

    rows = path / GENERATIONS
    if not rows.is_file() or not rows.stat().st_size:
        return stopped("in the cache" if cached else "")
    return stopped(f"in {path}", resuming(path, read_manifest(path)))


def preview_with(recipe: "Recipe", path: Path, how: How, *, problems: "Sequence[Problem] | None" = None) -> "Preview":
    """`engine.previewing.preview`, with warnings on stderr."""
    from hexcli.engine.previewing import preview

    return preview(
        recipe,
        path,
        device=how.device,
        trust_remote_code=how.trust_remote_code,
        certainty=how.certainty,
        vote_order=how.vote_order,
        batch_size=how.batch_size,
        crew=how.crew,
        warn=warn,
        problems=problems,
    )


def show_previews(previews: "Sequence[Preview]", as_json: bool) -> None:
    """What `--dry-run` of several runs prints: each, and all together."""
    if as_json:
        print_json([found.to_dict() for found in previews])
        return
    for found in previews:
        show_preview(found, as_json=False)
    left = [found.costs for found in previews if found.costs is not None and found.to_decode != 0]
    if len(left) > 1:
        print(visible(total_line(left)))


def show_preview(found: "Preview", as_json: bool) -> None:
    """What `--dry-run` prints."""
    if as_json:
        print_json(found.to_dict())
        return
    path, unknown = visible(found.path), visible(found.unknown)
    if found.problems is None or found.generations is None or found.nfe is None:
        print(f"{path}: cannot be counted ({unknown})")
    else:
        bound = "at most " if found.at_most else ""
        size = f"{plural(found.problems, 'problem')}, {plural(found.generations, 'generation')}"
        if found.cached is None:
            tokens = f" for {grouped(found.tokens)} tokens" if found.tokens else ""
            print(f"{path}: {size}, {bound}{grouped(found.nfe)} NFE{tokens}", f"    {unknown}", sep="\n")
        else:
            at_most = "at most " if found.may_stop else ""
            spared = f"{found.not_needed} not needed, " if found.not_needed else ""
            print(
                f"{path}: {size}: {found.cached} cached, {spared}{at_most}{found.to_decode} to decode, "
                f"{bound}{grouped(found.nfe)} NFE"
            )
    if found.costs is not None and found.to_decode != 0:
        for line in cost_lines(found.costs, None if found.cached else found.problems):
            print(f"    {visible(line)}")


def outcome_row(path: Path, outcome: "Outcome") -> dict[str, Any]:
    """What a finished run prints with `--json`."""
    return {
        "run": str(path),
        "generations": outcome.in_run + outcome.from_cache + outcome.decoded,
        "decoded": outcome.decoded,
        "in_run": outcome.in_run,
        "from_cache": outcome.from_cache,
        "nfe": outcome.nfe,
        "not_needed": outcome.not_needed,
        "nfe_saved": outcome.nfe_saved,
        "nfe_wasted": outcome.nfe_wasted,
        "seconds": round(outcome.seconds, 3),
        **({"failed": outcome.failed, "reason": outcome.reason} if outcome.failed else {}),
    }


def show_outcome(row: dict[str, Any]) -> None:
    """What a finished run prints for people."""
    time = f" in {row['seconds']:.1f} s" if row["decoded"] else ""
    saved = f"; {row['not_needed']} not needed, up to {row['nfe_saved']} NFE saved" if row["not_needed"] else ""
    saved += f", {row['nfe_wasted']} spent on them" if row["nfe_wasted"] else ""
    print(
        f"{visible(row['run'])}: {plural(row['generations'], 'generation')}: {row['decoded']} decoded, "
        f"{row['from_cache']} from the cache, {row['in_run']} already in the run; {row['nfe']} NFE{time}{saved}",
        flush=True,
    )


def require_all(rows: Sequence[dict[str, Any]]) -> None:
    """After the results are out: raises HexError where generations failed, at this start or at an earlier one."""
    failed = [row for row in rows if "failed" in row]
    if failed:
        one = failed[0]
        count = sum(row["failed"] for row in failed)
        raise HexError(
            f"{plural(count, 'generation')} of {one['run']}{' and others' if len(failed) > 1 else ''} "
            f"failed: {one['reason']}; the others are there. --retry-failed tries again, perhaps with --dtype float32"
        )


def say_next(paths: Sequence[Path]) -> None:
    """What to do with finished runs, on stderr: to score, where they have right answers."""
    from hexcli.runs.reading import read_manifest
    from hexcli.runs.rows import first_target

    folders = {path.parent for path in paths}
    runs = shlex.quote(str(paths[0] if len(paths) == 1 else folders.pop())) if len(folders) == 1 else "RUNS..."
    seen = "hex score" if any(first_target(path) is not None for path in paths) else "hex vote"
    of = read_manifest(paths[0]).task_option
    tell(f"next: `{seen} {runs}{of}`, or `hex show {shlex.quote(str(paths[0]))}{of}`")
