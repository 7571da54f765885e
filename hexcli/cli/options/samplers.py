"""The options of published samplers, each declared once. What they mean is hexcli/rules.py; what is equal to what,
docs/families.md."""

from typing import Annotated, Any

import typer

from hexcli.rules import ALGORITHMS, CONFIDENCE_DTYPES, DREAM_TOP_K, EB_THRESHOLD, NUCLEUS, OFF, SAMPLERS

PANEL = "Published samplers"


def _option(name: str, text: str, **more: Any) -> Any:
    return typer.Option(name, help=text, rich_help_panel=PANEL, **{"show_default": "off", **more})


Sampler = Annotated[
    str | None,
    _option("--sampler", f"Whose steps and certainty: {', '.join(SAMPLERS)}.", show_default="llada; dream with --alg"),
]
Alg = Annotated[
    str | None,
    _option("--alg", f"Dream's algorithm: {', '.join(ALGORITHMS)}.", show_default="in dream origin"),
]
Eps = Annotated[float | None, _option("--eps", "Dream: the last of its timesteps.", show_default=f"{OFF['eps']}")]
AlgTemp = Annotated[float | None, _option("--alg-temp", "Dream: draw positions at this temperature.")]
TopP = Annotated[
    float | None, _option("--top-p", f"{', '.join(NUCLEUS)}: only the likeliest candidates of this probability.")
]
TopK = Annotated[
    int | None,
    _option("--top-k", "dream, sdar: only so many candidates; 0 = all.", show_default=f"{DREAM_TOP_K} for dream"),
]
EntropyThreshold = Annotated[
    float | None, _option("--entropy-threshold", "Commit every token of the block of at most this entropy (dParallel).")
]
BlockAddThreshold = Annotated[
    float | None,
    _option(
        "--block-add-threshold",
        "d3llm: the next block opens once this share of the last one is there.",
        show_default=f"{OFF['block_add_threshold']}",
    ),
]
EbThreshold = Annotated[
    float | None,
    _option("--eb-threshold", "--remasking entropy_bounded: entropies' sum in a step.", show_default=f"{EB_THRESHOLD}"),
]
Factor = Annotated[float | None, _option("--factor", "Commit n tokens whose n-th has 1 - F / (n + 1) (Fast-dLLM).")]
CreditAlpha = Annotated[
    float | None,
    _option("--credit-alpha", "With --threshold: dInfer's credit for what was likeliest, e.g. 0.7."),
]
BoostGamma = Annotated[
    float | None, _option("--boost-gamma", "Of credit: power of a probability.", show_default=f"{OFF['boost_gamma']}")
]
DecayBeta = Annotated[
    float | None, _option("--decay-beta", "Of credit: what a step leaves of it.", show_default=f"{OFF['decay_beta']}")
]
EditingThreshold = Annotated[
    float | None,
    _option("--editing-threshold", "LLaDA2.1, with --sampler sdar: replace tokens by likelier ones, e.g. 0.5."),
]
MaxPostSteps = Annotated[
    int | None,
    _option("--max-post-steps", "Of editing: steps after a block is full.", show_default=f"{OFF['max_post_steps']}"),
]
SuppressTokens = Annotated[
    str | None, _option("--suppress-tokens", "Token ids that are never chosen, comma-separated.", metavar="IDS")
]
LogitsEosInf = Annotated[
    bool, _option("--logits-eos-inf", "Never choose the end of text (LLaDA's evaluation).", show_default=False)
]
ConfidenceEosEotInf = Annotated[
    bool, _option("--confidence-eos-eot-inf", "Commit ends last (LLaDA's evaluation).", show_default=False)
]
EarlyBanSteps = Annotated[
    int | None, _option("--early-ban-steps", "No end of text before this step (HEX's banAEoTearly has 10).")
]
FullCanvas = Annotated[
    bool,
    _option("--full-canvas", "Decode to the last step, also behind the end; same text.", show_default=False),
]
ConfidenceDtype = Annotated[
    str | None,
    _option("--confidence-dtype", f"Type of certainty: {', '.join(CONFIDENCE_DTYPES)}.", show_default="float64"),
]
