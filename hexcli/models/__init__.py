"""Models: a name, a folder or a hub id -> a checkpoint -> a mask predictor. One file a family, one line here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """A model known by a short name.

    source      hub id, or a folder inside this package
    gen_length  the canvas it is usually decoded with: the default of --gen-length
    """

    source: str
    gen_length: int
    summary: str


# Canvas where nothing better is known: the HEX paper's (arXiv 2510.05040, section 4).
DEFAULT_GEN_LENGTH = 256

MODELS: dict[str, ModelEntry] = {
    "tiny": ModelEntry(source="tiny", gen_length=64, summary="embedded: a small LLaDA-style model for the task `sums`"),
    "llada": ModelEntry(
        source="GSAI-ML/LLaDA-8B-Instruct", gen_length=256, summary="LLaDA 8B Instruct, the paper's model"
    ),
    "llada-base": ModelEntry(source="GSAI-ML/LLaDA-8B-Base", gen_length=256, summary="LLaDA 8B Base"),
    "llada-1.5": ModelEntry(source="GSAI-ML/LLaDA-1.5", gen_length=256, summary="LLaDA 1.5, preference-tuned"),
}

# config.json's model_type -> the family's file: read_config and published_name.
FAMILIES: dict[str, str] = {
    "llada": "hexcli.models.llada",
}
