"""Two voters beside each other, or every schedule of a run, in Python."""

from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.errors import UsageError
from hexcli.plugins.registering import register_files, register_function
from hexcli.python.loading import RunLike, calibrated, counted, plug_in
from hexcli.python.public import public
from hexcli.python.said import AggregatorLike, SchedulesLike
from hexcli.python.table import Table
from hexcli.runs.sides import names_somebody, only_run, word
from hexcli.scoring.comparing import compare as compare_sides
from hexcli.scoring.comparing import every_schedule, side
from hexcli.scoring.pairwise import pairwise

# A run, a run and who of it (the name of a schedule or of an aggregator), or the latter alone: of the other's run.
SideLike = RunLike | int | tuple[RunLike, AggregatorLike | int]


class Comparison(Table):
    """A row a pair: the difference a - b (0 to 1), its 95 % interval, problems won and lost, p; of a run Holm's p, too.

    frame  what `hex compare --json` prints
    won    a row for each problem on which a is better, with the answers of both; only where two are compared
    lost   the same where b is better
    """

    def __init__(self, frame: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
        self.frame = dict(frame)
        self.won = Table(list(frame.get("won", ())))
        self.lost = Table(list(frame.get("lost", ())))
        super().__init__(rows, shown=[name for name in _SHOWN if any(name in row for row in rows)])


_SHOWN = ("a", "b", "problems", "difference", "ci95", "won", "lost", "p_value", "p_holm")


@public
def compare(
    a: SideLike,
    b: SideLike | None = None,
    *,
    schedules: SchedulesLike | None = None,
    calibration: RunLike | None = None,
) -> Comparison:
    """Compare two runs, schedules or aggregators problem by problem, as `hex compare`; or all schedules of a run.

    a            a run, or a run and who of it: `(run, "8")`, `(run, "majority")`, "RUN:8"; where nobody is named,
        majority
    b            the same, or who alone, of the run of a: "8"; None: every pair of the schedules of a, with p-values
        corrected for how many there are
    schedules    only votes of these
    calibration  a run on labelled problems of another split, for schedule-weighted

    Raises hexcli.errors.UsageError where there is no such schedule or aggregator, or no problem that both have with a
    target; HexError where an aggregator cannot vote.
    """
    plug_in()
    if b is None:
        run, who = _side(a)
        if run is None and isinstance(who, str) and not names_somebody(who):
            raise UsageError(f"no run here is called '{who}': hexcli.runs() lists them")
        if who is not None or run is None:
            raise UsageError(f"{who} beside whom? compare((run, {who!r}), (run, ...)), or compare(run) for all pairs")
        sides = every_schedule(counted(run, schedules, None))
        if len(sides) < 2:
            raise UsageError(f"the run has one schedule, {sides[0].name}: there is nothing to compare it with")
        found = pairwise(sides)
        return Comparison(found, found["pairs"])
    meant = _two(a, b)
    register_files([who for _, who in meant])
    runs = [counted(run, schedules, None) for run, _ in meant]
    known = calibrated(calibration, runs)
    found = compare_sides(*(side(one, who, known) for one, (_, who) in zip(runs, meant, strict=True)))
    row = {name: found[name] for name in ("problems", "difference", "ci95", "p_value")}
    names = {letter: f"{found[letter]['name']} of {found[letter]['run']}" for letter in "ab"}
    return Comparison(found, [{**names, **row, "won": len(found["won"]), "lost": len(found["lost"])}])


def _two(a: SideLike, b: SideLike) -> list[tuple[RunLike, str]]:
    """The runs of two sides, and who of each, as `hex compare A B` takes them. Raises UsageError."""
    one, other = _side(a), _side(b)
    shared = one[0] if one[0] is not None else other[0] if other[0] is not None else only_run(str(a))
    found = [(shared if run is None else run, who or "majority") for run, who in (one, other)]
    if found[0] == found[1]:
        raise UsageError(
            f"both are {found[0][1]} of one run: name two of it, compare((run, '8'), (run, '32')) or "
            "compare((run, '8'), (run, 'majority')), or compare(run) for all pairs"
        )
    return found


def _side(said: SideLike) -> tuple[RunLike | None, str | None]:
    """A run, and who of it; None where it is not said. Raises UsageError."""
    if isinstance(said, tuple):
        if len(said) != 2:
            raise UsageError(f"a side is a run, or a run and who of it, (run, 'majority'), not {len(said)} values")
        return said[0], register_function(said[1]) if callable(said[1]) else str(said[1])
    if isinstance(said, str | int):
        found = word(str(said))
        return found.run, found.who
    return said, None
