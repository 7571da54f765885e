"""The blocks of a canvas, as lengths and as people write them: `32` and `198+58`. Pure."""

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
        many = any(sign in text.strip() for sign in (" ", ";", "/", "|", "-", ".."))
        several = ": several have commas between them, 8,16,32" if many else ""
        raise ValueError(
            f"a schedule is a block length (32) or lengths in order (198+58), not '{text}'{several}"
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
