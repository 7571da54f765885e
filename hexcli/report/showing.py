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
from hexcli.voting.words import WORDS, Words, words_of

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
    parts += ["", _target(inspection), *_verdict(inspection)]
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


def _verdict(inspection: Inspection) -> "list[Text]":
    """Majority's answer and why it won; where it is wrong, who was right."""
    from rich.text import Text

    decision = inspection.decisions.get("majority")
    if decision is None:
        return []
    word, style = _MARKS[inspection.graded(decision.answer)]
    answer = "no answer" if decision.answer is None else visible(decision.answer)
    parts: list[tuple[str, str]] = [("majority ", ""), (answer, "bold"), (f" {word}" if word else "", style)]
    said = f": {why(decision)}"
    if inspection.ballot.problem.target is not None and not inspection.graded(decision.answer):
        places = [place for place, vote in enumerate(inspection.ballot.votes) if inspection.graded(vote.answer)]
        said += f"; right: block {_voters(inspection, places)}" if places else "; no vote is right"
    return [Text.assemble(*parts, said)]


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
        reason = Text(why(decision, words_of(name)))
        table.add_row(visible(name), Text(answer, style=style), Text(word, style=style), reason)
    table.columns[3].justify = "left"
    table.columns[3].no_wrap = False
    return table


def why(decision: Decision, words: Words = WORDS["majority"]) -> str:
    """Why an answer won, in a few words: its votes or its weight, beside the next best's; and who broke a tie."""
    if not decision.tallies:
        return "every vote abstained"
    best, *others = decision.tallies
    votes = f"{best.votes} of {plural(decision.cast, 'vote')}"
    weighted = any(abs(one.support - one.votes) > 1e-9 for one in decision.tallies)
    if not others:
        return votes if best.votes > 1 else "the only vote it reads" if decision.read == 1 else "the only vote"
    rival = others[0]
    if decision.tie:
        tied = "a tie with " + _listed([visible(one.answer) for one in others if one.support == best.support])
        same = _apart(best.support, best.support)[0]
        each = f"{words.measure} {same} each ({votes})" if weighted else f"{plural(best.votes, 'vote')} each"
        return f"{tied}, {each}: {words.ties(decision)}"
    if weighted:
        won, lost = _apart(best.support, rival.support)
        return f"{words.measure} {won} against {lost} for {visible(rival.answer)} ({votes})"
    return f"{votes}, {rival.votes} for {visible(rival.answer)}"


def _listed(names: Sequence[str]) -> str:
    """All of them, or where there are many the first ones and how many more."""
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers in as many digits as tell them apart: three behind the point, or more."""
    for digits in range(3, 17):
        first, second = (f"{value:.{digits}f}".rstrip("0").rstrip(".") for value in (one, other))
        if first != second or one == other:
            break
    return first, second


def _skipped(inspection: Inspection) -> "list[Text]":
    from rich.text import Text

    return [Text(f"{name} cannot vote: {visible(reason)}", style="dim") for name, reason in inspection.skipped.items()]
