"""A damaged database moves aside, and what can be read of it into a fresh one; whole or not at all."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.store.cache import DBNAME, Cache
from hexcli.store.failures import GIVE_UP_SECONDS, locked, reason, sound
from hexcli.store.salvage import salvage

if TYPE_CHECKING:
    from hexcli.store.salvage import Found


def rebuild(directory: Path, damage: BaseException, *, warn: Callable[[str], None]) -> None:
    """Move the damaged database in `directory` aside; in its place comes one with the rows that could be read.

    Of two processes that meet the damage, the second finds what the first made. Raises OSError and
    sqlite3.DatabaseError where it cannot be done: then the damaged one is where it was.
    """
    with _alone(directory):
        if sound(directory / DBNAME):
            return
        making, rebuilt = (directory.with_name(f"{directory.name}.{what}") for what in ("rebuilding", "rebuilt"))
        for leftover in (making, rebuilt):  # of a process that was killed before the damaged one had moved
            shutil.rmtree(leftover, ignore_errors=True)
        making.mkdir(mode=0o700)
        with closing(Cache(making)) as fresh:

            def put(rows: "list[Found]") -> None:
                with fresh.transact():
                    for key, value, model in rows:
                        fresh.set(key, value, tag=model)

            count = salvage(directory / DBNAME, making / DBNAME, put)
        making.rename(rebuilt)
        number = 1
        while (aside := directory.with_name(f"{directory.name}.damaged-{number}")).exists():
            number += 1
        directory.rename(aside)
        rebuilt.rename(directory)
    warn(
        f"cache '{directory}' is damaged ({reason(damage)}); moved to '{aside}', "
        f"starting a fresh one with what can be read of it, {plural(count, 'generation')}"
    )


def take_up(directory: Path) -> None:
    """Put what `rebuild` made in its place, where it was killed between its last two steps."""
    rebuilt = directory.with_name(f"{directory.name}.rebuilt")
    if rebuilt.exists() and not directory.exists():
        with _alone(directory):
            if rebuilt.exists() and not directory.exists():
                rebuilt.rename(directory)


@contextmanager
def _alone(directory: Path) -> Iterator[Any]:
    import filelock

    try:
        with filelock.FileLock(directory.with_name(directory.name + ".lock"), timeout=GIVE_UP_SECONDS) as lock:
            yield lock
    except filelock.Timeout:
        raise locked(directory) from None
