"""Where a model is and what exactly it is: names, folders, hub snapshots, and the identity that keys the cache.

No torch here: dry runs and cache look-ups need nothing but files.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError, beside
from hexcli.files import LARGEST_FILE
from hexcli.json_file import read_json, rounded
from hexcli.models.checkpoint.content import content_hash
from hexcli.models.checkpoint.hub import ADAPTER_FILES, fetch
from hexcli.models.families.editing import refuse
from hexcli.models.families.reading import family_name, read_architecture
from hexcli.models.names import unknown_model
from hexcli.models.options import ModelOptions
from hexcli.models.registry import MODELS

# The folder of the embedded model.
EMBEDDED = Path(__file__).parents[1]  # where the models that come with the package are
# What decides a generation: sizes, weights, and how text becomes tokens.
_IDENTITY_FILES = (
    "config.json",
    "*.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
)
# What stands in for tokenizer.json where there is none.
_SLOW_TOKENIZER_FILES = ("vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json", "*.model")
# Weights in formats that are not read: worth a word of their own.
_OTHER_WEIGHTS = ("*.bin", "*.pt", "*.pth", "*.gguf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A model's files. `identity` names their content: equal identities give equal generations.

    options  how it is to be loaded
    adapter  the folder of the LoRA adapter to merge into it
    remote   whether its own Python code makes the model: the user said --trust-remote-code, and no family is known
    """

    name: str
    path: Path
    identity: str
    config: dict[str, Any]
    options: ModelOptions
    adapter: Path | None = None
    remote: bool = False


def find_checkpoint(
    reference: str,
    *,
    download: bool = True,
    options: ModelOptions | None = None,
    trust_remote_code: bool = False,
) -> Checkpoint:
    """The checkpoint a user means: a short name, a folder, or a hub id (`org/name`, `org/name@revision`).

    Raises UsageError where there is no such thing, HexError where it cannot be had: not downloaded yet and
    `download` is False or the hub cannot be reached.
    """
    options = options or ModelOptions()
    name, path, commit = _place(reference, options, download, trust_remote_code)
    config = _config(path)
    refuse(path, config)
    remote = trust_remote_code and family_name(config) is None and bool(config.get("auto_map"))
    if remote and (refused := options.native_only):
        raise UsageError(f"-M {refused} has no effect on a model that its own code loads: leave it out")
    identity = commit or _hash(path, _identity_files(path, code=remote))
    adapter = None
    if options.adapter is not None:
        adapter, adapter_identity = _adapter(options.adapter, download)
        identity += f"+lora={adapter_identity}"
    return Checkpoint(
        name=name,
        path=path,
        identity=identity + options.identity,
        config=config,
        options=options,
        adapter=adapter,
        remote=remote,
    )


def _place(reference: str, options: ModelOptions, download: bool, trust: bool) -> tuple[str, Path, str | None]:
    """The model's name, its folder and, for a hub snapshot, its `id@commit`."""
    revision = options.revision
    source = MODELS[reference].source if reference in MODELS else reference
    folder = EMBEDDED / source if source in MODELS and MODELS[source].embedded else local_folder(source)
    if folder is not None:
        if revision is not None:
            raise UsageError(f"-M revision has no effect on the folder {source}: it is of a hub id")
        return (reference if reference in MODELS else folder.resolve().name), folder, None
    if re.fullmatch(r"[\w.-]+/[\w.-]+(@[\w./-]+)?", source) and not source.startswith("."):
        hub_id, at, named = source.partition("@")
        if at and revision not in (None, named):
            raise UsageError(f"two revisions of {hub_id}: @{named} and -M revision={revision}")
        # Its config first: nobody should wait for gigabytes that cannot be decoded.
        config = _config(fetch(hub_id, named or revision, download=download, patterns=["config.json"]))
        if not (trust and family_name(config) is None):
            read_architecture(Path(hub_id), config, options)
        path = fetch(hub_id, named or revision, download=download, code=trust)
        # A snapshot's folder is named by its commit: the content's name, without reading gigabytes.
        return reference, path, f"{hub_id}@{path.name}"
    if "/" in source or source.startswith("."):
        if "://" in source:
            hub = "/".join(source.rstrip("/").split("/")[-2:])
            raise UsageError(f"{source} is an address: a model of the hub is its id, {hub}")
        there = beside(Path(source.rstrip("/") or "/"), folders=True)
        raise UsageError(
            f"no model folder {source}{there or ': give one, a hub id (org/name), or a name of hex models'}"
        )
    raise unknown_model(reference)


def local_folder(source: str) -> Path | None:
    """The folder of that name, if there is one."""
    # os.path, since pathlib raises on `~nobody` and on names that no file system would take.
    folder = os.path.expanduser(source)  # noqa: PTH111
    return Path(folder) if source and os.path.isdir(folder) else None  # noqa: PTH112


def _adapter(source: str, download: bool) -> tuple[Path, str]:
    """An adapter's folder, and what names its content."""
    folder = local_folder(source)
    if folder is None:
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", source) or source.startswith("."):
            raise UsageError(f"no adapter folder {source}: -M adapter takes a folder or a hub id")
        folder = fetch(source, None, download=download, patterns=ADAPTER_FILES)
        return folder, f"{source}@{folder.name}"
    files = [folder / file for file in ADAPTER_FILES]
    for file in files:
        if not file.is_file():
            raise HexError(f"{folder} holds no LoRA adapter: it has no {file.name}")
    return folder, _hash(folder, files)


def _hash(path: Path, files: list[Path]) -> str:
    try:
        return content_hash(files)
    except OSError as error:
        raise HexError(f"cannot read {error.filename or path}: {error.strerror or error}") from None


def _config(path: Path) -> dict[str, Any]:
    file = path / "config.json"
    try:
        config = read_json(file, rounded)
    except FileNotFoundError:
        if (path / "adapter_config.json").is_file():
            raise HexError(
                f"{path} is a LoRA adapter, not a model: give the model it was trained on as --model, "
                f"and -M adapter={path}"
            ) from None
        other = "it is a run" if (path / "run.json").is_file() else "it has no config.json"
        if next(path.glob("*.gguf"), None) is not None:
            other = "GGUF files are not read, a checkpoint of config.json and *.safetensors is"
        raise UsageError(
            f"{path} holds no model: {other}; see hex models, or give the folder of a checkpoint"
        ) from None
    except (ValueError, OSError) as error:
        raise HexError(f"cannot read {file}: {error}") from None
    if not isinstance(config, dict):
        raise HexError(f"{file} is not a JSON object")
    return config


def _identity_files(path: Path, *, code: bool) -> list[Path]:
    patterns = [*_IDENTITY_FILES, *(["*.py"] if code else [])]
    if not (path / "tokenizer.json").is_file():
        patterns.extend(_SLOW_TOKENIZER_FILES)
    files = sorted({file for pattern in patterns for file in path.glob(pattern)})
    if not any(file.suffix == ".safetensors" for file in files):
        other = next((file.name for pattern in _OTHER_WEIGHTS for file in sorted(path.glob(pattern))), None)
        hint = f" ({other} is not read: convert it to safetensors)" if other else ""
        raise HexError(f"{path} has no weights: no *.safetensors in it{hint}")
    for file in files:
        if file.suffix != ".safetensors" and file.is_file() and file.stat().st_size > LARGEST_FILE:
            raise HexError(f"cannot read {file}: it is larger than {LARGEST_FILE >> 20} MB")
    return files
