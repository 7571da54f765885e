"""The documents say what is true: every command is documented, links lead somewhere. Samples: tests/test_samples.py."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import torch

from hexcli.cli.main import app
from hexcli.voting import aggregators, votes
from tests.voting.elections import election

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PAGES = sorted((ROOT / "docs").glob("*.md"))
ALL = README + "".join(page.read_text() for page in PAGES)


def test_every_command_is_in_the_readme() -> None:
    names = [command.name for command in app.registered_commands] + [group.name for group in app.registered_groups]
    assert len(names) >= 7
    for name in names:
        assert f"`hex {name}" in README, name


def pasted(file: str) -> dict[str, Any]:
    """What a file of docs/adding.md has in it, as it is pasted."""
    snippets = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "adding.md").read_text(), re.S)
    (source,) = (one for one in snippets if one.startswith(f"# {file}\n"))
    found: dict[str, Any] = {}
    exec(source, found)
    return found


def test_the_aggregator_of_the_documents_works() -> None:
    decision = pasted("mine.py")["small_blocks"](election(None, "3", "4", "4"))
    assert decision.answer == "3", "8 blocks of 8 against 4 of 16 and 2 of 32"


def test_what_an_aggregator_sees_is_in_the_documents() -> None:
    rows = re.findall(r"^\| (\*\*)?`(\w+)`", (ROOT / "docs" / "adding.md").read_text(), re.M)
    listed: dict[str, list[str]] = {}
    for bold, name in rows:
        if bold:
            listed[name] = []
        else:
            listed[list(listed)[-1]].append(name)
    kinds = (votes.Election, votes.Candidate, votes.Vote)
    fields = {kind.__name__: [field.name for field in dataclasses.fields(kind)] for kind in kinds}
    assert listed == fields, "in the order of the fields"


def test_every_aggregator_is_in_the_documents() -> None:
    for name in aggregators.AGGREGATORS:
        assert f"`{name}`" in ALL, name


def test_every_page_is_in_the_navigation() -> None:
    listed = (ROOT / "mkdocs.yml").read_text()
    for page in PAGES:
        assert f": {page.name}\n" in listed, page.name


def test_the_remasking_rule_of_the_documents_works() -> None:
    probs = torch.tensor([[0.8, 0.1, 0.1], [0.4, 0.3, 0.3]])
    certainty = pasted("gap.py")["top_gap"](probs, probs.argmax(1), torch.zeros(2))
    assert certainty[0] > certainty[1]


DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    *(f"docs/{page.name}" for page in PAGES),
    "recipes/README.md",
    "recipes/tiny/README.md",
    "recipes/tiny/RESULTS.md",
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_file_names_in_the_documents_exist(name: str) -> None:
    document = ROOT / name
    text = document.read_text()
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (document.parent / target).exists(), target
    for target in re.findall(r"`((?:hexcli|recipes|tests)/[\w/.-]+)`", text):
        assert (ROOT / target).exists(), target


def test_the_house_fits_on_one_screen() -> None:
    wings, rest = (ROOT / "ARCHITECTURE.md").read_text().split("## Words")
    assert len(wings.splitlines()) <= 65, "the picture, the table of wings and a prompt's walk"
    assert len(rest.splitlines()) <= 50, "words, invariants, how to add things"
