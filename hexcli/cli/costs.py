"""What a run would take, in lines for people."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hexcli.cli.budget import budget_lines, duration, memory_line, short, unmeasured
from hexcli.errors import plural, sized

if TYPE_CHECKING:
    from hexcli.engine.costs import Costs


def cost_lines(costs: "Costs", problems: int | None = None) -> Iterator[str]:
    """Time, memory and disk; what nobody can tell yet is said to be unknown, and how to find out. `problems`: of the
    run, where all of it is left."""
    fits = not costs.fits or any(costs.fits.values())
    if costs.source is not None and costs.seconds is not None and fits:
        yield from budget_lines(costs, problems)
    elif fits:
        yield from _time(costs, problems)
    yield f"{_memory(costs)}"
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
    time += f", {short(hours)} GPU-hours" if hours else ""
    quick = [one.with_fast_seconds for one in known]
    if known and None not in quick:
        time += f", with --fast likely {duration(sum(filter(None, quick)))}"
    time += f", and {unknown} of unknown time" if known and unknown else ""
    download = sum({one.model: one.download_bytes or 0 for one in all_costs}.values())
    disk = sum(one.run_bytes + one.cache_bytes for one in all_costs)
    return f"all {plural(len(all_costs), 'run')}: {time}; disk about {sized(download + disk)}"


def _time(costs: "Costs", problems: int | None) -> Iterator[str]:
    """Of a run whose time the cache tells, or nobody."""
    if costs.seconds is None:
        yield f"time    unknown: {_not_known(costs)}"
        return
    one = costs.seconds / problems if problems and problems > 1 else 0.0
    each = f" ({duration(one)} a problem)" if one >= 0.1 else ""
    hours = f", {short(costs.gpu_hours)} GPU-hours" if costs.gpu_hours else ""
    on = f" on {plural(costs.gpus, 'GPU')}" if costs.gpus and costs.gpus > 1 else ""
    a_pass = f"{short(1000 * costs.seconds_a_pass)} ms a row's forward pass" if costs.seconds_a_pass else ""
    yield (
        f"time    about {duration(costs.seconds)}{on}{each}{hours}: {a_pass}, as "
        f"{plural(costs.timed, 'generation')} of {costs.model} on {costs.device} in the cache took"
    )
    if costs.expected_seconds is not None:
        yield f"        likely {duration(costs.expected_seconds)}, as on the embedded model: {costs.expected}"
    if (asked := unmeasured(costs)) is not None:
        yield f"        {asked}"


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
    if costs.memory_bytes is not None and costs.fits:
        return memory_line(costs)
    free = f"; {sized(costs.free_bytes)} are free" if costs.free_bytes is not None else ""
    if not costs.weight_bytes:
        return f"memory  unknown on {costs.device}{free}"
    if costs.memory_bytes is None:
        return f"memory  on {costs.device}: {sized(costs.weight_bytes)} of weights{free}"
    prompts = f" (prompts taken for {costs.prompt_tokens} tokens)" if costs.prompt_tokens else ""
    return (
        f"memory  on {costs.device}: about {sized(costs.memory_bytes)} with {plural(costs.rows or 1, 'row')} together, "
        f"{sized(costs.weight_bytes)} of it weights{free}{prompts}"
    )
