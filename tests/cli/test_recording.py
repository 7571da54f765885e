"""`hex decode --live` and `--record`, `hex show --record`: on the embedded model."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from hexcli.cli.main import run


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_prompt_is_recorded_as_it_was_decoded_and_again_from_the_cache(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one.svg", "two.svg"):
        assert run(["decode", "2 + 3 = ?", "-s", "8,32", "--gen-length", "32", "--record", name]) == 0
        assert f"in {name}" in capsys.readouterr().err
    assert Path("one.svg").read_bytes() == Path("two.svg").read_bytes()
    texts = [node.text for node in ElementTree.parse("one.svg").iter("{http://www.w3.org/2000/svg}text")]
    assert {"2 + 3 = ?", "block 8", "block 32"} <= set(texts)


def test_without_a_terminal_live_is_plain_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "-s", "32", "-n", "1", "--gen-length", "32", "-o", "runs/r", "--live"]) == 0
    assert "decoding 1 generation," in capsys.readouterr().err
    assert run(["show", "runs/r", "0", "--record", "r.html"]) == 0
    assert "<svg" in Path("r.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["decode", "hi", "--record", "r.mp4"], "--record writes .svg, .gif, .html, not 'r.mp4'"),
        (["decode", "hi", "--record", ".svg"], "not '.svg': --record decoding.svg"),
        (["decode", "hi", "--record", "r"], "not 'r': --record r.svg"),
        (["decode", "hi", "--record", "."], "is a folder: name a file in it, --record decoding.svg"),
        (["decode", "hi", "--record", "none/r.svg"], "no folder 'none' to record into"),
        (["decode", "hi", "--live", "--colour", "red"], "unknown colour 'red'"),
        (["show", "runs/r", "--record", "r.svg"], "--record keeps one problem: name it"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_decoded(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert says in capsys.readouterr().err
    assert not Path("r.svg").exists()
