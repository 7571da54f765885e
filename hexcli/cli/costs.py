"""What a run would take, in lines for people."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hexcli.errors import plural, sized

if TYPE_CHECKING:
    from hexcli.engine.costs import Costs

AS_MEASURED = "if it goes as on the embedded model"
LONG = 1800.0  # seconds: from here on --fast is named
ELSEWHERE = " (not on this machine)"  # see models.loading.loading.device_name


def cost_lines(costs: "Costs", problems: int | None = None) -> Iterator[str]:
    """Time, memory and disk; what nobody can tell yet is said to be unknown, and how to find out. `problems`: of the
    run, where all of it is left."""
    yield from _time(costs, problems)
    yield f"memory  {_memory(costs)}"
    download = f"{sized(costs.download_bytes)} of model to download, " if costs.download_bytes else ""
    free = f"; {sized(costs.disk_free)} are free" if costs.disk_free is not None else ""
    yield f"disk    {download}about {sized(costs.run_bytes)} of run folder, {sized(costs.cache_bytes)} of cache{free}"


def total_line(all_costs: "Sequence[Costs]") -> str:
    """What several runs take together; a model is downloaded once."""
    known = [one for one in all_costs if one.seconds is not None]
    unknown = len(all_costs) - len(known)
    at_most = "at most " if any(one.source for one in known) else ""
    time = f"{at_most}about {duration(sum(one.seconds or 0.0 for one in known))}" if known else "time unknown"
    hours = sum(one.gpu_hours or 0.0 for one in known)
    time += f", {_hours(hours)}" if hours else ""
    time += f", and {unknown} of unknown time" if known and unknown else ""
    download = sum({one.model: one.download_bytes or 0 for one in all_costs}.values())
    disk = sum(one.run_bytes + one.cache_bytes for one in all_costs)
    return f"all {plural(len(all_costs), 'run')}: {time}; disk about {sized(download + disk)}"


def _time(costs: "Costs", problems: int | None) -> Iterator[str]:
    if costs.seconds is None:
        yield f"time    unknown: {_not_known(costs)}"
        return
    one = costs.seconds / problems if problems and problems > 1 else 0.0
    each = f" ({duration(one)} a problem)" if one >= 0.1 else ""
    hours = f", {_hours(costs.gpu_hours)}" if costs.gpu_hours else ""
    on = f" on {plural(costs.gpus, 'GPU')}" if costs.gpus and costs.gpus > 1 else ""
    a_pass = f"{_short(1000 * costs.seconds_a_pass)} ms a row's forward pass" if costs.seconds_a_pass else ""
    if costs.timed:
        yield (
            f"time    about {duration(costs.seconds)}{on}{each}{hours}: {a_pass}, as "
            f"{plural(costs.timed, 'generation')} of {costs.model} on {costs.device} in the cache took"
        )
    else:
        rows = f", {plural(costs.rows, 'row')} together" if costs.rows else ""
        away = costs.device.startswith("cuda") and costs.device.endswith(ELSEWHERE)
        other = "; another GPU: --device a100, 4090, ..." if away else ""
        planned = f"no {costs.device.removesuffix(ELSEWHERE)} here, planned for an H100: " if away else ""
        source = f" (from {costs.source}{other})" if costs.source else ""
        yield f"time    {planned}at most about {duration(costs.seconds)}{on}{each}{hours}: {a_pass}{rows}{source}"
    if costs.expected_seconds is not None:
        plain = costs.without_fast_seconds
        against = f", against up to {duration(plain)} without --fast" if plain is not None else ""
        yield f"        about {duration(costs.expected_seconds)} {AS_MEASURED}{against} ({costs.expected})"
    quick, now = costs.with_fast_seconds, costs.expected_seconds or costs.seconds
    if quick is not None and quick < now and now > LONG:
        yield f"        with --fast about {duration(quick)} {AS_MEASURED} (docs/speed.md#what-it-loses)"


def _not_known(costs: "Costs") -> str:
    """Why the time is not known, and what tells it."""
    here = f"no generation of {costs.model} on {costs.device} is in the cache yet"
    if costs.gpus is None:
        return f"{here}; --limit 1 tells, or plan for a GPU: --device h100, a100, 4090, ..."
    if costs.memory_bytes is None:
        return (
            f"hex does not have the sizes of {costs.model} before it is here; on a GPU `hex bench --shape CONFIG.json "
            "--random-weights` measures a pass"
        )
    return f"{here}; --limit 1 there tells"


def _memory(costs: "Costs") -> str:
    free = f"; {sized(costs.free_bytes)} are free" if costs.free_bytes is not None else ""
    if not costs.weight_bytes:
        return f"unknown on {costs.device}{free}"
    if costs.memory_bytes is None:
        return f"on {costs.device}: {sized(costs.weight_bytes)} of weights{free}"
    rows = plural(costs.rows or 1, "row")
    fits = [f"{_about(count)} in {gigabytes} GB" if count else f"none in {gigabytes} GB" for gigabytes, count in
            costs.fits.items()]  # fmt: skip
    room = f"; rows that fit: {', '.join(fits)}" if fits else ""
    prompts = f" (prompts taken for {costs.prompt_tokens} tokens)" if costs.prompt_tokens else ""
    return (
        f"on {costs.device}: about {sized(costs.memory_bytes)} with {rows} together, {sized(costs.weight_bytes)} of it "
        f"weights{room}{free}{prompts}"
    )


def _about(count: int) -> str:
    """A number of rows, no more exact than it is known."""
    step = 10 ** max(len(str(count)) - 2, 0)
    return str(count // step * step)


def _hours(count: float) -> str:
    return f"{_short(count)} GPU-hours"


def _short(number: float) -> str:
    return f"{number:.2g}" if number < 10 else f"{number:.0f}"


def duration(seconds: float) -> str:
    """Seconds in the unit that people would say them in."""
    for unit, name in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 1.5 * unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.1f} s"
