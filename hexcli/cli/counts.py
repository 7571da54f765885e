"""Options of other tools where votes are counted (`hex vote`, `score`, `show`), and files to print into."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

# Commands that print, and how a file is named that they should write.
PRINTERS = ("score", "show", "vote", "compare", "grade", "tasks", "models", "aggregators", "runs show")
FILES = ("--output", "-o", "--out", "--output-file", "--output-path", "--to", "--export")
FORMATS = {".csv": "--format csv", ".tex": "--format latex", ".md": "--format markdown", ".json": "--json"}
_OF_A_FORMAT = ("--each", "--format", "--json", "--by")

_JOINT = "hex vote A B --together makes one election of several runs, and hex score takes the joint run"
_FEWER = "every problem of a run is counted: hex decode ... --limit N -o NEW makes a smaller run, from the cache"
_DECODED = "that is how runs were decoded: hex runs --where T=0.9 finds some, -s picks their schedules"
_SEEDS = "samples are counted from the first seed: --samples K takes K of each schedule"
_ANSWERS = "right answers come with the rows: hex decode --data FILE:answer=COLUMN (docs/own-tasks.md)"
_STATISTICS = "intervals are of 95 % and p-values of a sign-flip test, fixed (docs/statistics.md)"
_GRADING = "how answers are read and compared is the task's: hex tasks TASK, docs/own-tasks.md"
_TIES = "ties are the aggregator's to break: majority takes the first cast, -a informed and majority-nll look further"
_WEIGHTS = "weights are an aggregator's: -a confidence, or a function of yours, -a FILE.py:NAME"
_WHOLE = "hex show RUN 0 has every text and vote of a problem, hex vote RUN --answers every answer"
_SHEET = "to filter and sort, hex score RUN --each problem > FILE.csv has a line a problem"
_KINDS = "kinds are --where agree, tie, flip, wrong, minority-right or no-vote-right"

# Of several commands: the commands, the options, what is said.
_SHARED: tuple[tuple[str, str, str], ...] = (
    ("vote score", "joint join merge ensemble combine pool union", _JOINT),
    ("score", "together", _JOINT),
    ("vote score show", "limit -n num first max-samples num-problems problems n", _FEWER),
    ("vote score show", "temperature steps gen-length remasking cfg-scale block-length", _DECODED),
    ("vote score", "seed seeds", _SEEDS),
    ("show", "seed seeds", "one sample beside another: hex show RUN 0 --diff 32#0 32#1; the first K: --samples K"),
    ("vote score", "gold data target targets labels references ground-truth answer-file", _ANSWERS),
    ("score", "bootstrap alpha confidence ci test significance correction", _STATISTICS),
    ("score", "metric metrics pass@k pass-at-k passk", "it is accuracy; --json has pass@k in the oracle's curves"),
    ("vote score", "judge llm-judge extract extractor strict normalize grader match", _GRADING),
    ("vote score", "tie-break tiebreak tie-breaker break-ties", _TIES),
    ("vote score", "weight weights weighted", _WEIGHTS),
    ("score vote", "compare baseline versus vs against", "two runs are compared by hex compare A B"),
    ("score vote", "where wrong", "hex show RUN --where wrong lists such problems"),
    ("score", "save no-save overwrite force", "scores.json and graded.jsonl in the run are written anew each time"),
    ("score", "sort top rank", "--leaderboard ranks the aggregators, --each problem > FILE.csv has a line a problem"),
    ("vote", "problem index id", "one problem is hex show RUN 0, all are --answers"),
    ("vote", "each", "hex score RUN --each problem has it, without right answers too"),
    ("vote", "format", "--json has everything; hex score RUN --format csv, latex or markdown is a table"),
    (
        "show",
        "format csv latex markdown",
        "--json has it; hex score RUN --each problem > FILE.csv has a line a problem",
    ),
    ("show", "calibration", "hex vote RUN --calibration OTHER counts it, and hex show RUN 0 shows it then"),
    ("show", "votes text texts full all answers raw", _WHOLE),
    ("show", "category search grep sort random sample top by", _SHEET),
    ("show", "right correct oracle lost won split", _KINDS),
    ("show", "live animate play", "--record FILE.svg keeps how a problem was decoded, as a picture that moves"),
    ("show", "compare", "two texts are --diff 8 32, two runs hex compare A B"),
)


def _shared() -> Iterator[tuple[tuple[str, str], str]]:
    for commands, options, said in _SHARED:
        for command in commands.split():
            for name in options.split():
                yield (command, name if name.startswith("-") else f"--{name}"), said


COUNTS = dict(_shared())


def by_the_shell(command: str, name: str, typed: Sequence[str]) -> str | None:
    """Of a command that prints, asked to write a file: the line as it was `typed`, which the shell writes into it."""
    if command not in PRINTERS or name not in FILES:
        return None
    place = next((at for at, one in enumerate(typed) if one.partition("=")[0] == name), None)
    file, before, behind = "FILE", list(typed), list[str]()
    if place is not None:
        _, equals, value = typed[place].partition("=")
        before, behind = list(typed[:place]), list(typed[place + 1 :])
        if not equals and behind and not behind[0].startswith("-"):
            value = behind.pop(0)
        file = value or file
    line = shlex.join(["hex", *command.split(), *before, *behind])
    plain = command not in ("score", "compare") or any(one.startswith(_OF_A_FORMAT) for one in typed)
    format = "" if plain else FORMATS.get(Path(file).suffix.lower(), "")
    return f"it prints, which the shell keeps: {line}{format and f' {format}'} > {shlex.quote(file)}"
