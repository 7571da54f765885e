"""Options that others have and one command has not, and what does it there: by command and option."""

from hexcli.cli.counts import COUNTS
from hexcli.cli.looks import LOOKS

CACHE = "the cache is where HEX_CACHE_DIR says: HEX_CACHE_DIR=FOLDER hex ..."
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
    **{f"--{word}": word for word in ("fast", "damaged", "imported", "joint", "scored", "unscored")},
}
# What a row of an import has, as one might ask for it -> what it is called.
_OF_ROWS = {
    **{name: name for name in ("question", "text", "target", "choices", "category")},
    **dict.fromkeys(("answer", "gold", "ground-truth"), "target"),
    **dict.fromkeys(("response", "completion", "generation"), "text"),
    **dict.fromkeys(("id", "id-column", "problem-id"), "problem_id"),
    **dict.fromkeys(("column", "columns"), "question"),
}
INSTEAD: dict[tuple[str, str], str] = {
    **COUNTS,
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
    **{("runs list", name): "it prints: hex runs --format csv > FILE" for name in ("--output", "-o", "--out")},
    **{("runs list", name): "all runs are listed, those in folders of runs/ too" for name in ("--all", "-a", "-r")},
    **{("runs list", name): "hex runs --sort accuracy has the best first" for name in ("--best", "--top")},
    **{("runs list", name): "the newest come first: hex runs | head" for name in ("-n", "--limit", "--last", "--head")},
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
    ("decode", "--all"): "all problems are decoded with --task and without --limit",
    ("sweep", "--all"): "all problems are decoded without --limit",
    **{
        (command, name): "what a run takes is told before, in GPU-hours: --dry-run --device h100, a100, 4090, ..."
        for command in ("decode", "sweep")
        for name in ("--budget", "--price", "--hours", "--max-hours", "--time-limit", "--time")
    },
    ("bench", "--fast"): "--mode fast measures it",
    **{
        ("runs rm", name): f"runs are named, or a pattern of names: hex runs {finds} finds them"
        for name, finds in {
            "--where": "--where unfinished",
            "--unfinished": "--where unfinished",
            "--all": "'*'",
            "-a": "'*'",
            "--task": "--task NAME",
            "-t": "--task NAME",
            "--model": "--model NAME",
            "-m": "--model NAME",
            "--older-than": "--where 'made<2026-11-20'",
            "--before": "--where 'made<2026-11-20'",
        }.items()
    },
    **{
        ("runs rm", name): "a run is removed with all that hex wrote in it: leave it out" for name in ("-r", "-R", "-d")
    },
    ("runs rm", "-f"): "--yes removes without asking",
    ("runs rm", "--cache"): "its generations in the cache go by hex cache prune --run RUN, before",
    **{
        ("cache stats", f"--{name}"): f"hex cache stats --by {name} counts by it"
        for name in ("task", "model", "run", "schedule")
    },
    **{("cache stats", name): "hex cache stats --by schedule counts by it" for name in ("--schedules", "-s")},
    **{
        ("cache verify", name): "hex cache prune --damaged deletes what is"
        for name in ("--fix", "--repair", "--delete")
    },
    ("cache prune", "--all"): "what goes is chosen: --older-than 0d is everything, --in-no-run what no run has",
    ("cache prune", "--where"): "what goes is said by --run, --task, --schedules 8:T=0.9, --model or --older-than",
    ("cache prune", "--days"): "an age has its unit: --older-than 30d",
    **{
        ("cache prune", name): "a schedule says it: --schedules 8:T=0.9"
        for name in ("--temperature", "-T", "--steps", "--gen-length", "--block-length")
    },
    **{
        ("cache prune", name): "what goes is chosen by age, not by size: --older-than 30d"
        for name in ("--keep", "--max-size", "--size", "--newer-than", "--since", "--limit")
    },
    **{
        ("cache export", name): "the file stands behind it: hex cache export FILE"
        for name in ("-o", "--output", "--out")
    },
    **{
        ("cache export", name): "all of the cache is written; of one run: its folder, as it is"
        for name in ("--run", "--task")
    },
    **{
        (f"cache {name}", option): CACHE
        for name in ("stats", "verify", "prune", "export", "import")
        for option in ("--dir", "--cache", "--path", "--directory")
    },
    **{
        ("compare", name): "there is one test, exact, with a 95 % interval and p-values to read (docs/statistics.md)"
        for name in (
            "--test",
            "--alpha",
            "--bootstrap",
            "--paired",
            "--n-boot",
            "--holm",
            "--correction",
            "--permutations",
        )
    },
    **{
        ("compare", name): "the rival is the second word: hex compare RUN:8 32"
        for name in ("--baseline", "--with", "--to")
    },
    **{("compare", name): "the two stand behind the command: hex compare A B" for name in ("--runs", "--run", "-r")},
    ("compare", "--limit"): "all problems that both have are compared; --list N shows fewer",
    **{
        ("import", name): "of all files it is --block-length N, of one FILE:block_length=N, uneven ones FILE:48+16"
        for name in ("-s", "--schedules", "--schedule", "--blocks", "--block", "--block-size", "--block-lengths")
    },
    **{
        ("import", name): "samples are numbered as they stand; a seed of one file: FILE:seed=N"
        for name in ("--seed", "--seeds")
    },
    **{
        ("import", name): "all samples of a file are taken; fewer of them vote by hex vote RUN --samples N"
        for name in ("--samples", "--num-samples", "-k", "-n")
    },
    **{("import", name): "all rows are taken: leave lines out of the file" for name in ("--limit", "--first", "--num")},
    **{
        ("import", f"--{name.replace('_', '-')}"): f"it stands behind a file: FILE:{name}=VALUE"
        for name in ("cfg_scale", "kv_cache", "refresh", "threshold", "sampler", "alg")
    },
    **{("import", f"--{name}"): f"what rows call theirs: --fields {ours}=VALUE" for name, ours in _OF_ROWS.items()},
    **{
        ("import", name): "files stand behind the command, without an option: hex import FILE..."
        for name in ("--input", "--file", "--files", "--input-file", "-f", "-i", "--path", "--samples-path")
    },
    **{
        (command, f"--{name}"): "which column is what stands behind the file: --data FILE:question=Text,answer=Gold"
        for command in ("decode", "sweep")
        for name in ("fields", "question", "answer", "target", "choices", "columns", "column", "id-column", "mapping")
    },
    **{
        ("tasks", name): "a task stands behind the command: hex tasks gsm8k, hex tasks mine.csv"
        for name in ("--task", "-t", "--data", "--name", "--file", "--show", "--show-prompt")
    },
    **LOOKS,
}
