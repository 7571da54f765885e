"""Sizes that recur: a pass is recorded once for each (recording.py), so it is filled up to one of a few."""

TILE = 128  # rows of a tile of a large product: from four of them on, fewer take as long


def rounded(number: int, bits: int = 3) -> int:
    """`number` or a little more, at most two to the power of `bits` sizes being between a number and its double."""
    exponent = max(number - 1, 1).bit_length() - 1
    step = 1 << max(exponent - bits, 3)
    return -(-number // step) * step


def tiled(number: int) -> int:
    """So for the tokens of a pass: whole tiles, where there are several."""
    if 4 * TILE < number <= 32 * TILE:
        return -(-number // TILE) * TILE
    return rounded(number)
