"""The one file: template, styles, scripts and data put together, so that nothing in it can run but our own scripts.

What models wrote reaches the page as JSON in data blocks and packed chunks, and the scripts put it there as text
only; names of runs, tasks and models pass the template's escaping. The content security policy allows the scripts by
their hashes, and no network at all.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from hexcli.insight.findings import Findings
from hexcli.insight.kinds import MEANINGS, Kind
from hexcli.report.page.ahead import ahead
from hexcli.report.page.chunks import chunks, pack
from hexcli.report.page.figures import figures
from hexcli.report.page.problems import Details, line
from hexcli.report.page.provenance import command, provenance, remarks
from hexcli.report.page.summary import summary
from hexcli.report.terminal import HIDDEN, visible
from hexcli.version import VERSION

# In the order in which they run; each is a script element of its own.
SCRIPTS = (
    "vendor/d3.min.js", "vendor/plot.min.js", "assets/inflate.js", "assets/text.js", "assets/data.js",
    "assets/draw.js", "assets/charts.js", "assets/costs.js", "assets/heatmaps.js", "assets/canvas.js",
    "assets/problem.js", "assets/browser.js", "assets/page.js",
)  # fmt: skip

MARK = '<meta name="generator" content="hex report">'  # of the template: by it a report is known


def document(runs: Sequence[Findings], *, created: str) -> Iterator[str]:
    """The report of these runs as HTML, piece by piece. `created`: when, for people."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("hexcli.report.page", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = visible
    named = names(runs)
    scripts = [asset(name) for name in SCRIPTS]
    template = environment.get_template("report.html.j2")
    for found in named.values():
        found.grade()  # all of it before there are two of us: the judge of mathematics serves one
    with ahead(lambda: _chunks(named)) as texts:
        yield from template.generate(
            summary=summary(named),
            runs=[
                {"name": name, "rows": provenance(found), "command": command(found.counted.run),
                 "remarks": remarks(found), "recipe": _pretty(found.counted.run.manifest.recipe)}
                for name, found in named.items()
            ],
            version=VERSION,
            created=created,
            kinds=[(kind.value, MEANINGS[kind]) for kind in Kind],
            style=Markup(asset("assets/report.css")),
            scripts=[Markup(script) for script in scripts],
            policy=_policy(scripts),
            data=Markup(embedded(_data(named))),
            chunks=texts(),
        )  # fmt: skip


def names(runs: Sequence[Findings]) -> dict[str, Findings]:
    """What the report calls each run: its name; its folder where two have one name."""
    given = [found.counted.run.name for found in runs]
    called = [
        name if given.count(name) == 1 else str(found.counted.run.path) for name, found in zip(given, runs, strict=True)
    ]
    return dict(zip(called, runs, strict=True))


def _data(named: dict[str, Findings]) -> dict[str, Any]:
    return {
        "hidden": HIDDEN,
        "figures": [figure.to_json() for figure in figures(named)],
        "runs": [
            {
                "name": name,
                "scored": found.scored,
                "schedules": list(found.counted.names.values()),
                "lengths": [one.schedule.gen_length / len(one.schedule.blocks) for one in found.counted.names],
                "aggregators": list(found.decided),
            }
            for name, found in named.items()
        ],
    }


def _chunks(named: dict[str, Findings]) -> Iterator[tuple[str, str]]:
    """(element id, packed content): of each run the lines of its list, then its problems. The list says which problem
    is in which chunk, so that it comes first and the chunks may be many."""
    for number, found in enumerate(named.values()):
        details = Details(found)
        packed = list(chunks(details.of(place) for place in range(len(found.counted.ballots))))
        homes = {problem: place for place, (ids, _) in enumerate(packed) for problem in ids}
        lines = [line(found, place) for place in range(len(found.counted.ballots))]
        yield f"list-{number}", pack([{**one, "chunk": homes[one["id"]]} for one in lines])
        for place, (_, content) in enumerate(packed):
            yield f"texts-{number}-{place}", content


@cache
def asset(name: str) -> str:
    """The text of a file of this folder, by its path in it."""
    return files("hexcli.report.page").joinpath(name).read_text(encoding="utf-8")


def embedded(value: Any) -> str:
    """A value as JSON that can stand in a script element of HTML: nothing in it ends the element or opens a comment."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(scripts: Sequence[str]) -> str:
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
