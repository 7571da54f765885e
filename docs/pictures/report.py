"""The pictures of `hex report`, made anew from a run of the embedded model: `make pictures`."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
COMMAND = "decode --schedules 4,8,16,32,64 --samples 3 --temperature 0.9 --limit 60"
MOST = 300_000  # bytes of a picture
COLOURS = 192  # of a picture's palette: no eye tells it from the whole

# Name, width, height, colour scheme, and what to bring to the top of the screen (none: the page's own top).
VIEWS = (
    ("report-light", 1280, 900, "light", None),
    ("report-cost-dark", 1280, 900, "dark", "#figure-costs"),
    ("report-order-light", 1280, 620, "light", "#order"),
    ("report-problem-dark", 1280, 1240, "dark", "#browser"),
    ("report-phone-light", 390, 844, "light", "#figure-blocks"),
)


def main() -> None:
    """Decode, report, and take the pictures."""
    browser = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit("no Chromium on this machine: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HEX_CACHE_DIR": f"{folder}/cache"}
        for command in (f"{COMMAND} -o {folder}/sums-tiny", f"report {folder}/sums-tiny -o {folder}/report.html"):
            subprocess.run([sys.executable, "-m", "hexcli", *command.split()], check=True, env=environment)
        take(browser, Path(folder) / "report.html")


def take(browser: str, report: Path) -> None:
    """The pictures of one report, beside this file."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, width, height, scheme, top in VIEWS:
            page = chromium.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
                device_scale_factor=1.5 if width > 1000 else 2,
            )
            page.goto(report.as_uri())
            page.wait_for_selector("html[data-ready]")
            _arrange(page, top)
            _save(page, HERE / f"{name}.png")
            page.close()
        chromium.close()


def _arrange(page: Page, top: str | None) -> None:
    page.evaluate("dispatchEvent(new Event('beforeprint'))")  # draws every figure
    if top == "#browser":  # half way through a replay
        page.locator("button[data-kind=minority-right]").click()
        page.locator(".list a").first.click()
        page.evaluate(
            "step => { step.value = 9; step.dispatchEvent(new Event('input')) }", page.query_selector("#step")
        )
    if top is not None:
        page.evaluate("top => document.querySelector(top).scrollIntoView()", top)
    page.wait_for_timeout(400)


def _save(page: Page, path: Path) -> None:
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    if (size := path.stat().st_size) > MOST:
        sys.exit(f"{path} has {size} bytes: more than {MOST}")


if __name__ == "__main__":
    main()
