"""What MkDocs is told while it builds the site: `make docs`.

Pages that are not written yet are left out of the navigation. Links to files of the repository outside docs/ are for
readers of the repository: on the site they are the names of those files.
"""

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
_OUTSIDE = re.compile(r"(?<!!)\[([^\]]*)\]\((\.\./[^)#]*)(#[^)]*)?\)")


def on_config(config: Any) -> Any:
    """The navigation, with the pages there are."""
    config["nav"] = _there(config["nav"])
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The page, its links to files outside docs/ as text. Raises FileNotFoundError where such a file is not there."""
    return _OUTSIDE.sub(_named, markdown)


def _named(match: re.Match[str]) -> str:
    text, target = match[1], (DOCS / match[2]).resolve()
    if not target.exists():
        raise FileNotFoundError(f"a page links to {match[2]}, which is not there")
    name = target.relative_to(DOCS.parent).as_posix()
    return text if name in text else f"{text} (`{name}`)"


def _there(entries: list[Any]) -> list[Any]:
    kept = []
    for entry in entries:
        ((title, value),) = entry.items()
        if isinstance(value, list):
            if inside := _there(value):
                kept.append({title: inside})
        elif (DOCS / value).is_file():
            kept.append(entry)
    return kept
