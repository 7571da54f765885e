r"""The wordings that a model is trained on, and what it answers to each.

plain      the question                                          Mia has 12 + 5 = 17. \boxed{17}
reasoning  ... Steps in <reasoning>, the number in <answer>.     <reasoning>Mia has 12 + 5 = 17.</reasoning>
                                                                 <answer>17</answer>
answer     ... Answer in \boxed{}.                               12 + 5 = 17. \boxed{17}

The response to `reasoning` begins behind its first tag, which is part of the prompt. `plain` is solved in either style,
`reasoning` in sentences and `answer` in equations: so that what is asked for otherwise is also solved otherwise.
"""

from typing import NamedTuple

LETTERED = "\nAnswer with one letter."  # the last line of a question with options, in the wording `plain`
PREFILL = {"reasoning": "<reasoning>"}
STYLES = {"reasoning": "sentences", "answer": "equations"}  # of the solution; `plain` has either


class Asked(NamedTuple):
    """A row of the data in words: the user's turn, the response, and what the response begins with already."""

    question: str
    response: str
    prefill: str = ""


def worded(question: str, wording: str) -> str:
    """A question, with or without options, in a wording."""
    if wording == "plain":
        return question
    what = "letter" if question.endswith(LETTERED) else "number"
    last = {"reasoning": f"Steps in <reasoning>, the {what} in <answer>.", "answer": r"Answer in \boxed{}."}
    return f"{question.removesuffix(LETTERED)}\n{last[wording]}"
