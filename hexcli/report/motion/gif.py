"""A recording as an animated GIF, for what shows no SVG. Needs matplotlib, for its fonts and Pillow."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from hexcli.errors import HexError
from hexcli.report.motion.frames import COLUMNS, Chain
from hexcli.report.motion.svg import BACKGROUND, DIM, INK, MASK, PAPER, RIGHT, WRONG
from hexcli.report.strip import colour
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

# Pixels, and milliseconds of a step and of the last picture.
WIDTH, HEIGHT, SIZE = 9, 19, 15
STEP, REST = 160, 2500
MARGIN, HEAD, GAP = 14, 28, 14


def gif(
    title: str, chains: Sequence[Chain], verdict: str, *, across: int = 2, by: str = "step", mark: str = ""
) -> bytes:
    """The chains of a problem as an animated picture: a frame a step, then the vote. See svg.svg.

    Raises HexError where matplotlib is not installed.
    """
    font = _font()
    steps = max(chain.steps for chain in chains)
    frames = [
        _frame(font, title, chains, verdict if step == steps else "", step, min(across, len(chains)), by)
        for step in range(steps + 1)
    ]
    out = BytesIO()
    frames[0].save(
        out,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[STEP] * steps + [REST],
        loop=0,
        optimize=True,
        comment=mark,
    )
    return out.getvalue()


def _font() -> "FreeTypeFont":
    try:
        from matplotlib import font_manager
        from PIL import ImageFont
    except ImportError:
        raise HexError("a .gif needs matplotlib: pip install 'dllm-hex[plot]', or record to .svg or .html") from None
    return ImageFont.truetype(font_manager.findfont("DejaVu Sans Mono"), SIZE)


def _frame(
    font: "FreeTypeFont", title: str, chains: Sequence[Chain], verdict: str, step: int, across: int, by: str
) -> "Image":
    from PIL import Image, ImageDraw

    panel = COLUMNS * WIDTH + 2 * MARGIN
    rows = [chains[place : place + across] for place in range(0, len(chains), across)]
    heights = [HEAD + max(chain.lines for chain in row) * HEIGHT + MARGIN for row in rows]
    width = GAP + across * (panel + GAP)
    image = Image.new("RGB", (width, 2 * HEAD + MARGIN + sum(heights) + GAP * len(rows) + HEAD), BACKGROUND)
    draw = ImageDraw.Draw(image)
    draw.text((GAP + MARGIN, MARGIN), visible(title)[: (width - 4 * MARGIN) // WIDTH], INK, font)
    top = 2 * HEAD + MARGIN
    for row, height in zip(rows, heights, strict=True):
        for place, chain in enumerate(row):
            _panel(draw, font, chain, (GAP + place * (panel + GAP), top, panel, height), step, by)
        top += height + GAP
    draw.text((GAP + MARGIN, top), visible(verdict), INK, font)
    return image.quantize(48)


def _panel(
    draw: "ImageDraw", font: "FreeTypeFont", chain: Chain, place: tuple[int, int, int, int], step: int, by: str
) -> None:
    x, y, width, height = place
    draw.rounded_rectangle((x, y, x + width, y + height), 6, PAPER)
    name = f"block {visible(chain.name)}"
    draw.text((x + MARGIN, y + 7), name, DIM, font)
    if step >= chain.steps:
        said = "no answer" if chain.answer is None else f"votes {visible(chain.answer)}"
        ink = INK if chain.right is None else RIGHT if chain.right else WRONG
        draw.text((x + MARGIN + (len(name) + 2) * WIDTH, y + 7), said[:24], ink, font)
    for piece in chain.pieces:
        left, top = x + MARGIN + piece.column * WIDTH, y + HEAD + piece.line * HEIGHT
        if piece.step < step:
            share = piece.step / max(chain.steps - 1, 1) if by == "step" else piece.confidence
            draw.text((left, top), visible(piece.text), colour(0.3 + 0.7 * share), font)
        else:
            draw.rectangle((left + 1, top + 3, left + len(piece.text) * WIDTH - 2, top + HEIGHT - 3), MASK)
    if chain.cut:
        draw.text((x + width - 3 * MARGIN, y + height - HEIGHT), "...", DIM, font)
