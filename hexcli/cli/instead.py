"""Options that others have and one command has not, and what does it there: by command and option."""

INSTEAD: dict[tuple[str, str], str] = {
    **{("score", name): "it prints: hex score --format csv > FILE" for name in ("--output", "-o", "--out")},
    **{("vote", f"--{name}"): f"hex score --format {name} has it" for name in ("csv", "markdown", "latex")},
    **{
        (command, name): f"runs are named, hex {command} RUN...; hex runs list says of which model each is"
        for command in ("score", "vote", "report", "plot", "compare", "show")
        for name in ("--model", "-m")
    },
    **{
        ("show", name): "the problem stands behind the run: hex show RUN 0" for name in ("--problem", "--index", "--id")
    },
    **{("show", f"--{kind}"): f"hex show RUN --where {kind} lists those" for kind in ("wrong", "tie", "flip", "agree")},
    ("report", "--open"): "the page is a file, which any browser opens",
}
