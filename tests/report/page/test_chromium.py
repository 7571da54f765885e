"""The report in a browser: it draws, filters, replays, downloads, prints; and nothing a model wrote can run."""

import csv
import io
import itertools
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.report.page.conftest import Show
from tests.report.page.runs import HOSTILE, LABELS, hostile, without_tokens, worked


def colours(page: Page, **options: object) -> int:
    """How many colours a screenshot has."""
    picture = Image.open(io.BytesIO(page.screenshot(**options))).convert("RGB")  # type: ignore[arg-type]
    found = picture.getcolors(maxcolors=1 << 24)
    assert found is not None
    return len(found)


def drawn(page: Page) -> list[str]:
    """The names of the figures that have a plot with marks in it."""
    return page.eval_on_selector_all(  # type: ignore[no-any-return]
        "figure[data-draw]",
        "all => all.filter(one => one.querySelector('.plot svg :is(circle, path, rect)')).map(one => one.dataset.draw)",
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_draws_every_figure_and_fits_the_screen(show: Show, scheme: str, width: int) -> None:
    page = show(worked(), width=width, color_scheme=scheme)
    assert len(drawn(page)) == 11
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert colours(page) > 50 and colours(page, full_page=True) > 200
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    dark = sum(int(part) for part in background.strip("rgb()").split(",")) < 3 * 128
    assert dark == (scheme == "dark")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != background


def test_several_runs_stand_side_by_side(show: Show) -> None:
    page = show(worked(), worked(8, name="fewer", model="another"))
    assert len(drawn(page)) == 12
    expect(page.locator("#figure-compared")).to_contain_text("8 common problems")
    assert page.locator("#figure-commits .panel h4").all_inner_texts() == ["worked", "fewer"]
    page.select_option("select.run", label="fewer")
    expect(page.locator(".detail h3")).to_contain_text("in fewer")
    expect(page.locator(".found")).to_have_text("8 problems")


def test_filters_search_and_pages_narrow_the_list(show: Show) -> None:
    page = show(worked())
    found = page.locator(".found")
    expect(found).to_have_text("12 problems")
    page.click("button[data-kind=agree]")
    expect(found).to_have_text("4 of 12 problems")
    page.click("button[data-kind=no-vote-right]")
    expect(found).to_have_text("2 of 12 problems")
    page.click("button[data-kind=agree]")
    page.click("button[data-kind=no-vote-right]")
    page.fill("input[type=search]", "question 11")
    expect(found).to_have_text("1 of 12 problems")
    page.fill("input[type=search]", "boxed{9}")
    expect(found).to_have_text("0 of 12 problems")
    page.check("input.inside")
    expect(found).to_have_text("2 of 12 problems")
    page.fill("input[type=search]", "")
    page.select_option("select.category", "odd")
    expect(found).to_have_text("6 of 12 problems")
    page.locator(".list a").first.click()
    expect(page.locator(".detail h3")).to_have_text("p1")
    page.click(".next")
    expect(page.locator(".detail h3")).to_have_text("p11")


def test_a_problem_shows_every_text_with_its_answer_class_weight_and_grade(show: Show) -> None:
    page = show(worked())
    page.click(".list >> text=p2")
    votes = page.locator(".vote")
    expect(votes).to_have_count(6)
    assert page.locator(".vote mark").all_inner_texts() == ["7", "8", "8", "8", "8", "8"]
    first = votes.first
    expect(first).to_contain_text("block 8")
    expect(first.locator(".chip")).to_have_text("α")
    expect(first.locator(".grade")).to_have_text("✓ right")
    expect(first.locator("footer")).to_contain_text("weighs 1 · confidence 1 · reliability")
    expect(first.locator("footer")).to_contain_text("answer at step ")
    said = " ".join(page.locator(".candidates").inner_text().split())
    assert said == "α 7 ✓ right 1 of 6 votes β 8 ✗ wrong 5 of 6 votes · wins"


def test_texts_can_be_narrowed_to_a_schedule_each_or_to_a_class(show: Show) -> None:
    page = show(worked())
    page.click(".list >> text=p2")
    shown = page.locator(".vote:visible")
    expect(shown).to_have_count(6)
    page.click("text=one a schedule")
    expect(shown).to_have_count(3)
    page.click(".showing >> text=α: 7")
    expect(shown).to_have_count(1)
    page.click(".showing >> text=all 6")
    expect(shown).to_have_count(6)


def test_the_slider_replays_every_canvas_step_by_step(show: Show) -> None:
    page = show(worked())
    masked = page.locator(".vote .masked")
    slider = page.locator("#step")
    expect(masked).to_have_count(0)
    page.evaluate("step => { step.value = 0; step.dispatchEvent(new Event('input')) }", slider.element_handle())
    tokens = page.locator(".vote .canvas > :is(span, mark)").count() - page.locator(".vote .tail").count()
    expect(masked).to_have_count(tokens)
    counts = []
    for _ in range(6):
        slider.press("ArrowRight")
        counts.append(masked.count())
    assert counts == sorted(counts, reverse=True) and len(set(counts)) > 3
    assert "step 6 of 32" in str(slider.get_attribute("aria-valuetext"))
    page.evaluate("step => { step.value = 26; step.dispatchEvent(new Event('input')) }", slider.element_handle())
    page.click(".replay button")
    expect(page.locator(".replay output")).to_have_text("all 32 steps", timeout=20_000)
    expect(masked).to_have_count(0)


def test_links_to_flips_open_the_problem(show: Show) -> None:
    page = show(worked())
    page.locator("#figure-flips summary").first.click()
    link = page.locator("#figure-flips details[open] a").first
    name = link.inner_text()
    link.click()
    expect(page.locator(".detail h3")).to_have_text(name)
    assert page.locator(".list a[aria-current=true]").count() == 1


def test_every_figure_has_its_table_and_its_download(show: Show, tmp_path: Path) -> None:
    page = show(worked())
    for details in page.locator("details.data").all():
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        expect(details.locator("tbody tr").first).to_be_attached()
        assert details.locator("caption").count() == 1
    names = page.eval_on_selector_all("button[data-csv]", "all => all.map(one => one.dataset.csv)")
    for name in names:
        rows = list(csv.reader(io.StringIO(page.evaluate(f"Hex.csv('{name}')"), newline="")))
        assert len(rows) > 1 and {len(row) for row in rows} == {len(rows[0])}, name
    with page.expect_download() as waiting:
        page.locator("button[data-csv=commits]").click()
    assert waiting.value.suggested_filename == "commits.csv"
    waiting.value.save_as(tmp_path / "commits.csv")
    assert (tmp_path / "commits.csv").read_text(encoding="utf-8").startswith("run,schedule,position,")


def test_hostile_texts_stay_texts(show: Show) -> None:
    page = show(hostile())
    for number in range(3):
        page.click(f".list >> text=p{number}")
        expect(page.locator(".detail h3")).to_have_text(f"p{number}")
    assert page.evaluate("window.hacked") is None
    assert page.locator(".detail :is(script, img, iframe, a[href^=javascript]), .list :is(script, img)").count() == 0
    assert page.locator(".vote svg:not(.strip)").count() == 0
    text = page.locator(".vote .text").first.inner_text()
    assert "<script>window.hacked = 1</script><img src=x onerror=" in text and "{{ 7 * 7 }}" in text
    assert "\\u202eright to left\\u202c" in text and "\\x1b[31mred" in text and "\U0001f642" in text
    assert not set("\u202e\u202c\u2066\x1b\x07\x00") & set(page.inner_text("body"))
    assert HOSTILE not in page.content()


def test_a_line_of_a_megabyte_is_shown_in_part(show: Show) -> None:
    page = show(hostile())
    page.click(".list >> text=p3")
    expect(page.locator(".vote button")).to_have_text("… show all 1,000,009 characters")
    assert page.evaluate("document.querySelector('.vote .text').textContent.length") < 21_000
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_run_without_tokens_says_what_is_not_known(show: Show) -> None:
    page = show(without_tokens())
    expect(page.locator("#figure-commits .nothing")).to_have_text("Not known: these generations have no tokens.")
    expect(page.locator(".detail")).to_contain_text("No replay: these generations have no tokens.")
    assert page.locator(".vote mark").count() == 3


def test_an_old_browser_opens_the_texts_too(show: Show) -> None:
    page = show(worked(), before="delete globalThis.DecompressionStream")
    assert page.locator(".vote").count() == 6
    same = """async () => {
        const bytes = new Uint8Array(300000).map((_, i) => (i * i * 31) >> (i % 7));
        const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
        const opened = Hex.inflate(new Uint8Array(await new Response(stream).arrayBuffer()));
        return opened.length === bytes.length && opened.every((byte, i) => byte === bytes[i]);
    }"""
    assert page.evaluate(same)


def test_it_can_be_used_by_keyboard_and_read_aloud(show: Show) -> None:
    page = show(worked())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, a[href], input, select, summary')].filter(one => one.offsetParent && "
        "!(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length)).length"
    )
    assert unnamed == 0
    levels = page.eval_on_selector_all("main :is(h1, h2, h3, h4, h5)", "all => all.map(one => +one.tagName[1])")
    assert levels[0] == 1 and all(after <= before + 2 for before, after in itertools.pairwise(levels))
    silent = page.eval_on_selector_all(
        ".plot svg[role=img]", "all => all.filter(one => !one.getAttribute('aria-label')).length"
    )
    assert silent == 0 and page.locator(".plot svg[role=img]").count() >= 12
    page.locator(".list a").nth(0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".detail h3")).to_be_focused()


def test_motion_is_left_out_where_it_is_not_wanted(show: Show) -> None:
    page = show(worked(), reduced_motion="reduce")
    moving = (
        "[...document.querySelectorAll('.text > *')].some(one => getComputedStyle(one).transitionDuration !== '0s')"
    )
    assert not page.evaluate(moving)


def test_it_prints_without_its_controls(show: Show) -> None:
    page = show(worked())
    page.emulate_media(media="print")
    assert not page.locator("nav, .filters, .replay, .list").filter(visible=True).count()
    assert page.locator(".vote .text").first.is_visible() and len(drawn(page)) == 11
    assert len(LABELS) == page.locator("#figure-commits h5").count()
