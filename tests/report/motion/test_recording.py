"""A finished problem played again."""

import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.insight.inspection import inspect
from hexcli.report.motion.files import check_name, record
from hexcli.report.motion.frames import MOST_LINES, chain
from hexcli.report.motion.svg import svg
from tests.report.motion.generations import PIECES, made
from tests.scoring.runs import counted, generation

HOSTILE = ("<script>alert(1)</script>", "</svg>", "</pre>", '" onload="x', "\x1b[31m", "\u202e", "&amp;")


def inspection(*pieces: str):
    (found,) = inspect(counted(*(made("a", label, pieces=pieces or PIECES) for label in ("4", "8"))), ["majority"])
    return found


def test_every_token_stands_where_its_text_is_and_comes_at_its_step() -> None:
    one = chain(made("a", "4"), "4", "17", True, columns=12)
    lines: dict[int, str] = {}
    for piece in one.pieces:
        assert len(lines.get(piece.line, "")) == piece.column
        lines[piece.line] = lines.get(piece.line, "") + piece.text
    assert list(lines.values()) == ["Tom has 12", "+ 5 = 17.", "\\boxed{17}"]
    assert (one.steps, one.lines, one.cut) == (7, 3, False)
    assert {piece.text: piece.step for piece in one.pieces}["box"] == 4


@given(st.lists(st.text("ab \n", min_size=1, max_size=9), min_size=1, max_size=30), st.integers(3, 20))
def test_no_line_is_too_long_and_no_letter_is_lost(pieces: list[str], columns: int) -> None:
    one = chain(made("a", "4", pieces=tuple(pieces)), "4", None, None, columns=columns)
    assert all(piece.column + len(piece.text) <= columns for piece in one.pieces)
    if not one.cut:
        letters = "".join(piece.text for piece in one.pieces).replace(" ", "")
        assert letters == "".join(pieces).replace(" ", "").replace("\n", "")


def test_a_long_text_is_cut() -> None:
    one = chain(made("a", "4", pieces=("x\n",) * 32), "4", None, None)
    assert one.cut and one.lines == MOST_LINES


def test_the_picture_is_whole_xml_and_switches_every_token_on_and_its_mask_off() -> None:
    one = chain(made("a", "4"), "4", "17", True)
    root = ElementTree.fromstring(svg("a title", [one, one], "majority: 17"))
    values = [node.get("values") for node in root.iter("{http://www.w3.org/2000/svg}animate")]
    tokens = 2 * len(one.pieces)
    assert (values.count("1;0"), values.count("0;1")) == (tokens, tokens + 3), "and two votes, and the verdict"


class Markup(HTMLParser):
    """The tags and attributes of a document, and its text."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("suffix", [".svg", ".html"])
def test_no_text_of_a_model_becomes_markup(tmp_path: Path, suffix: str) -> None:
    record(tmp_path / f"plain{suffix}", inspection())
    record(tmp_path / f"hostile{suffix}", inspection(*HOSTILE))
    plain, hostile = (Markup((tmp_path / f"{name}{suffix}").read_text()) for name in ("plain", "hostile"))
    assert hostile.tags == plain.tags and hostile.attributes == plain.attributes
    assert "<script>alert(1)</script>" in hostile.text and "\\x1b[31m" in hostile.text
    assert not {"\x1b", "\u202e"} & set(hostile.text)


def test_a_gif_has_a_frame_for_every_step(tmp_path: Path) -> None:
    from PIL import Image

    record(tmp_path / "r.gif", inspection())
    with Image.open(tmp_path / "r.gif") as image:
        assert image.n_frames == 7 + 1  # type: ignore[attr-defined]


def test_what_cannot_be_recorded_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"writes .svg, .gif, .html, not 'r.mp4'"):
        check_name(tmp_path / "r.mp4")
    with pytest.raises(UsageError, match="no folder"):
        check_name(tmp_path / "none" / "r.svg")
    elsewhere = generation(1, "4", "7", token_ids=(), commit_step=(), commit_confidence=())
    (found,) = inspect(counted(elsewhere), ["majority"])
    with pytest.raises(UsageError, match="does not tell when its tokens came"):
        record(tmp_path / "r.svg", found)
