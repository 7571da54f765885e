"""Options that others have and one command has not, and what does it there: by command and option."""

# Options that would pick runs, and the condition that does. VALUE becomes what was typed.
FOUND = {
    **dict.fromkeys(("--temperature", "--temp", "-T"), "T=VALUE"),
    **dict.fromkeys(("--schedules", "--schedule", "-s", "--block-length"), "schedules=VALUE"),
    **dict.fromkeys(("--unfinished", "--incomplete", "--partial"), "unfinished"),
    **dict.fromkeys(("--since", "--after", "--newer-than", "--from"), "'made>=2026-11-20'"),
    **dict.fromkeys(("--before", "--older-than", "--until"), "'made<2026-11-20'"),
    **dict.fromkeys(("--name", "--run"), "name=VALUE"),
    **dict.fromkeys(("--filter", "--grep", "--query"), "T=0.9"),
    **{f"--{key}": f"{key}=VALUE" for key in ("samples", "steps", "state", "seed", "dtype")},
    "--gen-length": "canvas=VALUE",
    "--limit": "n=VALUE",
    **{f"--{word}": word for word in ("fast", "damaged", "imported", "joint", "scored", "unscored")},
}
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
    **{
        ("runs list", name): f"runs are found by what they are: hex runs --where {said}" for name, said in FOUND.items()
    },
    **{("runs list", name): "hex runs --sort accuracy has the best first" for name in ("--best", "--top")},
    **{("runs list", name): "the newest come first: hex runs | head" for name in ("-n", "--last", "--head")},
    **{
        ("runs list", name): "a row has all that fits: a wider terminal, or hex runs show RUN"
        for name in ("-l", "--long")
    },
    **{
        (command, name): f"it prints: hex {command} --json > FILE"
        for command in ("bench", "models", "tasks", "aggregators", "recipes")
        for name in ("--output", "-o", "--out", "--csv", "--format")
    },
    **{
        ("models", name): "a model is fetched when it is first decoded, or by hf download ID"
        for name in ("--download", "--pull", "--install")
    },
    ("bench", "--fast"): "--mode fast measures it",
    ("report", "--open"): "the page is a file, which any browser opens",
}
