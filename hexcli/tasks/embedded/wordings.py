r"""What is asked of the embedded models, in three wordings. Short: a small model has 512 tokens for all.

plain      the question                                         STEPS \boxed{13}
reasoning  ... Steps in <reasoning>, the number in <answer>.    <reasoning>STEPS</reasoning><answer>13</answer>
answer     ... Answer in \boxed{}.                              \boxed{13}
"""

from collections.abc import Mapping

from hexcli.task import Wording


def wordings(question: str, last: str, what: str) -> Mapping[str, Wording]:
    """The wordings of a task: of a `question` (a template), the plain one with `last` behind it, asking for `what`."""
    return {
        "plain": Wording(user=f"{question}{last}", reply=r"{solution} \boxed{{answer}}"),
        "reasoning": Wording(
            user=f"{question}\nSteps in <reasoning>, the {what} in <answer>.",
            prefill="<reasoning>",
            reply="<reasoning>{solution}</reasoning><answer>{answer}</answer>",
        ),
        "answer": Wording(user=f"{question}\nAnswer in \\boxed{{}}.", reply=r"\boxed{{answer}}"),
    }


SUMS = wordings("{question}", "", "number")
CHOICES = wordings("{question}\n{choices}", "\nAnswer with one letter.", "letter")
