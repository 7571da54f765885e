"""Datasets of the Hugging Face hub: from its cache where they are, else over the network."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from hexcli.errors import HexError, NotDownloadedError
from hexcli.records import Problem
from hexcli.tasks.data.rows import Fields, FromRow, problems

_PATIENCE = 4.0  # seconds in which the hub must answer, or we count as offline


def hub_problems(
    dataset: str, config: str | None, split: str, fields: Fields, from_row: FromRow, *, revision: str | None = None
) -> list[Problem]:
    """The problems of one split, in order. Raises HexError, in one line, where they cannot be had."""
    rows = enumerate(hub_rows(dataset, config, split, revision=revision), start=1)
    try:
        return problems(rows, dataset, fields, from_row)
    except ValueError as error:
        raise HexError(f"the dataset is not what it was: {error}") from None


def hub_rows(dataset: str, config: str | None, split: str, *, revision: str | None = None) -> list[dict[str, Any]]:
    """The rows of one split, in order. Raises NotDownloadedError, in one line, where they cannot be had."""
    import datasets  # costs a second, and scoring never needs it

    try:
        with _offline_where_unreachable():
            rows = datasets.load_dataset(dataset, config, split=split, revision=revision)
        return [dict(row) for row in rows]
    except Exception as error:  # network, cache, disk, format: the libraries below share no base class
        reason = " ".join(str(error).split()) or type(error).__name__
        raise NotDownloadedError(
            f"cannot load {dataset} (offline?): {reason[:200].rstrip('. ')}; once downloaded on a machine "
            "with network it is found in the Hugging Face cache (HF_HOME), or give its rows in a file: --data FILE"
        ) from error


@contextmanager
def _offline_where_unreachable() -> Iterator[None]:
    """Offline mode while the hub does not answer: its client would retry for half a minute first."""
    import datasets
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE, datasets.config.HF_HUB_OFFLINE
    if not any(before) and not _reachable(constants.ENDPOINT):
        constants.HF_HUB_OFFLINE = datasets.config.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE, datasets.config.HF_HUB_OFFLINE = before


def _reachable(endpoint: str) -> bool:
    """Whether the hub answers at all. In a thread, since a name server that is silent obeys no timeout."""
    from huggingface_hub import get_session

    answered = threading.Event()

    def ask() -> None:
        with suppress(Exception):  # which of its HTTP libraries raises is the client's affair
            get_session().head(endpoint, timeout=_PATIENCE)
            answered.set()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    return answered.is_set()
