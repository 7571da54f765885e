"""What a run would take, in lines for people."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hexcli.errors import plural

if TYPE_CHECKING:
    from hexcli.engine.costs import Costs

GIB, MIB = 1 << 30, 1 << 20


def cost_lines(costs: "Costs") -> Iterator[str]:
    """Time, memory and disk; what nobody can tell yet is said to be unknown, and how to find out."""
    if costs.seconds is None:
        tells = "--limit 1 there tells" if "(" in costs.device else "--limit 1 tells"
        yield f"time    unknown: no generation of {costs.model} on {costs.device} is in the cache yet; {tells}"
    elif costs.source is not None:
        a_pass = f"{costs.seconds_a_pass:.2g} s a forward pass"
        yield f"time    at most about {duration(costs.seconds)}: {a_pass} ({costs.source})"
    else:
        a_pass = f"{costs.seconds_a_pass:.2g} s a forward pass, " if costs.seconds_a_pass else ""
        yield (
            f"time    about {duration(costs.seconds)}: {a_pass}as "
            f"{plural(costs.timed, 'generation')} of {costs.model} on {costs.device} in the cache took"
        )
    weights = f"{size(costs.weight_bytes)} of weights" if costs.weight_bytes else "unknown size of weights"
    row = f", at most {size(costs.row_bytes)} a row decoded together" if costs.row_bytes else ""
    row += f" (prompts taken for {costs.prompt_tokens} tokens)" if costs.prompt_tokens else ""
    free = f"; {size(costs.free_bytes)} are free" if costs.free_bytes is not None else ""
    yield f"memory  on {costs.device}: {weights}{row}{free}"
    download = f"{size(costs.download_bytes)} of model to download, " if costs.download_bytes else ""
    free = f"; {size(costs.disk_free)} are free" if costs.disk_free is not None else ""
    yield f"disk    {download}about {size(costs.run_bytes)} of run folder, {size(costs.cache_bytes)} of cache{free}"


def duration(seconds: float) -> str:
    """Seconds in the unit that people would say them in."""
    for unit, name in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 1.5 * unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.1f} s"


def size(count: int) -> str:
    """Bytes in GiB or MiB."""
    return f"{count / GIB:.1f} GiB" if count >= GIB / 2 else f"{count / MIB:.1f} MiB"
