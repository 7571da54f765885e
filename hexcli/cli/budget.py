"""What a run takes on a GPU, as a table for people: at most and likely, with --fast and without."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hexcli.errors import grouped, plural, sized
from hexcli.models.cards import MEASURED_ON

if TYPE_CHECKING:
    from hexcli.engine.costs import Costs
    from hexcli.engine.otherwise import Way

ELSEWHERE = " (not on this machine)"  # see models.loading.loading.device_name
_HEADS = ("NFE", "time", "GPU-hours", "memory", "rows (fit)")


def budget_lines(costs: "Costs", problems: int | None) -> Iterator[str]:
    """Of a run whose time is estimated from a card's passes. `problems`: of the run, where all of it is left."""
    other = costs.other if costs.other is not None and _worth(costs, costs.other) else None
    yield from _table(costs, other)
    yield from _time(costs, other, problems)
    yield from _likely(costs, other)


def _worth(costs: "Costs", other: "Way") -> bool:
    """Whether the other way is told: the one without --fast always, the one with it where it saves time."""
    return not other.fast or (other.expected_seconds or other.seconds) < (costs.expected_seconds or costs.seconds or 0)


def _table(costs: "Costs", other: "Way | None") -> Iterator[str]:
    card = costs.device.removesuffix(ELSEWHERE)
    title = f"{MEASURED_ON.label}: no {card} here" if card != costs.device else card
    lines = [(title if (costs.gpus or 1) == 1 else f"{costs.gpus} x {title}", *_HEADS), *_rows("as asked", costs)]
    if other is not None:
        lines += _rows("--fast" if other.fast else "no --fast", other)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *others in lines:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *cells)).rstrip()


def _rows(name: str, way: "Costs | Way") -> Iterator[tuple[str, ...]]:
    if way.seconds is None or way.nfe is None or way.memory_bytes is None:
        return
    rows = str(way.rows) + (f" ({_room(way.fits)})" if len(way.fits) == 1 else "")
    yield f"{name}, at most", *_passes(way, 1.0), sized(way.memory_bytes), rows
    if way.expected_seconds is not None:
        yield f"{name}, likely", *_passes(way, way.expected_seconds / way.seconds), "", ""


def _passes(way: "Costs | Way", share: float) -> tuple[str, str, str]:
    """NFE, time and GPU-hours of this share of the passes that the way may take."""
    hours = "" if way.gpu_hours is None else _hours(share * way.gpu_hours)
    return grouped(round(share * (way.nfe or 0))), duration(share * (way.seconds or 0.0)), hours


def _hours(count: float) -> str:
    return short(count) if count >= 0.01 else "< 0.01"


def _room(fits: Mapping[str, int]) -> str:
    """How many rows fit the card."""
    (count,) = fits.values()
    return about(count) if count else "none"


def _time(costs: "Costs", other: "Way | None", problems: int | None) -> Iterator[str]:
    one = (costs.seconds or 0.0) / problems if problems and problems > 1 else 0.0
    each = f"{duration(one)} a problem at most; " if one >= 0.1 else ""
    way = "" if other is None else f", {'with' if other.fast else 'without'} --fast {_pass(other)}"
    away = "; another GPU: --device a100, 4090, ..." if costs.device.endswith(ELSEWHERE) else ""
    yield f"time    {each}a row's forward pass (NFE) {_pass(costs)}{way}: {costs.source}{away}"


def _pass(way: "Costs | Way") -> str:
    return f"{short(1000 * (way.seconds_a_pass or 0.0))} ms"


def _likely(costs: "Costs", other: "Way | None") -> Iterator[str]:
    """What the likely passes rest on, and what was asked and is not in them."""
    said = [("", costs.expected), *([("with --fast " if other.fast else "without ", other.expected)] if other else [])]
    known = [(name, *text.rpartition(": ")[::2]) for name, text in said if text]
    lines = []
    if known:
        shares = "; ".join(f"{name}{share}" for name, share, _ in known)
        fast = (other is not None) or costs.without_fast_seconds is not None
        bound = "; at worst --fast takes one a token" if fast else ""
        lines.append(
            f"{shares}, as the embedded model's votes ({known[-1][2]}); {costs.model}'s were not measured{bound}"
        )
    if (asked := unmeasured(costs, other)) is not None:
        lines.append(asked)
    if lines:
        yield f"likely  {'; '.join(lines)}"


def unmeasured(costs: "Costs", other: "Way | None" = None) -> str | None:
    """Which rows an asked stop is not in, of whose votes nothing was measured that it stopped."""
    ways: list[tuple[str, Costs | Way]] = [("", costs)]
    if other is not None:
        names = ("without --fast", "with --fast")
        ways = list(zip(names if other.fast else reversed(names), (costs, other), strict=True))
    lacking = [(name, way.unmeasured) for name, way in ways if way.unmeasured is not None]
    if not lacking:
        return None
    certainty = lacking[0][1]
    option = "--until-decided" if certainty == 1 else f"--decide-at {certainty:g}"
    where = f" {lacking[0][0]}".rstrip() if len(lacking) == 1 else ""
    return f"{option} was not measured of so many votes{where}: counted without it"


def memory_line(costs: "Costs") -> str:
    """What the memory is made of, and whether it fits."""
    free = f"; {sized(costs.free_bytes)} are free" if costs.free_bytes is not None else ""
    prompts = f", prompts taken for {costs.prompt_tokens} tokens" if costs.prompt_tokens else ""
    rows = plural(costs.rows or 1, "row")
    weights = f"{sized(costs.weight_bytes or 0)} of weights"
    text = f"{weights} and {rows} together{prompts}"
    if len(costs.fits) == 1:
        ((gigabytes, count),) = costs.fits.items()
        if not count:
            most = sized(costs.memory_bytes or 0)
            text = f"does not fit {gigabytes} GB: {weights}, {most} with one row; another --dtype or --device may do"
        else:
            text = f"fits {gigabytes} GB: {text}"
            text += f"; of --batch-size {costs.asked_rows} no more fit" if (costs.asked_rows or 0) > count else ""
            text += "" if costs.other is None else f"; --fast keeps keys and values too: {_other_rows(costs.other)}"
    elif costs.fits:
        fits = (f"{about(count) if count else 'none'} in {size} GB" for size, count in costs.fits.items())
        text += f"; rows that fit: {', '.join(fits)}"
    return f"memory  {text}{free}"


def _other_rows(other: "Way") -> str:
    rows = plural(other.rows, "row") if any(other.fits.values()) else "it does not fit"
    return f"{'with' if other.fast else 'without'} it {rows}"


def about(count: int) -> str:
    """A number of rows, no more exact than it is known."""
    step = 10 ** max(len(str(count)) - 2, 0)
    return str(count // step * step)


def short(number: float) -> str:
    """A number with two digits at least."""
    return f"{number:.2g}" if number < 10 else f"{number:.0f}"


def duration(seconds: float) -> str:
    """Seconds in the unit that people would say them in."""
    for unit, name in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 1.5 * unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.1f} s"
