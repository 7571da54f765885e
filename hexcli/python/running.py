"""A recipe decoded into its folder for a script or a notebook: how, and what a Ctrl-C leaves."""

import io
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple, Self

from hexcli.engine.running import run_recipe
from hexcli.errors import HexError, UsageError
from hexcli.python.loading import Generations, load, warn
from hexcli.python.said import require_count, require_flags, short
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.report.notebook import notebook_meter
from hexcli.report.progress import Meter, meter
from hexcli.report.terminal import visible
from hexcli.runs.shelf import forget_empty
from hexcli.workers.crew import Crew, check_count


class How(NamedTuple):
    """What is said about how to run, not about what; see `decode`."""

    device: str = "auto"
    batch_size: int | Literal["auto"] | None = None
    certainty: float | None = None
    trust_remote_code: bool = False
    progress: bool = True
    workers: int | None = None

    def checked(self) -> Self:
        """Itself. Raises UsageError on what is of another kind."""
        require_count("batch_size", None if self.batch_size == "auto" else self.batch_size)
        require_count("workers", self.workers)
        require_flags(progress=self.progress, trust_remote_code=self.trust_remote_code)
        sure = self.certainty
        if sure is not None and (isinstance(sure, bool) or not isinstance(sure, int | float) or not 0.5 < sure <= 1):
            raise UsageError(f"certainty is a number above 0.5, at most 1, not {short(sure)}")
        if not isinstance(self.device, str):
            raise UsageError(f"device is a text, 'auto', 'cpu' or 'cuda:0', not {short(self.device)}")
        check_count(self.workers, ())
        return self

    @property
    def crew(self) -> Crew:
        """Who decodes."""
        return Crew(count=self.workers)

    @property
    def meter(self) -> AbstractContextManager[Meter]:
        """What shows the progress: a bar on a terminal, one line that changes in a notebook, lines elsewhere."""
        if not self.progress:
            return nullcontext(Meter(io.StringIO()))
        return notebook_meter(sys.stderr) if "ipykernel" in sys.modules else meter()


def tell(message: str) -> None:
    """A line beside the progress."""
    print(visible(message), file=sys.stderr, flush=True)


def run_into(recipe: Recipe, path: Path, problems: Sequence[Problem] | None, how: How) -> Generations:
    """Decode a recipe into a folder, and load it. KeyboardInterrupt says where what is finished is."""
    how.checked()
    new = not path.exists()
    try:
        with how.meter as watcher:
            run_recipe(
                recipe,
                path,
                device=how.device,
                batch_size=None if how.batch_size == "auto" else how.batch_size,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                watcher=watcher,
                warn=warn,
                problems=problems,
                trust_remote_code=how.trust_remote_code,
                certainty=how.certainty,
                crew=how.crew,
            )
    except HexError:
        if new:
            forget_empty(path)
        raise
    except KeyboardInterrupt as stop:
        said = f"interrupted; what is finished is in {path} and the cache: the same call goes on from there"
        stop.add_note(f"{said}, hexcli.load({str(path)!r}) reads it")
        if how.progress:
            tell(said)
        raise
    found = load(path)
    return found if problems is None else found.of({one.id for one in problems})
