"""Tables of real strings in tests/data/grading, and text as models garble it."""

import json
from pathlib import Path

from hypothesis import strategies as st

DATA = Path(__file__).parent / "data" / "grading"
NONE = "∅"

# Pieces of answers in any order, next to any text at all.
PIECES = r"""\boxed{ \fbox{ \boxed \text{ \frac \dfrac \sqrt \pi \left \right \circ \cdot \times \infty \cup \in \pm
    boxed { } \{ \} \( \) $ \$ \% % \! \, ( ) [ ] , . / = < > \le ^ _ - + ! ... <answer> </answer> 1 2 10 000 0.5 .5 x
    k cm and or A B. C e i million sqrt( answer is"""
GARBLED = st.one_of(
    st.lists(st.sampled_from([*PIECES.split(), " ", "\n"]), max_size=24).map("".join), st.text(max_size=60)
)


def table(name: str) -> list[list[str]]:
    """The rows of a TSV file below its header, without the last column (why)."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    columns = lines[0].count("\t")
    return [(line.split("\t") + [""] * columns)[:columns] for line in lines[1:]]


def texts(name: str) -> list[tuple[str, str | None]]:
    """The texts of a JSONL file with what is expected of each."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [(row["text"], row["expected"]) for row in map(json.loads, lines)]
