"""The examples of docs/importing.md, own-tasks.md and prompts.md: their files are written, their commands run."""

import re
import shlex
from pathlib import Path

import pytest

from hexcli.cli.main import run

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("name", "commands"), [("importing.md", 5), ("own-tasks.md", 2), ("prompts.md", 11)])
def test_the_examples_run(
    name: str, commands: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (DOCS / name).read_text(encoding="utf-8")
    for file, content in re.findall(r"^`([\w.-]+)`:\n\n```\w+\n(.*?)```", text, re.S | re.M):
        Path(file).write_text(content, encoding="utf-8")
    lines = re.findall(r"^\$ hex (.*)", text, re.M)
    assert len(lines) == commands
    for line in lines:
        assert run(shlex.split(line)) == 0, f"{line}\n{capsys.readouterr().err}"


def test_links_in_the_documents_exist() -> None:
    for name in ("importing.md", "own-tasks.md", "prompts.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", (DOCS / name).read_text(encoding="utf-8")):
            assert (DOCS / target).exists(), target
