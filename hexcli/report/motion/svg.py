"""A recording as an animated SVG: it plays wherever a picture is shown, a README included, and runs no script."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from hexcli.report.motion.frames import COLUMNS, Chain, Piece
from hexcli.report.strip import colour
from hexcli.report.terminal import visible

# Pixels of a character and a line of the monospaced text, and seconds: of a step, and of the last picture.
WIDTH, HEIGHT, SIZE = 8.4, 18, 14
STEP_SECONDS, REST_SECONDS = 0.16, 2.5
MARGIN, HEAD, GAP = 14, 26, 14
BACKGROUND, PAPER, INK, DIM, MASK = "#10131a", "#171b24", "#e6e9ef", "#8b93a5", "#2b3140"
RIGHT, WRONG = "#5fd38d", "#ff7b72"


def svg(title: str, chains: Sequence[Chain], verdict: str, *, across: int = 2, by: str = "step") -> str:
    """The chains of a problem as one animated picture, `across` beside each other; `by`: see filling.canvas_text.

    Every token appears at its step; what is masked is a grey bar where the token will stand.
    """
    across = min(across, len(chains))
    panel = COLUMNS * WIDTH + 2 * MARGIN
    rows = [chains[place : place + across] for place in range(0, len(chains), across)]
    total = max(chain.steps for chain in chains) * STEP_SECONDS + REST_SECONDS
    parts: list[str] = []
    top = float(2 * HEAD + MARGIN)
    for row in rows:
        tall = HEAD + max(chain.lines for chain in row) * HEIGHT + MARGIN
        for place, chain in enumerate(row):
            parts.append(_panel(chain, GAP + place * (panel + GAP), top, panel, tall, total, by))
        top += tall + GAP
    width, height = GAP + across * (panel + GAP), top + HEAD
    end = max(chain.steps for chain in chains) * STEP_SECONDS
    said = _line(verdict, GAP + MARGIN, top + 12, INK, weight="bold")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{_attribute(title)}" '
        f'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="{SIZE}">\n'
        f"<title>{_text(title)}</title>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>\n'
        f"{_line(title, GAP + MARGIN, HEAD + 4, INK, weight='bold', most=int((width - 3 * MARGIN) / WIDTH))}\n"
        + "\n".join(parts)
        + f'\n<g opacity="0">{said}{_appear(end, total)}</g>\n</svg>\n'
    )


def _panel(chain: Chain, x: float, y: float, width: float, height: float, total: float, by: str) -> str:
    head = _line(f"block {chain.name}", x + MARGIN, y + 19, DIM)
    said = "no answer" if chain.answer is None else f"votes {chain.answer}"
    ink = INK if chain.right is None else RIGHT if chain.right else WRONG
    at = x + MARGIN + (len(f"block {chain.name}") + 2) * WIDTH
    vote = f'<g opacity="0">{_line(said, at, y + 19, ink, most=24)}{_appear(chain.steps * STEP_SECONDS, total)}</g>'
    tokens = "\n".join(_token(piece, x + MARGIN, y + HEAD + 16, total, chain.steps, by) for piece in chain.pieces)
    more = _line("...", x + width - 3 * MARGIN, y + height - 6, DIM) if chain.cut else ""
    box = f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" fill="{PAPER}"/>'
    return f"{box}\n{head}{vote}\n{tokens}{more}"


def _token(piece: Piece, x: float, y: float, total: float, steps: int, by: str) -> str:
    left, base = x + piece.column * WIDTH, y + piece.line * HEIGHT
    start = (piece.step + 1) * STEP_SECONDS
    ink = colour(0.3 + 0.7 * (piece.step / max(steps - 1, 1) if by == "step" else piece.confidence))
    bar = (
        f'<rect x="{left + 0.6:.1f}" y="{base - 11:.1f}" width="{len(piece.text) * WIDTH - 1.2:.1f}" height="13" '
        f'rx="2" fill="{MASK}">{_vanish(start, total)}</rect>'
    )
    return f'{bar}<g opacity="0">{_line(piece.text, left, base, ink)}{_appear(start, total)}</g>'


def _line(text: str, x: float, y: float, ink: str, *, weight: str = "normal", most: int = 10**6) -> str:
    text = visible(text)
    text = text if len(text) <= most else f"{text[: most - 3]}..."
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{ink}" font-weight="{weight}" xml:space="preserve" '
        f'textLength="{len(text) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )


def _appear(start: float, total: float) -> str:
    return _switch("opacity", "0;1", start, total)


def _vanish(start: float, total: float) -> str:
    return _switch("opacity", "1;0", start, total)


def _switch(attribute: str, change: str, start: float, total: float) -> str:
    share = min(start / total, 0.999)
    return (
        f'<animate attributeName="{attribute}" calcMode="discrete" values="{change}" keyTimes="0;{share:.4f}" '
        f'dur="{total:.2f}s" repeatCount="indefinite"/>'
    )


def _text(text: str) -> str:
    return escape(visible(text))


def _attribute(text: str) -> str:
    return escape(visible(text), {'"': "&quot;"})
