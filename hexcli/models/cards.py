"""Kinds of GPUs by name, for those who plan a run on one that they do not have. No torch."""

import difflib
import re
from dataclasses import dataclass

from hexcli.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a vendor's data sheet says of a GPU.

    memory     GB, as it is sold
    teraflops  of dense products in bfloat16, summed in float32; bandwidth = of its memory, GB a second
    float8     whether hex multiplies 8-bit floats on it (compute capability 9.0 or later)
    """

    label: str
    memory: int
    teraflops: float
    bandwidth: float
    float8: bool = False

    @property
    def named(self) -> str:
        """`an H100`, `a B200`."""
        return f"{'an' if self.label[0] in 'AHLMR' else 'a'} {self.label}"


# Dense, without sparsity: half of what data sheets say with it. An A100 or H100 without more words is the SXM one, the
# A100 that of 40 GB.
CARDS: dict[str, Card] = {
    "h100": Card(label="H100", memory=80, teraflops=989, bandwidth=3350, float8=True),
    "h100-pcie": Card(label="H100 PCIe", memory=80, teraflops=756, bandwidth=2000, float8=True),
    "h200": Card(label="H200", memory=141, teraflops=989, bandwidth=4800, float8=True),
    "b200": Card(label="B200", memory=180, teraflops=2250, bandwidth=8000, float8=True),
    "a100": Card(label="A100 40 GB", memory=40, teraflops=312, bandwidth=1555),
    "a100-80gb": Card(label="A100 80 GB", memory=80, teraflops=312, bandwidth=1935),
    "l40s": Card(label="L40S", memory=48, teraflops=362, bandwidth=864),
    "l4": Card(label="L4", memory=24, teraflops=121, bandwidth=300),
    "a40": Card(label="A40", memory=48, teraflops=150, bandwidth=696),
    "a10": Card(label="A10", memory=24, teraflops=125, bandwidth=600),
    "a6000": Card(label="RTX A6000", memory=48, teraflops=155, bandwidth=768),
    "6000ada": Card(label="RTX 6000 Ada", memory=48, teraflops=364, bandwidth=960),
    "a10g": Card(label="A10G", memory=24, teraflops=70, bandwidth=600),
    "3090": Card(label="RTX 3090", memory=24, teraflops=71, bandwidth=936),
    "4090": Card(label="RTX 4090", memory=24, teraflops=165, bandwidth=1008),
    "5090": Card(label="RTX 5090", memory=32, teraflops=209, bandwidth=1792),
    "mi300x": Card(label="MI300X", memory=192, teraflops=1307, bandwidth=5300),
}
MEASURED_ON = CARDS["h100"]
_KEYS = {key.replace("-", ""): card for key, card in CARDS.items()}
_NO_NAME = re.compile(r"nvidia|geforce|rtx|tesla|amd|instinct|sxm\d?|hbm\w*|generation|\d+ ?gb|[^a-z0-9]+")


def find_card(name: str) -> Card | None:
    """The card of a name, as people write it (`a100`, `A100-80GB`, `rtx 4090`) or as torch does (`NVIDIA H100 80GB
    HBM3`); None where it is none of CARDS."""
    said = name.lower()
    found = _NO_NAME.sub("", re.sub(r"-(40|80)$", r"-\1gb", said))
    if found in ("a100", "a100pcie"):
        return CARDS["a100-80gb" if re.search("80 ?gb|-80$", said) else "a100"]
    return _KEYS.get(found) or _KEYS.get(found.removesuffix("pcie"))


def named_card(device: str) -> Card | None:
    """The card that --device names in the place of a device of torch; None where it names none."""
    return None if device.partition(":")[0] in ("auto", "cpu", "cuda", "mps") else find_card(device)


def near_card(device: str) -> str | None:
    """The kind of GPU that a name is like, which is none itself: `a10040`, `h100x4`, `4xh100`, `h100:2`; None: none."""
    said = re.sub(r"^\d{1,2} ?x ?|( ?x ?|:)\d{1,2}$|_", "", device.lower())
    if (card := find_card(said) or find_card(re.sub(r"(40|80)$", r"-\1gb", said))) is None:
        near = difflib.get_close_matches(said, CARDS, n=1, cutoff=0.85)
        return near[0] if near and _digits(near[0]) == _digits(said) else None  # another number is another card
    return next(name for name, one in CARDS.items() if one is card)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def refuse_index(device: str) -> None:
    """Raises UsageError where a bare number (`0`, `4060`) or an index (`cuda:4060`) can be no GPU of this machine's."""
    kind, _, index = device.rpartition(":")
    if not index.isdecimal() or kind not in ("", "cuda") or (not kind and index in CARDS):
        return
    if len(index) < 3:  # a card's number has four digits
        if kind:
            return
        raise UsageError(f"--device {device}: GPUs are named with their kind: --device cuda:{index}")
    if index in CARDS:
        raise UsageError(
            f"--device {device}: cuda:0, cuda:1, ... count the GPUs of a machine; to plan for the kind, say --device "
            f"{index} --dry-run"
        )
    raise UsageError(
        f"--device {device}: hex knows no such kind of GPU; --dry-run plans for {', '.join(CARDS)}; GPUs that are here "
        "are cuda:0, cuda:1, ..."
    )


def refuse_card(device: str) -> None:
    """Raises UsageError where --device names a card, for what needs one that is here."""
    if named_card(device) is not None:
        raise UsageError(
            f"--device {device} names a kind of GPU, which only --dry-run plans for: to decode, say --device cuda on "
            "a machine that has it"
        )
