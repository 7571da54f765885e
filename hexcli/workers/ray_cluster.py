"""A Ray cluster: that of $RAY_ADDRESS, or one of this machine's own that ends with this process."""

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hexcli.errors import HexError, UsageError

INSTALL = "pip install 'dllm-hex[ray]'"


def connect() -> Any:
    """The module `ray`, connected. Raises UsageError where it is not installed, HexError where no cluster answers."""
    try:
        with _signals_kept():
            import ray
    except ImportError:
        raise UsageError(f"--engine ray needs Ray, which is not installed: {INSTALL}") from None
    if ray.is_initialized():
        return ray
    address = os.environ.get("RAY_ADDRESS") or "local"
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    logging.getLogger("ray").setLevel(logging.ERROR)
    own: dict[str, Any] = {"include_dashboard": False} if address == "local" else {}
    try:
        with _signals_kept():
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **own)
    except (ConnectionError, RuntimeError, ValueError, OSError, TimeoutError) as error:
        said = str(error).strip().splitlines() or ["no message"]
        where = "no local Ray cluster can be started" if address == "local" else f"no Ray cluster at {address}"
        raise HexError(f"{where}: {said[0]}{_token(address)}") from None
    _silence(ray)
    return ray


def _token(address: str) -> str:
    """What to do where a cluster may ask for a token: Ray shows none to an address that is named, unless told so, and
    then says only that it failed to connect."""
    if address in ("local", "auto") or "RAY_AUTH_MODE" in os.environ:
        return ""
    return "; if it runs and asks for a token (~/.ray/auth_token), set RAY_AUTH_MODE=token"


def _silence(ray: Any) -> None:
    """What Ray says of dead actors goes to stdout, among the results; the pool says it on stderr, in one line.

    Its switch for that (of notebooks) is private: where it is gone, Ray talks.
    """
    worker: Any = getattr(getattr(ray, "_private", None), "worker", None)
    if hasattr(worker, "_worker_logs_enabled"):
        worker._worker_logs_enabled = False


def cluster_device(device: str) -> str:
    """What the actors of a cluster compute on: `auto` is its GPUs where it has some. Raises UsageError, HexError."""
    gpus = int(connect().cluster_resources().get("GPU", 0))
    if device == "auto":
        return "cuda" if gpus else "cpu"
    if device not in ("cpu", "cuda"):
        raise UsageError(f"with --engine ray, Ray places the workers: --device auto, cpu or cuda, not '{device}'")
    if device == "cuda" and not gpus:
        raise HexError("no device 'cuda' in this Ray cluster: it has no GPU")
    return device


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Ray takes SIGTERM over, which here ends a command as Ctrl-C does."""
    named = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {one: signal.getsignal(one) for one in named}
    try:
        yield
    finally:
        for one, handler in before.items():
            if signal.getsignal(one) is not handler:
                signal.signal(one, handler)
