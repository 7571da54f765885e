"""The Hugging Face hub: snapshots of models, fetched once, and what is there already."""

import os
from collections.abc import Sequence
from pathlib import Path

from hexcli.errors import HexError, NotDownloadedError, UsageError

MODEL_FILES = (
    "config.json",
    "generation_config.json",
    "*.safetensors",
    "*.safetensors.index.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "*.model",
)
ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")


def fetch(
    hub_id: str,
    revision: str | None,
    *,
    download: bool,
    code: bool = False,
    patterns: Sequence[str] = MODEL_FILES,
) -> Path:
    """The snapshot's folder, downloaded where it is not there yet; `code`: its Python files too.

    Raises NotDownloadedError where it is not there and `download` is False or the hub cannot be reached, HexError
    where the hub refuses, UsageError on what is no hub id.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    allowed = [*patterns, *(["*.py"] if code else [])]
    try:
        path = snapshot_download(hub_id, revision=revision, allow_patterns=allowed, local_files_only=not download)
    except LocalEntryNotFoundError:
        raise NotDownloadedError(
            f"{hub_id} is not in the Hugging Face cache and the hub cannot be reached: download it where there is a "
            f"network, and put it into {hub_folder(hub_id)} (as `hf download` does) or into any folder, "
            "to be given instead of the id"
        ) from None
    except HFValidationError as error:
        raise UsageError(f"'{hub_id}' is no hub id: {str(error).splitlines()[0]}") from None
    except (HfHubHTTPError, OSError) as error:
        raise HexError(f"cannot fetch {hub_id}: {str(error).splitlines()[0]}") from None
    return Path(path)


def hub_folder(hub_id: str) -> Path:
    """Where the Hugging Face cache keeps a model. Read from the environment: importing the library takes long."""
    cache = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE")
    if not cache:
        default = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
        cache = str(Path(os.environ.get("HF_HOME") or default) / "hub")
    folder = Path(os.path.expanduser(os.path.expandvars(cache)))  # noqa: PTH111  pathlib raises on `~nobody`
    return folder / f"models--{hub_id.replace('/', '--')}"


def is_cached(hub_id: str) -> bool:
    """Whether weights of that model are in the Hugging Face cache."""
    return any((hub_folder(hub_id) / "snapshots").glob("*/*.safetensors"))
