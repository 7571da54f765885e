"""Numbers in the tables of axes, and in all others."""

from pathlib import Path
from typing import Any

import hexcli
from hexcli.report.axes import correlation, notes, verdict, versus
from hexcli.scoring.axes import axes_frame
from tests.scoring.runs import counted, generation


def test_nothing_is_no_negative_number() -> None:
    met = {"difference": -1e-9, "ci95": [-1e-6, 0.02], "p_holm": 1.0}
    assert versus(met) == ("+0.0 (+0.0 to +2.0)", "1.000")
    assert correlation(-0.001) == "0.00"


def test_no_number_with_a_sign_is_printed_without_saying_so() -> None:
    """`+z.1f` is `+.1f` but for -0.0."""
    files = sorted(Path(hexcli.__file__).parent.rglob("*.py"))
    assert [file.name for file in files if ":+." in file.read_text(encoding="utf-8")] == []


def row(axis: str, difference: float | None, p_holm: float = 1.0) -> dict[str, Any]:
    met = {"over_mean": {"difference": difference, "p_holm": p_holm}}
    gain = None if difference is None else {"equal_votes": met, "equal_nfe": met}
    return {"axis": axis, "following": [], "fixed": gain, "together": None}


def test_voters_that_no_correlation_is_of_are_told() -> None:
    """Block 8 is always right, 16 and 32 by turns."""
    right = {"8": range(8), "16": (0, 2, 4, 6), "32": (0, 1, 4, 5)}
    found = [
        generation(problem, block, "7" if problem in good else "1", seed=seed)
        for problem in range(8)
        for block, good in right.items()
        for seed in range(3)
    ]
    frame = axes_frame(counted(*found))
    assert "block_length, sample: no correlation of 1 of 3 voters: right on all problems or on none" in notes(frame)


def test_a_line_answers_which_axis_pays() -> None:
    sure = [row("block_length", 0.083, 0.01), row("temperature", 0.02), row("all", 0.09, 0.02), row("prompt", None)]
    assert verdict({"rows": sure, "untold": {"model": "why"}}) == [
        "which axis pays: block_length +8.3, all together +9.0 points over votes of one value; not beyond chance: "
        "temperature; cannot be told: prompt, model"
    ]
    assert verdict({"rows": [row("block_length", 0.01), row("steps", -0.2, 0.01)], "untold": {}}) == [
        "which axis pays: none beyond chance (most: block_length +1.0 points over votes of one value, Holm p 1.000)"
    ]
    assert verdict({"rows": [row("prompt", None)], "untold": {}}) == [
        "which axis pays: cannot be told of prompt; why: below"
    ]
    assert verdict({"rows": [], "untold": {}}) == []
