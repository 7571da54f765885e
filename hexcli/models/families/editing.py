"""Models that revise what they have written: which of them can be decoded, and how the others are told apart. No torch.

LLaDA2.1 (arXiv 2602.08676) edits tokens within a block and says `llada2_moe` as LLaDA2.0 does, with the same fields.
LLaDA2.2 also deletes and inserts tokens: its config.json names the tokens that do so. DiffusionGemma has no mask token:
positions hold random tokens until they are committed.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hexcli.errors import HexError
from hexcli.files import LARGEST_FILE, read_file
from hexcli.json_file import read_json, rounded

# LLaDA2.1's published quality mode: how it is decoded where nobody says otherwise.
EDITING: Mapping[str, Any] = {"sampler": "sdar", "threshold": 0.7, "editing_threshold": 0.5}
_LEVENSHTEIN = ("delete_token_id", "split_token_id", "insert_token_id")


def refuse(path: Path, config: Mapping[str, Any]) -> None:
    """Raises HexError on a model whose noise is not the mask, or whose canvas changes its length."""
    if str(config.get("model_type")).startswith("diffusion_gemma"):
        raise HexError(
            f"{path} is DiffusionGemma: it has no mask token, its noise is random tokens, and hex decodes models that "
            "fill in masks"
        )
    if (found := version(path, config)) is not None and found > "2.1":
        raise HexError(
            f"{path} is LLaDA{found}: it is decoded by deleting and inserting tokens, which changes the length of the "
            "canvas; hex revises tokens in their place only (LLaDA2.1)"
        )


def version(path: Path, config: Mapping[str, Any]) -> str | None:
    """Of a `llada2_moe`: "2.0", "2.1", "2.2", ...; None where nothing tells it, or for any other model.

    Told by the editing tokens in config.json, else by a name (of the hub id or folder, or the one in config.json), else
    by the published code beside it, which is read and not run.
    """
    if config.get("model_type") != "llada2_moe":
        return None
    if any(config.get(name) is not None for name in _LEVENSHTEIN):
        return "2.2"
    for name in (str(config.get("_name_or_path") or ""), *reversed(path.parts)):
        if found := re.search(r"llada[-_]?2[._](\d)(?!\d)", name, re.IGNORECASE):
            return f"2.{found[1]}"
    try:
        code = read_file(path / "modeling_llada2_moe.py", LARGEST_FILE).decode(errors="replace")
    except OSError:  # published weights often come without it
        return None
    return "2.1" if "editing_threshold" in code else "2.0"


def edits(source: str) -> bool:
    """Whether a hub id or folder is LLaDA2.1, as far as that is told before it is loaded.

    A folder by all that `version` looks at, a hub id by its name.
    """
    path = Path(source)
    config: Any = {"model_type": "llada2_moe"}
    if os.path.isdir(path):  # noqa: PTH112 - pathlib raises on names that no file system would take
        try:
            config = read_json(path / "config.json", rounded)
        except (OSError, ValueError):  # what is wrong with it is said where it is loaded
            return False
    return isinstance(config, dict) and version(path, config) == "2.1"
