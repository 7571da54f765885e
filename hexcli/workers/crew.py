"""How many workers there are to be, and where each of them sits."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from hexcli.errors import UsageError, plural
from hexcli.models.cards import CARDS, refuse_index

PROCESSES, RAY = "processes", "ray"
ENGINES = (PROCESSES, RAY)
MOST = 1024
MOST_ON_CPU = 16  # workers for each core: more only wait for each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who decodes, as it was asked for.

    count    workers; None: one for each of `devices`, with Ray one for each GPU of the cluster
    engine   processes of this machine, or actors of a Ray cluster
    devices  those of the workers, in turn; empty: the one device of the run, or a GPU each where that is one
    gpus     of each worker, for a model whose layers are spread over several; None: one, or with
             `-M device_map=auto` an equal part of all
    """

    count: int | None = None
    engine: str = PROCESSES
    devices: tuple[str, ...] = ()
    gpus: int | None = None

    @property
    def alone(self) -> bool:
        """Whether the process that was started decodes by itself."""
        return self.engine == PROCESSES and self.gpus is None and (self.count or len(self.devices) or 1) == 1


ALONE = Crew()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where one worker works.

    device      as torch names it
    device_map  devices that its model's layers are spread over; None: as the recipe has it
    threads     of the host; None: as many as torch takes
    gpus        that it takes up
    """

    device: str
    device_map: str | None = None
    threads: int | None = None
    gpus: int = 0


def seats_here(crew: Crew, device: str, device_map: str | None) -> list[Seat]:
    """The seats of a crew on this machine. `device` is resolved: cpu, cuda, cuda:1, mps.

    Raises UsageError where there are not so many devices.
    """
    kind, _, index = device.partition(":")
    if kind == "cuda" and not index and not crew.devices:
        return _on_gpus(crew, device_map)
    named = crew.devices or (device,)
    count = crew.count or len(named)
    if crew.gpus is not None:
        raise UsageError(
            "--gpus-per-worker takes GPUs by itself: leave out --device"
            if kind == "cuda"
            else f"--gpus-per-worker {crew.gpus}, and the device is {device}: leave it out"
        )
    if kind == "cpu" and count > (most := MOST_ON_CPU * max(cores(), 1)):
        raise UsageError(f"--workers {count} on a CPU with {plural(cores(), 'core')}: at most {most}, best a few")
    if device_map is not None and kind == "cuda" and count > 1:
        raise UsageError(
            f"-M device_map={device_map} names the GPUs of one worker: for {count}, say -M device_map=auto and no "
            "--device, and each gets an equal part of them"
        )
    each = kind == "cuda"
    return [Seat(device=named[place % len(named)], threads=threads(count), gpus=each) for place in range(count)]


def _on_gpus(crew: Crew, device_map: str | None) -> list[Seat]:
    """A GPU, or as many as are asked for, to each worker."""
    import torch

    here = torch.cuda.device_count()
    count = crew.count or max(here // (crew.gpus or 1), 1)
    if device_map not in (None, "auto"):
        if count > 1:
            raise UsageError(
                f"-M device_map={device_map} names the GPUs of one worker: for {count}, say -M device_map=auto"
            )
        return [Seat(device="cuda", gpus=here)]
    each = crew.gpus or (max(here // count, 1) if device_map == "auto" else 1)
    if count * each > here:
        raise UsageError(
            f"{plural(count, 'worker')} with {plural(each, 'GPU')} each, and there {_are(here)} here: use "
            f"--workers {max(here // each, 1)}, or name devices, also one twice: --device cuda:0,cuda:0"
        )
    groups = [[f"cuda:{place * each + one}" for one in range(each)] for place in range(count)]
    return [
        Seat(device=group[0], device_map=",".join(group) if each > 1 else None, threads=threads(count), gpus=each)
        for group in groups
    ]


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def threads(workers: int) -> int:
    """Threads of the host for each of so many workers; also where they compute on GPUs: idle ones of torch spin."""
    return max(cores() // workers, 1)


def cores() -> int:
    """Cores that this process may use: of a container or a job, not of the machine."""
    named = os.environ.get("OMP_NUM_THREADS", "")
    affinity = getattr(os, "sched_getaffinity", None)
    here = len(affinity(0)) if affinity else os.cpu_count() or 1
    return min(here, int(named)) if named.isdecimal() and int(named) > 0 else here


def resolve(crew: Crew, device: str, device_map: str | None) -> str:
    """The device of a run, of which its dtype depends: the first one where there are several.

    Raises HexError on a device that is not here, UsageError where the options contradict each other.
    """
    if crew.engine == RAY:
        from hexcli.workers.ray_cluster import cluster_device

        return cluster_device(device)
    from hexcli.models.loading.placement import pick_device, pick_devices

    for named in crew.devices:
        pick_device(named)
    found = pick_devices(device, device_map)[0]
    if crew.gpus is not None and not found.startswith("cuda"):
        raise UsageError(f"--gpus-per-worker {crew.gpus}, and the device is {found}: leave it out")
    return found


def device_list(text: str) -> tuple[str, ...]:
    """`cuda:0,cuda:1` -> its parts. Raises UsageError on an empty one, or on kinds that differ."""
    parts = tuple(part.strip().lower() for part in text.split(","))
    if len(parts) > 1 and any(part.isdecimal() and part not in CARDS for part in parts):
        meant = ",".join(f"cuda:{part}" if part.isdecimal() and part not in CARDS else part for part in parts)
        raise UsageError(f"--device {text}: GPUs are named with their kind: --device {meant}")
    for part in parts:
        refuse_index(part)
    if not all(parts):
        raise UsageError(f"--device takes a device, or several with commas (cuda:0,cuda:1), not '{text}'")
    if len({part.partition(":")[0] for part in parts}) > 1:
        raise UsageError(f"--device {text}: the workers of a run are all of one kind, since a dtype belongs to it")
    return parts


def check_count(count: int | None, devices: Sequence[str]) -> None:
    """Raises UsageError on a number of workers that is none, or leaves devices idle."""
    if count is not None and not 1 <= count <= MOST:
        raise UsageError(f"--workers must be 1 to {MOST}, not {count}")
    if count is not None and count < len(devices):
        raise UsageError(f"--workers {count} leaves devices of --device {','.join(devices)} idle: name {count} of them")
