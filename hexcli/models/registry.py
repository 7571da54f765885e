"""Models: a name, a folder or a hub id -> a checkpoint -> a mask predictor. One file a family, one line here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """A model known by a short name.

    source       hub id, or a folder inside this package
    family       the key of FAMILIES it belongs to
    parameters   of all weights, in billions; a bfloat16 copy takes twice as many gigabytes
    mask_id      id of its mask token
    licence      of the weights, as their card says
    gen_length   the canvas it is usually decoded with: the default of --gen-length
    block_length the trained block; None = it sees the whole sequence
    base         whether it was never trained on chats, so that the prompt is the plain text
    """

    source: str
    family: str
    parameters: float
    mask_id: int
    licence: str
    summary: str
    gen_length: int = 256
    block_length: int | None = None
    base: bool = False

    @property
    def shape(self) -> str | None:
        """The name of its sizes in families/shapes.py, of those whose config.json was read for them."""
        return _SHAPES.get((self.family, self.parameters))

    @property
    def memory(self) -> float:
        """Bytes its weights take in bfloat16."""
        return self.parameters * 2e9

    @property
    def embedded(self) -> bool:
        """Whether it comes with the package."""
        return "/" not in self.source


# Family and parameters -> sizes. iLLaDA (8 without more digits) has another vocabulary.
_SHAPES = {
    ("llada", 8.02): "llada-8b",
    ("Dream", 7.62): "dream-7b",
    ("llada_moe", 7.36): "llada-moe",
    ("llada2_moe", 16.26): "llada2-mini",
    ("sdar", 8.19): "sdar-8b",
}

# Canvas where nothing better is known: the HEX paper's (arXiv 2510.05040, section 4).
DEFAULT_GEN_LENGTH = 256


def _entry(source: str, family: str, parameters: float, mask_id: int, licence: str, summary: str) -> ModelEntry:
    """`parameters`: for those with a whole number, what their name says."""
    block = {"sdar": 4, "sdar_moe": 4, "llada2_moe": 32, "Fast_dLLM_Qwen": 32}.get(family)
    return ModelEntry(
        source=source,
        family=family,
        parameters=parameters,
        mask_id=mask_id,
        licence=licence,
        summary=summary,
        block_length=block,
        base=summary.endswith(" Base"),
    )


_QWEN3_MASK, _QWEN25_MASK = 151669, 151665

MODELS: dict[str, ModelEntry] = {
    "tiny": ModelEntry(
        source="tiny",
        family="llada",
        parameters=0.0029,
        mask_id=639,
        licence="MIT",
        summary="embedded: a small LLaDA-style model for the task `sums`",
        gen_length=64,
    ),
    "tiny-prompts": ModelEntry(
        source="tiny-prompts",
        family="llada",
        parameters=0.0029,
        mask_id=645,
        licence="MIT",
        summary="embedded: `tiny` trained on, in three wordings of the prompt (--prompt)",
        gen_length=64,
    ),
    "llada": _entry("GSAI-ML/LLaDA-8B-Instruct", "llada", 8.02, 126336, "MIT", "LLaDA 8B Instruct, the paper's model"),
    "llada-base": _entry("GSAI-ML/LLaDA-8B-Base", "llada", 8.02, 126336, "MIT", "LLaDA 8B Base"),
    "llada-1.5": _entry("GSAI-ML/LLaDA-1.5", "llada", 8.02, 126336, "MIT", "LLaDA 1.5, preference-tuned"),
    "illada": _entry("GSAI-ML/iLLaDA-8B-Instruct", "llada", 8, 5, "Apache-2.0", "iLLaDA 8B Instruct (2606.25331)"),
    "illada-base": _entry("GSAI-ML/iLLaDA-8B-Base", "llada", 8, 5, "Apache-2.0", "iLLaDA 8B Base"),
    "dparallel": _entry(
        "Zigeng/dParallel-LLaDA-8B-instruct",
        "llada",
        8.02,
        126336,
        "see its card",
        "dParallel, LLaDA 8B distilled: --remasking entropy --entropy-threshold 0.5",
    ),
    "d3llm": _entry(
        "d3LLM/d3LLM_LLaDA",
        "llada",
        8.02,
        126336,
        "see its card",
        "d3LLM, LLaDA 8B distilled: --sampler d3llm --entropy-threshold 0.5 (2601.07568)",
    ),
    "d3llm-dream": _entry(
        "d3LLM/d3LLM_Dream",
        "Dream",
        7.62,
        151666,
        "see its card",
        "d3LLM, Dream 7B distilled: --sampler d3llm_dream --entropy-threshold 0.5",
    ),
    "d3llm-coder": _entry(
        "d3LLM/d3LLM_Dream_Coder", "Dream", 7.62, 151666, "see its card", "d3LLM, Dream-Coder 7B distilled"
    ),
    "dream": _entry("Dream-org/Dream-v0-Instruct-7B", "Dream", 7.62, 151666, "Apache-2.0", "Dream 7B Instruct"),
    "dream-base": _entry("Dream-org/Dream-v0-Base-7B", "Dream", 7.62, 151666, "Apache-2.0", "Dream 7B Base"),
    "diffucoder": _entry(
        "apple/DiffuCoder-7B-cpGRPO", "Dream", 7.62, 151666, "Apache-2.0", "DiffuCoder 7B, trained by coupled GRPO"
    ),
    "a2d-qwen3": _entry(
        "dllm-hub/Qwen3-0.6B-diffusion-mdlm-v0.1",
        "a2d-qwen3",
        0.60,
        _QWEN3_MASK,
        "see its card",
        "dllm's Qwen3 0.6B, retrained by masking",
    ),
    "llada-moe": _entry(
        "inclusionAI/LLaDA-MoE-7B-A1B-Instruct", "llada_moe", 7.36, 156895, "Apache-2.0", "LLaDA-MoE 7B-A1B Instruct"
    ),
    "llada-moe-base": _entry(
        "inclusionAI/LLaDA-MoE-7B-A1B-Base", "llada_moe", 7.36, 156895, "Apache-2.0", "LLaDA-MoE 7B-A1B Base"
    ),
    "llada2": _entry("inclusionAI/LLaDA2.0-mini", "llada2_moe", 16.26, 156895, "Apache-2.0", "LLaDA2.0 mini 16B-A1B"),
    "llada2.1": _entry(
        "inclusionAI/LLaDA2.1-mini",
        "llada2_moe",
        16,
        156895,
        "Apache-2.0",
        "LLaDA2.1 mini 16B, edits its tokens (2602.08676)",
    ),
    "sdar-1.7b": _entry("JetLM/SDAR-1.7B-Chat", "sdar", 2.03, _QWEN3_MASK, "MIT", "SDAR 1.7B Chat"),
    "sdar-4b": _entry("JetLM/SDAR-4B-Chat", "sdar", 4.41, _QWEN3_MASK, "MIT", "SDAR 4B Chat"),
    "sdar-8b": _entry("JetLM/SDAR-8B-Chat", "sdar", 8.19, _QWEN3_MASK, "MIT", "SDAR 8B Chat"),
    "fast-dllm-v2": _entry(
        "Efficient-Large-Model/Fast_dLLM_v2_7B",
        "Fast_dLLM_Qwen",
        7.62,
        _QWEN25_MASK,
        "see its card",
        "Fast-dLLM v2 7B: -s 8 --sampler fast_dllm_v2 --threshold 0.9 (2509.26328)",
    ),
    "fast-dllm-v2-1.5b": _entry(
        "Efficient-Large-Model/Fast_dLLM_v2_1.5B",
        "Fast_dLLM_Qwen",
        1.54,
        _QWEN25_MASK,
        "see its card",
        "Fast-dLLM v2 1.5B",
    ),
}

# config.json's model_type -> the family's file: read_config and published_name.
FAMILIES: dict[str, str] = {
    "llada": "hexcli.models.families.llada",
    "Dream": "hexcli.models.families.dream",
    "a2d-qwen3": "hexcli.models.families.a2d",
    "a2d-qwen2": "hexcli.models.families.a2d",
    "a2d-llama": "hexcli.models.families.a2d",
    "llada_moe": "hexcli.models.families.llada_moe",
    "lladamoe": "hexcli.models.families.llada_moe",
    "llada2_moe": "hexcli.models.families.llada2",
    "sdar": "hexcli.models.families.sdar",
    "sdar_moe": "hexcli.models.families.sdar",
    "Fast_dLLM_Qwen": "hexcli.models.families.fast_dllm",
}
