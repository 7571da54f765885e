"""Where a model is and what exactly it is: names, folders, hub snapshots, and the identity that keys the cache.

No torch here: dry runs and cache look-ups need nothing but files.
"""

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, NotDownloadedError, UsageError, unknown
from hexcli.models import MODELS

# What decides a generation: sizes, weights, and how text becomes tokens.
_IDENTITY_FILES = (
    "config.json",
    "*.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
)
_HUB_FILES = [*_IDENTITY_FILES, "*.safetensors.index.json", "generation_config.json", "special_tokens_map.json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A model's files. `identity` names their content: equal identities give equal generations."""

    name: str
    path: Path
    identity: str
    config: dict[str, Any]


def find_checkpoint(reference: str, *, download: bool = True) -> Checkpoint:
    """The checkpoint a user means: a short name, a folder, or a hub id (`org/name`, `org/name@revision`).

    Raises UsageError where there is no such thing, HexError where it cannot be had: not downloaded yet and
    `download` is False or the hub cannot be reached.
    """
    source = MODELS[reference].source if reference in MODELS else reference
    if source == "tiny":
        return _folder(reference, Path(__file__).parent / "tiny")
    # os.path, since pathlib raises on `~nobody` and on names that no file system would take.
    folder = os.path.expanduser(source)  # noqa: PTH111
    if source and os.path.isdir(folder):  # noqa: PTH112
        return _folder(Path(folder).resolve().name, Path(folder))
    if re.fullmatch(r"[\w.-]+/[\w.-]+(@[\w./-]+)?", source) and not source.startswith("."):
        return _snapshot(reference, source, download)
    if "/" in source or source.startswith("."):
        raise UsageError(f"no model folder {source}: give a folder, a hub id, or one of {', '.join(MODELS)}")
    raise unknown("model", reference, MODELS)


def _snapshot(name: str, source: str, download: bool) -> Checkpoint:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    hub_id, _, revision = source.partition("@")
    try:
        path = snapshot_download(
            hub_id, revision=revision or None, allow_patterns=_HUB_FILES, local_files_only=not download
        )
    except LocalEntryNotFoundError:
        raise NotDownloadedError(
            f"{hub_id} is not in the Hugging Face cache and the hub cannot be reached: "
            "download it where there is a network, or give --model a folder that holds it"
        ) from None
    except HFValidationError as error:
        raise UsageError(f"'{source}' is no hub id: {str(error).splitlines()[0]}") from None
    except (HfHubHTTPError, OSError) as error:
        raise HexError(f"cannot fetch {hub_id}: {str(error).splitlines()[0]}") from None
    folder = Path(path)
    # A snapshot's folder is named by its commit: the content's name, without reading gigabytes.
    return Checkpoint(name=name, path=folder, identity=f"{hub_id}@{folder.name}", config=_config(folder))


def _folder(name: str, path: Path) -> Checkpoint:
    config = _config(path)
    return Checkpoint(name=name, path=path, identity=_content_hash(path), config=config)


def _config(path: Path) -> dict[str, Any]:
    file = path / "config.json"
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise HexError(f"{path} holds no model: it has no config.json") from None
    except (ValueError, OSError) as error:
        raise HexError(f"cannot read {file}: {error}") from None
    if not isinstance(config, dict):
        raise HexError(f"{file} is not a JSON object")
    return config


def _content_hash(path: Path) -> str:
    digest = hashlib.sha256()
    files = sorted({file for pattern in _IDENTITY_FILES for file in path.glob(pattern)})
    if not any(file.suffix == ".safetensors" for file in files):
        raise HexError(f"{path} has no weights: no *.safetensors in it")
    for file in files:
        with file.open("rb") as content:
            part = hashlib.file_digest(content, "sha256").hexdigest()
        digest.update(f"{file.name}\0{part}\n".encode())
    return f"sha256:{digest.hexdigest()}"
