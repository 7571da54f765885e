"""What `hex plot` and `hex report` have instead of options for how things look and where they go."""

_NUMBERS = "its look is fixed, for print; to draw it otherwise take its numbers: hex plot FIGURE --format csv"
_LOOK = (
    *("title", "xlabel", "ylabel", "legend", "no-legend", "style", "theme", "dark", "palette", "cmap", "color"),
    *("colors", "colour", "colours", "font", "fontsize", "font-size", "grid", "log", "logx", "xlim", "ylim"),
)
_PLOT = {
    **dict.fromkeys((f"--{name}" for name in _LOOK), _NUMBERS),
    **dict.fromkeys(
        ("--height", "--figsize", "--size", "--aspect", "-w"),
        "a figure is as high as what is in it: say --width",
    ),
    "--dpi": "a .png has 300 dots an inch, and .pdf and .svg are sharp at any size: -o FILE.pdf",
    **dict.fromkeys(("--pdf", "--png", "--svg", "--eps"), "the ending says it: -o FILE.pdf, .svg or .png"),
    **dict.fromkeys(("--show", "--open", "--interactive"), "a figure goes into a file, to be opened: -o FILE.png"),
    **dict.fromkeys(("--figure", "--figures", "--kind", "--type"), "the figure is named first: hex plot blocks RUN"),
    **dict.fromkeys(("--label", "--labels", "--names"), "runs are called by what differs, or by their folder"),
    **dict.fromkeys(("--ci", "--alpha", "--confidence"), "intervals are of 95 %"),
}
_REPORT = {
    **dict.fromkeys(
        ("--format", "--pdf", "--markdown", "--md"),
        "a report is an HTML page, -o FILE.html; a table is hex score --format, a figure hex plot",
    ),
    **dict.fromkeys(
        ("--open", "--serve", "--port", "--host", "--show", "--browser"), "the page is a file, which any browser opens"
    ),
    **dict.fromkeys(("--theme", "--dark", "--light", "--style"), "the page is as light or dark as the browser"),
    **dict.fromkeys(("--title", "--name"), "runs are called by their folders: hex runs rename"),
    **dict.fromkeys(("--figures", "--figure", "--plots"), "a report has every figure; one alone is hex plot FIGURE"),
    "--csv": "every figure of the page has its CSV; others: hex plot FIGURE --format csv",
}
_OF_BOTH = {
    **dict.fromkeys(("--overwrite", "--force", "-f", "--yes", "-y"), "what hex wrote is replaced, no other file is"),
    **dict.fromkeys(("--limit", "-n"), "it shows all problems that the run has: leave it out"),
}
LOOKS: dict[tuple[str, str], str] = {
    **{("plot", name): said for name, said in {**_OF_BOTH, **_PLOT}.items()},
    **{("report", name): said for name, said in {**_OF_BOTH, **_REPORT}.items()},
    **{("plot", name): "runs are named, hex plot FIGURE RUN..." for name in ("--run", "--runs", "--model", "-m")},
    **{("report", name): "runs are named, hex report RUN..." for name in ("--run", "--runs")},
}
