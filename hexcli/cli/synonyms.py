"""Commands and options that there are none of, and those that were meant: words of other tools for what ours do."""

import dataclasses
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from hexcli.cli.instead import CACHE, INSTEAD
from hexcli.recipe.recipe import Recipe

COMMANDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("run",), ("decode", "runs")),
    **dict.fromkeys(("generate", "infer", "sample", "predict"), ("decode",)),
    **dict.fromkeys(("eval", "evaluate", "results", "accuracy", "scores"), ("score",)),
    **dict.fromkeys(("majority", "aggregate"), ("vote",)),
    **dict.fromkeys(("grid", "launch"), ("sweep",)),
    **dict.fromkeys(("benchmark", "speed"), ("bench",)),
    **dict.fromkeys(("list-tasks", "datasets"), ("tasks",)),
    **dict.fromkeys(("diff", "versus"), ("compare",)),
    **dict.fromkeys(("view", "inspect", "print"), ("show",)),
    **dict.fromkeys(("draw", "figure", "graph"), ("plot",)),
    **dict.fromkeys(("html", "page"), ("report",)),
    **dict.fromkeys(("mv", "move"), ("rename",)),
    **dict.fromkeys(("find", "search", "filter", "where", "grep"), ("list --where T=0.9", "stats")),
    **dict.fromkeys(("clear", "clean", "delete", "remove", "rm", "gc"), ("prune", "rm", "runs rm")),
    **dict.fromkeys(("ls", "list"), ("stats", "list", "runs list")),
    **dict.fromkeys(("test", "lm-eval", "lm-evaluation-harness", "chat", "ask", "prompt"), ("decode",)),
    **dict.fromkeys(("model", "download", "pull", "list-models"), ("models",)),
    **dict.fromkeys(("size", "usage", "du", "show", "path", "dir"), ("stats", "cache stats")),
    **dict.fromkeys(("status", "history", "log", "logs"), ("runs list", "stats")),
    **dict.fromkeys(("init", "new", "examples", "config"), ("recipes",)),
    **dict.fromkeys(("export", "csv"), ("score", "cache export")),
    **dict.fromkeys(("plan", "cost", "costs", "estimate", "dry-run"), ("decode --dry-run", "sweep --dry-run")),
    "prune": ("cache prune", "rm"),
    "info": ("stats", "show"),
    "load": ("import",),
    "check": ("verify",),
    "dump": ("export",),
}

# What is said in place of an option, as far as the command has it.
OPTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("--block-length", "--block-size", "--blocks", "--block-lengths", "--block"), ("--schedules",)),
    **dict.fromkeys(("--num-samples", "--n-samples", "--k", "-k"), ("--samples",)),
    **dict.fromkeys(("--num-generations", "--num-return-sequences"), ("--samples",)),
    **dict.fromkeys(("--max-tokens", "--max-new-tokens", "--max-length", "--length", "--canvas"), ("--gen-length",)),
    **dict.fromkeys(("--num-steps", "--diffusion-steps", "--nfe"), ("--steps",)),
    **dict.fromkeys(("--dataset", "--tasks", "--benchmark"), ("--task", "--data")),
    **dict.fromkeys(("--input", "--file", "--input-file", "-f", "-i"), ("--data",)),
    **dict.fromkeys(("--checkpoint", "--model-path", "--pretrained", "--models", "--model-name"), ("--model",)),
    **dict.fromkeys(("--lora", "--adapter", "--peft", "--lora-path"), ("--model-arg adapter=FOLDER",)),
    "--revision": ("--model-arg revision=NAME",),
    **dict.fromkeys(
        ("--attn-implementation", "--attention", "--flash-attn"), ("--model-arg attn_implementation=NAME",)
    ),
    **dict.fromkeys(("--out", "--output-dir", "--out-dir", "--save", "--run", "--output-file"), ("--output",)),
    **dict.fromkeys(("--output-path", "--outputs-path", "--name", "--run-name", "--experiment-name"), ("--output",)),
    **dict.fromkeys(("--gpu", "--cuda", "--cpu", "-g", "--device-map"), ("--device",)),
    **dict.fromkeys(("--gpus", "--num-gpus", "--tensor-parallel-size", "--tp"), ("--workers", "--gpus-per-worker")),
    **dict.fromkeys(("--num-workers", "--jobs", "-j", "--parallel", "--processes"), ("--workers",)),
    **dict.fromkeys(("--num-problems", "--max-samples", "--n", "--first", "--num", "--problems"), ("--limit",)),
    **dict.fromkeys(("--offset", "--start", "--end", "--range", "--indices"), ("--limit A-B",)),
    **dict.fromkeys(("--remask", "--strategy", "--remasking-strategy"), ("--remasking",)),
    **dict.fromkeys(("--force", "--no-confirm"), ("--yes", "--overwrite")),
    **dict.fromkeys(("--precision", "--torch-dtype"), ("--dtype",)),
    **dict.fromkeys(("--fp16", "--half"), ("--dtype float16",)),
    **dict.fromkeys(("--fp8", "--load-in-8bit"), ("--dtype float8",)),
    **dict.fromkeys(("--cfg", "--guidance", "--guidance-scale"), ("--cfg-scale",)),
    **dict.fromkeys(("--bs", "--batch", "-b"), ("--batch-size",)),
    **dict.fromkeys(("--prompt-template", "--template", "--prompts"), ("--prompt", "--prompts")),
    **dict.fromkeys(("--num-fewshot", "--n-shot", "--shots", "--few-shot", "--shot"), ("--fewshot",)),
    **dict.fromkeys(("--jsonl", "--to-json", "--output-format"), ("--json",)),
    **dict.fromkeys(("--overrides", "--override", "--param"), ("--set",)),
    **dict.fromkeys(("--method", "--aggregators", "--voting"), ("--aggregator",)),
    **dict.fromkeys(("--where-kind", "--kind", "--filter"), ("--where",)),
    "--wrong": ("--where wrong",),
    **dict.fromkeys(("--tied", "--ties", "--tie"), ("--where tie",)),
    **dict.fromkeys(("--oracle-only", "--rescued", "--minority"), ("--where minority-right",)),
    **dict.fromkeys(("--by-category", "--subjects", "--categories"), ("--by category",)),
    **dict.fromkeys(("--do-sample", "--sampling"), ("--temperature 0.9",)),
    **dict.fromkeys(("--dual-cache", "--use-kv-cache"), ("--kv-cache dual",)),
    **dict.fromkeys(("--quantization", "--quantize"), ("--dtype float8",)),
    "--load-in-4bit": ("--dtype float8",),
    "--greedy": ("--temperature 0",),
    "-T": ("--temperature",),
    **dict.fromkeys(("--stream", "--watch", "--show", "--animate"), ("--live",)),
    **dict.fromkeys(("--color", "--color-by"), ("--colour",)),
    **dict.fromkeys(("--estimate", "--cost", "--what-if", "--preview"), ("--dry-run",)),
    **dict.fromkeys(("--early-stop", "--early-stopping", "--adaptive"), ("--until-decided",)),
    **dict.fromkeys(("--cache", "--kv"), ("--kv-cache",)),
    **{f"--{name}": (f"--format {name}",) for name in ("csv", "markdown", "latex")},
    **dict.fromkeys(("--joint", "--merge", "--combine", "--join", "--ensemble"), ("--together",)),
    "--bf16": ("--dtype bfloat16",),
    "--fp32": ("--dtype float32",),
    "--fp64": ("--dtype float32",),
    "--md": ("--format markdown",),
    "--tex": ("--format latex",),
    "--temp": ("--temperature",),
    **dict.fromkeys(("--days", "--age", "--before"), ("--older-than",)),
    **dict.fromkeys(("--unused", "--orphans", "--orphaned", "--stray", "--no-run", "--no-runs"), ("--in-no-run",)),
    "-d": ("--data", "--device"),
    "-c": ("--schedules",),
}
# What no option does, and what does.
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(
        ("--quiet", "-q", "--silent", "--no-progress"),
        "progress and warnings are on stderr, 2>/dev/null leaves the results",
    ),
    **dict.fromkeys(
        ("--verbose", "-v", "--debug", "--log-level"), "all there is to say is said, on stderr; --json has every number"
    ),
    **dict.fromkeys(("--use-cache", "--cache-requests"), "every generation is cached and reused, without an option"),
    **dict.fromkeys(
        ("--log-samples", "--save-samples", "--write-out"), "every generation is kept in the run: hex show RUN"
    ),
    **dict.fromkeys(
        ("--apply-chat-template", "--chat-template"),
        "the model's own chat template is used; without it: -M chat_template=false",
    ),
    **dict.fromkeys(
        ("--system", "--system-prompt", "--system-instruction", "--instruction", "--system-message", "--suffix"),
        "the words of a prompt are a YAML file: --prompt FILE.yaml (docs/prompts.md)",
    ),
    **dict.fromkeys(
        ("--num-beams", "--repetition-penalty", "--max-model-len", "--gpu-memory-utilization", "--stop"),
        "a masked diffusion model is not decoded from left to right: what there is, hex decode --help lists",
    ),
    **dict.fromkeys(("--plot", "--figure"), "figures are drawn by hex plot FIGURE -o FILE.pdf"),
    **dict.fromkeys(("--score", "--evaluate", "--eval", "--vote"), "votes are counted afterwards: hex score RUN"),
    **dict.fromkeys(("--votes", "--num-votes"), "a problem has as many votes as there are schedules times --samples"),
    **dict.fromkeys(
        ("--seeds", "--num-seeds"), "seeds are --seed S, the first, and --samples K: S, S + 1, ... for each"
    ),
    **dict.fromkeys(("--resume", "--continue", "--restart"), "the same command goes on where it stopped: leave it out"),
    **dict.fromkeys(("--cache-dir", "--no-cache"), CACHE),
    **dict.fromkeys(("--hf-token", "--token", "--api-key"), "a hub's token is read from HF_TOKEN"),
    **dict.fromkeys(("--split", "--subset"), "a task has its own split: hex tasks; other rows are --data FILE"),
    **dict.fromkeys(("--config", "--recipe", "--yaml"), "a recipe is run by hex sweep FILE"),
    **dict.fromkeys(("-V", "--version"), "hex --version has the version"),
    **dict.fromkeys(("--html", "--page"), "a page is made by hex report -o FILE.html"),
    **dict.fromkeys(("--pdf", "--png", "--svg", "--dpi"), "figures are drawn by hex plot FIGURE -o FILE.pdf"),
    "--diff": "schedules are compared by hex compare RUN:8 RUN:32, texts of a problem by hex show RUN 0 --diff 8 32",
    "--list": "hex tasks, models, aggregators, recipes and runs list say what there is, without an option",
    "--json": "what it writes is JSON",
    "--offline": "offline is HF_HUB_OFFLINE=1 hex ...",
    "--dir": "folders stand behind the command, without an option",
}
RECIPE_KEYS = {f"--{field.name.replace('_', '-')}" for field in dataclasses.fields(Recipe)}
_SHORT = {"-s": "--schedules", "-m": "--model", "-t": "--task", "-n": "--limit"}
FEW = 6  # options that are listed where nothing is near
_NEAR = 0.75


def no_command(name: str, known: Iterable[str], group: str = "") -> str:
    """The message for a command that there is none of; `group`: what it would be a command of."""
    names = list(known)
    if name == "help":
        return "No such command 'help': add --help to a command, e.g. hex decode --help"
    plain = name.lower().replace("_", "-")
    if plain == "hex":
        return "No such command 'hex': it is said twice, leave one out"
    if plain == "version":
        return "No such command 'version': hex --version has it"
    first = plain.split()[0] if plain.split() else ""
    if first != plain and first in names:
        return f"No such command '{name}': it is one word in quotes; write hex {name}"
    synonyms = [one for one in COMMANDS.get(plain, ()) if one.partition(" ")[0] in names]
    found = synonyms or difflib.get_close_matches(plain, names, n=1)
    if found:
        meant = " or ".join(f"'{' '.join(('hex', group, one)).replace('  ', ' ')}'" for one in found)
        return f"No such command '{name}': did you mean {meant}?"
    return f"No such command '{name}': known: {', '.join(names)}"


def one_dash(arguments: Sequence[str], options: Iterable[str]) -> str | None:
    """The message where a long option was written with one dash, which reads as a short one and its value."""
    known = set(options)
    for argument in arguments:
        if argument == "--":
            return None
        name = argument.partition("=")[0]
        long = "-" + name.replace("_", "-")
        if re.fullmatch(r"-[a-z][\w-]+", name) and long in known:
            return f"{name} has one dash: options of several letters have two, {long}"
    return None


def no_option(name: str, command: str, known: Mapping[str, Sequence[str]]) -> str:
    """The message for an option that `command` has none of; `known`: the long options of every command, by its name."""
    options = [one for one in known[command] if one != "--help"]
    plain = name if len(name) == 2 else name.lower().replace("_", "-")  # -T is not -t
    said = f"no option {name}: "
    if re.fullmatch(r"-\d+", name):
        return f"{said}problems are counted from 0, and a value that begins with a dash stands behind --"
    if (command, plain) in INSTEAD:
        return said + INSTEAD[command, plain]
    if "--set" in options and (key := _SHORT.get(plain, plain)) in RECIPE_KEYS:
        return f"{said}{_by_set(key)}"
    if not command and (have := [other for other, theirs in known.items() if plain in theirs]):
        return f"{said}options stand behind a command, e.g. hex {have[0]} {name}"
    others = [f"hex {other}" for other, theirs in known.items() if plain in theirs]
    if found := _meant(plain, options, fuzzy=not others):
        return f"{said}did you mean {' or '.join(found)}?"
    if plain.startswith("--no-") and (off := f"--{plain.removeprefix('--no-')}") in options:
        return f"{said}{off} is off unless it is said"
    keys = [one for one in OPTIONS.get(plain, ()) if one.partition(" ")[0] in RECIPE_KEYS]
    if "--set" in options and keys:
        return f"{said}{_by_set(keys[0])}"
    if plain in ELSEWHERE:
        return said + ELSEWHERE[plain]
    if others:
        has = "has" if len(others) == 1 else "have"
        said += f"{', '.join(others[:4])}{', ...' if len(others) > 4 else ''} {has} it; "
    if len(options) <= FEW:
        return f"{said}hex {command} has {', '.join(options) or 'none'}"
    return f"{said}hex {command} --help lists all"


def _by_set(option: str) -> str:
    key, _, value = option.lstrip("-").partition(" ")
    return f"a key of the recipe is changed by --set {key.replace('-', '_')}={value or 'VALUE'}"


def _meant(plain: str, options: Sequence[str], *, fuzzy: bool) -> list[str]:
    """What is near an option among those of its command, perhaps with a value; `fuzzy`: also near a synonym."""
    if plain in options:  # said with underscores, or in capitals
        return [plain]
    if said := [one for one in OPTIONS.get(plain, ()) if one.partition(" ")[0] in options]:
        return said
    if plain in ELSEWHERE:
        return []
    if len(plain) > 3 and (longer := [one for one in options if one.startswith(plain)]):
        return longer[:3]
    words = {one.lstrip("-"): one for one in options}
    near = difflib.get_close_matches(plain.lstrip("-"), words, n=2, cutoff=_NEAR)
    if near and not plain.startswith("--no-"):
        return [words[one] for one in near]
    near = difflib.get_close_matches(plain, OPTIONS, n=1, cutoff=0.85) if fuzzy and len(plain) > 3 else []
    return [one for one in OPTIONS[near[0]] if one.partition(" ")[0] in options] if near else []
