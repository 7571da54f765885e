"""The blocks of a canvas, as lengths and as people write them: `32` and `198+58`. Pure."""

import re

from hexcli.bounds import in_reach


def plus(blocks: tuple[int, ...]) -> str:
    """Lengths of blocks as people write them: `198+58`."""
    return "+".join(map(str, blocks)) or "(none)"


def blocks_of(text: str, gen_length: int) -> tuple[int, ...]:
    """The lengths of the blocks that a label means: equal ones up to `gen_length`, or those it lists, of any sum.

    Raises ValueError where it is no label, and where equal ones do not fill the canvas.
    """
    try:
        lengths = tuple(int(part) for part in text.strip().split("+"))
    except ValueError:
        meant = _meant(text, gen_length)
        raise ValueError(
            f"a schedule is a block length (32) or lengths in order (198+58), not '{text}'{meant}"
        ) from None
    if min(lengths) < 1:
        raise ValueError(f"block lengths must be at least 1, not {text}")
    in_reach("gen_length", gen_length)
    if len(lengths) > 1:
        return lengths
    block = lengths[0]
    if gen_length % block:
        fits = ", ".join(str(one) for one in range(1, min(gen_length, 512) + 1) if gen_length % one == 0)
        raise ValueError(
            f"gen_length {gen_length} does not divide into blocks of {block}: use one of {fits}, or another gen_length"
        )
    return (block,) * (gen_length // block)


def parted(text: str) -> str:
    """A list of schedules with commas, from what shells and tables write: `8 16`, `8;16`, `(8,16)`, `block 8`."""
    if ".py:" in text:  # a path may hold anything
        return text
    bare = re.sub(r"""[][(){}"']""", "", text).strip()
    plain = re.sub(r"\bblock(s|[ _-](length|size))?[ =]+(?=\d)", "", bare)
    return re.sub(r"\s*[,;|]\s*|(?<=\w)\s+(?=\d)", ",", plain)  # `8 · plain` is one: a voter's name


def doubled(text: str) -> list[int]:
    """The block lengths of a range by doubling, `8-64`, `8..64` or `8:64`: 8, 16, 32, 64; none of another text."""
    span = re.fullmatch(r"(\d{1,7}) *(?:-|\.\.|:) *(\d{1,7})", text.strip())
    first, last = map(int, span.groups()) if span else (0, 0)
    within = 0 < first < last <= 1 << 20
    return [first << power for power in range(21) if first << power <= last] if within else []


def _meant(text: str, gen_length: int) -> str:
    """What to write for a text that is no label: numbers as a list, a range by doubling, one block for a word."""
    numbers = doubled(text) or [int(one) for one in re.findall(r"\d{1,7}", text)]
    if re.search(r"\d\.\d", text):
        return f": whole numbers, e.g. {numbers[0]}" if numbers else ""
    if len(numbers) > 1:
        return f": several have commas between them, {','.join(map(str, numbers))}"
    if text.strip().lower() in ("full", "none", "one", "all", "single", "plain", "off"):
        return f": one block over the whole canvas is {gen_length}"
    return f": write {numbers[0]}" if numbers else ": write numbers, e.g. 8,16,32"
