"""A headless Chromium, where the machine has one (Debian: apt-get install chromium), driven over DevTools."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from hexcli.insight.findings import Findings
from hexcli.report.page.document import document

OUTSIDE = re.compile(r"(?!file:|blob:)")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; they are skipped where there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"no {NAMES[0]} on this machine: the report is not opened (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


Show = Callable[..., Page]


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[Show]:
    """A function that opens a report of the runs it is given, and waits until it is whole.

    Nothing may go wrong in the page meanwhile: no error, no refused script, no request to anywhere.
    """
    wrong: list[str] = []
    contexts = []

    def opened(*runs: Findings, width: int = 1280, before: str = "", **options: Any) -> Page:
        file = tmp_path / "report.html"
        file.write_text("".join(document(runs, created="today")), encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if OUTSIDE.match(request.url) else None)
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        if before:
            page.add_init_script(before)
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")  # draws what is not near the screen yet
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
