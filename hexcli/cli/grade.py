"""`hex grade`: whether two answers are the same, and by which steps."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hexcli.cli.options import outputs, problems
from hexcli.cli.output import print_json
from hexcli.errors import UsageError, plural

SAME = ("same", "yes", "equal", "true", "1")
DIFFERENT = ("different", "no", "unequal", "false", "0")
WITHOUT_QUESTION = ("sums", "sums-calibration", "sums-new", "gsm8k", "math")  # whose answers are numbers and formulas

QUESTIONS = {"countdown": "Numbers: [44, 19, 35] Target: 98", "sudoku": "4320004330100004"}  # as far as they are read


def grade(
    gold: Annotated[str | None, typer.Argument(help="The right answer, as a data file has it.", metavar="GOLD")] = None,
    prediction: Annotated[
        str | None, typer.Argument(help="An answer, or a whole reply with a box.", metavar="PREDICTION")
    ] = None,
    task: problems.GradedTask = "math",
    file: Annotated[
        Path | None,
        typer.Option("--file", "-f", help="Pairs, one a line, with tabs between; a header may name the columns."),
    ] = None,
    question: Annotated[
        str, typer.Option("--question", help="What was asked, for tasks that look at it: countdown, sudoku.")
    ] = "",
    choice: Annotated[
        list[str] | None, typer.Option("--choice", help="An option of the question; once for each, in order.")
    ] = None,
    as_json: outputs.Json = False,
) -> None:
    """Say whether an answer is right, and how that is found: what is read of both, their trees, who decides.

    GOLD goes the way of the right answers of the task, PREDICTION that of a reply; write `--` before answers that begin
    with a dash and a letter. --file has the columns gold and prediction, and may have one named right with `same` or
    `different` in it: then it is said which pairs are graded otherwise.
    """
    from hexcli.plugins.held import register_task
    from hexcli.records import Problem
    from hexcli.tasks.judging import judged
    from hexcli.tasks.registry import get_task

    if file is not None and gold is not None:
        raise UsageError("--file has the pairs: leave out GOLD and PREDICTION")
    if file is None and (gold is None or prediction is None):
        raise UsageError("two answers are compared: hex grade GOLD PREDICTION, or --file PAIRS.tsv")
    if gold is not None and not gold.strip():
        raise UsageError("GOLD is empty, and nothing equals it: give the right answer, e.g. hex grade 5 5.0")
    register_task(task)
    found = get_task(task)
    if found.name in WITHOUT_QUESTION and (question or choice):
        option, theirs = ("--question", "countdown, sudoku") if question else ("--choice", "arc, mmlu, truthfulqa, ...")
        raise UsageError(f"{option} has no effect: task '{found.name}' looks at answers alone; it is of {theirs}")
    problem = Problem(id="1", question=question, choices=tuple(choice or ()))
    rows = pairs(file) if file is not None else [{"gold": str(gold), "prediction": str(prediction)}]
    if found.name in QUESTIONS and all(found.target(row["gold"], problem) is None for row in rows):
        raise UsageError(
            f"task '{found.name}' grades by what was asked: say it, e.g. --question '{QUESTIONS[found.name]}'"
        )
    verdicts = []
    for row in rows:
        verdict = judged(found, row["gold"], row["prediction"], problem)
        if "right" in row:
            verdict["right"] = row["right"] in SAME
        verdicts.append(verdict)
    if as_json:
        print_json(verdicts if file is not None else verdicts[0])
    elif file is None:
        _print_one(verdicts[0])
    else:
        _print_all(verdicts)


def pairs(path: Path) -> list[dict[str, str]]:
    """The rows of a file of pairs: gold, prediction, and right where it says so. Raises HexError or UsageError."""
    from hexcli.files import read_text, why

    try:
        text = read_text(path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {why(error)}") from None
    except ValueError as error:
        raise UsageError(f"{path} is no text: {error}") from None
    lines = [line.split("\t") for line in text.splitlines() if line.strip()]
    names = ["gold", "prediction"]
    if lines and {"gold", "prediction"} <= {cell.strip().lower() for cell in lines[0]}:
        names = [cell.strip().lower() for cell in lines.pop(0)]
    rows = []
    for number, cells in enumerate(lines, 1):
        row = dict(zip(names, map(str.strip, cells), strict=False))
        if "prediction" not in row:
            raise UsageError(f"{path}: pair {number} has no tab in it: gold, a tab, prediction")
        if not row["gold"]:
            raise UsageError(f"{path}: pair {number}: gold is empty, and nothing equals it: write it, or take it out")
        if "right" in row:
            row["right"] = row["right"].lower()
            if row["right"] not in SAME + DIFFERENT:
                raise UsageError(f"{path}: pair {number}: right is same or different, not '{row['right']}'")
        rows.append(row)
    if not rows:
        raise UsageError(f"{path} has no pairs in it")
    return rows


def _print_one(verdict: dict[str, Any]) -> None:
    print(f"{'the same' if verdict['equal'] else 'different'}, by {verdict['by']}")
    for side in ("gold", "prediction"):
        about = verdict[side]
        print(f"  {side:<11}{about['text']}")
        print(f"    read as  {about['read'] if about['read'] is not None else '(nothing)'}")
        for tree in about["trees"]:
            print(f"    tree     {tree}")
        if about["unread"]:
            print(f"    no tree  {about['unread']}")
    for step in verdict["steps"]:
        print(f"  step       {step}")


def _print_all(verdicts: list[dict[str, Any]]) -> None:
    from hexcli.report.console import console
    from hexcli.report.sheet import Column, Sheet
    from hexcli.report.terminal import visible

    texts = (Column("gold", prose=True), Column("prediction", prose=True))
    sheet = Sheet((Column("graded"), Column("by", left=True), *texts, Column("", left=True)))
    otherwise = 0
    for verdict in verdicts:
        wrong = "right" in verdict and verdict["right"] != verdict["equal"]
        otherwise += wrong
        said = (verdict["by"], verdict["gold"]["text"], verdict["prediction"]["text"])
        sheet.add_row(
            "same" if verdict["equal"] else "different", *map(visible, said), "should not be" if wrong else ""
        )
    console().print(sheet)
    told = sum("right" in verdict for verdict in verdicts)
    same = sum(verdict["equal"] for verdict in verdicts)
    print(
        f"{plural(len(verdicts), 'pair')}, {same} the same"
        + (f"; {told - otherwise} of {told} as they should be" if told else "")
    )
