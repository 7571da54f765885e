"""One problem for people: its question, each schedule's text with the answer marked, and how the vote went."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.answers.place import answer_place
from hexcli.answers.response import response_text
from hexcli.errors import plural
from hexcli.insight.inspection import Inspection
from hexcli.records import Generation
from hexcli.report.strip import commit_strip
from hexcli.report.tables import plain_table
from hexcli.report.terminal import visible
from hexcli.voting.votes import Decision, Vote

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table
    from rich.text import Text

RIGHT, WRONG = "green", "red"
_MARKS = {True: ("right", RIGHT), False: ("wrong", WRONG), None: ("", "")}
# Schedules named in a cell of the vote before the rest is counted.
NAMED = 6


def problem_view(inspection: Inspection, head: str, width: int) -> "Group":
    """Everything there is to see of a problem; `head` says where it is from, `width` is the console's."""
    from rich.console import Group
    from rich.text import Text

    problem = inspection.ballot.problem
    parts: list[RenderableType] = [Text(visible(head), style="bold"), ""]
    parts.append(Text(visible(problem.question.strip(), lines=True)))
    parts += [
        Text(f"  {letter}. {visible(choice)}") for letter, choice in zip("ABCDEFGHIJ", problem.choices, strict=False)
    ]
    parts += ["", _target(inspection)]
    for vote, generation in zip(inspection.ballot.votes, inspection.ballot.generations, strict=True):
        parts += ["", chain(inspection, vote, generation, width)]
    return Group(
        *parts,
        "",
        "the votes",
        vote_table(inspection),
        "",
        "what was made of them",
        decision_table(inspection),
        *_skipped(inspection),
    )


def _target(inspection: Inspection) -> "Text":
    from rich.text import Text

    target = inspection.ballot.problem.target
    if target is None:
        return Text("no target: nothing to grade by", style="dim")
    return Text.assemble("right answer ", (visible(target), "bold"))


def chain(inspection: Inspection, vote: Vote, generation: Generation, width: int) -> "Group":
    """A schedule's line, the order of its commits, and its text with the answer marked."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    word, style = _MARKS[inspection.graded(vote.answer)]
    response = generation.response
    cost = f"{response.nfe} NFE" + (f", {response.seconds:.2f} s" if response.seconds else "")
    answer = "no answer" if vote.answer is None else visible(vote.answer)
    line = Text.assemble(
        (f"block {visible(inspection.label(vote))}", "bold"),
        "  ",
        (answer, style or "bold"),
        "  ",
        (word, style),
        "  ",
        (cost, "dim"),
    )
    parts: list[RenderableType] = [line]
    if response.commit_step:
        parts.append(Padding(commit_strip(generation, width - 4), (0, 0, 0, 4)))
    return Group(*parts, Padding(marked(generation, vote.answer, style), (0, 0, 0, 4)))


def marked(generation: Generation, answer: str | None, style: str = "") -> "Text":
    """The text of a generation, its answer in reverse where it stands, what follows its end dimmed."""
    from rich.text import Text

    text = generation.response.text
    said = response_text(text)
    start, stop = answer_place(text, answer) or (len(said), len(said))
    found = Text.assemble(
        _shown(said[:start]),
        (_shown(said[start:stop]), f"reverse {style}".strip()),
        _shown(said[stop:]),
        (_shown(text[len(said) :]), "dim"),
    )
    found.rstrip()
    return found


def _shown(text: str) -> str:
    return visible(text, lines=True)


def vote_table(inspection: Inspection) -> "Table":
    """The candidates: who voted for which answer."""
    from rich.text import Text

    table = plain_table(("answer", "votes", "", "by"))
    for answer in [*(one.answer for one in inspection.ballot.election.candidates), None]:
        places = inspection.places(answer)
        if places:
            word, style = _MARKS[inspection.graded(answer)]
            name = "no answer" if answer is None else visible(answer)
            table.add_row(
                Text(name, style=style), str(len(places)), Text(word, style=style), _voters(inspection, places)
            )
    table.columns[3].justify = "left"
    table.columns[3].no_wrap = False
    return table


def _voters(inspection: Inspection, places: Sequence[int]) -> "Text":
    """The schedules behind these votes, each once with how often."""
    from rich.text import Text

    counts: dict[str, int] = {}
    for place in places:
        name = inspection.names[inspection.ballot.votes[place].expert]
        counts[name] = counts.get(name, 0) + 1
    named = [visible(name) + (f" x{count}" if count > 1 else "") for name, count in counts.items()]
    more = [f"{len(named) - NAMED} more"] if len(named) > NAMED else []
    return Text(", ".join([*named[:NAMED], *more]))


def decision_table(inspection: Inspection) -> "Table":
    """Every aggregator's answer, whether it is right, and why it won."""
    from rich.text import Text

    table = plain_table(("aggregator", "answer", "", "because"))
    for name, decision in inspection.decisions.items():
        word, style = _MARKS[inspection.graded(decision.answer)]
        answer = "no answer" if decision.answer is None else visible(decision.answer)
        table.add_row(visible(name), Text(answer, style=style), Text(word, style=style), Text(why(decision)))
    table.columns[3].justify = "left"
    table.columns[3].no_wrap = False
    return table


def why(decision: Decision) -> str:
    """Why an answer won, in a few words: its votes or its weight, beside the next best's."""
    if not decision.tallies:
        return "every vote abstained"
    best, *others = decision.tallies
    votes = f"{best.votes} of {plural(decision.cast, 'vote')}"
    weighted = any(abs(one.support - one.votes) > 1e-9 for one in decision.tallies)
    if not others:
        return votes if best.votes > 1 else "the only vote it reads" if decision.read == 1 else "the only vote"
    against = f"{_number(best.support)} against {_number(others[0].support)} for {visible(others[0].answer)}"
    said = f"weight {against} ({votes})" if weighted else f"{votes}, {others[0].votes} for {visible(others[0].answer)}"
    return f"a tie ({said}), broken by its rule" if decision.tie else said


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _skipped(inspection: Inspection) -> "list[Text]":
    from rich.text import Text

    return [Text(f"{name} skipped: {visible(reason)}", style="dim") for name, reason in inspection.skipped.items()]
