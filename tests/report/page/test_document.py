"""The file: whole, self-contained, and nothing in it can run but its own scripts."""

import base64
import dataclasses
import hashlib
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.main import get_command

from hexcli.cli.main import app
from hexcli.insight.findings import Findings
from hexcli.recipe.recipe import Recipe
from hexcli.report.page.chunks import chunks, pack
from hexcli.report.page.document import SCRIPTS, asset, document, embedded, names
from hexcli.report.page.figures import figures
from hexcli.report.page.problems import packed, packed_signed
from hexcli.report.page.provenance import command
from hexcli.runs.asked import Asked
from hexcli.runs.counting import count
from hexcli.runs.sources import Source
from tests.report.page.runs import HOSTILE, decoded, hostile, without_tokens, worked
from tests.scoring.runs import run

CREATED = "2026-01-02 03:04 UTC"


class Page(HTMLParser):
    """What a browser would find: script elements by kind, links, handlers, ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            about, text = self.scripts[-1]
            self.scripts[-1] = (about, text + data)
        else:
            self.words.append(data)

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.words).split())

    def unpacked(self, prefix: str) -> list[Any]:
        """The packed values whose ids begin so."""
        found = [text for about, text in self.scripts if (about.get("id") or "").startswith(prefix)]
        return [json.loads(zlib.decompress(base64.b64decode(text))) for text in found]


def page(*runs: Findings) -> Page:
    return Page("".join(document(runs, created=CREATED)))


@pytest.fixture(scope="module")
def made() -> Page:
    return page(worked())


def test_only_our_scripts_run_and_the_policy_names_each(made: Page) -> None:
    run = [text for about, text in made.scripts if "type" not in about]
    assert run == [asset(name) for name in SCRIPTS]
    policy = next(value for _, name, value in made.attributes if name == "content" and "script-src" in (value or ""))
    hashes = re.findall(r"'sha256-([^']+)'", policy or "")
    assert hashes == [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in run]
    assert (policy or "").startswith("default-src 'none'; script-src 'sha256-") and "script-src 'unsafe" not in policy


def test_it_loads_nothing(made: Page) -> None:
    linked = {value for _, name, value in made.attributes if name in ("src", "href", "action", "data", "srcset")}
    assert all((value or "").startswith("#") for value in linked)
    assert not [name for _, name, _ in made.attributes if name.startswith("on")]
    assert "@import" not in asset("assets/report.css") and "url(" not in asset("assets/report.css")


def test_what_it_has_of_other_projects_is_as_published_and_comes_with_its_licences() -> None:
    expected = {
        "vendor/d3.min.js": "d3js.org v7.9.2",
        "vendor/plot.min.js": "@observablehq/plot v0.6.17",
    }
    for name, said in expected.items():
        assert said in asset(name)[:200]
    assert "Mike Bostock" in asset("vendor/LICENSES") and "Observable, Inc." in asset("vendor/LICENSES")


def test_no_script_makes_html_of_a_text() -> None:
    ways = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\beval\b|srcdoc"
    for name in SCRIPTS:
        if name.startswith("assets/"):
            assert not re.search(ways, asset(name)), name


def test_nothing_hostile_is_in_the_html_but_as_text() -> None:
    found = page(hostile())
    assert [about for about, _ in found.scripts if "type" not in about] == [{}] * len(SCRIPTS)
    assert not [tag for tag, name, _ in found.attributes if name.startswith("on") or tag in ("img", "svg")]
    assert "<script>window.hacked = 9</script>\\u202e" in found.said, (
        "names are shown, what turns them around spelled out"
    )
    assert "\u202e" not in found.text and "\u2028" not in found.text
    (problems,) = found.unpacked("texts-0")[:1]
    assert problems[0]["votes"][0]["text"] == HOSTILE, "and what a model wrote is kept letter for letter"


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_embedded_json_cannot_leave_its_element(value: Any) -> None:
    text = embedded(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@given(st.lists(st.integers(-2, 70000)))
def test_packed_numbers_need_no_escape(values: list[int]) -> None:
    found = packed(values)
    if isinstance(found, str):
        assert [ord(letter) - 93 for letter in found] == values
        assert json.dumps(found, ensure_ascii=False) == f'"{found}"' and max(found, default="") < "\ud800"
    else:
        assert found == values and not all(0 <= value <= 50000 for value in values)


@given(st.lists(st.integers(-300, 300) | st.integers(-30000, 30000)))
def test_packed_signed_numbers_are_folded_over(values: list[int]) -> None:
    found = packed_signed(values)
    codes = [ord(one) - 93 if isinstance(one, str) else one for one in found]
    assert [-(code + 1) // 2 if code % 2 else code // 2 for code in codes] == values
    assert isinstance(found, str) or max(map(abs, values)) >= 25000


def test_texts_are_packed_in_chunks_that_the_list_names() -> None:
    long = [decoded(number, "8", "7", text="y" * 150_000 + "\\boxed{7}") for number in range(6)]
    found = page(Findings(count(run(*long)), ["majority"]))
    (lines,) = found.unpacked("list-0")
    parts = found.unpacked("texts-0-")
    assert len(parts) > 1
    for line in lines:
        assert line["id"] in [problem["id"] for problem in parts[line["chunk"]]]


def test_chunks_lose_nothing_and_keep_their_order() -> None:
    problems = [{"id": str(n), "question": "q", "votes": [{"text": "t" * 300_000}]} for n in range(5)]
    found = list(chunks(problems))
    assert [ids for ids, _ in found] == [["0"], ["1"], ["2"], ["3"], ["4"]]
    assert list(chunks([])) == [] and json.loads(zlib.decompress(base64.b64decode(pack({"ü": "\u2028"})))) == {
        "ü": "\u2028"
    }


def test_a_vote_is_told_in_utf16_units_as_the_page_counts() -> None:
    made = decoded(1, "8", "7", text="\U0001f642 is \\boxed{7}")
    (problem,) = page(Findings(count(run(made)), ["majority"])).unpacked("texts-0")[0]
    (vote,) = problem["votes"]
    units = vote["text"].encode("utf-16-le")
    start, stop = vote["span"]
    assert units[2 * start : 2 * stop].decode("utf-16-le") == "7"
    assert ord(vote["tokens"]["ends"][0]) - 93 == 3, "two characters, three units"


def test_every_figure_has_its_data_and_rows_fit_their_columns() -> None:
    found = figures(names([worked(), worked(name="other", recipe={"task": "sums"})]))
    assert len({figure.id for figure in found}) == len(found) == 12
    for figure in found:
        assert figure.rows, figure.id
        assert {len(row) for row in figure.rows} == {len(figure.columns)}, figure.id
        assert len({key for key, _, _ in figure.columns}) == len(figure.columns), figure.id
        assert {form for _, _, form in figure.columns} <= {"text", "share", "points", "count", "number", "p"}
    template = asset("assets/report.html.j2")
    assert {figure.id for figure in found} == set(re.findall(r'figure\("(\w+)", "\w+"', template))
    drawn = set(re.findall(r'figure\("\w+", "(\w+)"', template))
    assert drawn == set(re.findall(r'Hex\.draws\("(\w+)"', "".join(map(asset, SCRIPTS))))


def test_published_points_stand_beside_runs_of_their_task_only() -> None:
    costs = {figure.id: figure for figure in figures(names([worked(task="gsm8k")]))}["costs"]
    sources = {row[-1] for row in costs.rows if row[2] == "published"}
    assert sources == {"arXiv 2510.05040", "arXiv 2602.12153", "arXiv 2602.01842"}
    costs = {figure.id: figure for figure in figures(names([worked()]))}["costs"]
    assert not [row for row in costs.rows if row[2] == "published"]


def test_a_run_without_tokens_says_so_and_shows_the_rest() -> None:
    found = page(without_tokens())
    assert "It has no tokens (made elsewhere)" in found.said and "Generations made elsewhere" in found.said
    data = json.loads(next(text for about, text in found.scripts if about.get("id") == "report-data"))
    rows = {figure["id"]: figure["rows"] for figure in data["figures"]}
    assert rows["commits"] == rows["settled"] == [] and rows["accuracy"] and rows["pairs"]
    assert all(problem["votes"][0]["tokens"] is None for problem in found.unpacked("texts-0")[0])


def test_a_run_without_targets_is_reported_by_its_votes() -> None:
    found = page(without_tokens(target=None))
    assert "No problem has a target" in found.said and "agree with the majority" in found.said
    (lines,) = found.unpacked("list-0")
    assert {line["right"] for line in lines} == {None}


def test_an_unfinished_run_is_marked() -> None:
    made = [decoded(1, "8", "7"), decoded(2, "8", "7")]
    found = page(Findings(count(run(*made, expected=5)), ["majority"]))
    assert "Unfinished: 2 of 5 generations" in found.said


def test_a_run_that_stopped_where_decided_is_marked_partial() -> None:
    asked = {"certainty": 1, "not_needed": 3}
    found = worked(until_decided=asked)
    assert "Stopped where decided: 3 votes not cast" in page(found).said
    accuracy = figures(names([found]))[0]
    assert ("aggregator", "reliability", "partial") in {(row[1], row[2], row[-1]) for row in accuracy.rows}
    assert ("aggregator", "majority", "") in {(row[1], row[2], row[-1]) for row in accuracy.rows}


def test_runs_of_one_name_are_called_by_their_folders() -> None:
    one, other = worked(name="a"), worked(name="a")
    assert list(names([one])) == ["a"]
    assert list(names([one, without_tokens()])) == ["a", "imported"]
    other.counted = dataclasses.replace(other.counted, run=dataclasses.replace(other.counted.run, path=Path("more/a")))
    assert list(names([one, other])) == ["runs/a", "more/a"]


def test_the_command_decodes_the_run_again() -> None:
    recipe = {
        "task": "gsm8k", "model": "org/name", "schedules": ["8", "48+16"], "temperature": 0.9, "samples": 5, "seed": 0,
        "limit": "0-9", "steps": None, "dtype": "auto", "model_args": {"adapter": "a b", "cuda_graphs": False},
    }  # fmt: skip
    found = worked(recipe=recipe, until_decided={"certainty": 1, "not_needed": 0}).counted.run
    assert command(found) == (
        "hex decode --schedules 8,48+16 --task gsm8k --model org/name --temperature 0.9 --samples 5 --limit 0-9 "
        "-M 'adapter=a b' -M cuda_graphs=false --until-decided"
    )
    assert command(without_tokens().counted.run) is None


def test_the_command_says_whatever_a_recipe_can_ask_for() -> None:
    decode = get_command(app).commands["decode"]  # type: ignore[attr-defined]
    options = {option for parameter in decode.params for option in parameter.opts}
    values: dict[str, Any] = {"full_canvas": True, "sampler": "dream", "prompt_refresh": 2, "suppress_tokens": [5, 7]}
    recipe = {each.name: None for each in dataclasses.fields(Recipe)} | {"schedules": ["8"], "task": "sums", **values}
    said = command(worked(recipe=recipe).counted.run)
    assert said == (
        "hex decode --schedules 8 --task sums --sampler dream --suppress-tokens 5,7 --full-canvas --prompt-refresh 2"
    )
    for name in {each.name for each in dataclasses.fields(Recipe)} - {"prompts", "model_args"}:
        assert f"--{name.replace('_', '-')}" in options, name


def test_own_prompts_several_recipes_and_joint_runs_have_their_commands() -> None:
    recipe = {"task": "prompt", "model": "tiny", "schedules": ["8"], "samples": 1}
    questions = ({"id": "a", "question": "2+3?"}, {"id": "b", "question": "it's $x"})
    own = worked(recipe=recipe, recipes=(Asked(recipe=recipe, expected=2, problems=questions),)).counted.run
    assert command(own) == (
        "hex decode '2+3?' --schedules 8 --model tiny\nhex decode 'it'\"'\"'s $x' --schedules 8 --model tiny"
    )
    about: dict[str, Any] = {"sha256": "", "bytes": 0, "rows": 0, "model": "", "model_identity": "", "dtype": ""}
    sources = tuple(Source(path=f"../{name}", name=name, **about) for name in ("a", "b"))
    joint = worked(recipe={"import": "joint"}, sources=sources).counted.run
    assert command(joint) == f"hex vote {joint.path.parent}/a {joint.path.parent}/b --together -o {joint.path}"


def test_without_targets_schedules_agree_and_none_is_wrong() -> None:
    made = [decoded(number, label, "7", target=None) for number in range(3) for label in ("8", "16")]
    found = {one.id: one for one in figures({"bare": Findings(count(run(*made)), ["majority"])})}["pairs"]
    columns = [key for key, _, _ in found.columns]
    assert [dict(zip(columns, row, strict=True))["agree"] for row in found.rows] == [1.0, 1.0]
    assert {dict(zip(columns, row, strict=True))["agree_wrong"] for row in found.rows} == {None}
