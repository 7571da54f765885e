"""A recording as a page: the animated picture, and under it every text to read, select and hear."""

from collections.abc import Sequence
from html import escape

from hexcli.report.motion.frames import Chain
from hexcli.report.motion.svg import BACKGROUND, DIM, INK, svg
from hexcli.report.terminal import visible

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>
body {{ background: {background}; color: {ink}; font: 16px/1.5 system-ui, sans-serif; }}
body {{ margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }}
svg {{ max-width: 100%; height: auto; }}
h1 {{ font-size: 1.2rem; }} h2 {{ font-size: 1rem; margin-bottom: 0; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.2rem 0 1rem; }}
p {{ color: {dim}; }}
</style>
</head>
<body>
<h1>{title}</h1>
{picture}
<p>{verdict}</p>
{texts}
</body>
</html>
"""


def html(title: str, chains: Sequence[Chain], verdict: str, texts: Sequence[str], *, by: str = "step") -> str:
    """The page; `texts` are those of the chains. It runs no script and loads nothing."""
    sections = "\n".join(
        f"<h2>block {_shown(chain.name)}: {_shown(chain.answer or 'no answer')}</h2>\n"
        f"<pre>{escape(visible(text, lines=True))}</pre>"
        for chain, text in zip(chains, texts, strict=True)
    )
    return _PAGE.format(
        title=_shown(title),
        picture=svg(title, chains, verdict, by=by),
        verdict=_shown(verdict),
        texts=sections,
        background=BACKGROUND,
        ink=INK,
        dim=DIM,
    )


def _shown(text: str) -> str:
    return escape(visible(text))
