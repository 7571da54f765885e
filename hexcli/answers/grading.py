"""By one import, all that the tasks share of reading answers: where they stand, and what they name."""

from hexcli.answers.boxes import boxed
from hexcli.answers.extraction import answer_tag, claim, conclusion, only_line, stated
from hexcli.answers.formulas import bare_formula, formula, solution, stated_formula
from hexcli.answers.latex import latex
from hexcli.answers.letters import LETTERS, choice, letter, only_choice
from hexcli.answers.number import number
from hexcli.answers.response import response_text

__all__ = [
    "LETTERS", "answer_tag", "bare_formula", "boxed", "choice", "claim", "conclusion", "formula", "latex", "letter",
    "number", "only_choice", "only_line", "response_text", "solution", "stated", "stated_formula",
]  # fmt: skip
