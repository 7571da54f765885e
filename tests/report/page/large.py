"""A run as large as the paper's (1,319 problems, 25 votes, canvases of 256) from real rows of a small one.

To measure a report of that size, and no test: `python -m tests.report.page.large RUN OUT`, `hex report OUT`, then
`python -m tests.report.page.large report.html --open`. Each large row is several rows of one schedule and seed behind
each other, so that its texts, tokens and commit steps are real.
"""

import argparse
import dataclasses
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hexcli.json_file import write_json, write_jsonl
from hexcli.records import Generation, Response
from hexcli.runs.reading import Run
from hexcli.runs.row import row_of
from hexcli.runs.rows import GENERATIONS, MANIFEST


def joined(rows: Sequence[Generation], problem: str) -> Generation:
    """The rows as one on a longer canvas; the answer is that of the last."""
    responses, schedule = [row.response for row in rows], rows[0].schedule
    tokens: list[tuple[int, int, float]] = []  # (id, step, confidence) of those that spell the text
    behind: list[tuple[int, int, float]] = []  # of the others, which go behind it
    ends: list[int] = []
    base = at = 0
    for row in rows:
        own = row.response
        steps = [step if step < 0 else step + base for step in own.commit_step]
        canvas = list(zip(own.token_ids, steps, own.commit_confidence, strict=True))
        said = len(row.token_ends or ())
        tokens, behind = tokens + canvas[:said], behind + canvas[said:]
        ends += [at + end for end in row.token_ends or ()]
        at, base = at + len(own.text), base + max(own.commit_step) + 1
    ids, all_steps, confidences = zip(*tokens, *behind, strict=True)
    longer = dataclasses.replace(
        schedule, blocks=schedule.blocks * len(rows), gen_length=schedule.gen_length * len(rows),
        steps=schedule.steps * len(rows),
    )  # fmt: skip
    response = Response(
        text="".join(response.text for response in responses),
        token_ids=ids,
        commit_step=all_steps,
        commit_confidence=confidences,
        first_step_logprob=responses[-1].first_step_logprob,
        nfe=sum(response.nfe for response in responses),
        tokens_computed=sum(response.tokens_computed for response in responses),
        seconds=sum(response.seconds for response in responses),
        device="cpu",
        batch_size=1,
    )
    return Generation(
        problem=dataclasses.replace(
            rows[-1].problem, id=problem, question=" ".join(row.problem.question for row in rows)
        ),
        prompt="".join(row.prompt for row in rows), schedule=longer, response=response, cached=False,
        token_ends=tuple(ends),
    )  # fmt: skip


def make(run: Run, out: Path, problems: int, join: int) -> None:
    """Write the large run folder."""
    by_voter: dict[object, list[Generation]] = {}
    for row in sorted(run.generations, key=lambda row: row.problem.id):
        by_voter.setdefault(row.schedule, []).append(row)
    out.mkdir(parents=True)
    # Other neighbours each time round, so that few large rows share more than a quarter of their text.
    places = [[(number * step + number // 60) % 60 for step in range(1, join + 1)] for number in range(problems)]
    rows = (
        row_of(joined([own[place % len(own)] for place in places[number]], f"large-{number:04}"))
        for number in range(problems)
        for own in by_voter.values()
    )
    write_jsonl(out / GENERATIONS, rows)
    count = problems * len(by_voter)
    about = dataclasses.replace(run.manifest, name=out.name, expected=count, generations=count)
    write_json(out / MANIFEST, about.to_dict())


def first_view(report: Path) -> None:
    """Print how long Chromium takes until the page has been painted, drawn and opened its first problem."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for _ in range(3):
            page = browser.new_page()
            began = time.monotonic()
            page.goto(report.resolve().as_uri(), wait_until="commit")
            page.wait_for_selector("html[data-ready]")
            whole = time.monotonic() - began
            painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
            print(f"first paint {painted / 1000:.2f} s, all drawn and the first problem open {whole:.2f} s")
            page.close()
        browser.close()


def main() -> None:
    """Make the run, or open a report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="run folder, or a report with --open")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--problems", type=int, default=1319)
    parser.add_argument("--join", type=int, default=4)
    parser.add_argument("--open", action="store_true")
    said = parser.parse_args()
    if said.open:
        first_view(said.run)
    else:
        make(Run.read(said.run, warn=lambda text: print(text, file=sys.stderr)), said.out, said.problems, said.join)


if __name__ == "__main__":
    main()
