"""Nothing that an option says is silently left undone: it is refused, or said."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
import typer

from hexcli.cli.main import app, run
from tests.cli.test_vote_and_score import table, write

IDLE = [
    # Lists.
    ("decode -s 8,,16", "'8,,16' has nothing between two commas: write 8,16"),
    ("decode -s ,8", "',8' has nothing between two commas: write 8"),
    ("vote -a majority,,first", "'majority,,first' has nothing between two commas"),
    # Fields that every schedule says itself.
    ("decode -s 8@64,16@64 --gen-length 32", "--gen-length 32 has no effect: each of 8@64,16@64 says its own"),
    ("decode -s 8:T=0.9 --temperature 0.5", "--temperature 0.5 has no effect"),
    ("decode -s 8:T=0.9:samples=2 --samples 3", "--samples 3 has no effect"),
    ("sweep demo --set schedules=[8@32] --set gen_length=64", "--set gen_length=64 has no effect"),
    ("import a.jsonl:8@64 --block-length 4 -t sums -o x", "--block-length has no effect: each file has its own"),
    # What is said twice.
    ("sweep demo --set limit=3 --limit 4", "limit is said twice: by --set limit=3, and by its own option"),
    ("sweep demo --set limit=3 --set limit=4", "--set says limit twice: 3 and 4"),
    ("decode --sampler llada --alg entropy", "--alg entropy is Dream's, and not of --sampler llada"),
    # What nothing is drawn, shown or kept of.
    ("decode --seed 5", "--seed 5 has no effect: at temperature 0 every seed gives one and the same text"),
    ("decode --colour confidence", "--colour confidence is of --record (and of --live)"),
    ("decode --live --dry-run", "--dry-run decodes nothing that --live could show"),
    ("decode --record x.svg --dry-run", "--dry-run decodes nothing that --record could show"),
    ("decode 'a b' --retry-failed", "--retry-failed is of a run folder, and this prompt has none"),
    ("show one 0 --colour step", "--colour step is of --record"),
    ("show one 0 --diff 8 32 -a majority", "--diff shows two texts and no vote: leave -a out, or --diff"),
    # Whom it is of no use to.
    ("vote -a majority --calibration one", "--calibration is for schedule-weighted, and majority has no use for it"),
    ("report -a first --calibration one", "--calibration is for schedule-weighted, and first has no use for it"),
    ("compare 8 32 --calibration one", "--calibration is for schedule-weighted, and 8, 32 has no use for it"),
    ("compare 8 32 -a first", "-a first is for a run without WHO, and '8' and '32' name theirs"),
    ("compare 8 32 --list 3 --json", "--json has all problems: leave --list out"),
    ("plot one blocks", "the figure comes first: hex plot blocks one"),
    ("cache import a.csv", "a.csv, line 1: column 1: Expecting value: it is no export of a cache"),
    ("plot --width page", "--width is of a figure: name one, e.g. hex plot blocks"),
    ("plot -a majority", "-a is of a figure"),
    ("plot commits -a majority", "commits shows schedules and no aggregator: leave -a out (cost shows them)"),
    ("plot votes -a confidence", "votes shows majority and no other aggregator: leave -a out (cost shows them)"),
    (
        "plot agreement --calibration one",
        "--calibration is for schedule-weighted, which cost shows and agreement does not",
    ),
    ("plot votes --json --width page", "--json prints the numbers and draws nothing: leave --width out"),
    ("bench --mode lossless --decide-at 0.9", "--decide-at is for modes that stop where a vote is decided"),
    # What is decoded, where nothing is.
    ("decode --show-prompt --live", "--show-prompt decodes nothing that --live could act on"),
    ("decode --show-prompt --record x.svg", "--show-prompt decodes nothing that --record could act on"),
    ("decode --show-prompt -o runs/x", "--show-prompt decodes nothing that -o could act on"),
    ("decode --show-prompt --dry-run", "--show-prompt decodes nothing that --dry-run could act on"),
    ("decode --show-prompt --workers 2", "--show-prompt decodes nothing that --workers could act on"),
    ("decode --show-prompt --record-steps", "--show-prompt decodes nothing that --record-steps could act on"),
    # One vote a problem.
    ("decode -s 8 --until-decided", "--until-decided has no effect: a problem has one vote, which is always cast"),
    ("decode 'a b' -s 8 --decide-at 0.9", "--decide-at 0.9 has no effect: a problem has one vote"),
    ("sweep demo --set schedules=[8] --until-decided", "--until-decided has no effect: a problem has one vote"),
    ("sweep demo --set schedules=[8] --decide-at 0.9", "--decide-at 0.9 has no effect: a problem has one vote"),
    ("sweep demo --vote-order 8", "--vote-order has no effect without --until-decided"),
    ("decode --vote-order 8", "--vote-order has no effect without --until-decided"),
    # A prompt alone is the only problem.
    ("decode 'a b' --limit 3", "--limit takes problems of a task, and a prompt of your own is none"),
    ("decode 'a b' --shard 1/2", "--shard takes a part of a task's problems"),
    ("decode 'a b' --data a.csv", "--data takes the problems of a task, and a prompt of your own is one"),
    ("decode 'a b' --fewshot 2", "task 'prompt' has no training split to draw examples from"),
    # Fields of schedules that need others.
    ("decode --fewshot-seed 5", "fewshot_seed 5 has no effect without fewshot or fewshot_data"),
    ("decode --fewshot-data a.jsonl", "its examples come by --fewshot N, from no file"),
    ("decode --samples 2", "set --temperature (0.9 in the paper)"),
    ("decode --steps 1024 -s 8", "--steps 1024 is more than the 64 tokens of the canvas"),
    ("decode --refresh 8", "refresh 8 has no effect without a kv_cache"),
    ("decode --prompt-refresh 8", "prompt_refresh 8 has no effect without a kv_cache"),
    ("decode --fast --kv-cache dual", "--fast means --kv-cache open"),
    ("decode --fast --threshold 0.5", "which --threshold 0.5 contradicts"),
    ("sweep demo --fast --set threshold=0.5 --dry-run", "threshold"),
    ("decode --top-p 0.9", "top_p has no effect under sampler llada"),
    ("decode --top-k 5", "top_k has no effect under sampler llada"),
    ("decode --eps 0.01", "eps is Dream's, and has no effect under sampler llada"),
    ("decode --alg-temp 0.2", "alg_temp is Dream's, and has no effect under sampler llada"),
    ("decode --block-add-threshold 0.3", "has no effect under sampler llada"),
    ("decode --eb-threshold 0.3", "eb_threshold has no effect with remasking low_confidence"),
    ("decode --credit-alpha 0.5", "credit_alpha needs a threshold"),
    ("decode --boost-gamma 0.5", "have no effect without credit_alpha"),
    ("decode --decay-beta 0.5", "have no effect without credit_alpha"),
    ("decode --editing-threshold 0.9", "it needs sampler sdar"),
    ("decode --max-post-steps 3", "max_post_steps has no effect without editing_threshold"),
    ("sweep demo --set seed=5", "--set seed=5 has no effect: at temperature 0"),
    ("sweep demo --set steps=1024", "--set steps=1024 is more than the 64 tokens of the canvas"),
    ("sweep demo --fewshot-seed 4", "fewshot_seed 4 has no effect without fewshot"),
    ("sweep demo --fewshot-data a.jsonl", "its examples come by --fewshot N, from no file"),
    ("sweep demo --rule mine.py:rule", "is the remasking of no schedule here"),
    ("sweep runs/one --record-steps", "'runs/one' is a run folder, which is repeated as it was asked for"),
    ("reproduce one --rule mine.py:rule", "is the remasking of no schedule here"),
    # Where it computes.
    ("decode --gpus-per-worker 2 --dry-run", "--gpus-per-worker 2, and the device is cpu"),
    ("sweep demo --gpus-per-worker 2 --dry-run", "--gpus-per-worker 2, and the device is cpu"),
    ("decode --device cpu,cpu --engine ray", "with --engine ray, Ray places the workers"),
    ("sweep demo --device cpu,cpu --engine ray", "with --engine ray, Ray places the workers"),
    ("decode --device cpu,cpu --workers 1", "--workers 1 leaves devices of --device cpu,cpu idle"),
    ("sweep demo --device cpu,cpu --workers 1", "--workers 1 leaves devices of --device cpu,cpu idle"),
    # What is voted on, scored, shown.
    ("vote one --copy", "--copy is of the joint run that --together makes"),
    ("vote one -o x", "-o is of the joint run that --together makes"),
    ("vote one --together", "one election of several runs takes two at least"),
    ("score one --axes --leaderboard", "--axes is of majorities, and a view of its own: leave out --leaderboard"),
    ("score one --axes --calibration one", "--axes is of majorities, and a view of its own: leave out --calibration"),
    ("score one --leaderboard --by category", "--leaderboard is one table: leave out --by category"),
    (
        "score one --each problem --format latex",
        "--each problem is CSV (or --json), a view of its own: leave out --format latex",
    ),
    ("score one --each generation -a majority", "before any vote: leave -a out"),
    ("compare one --list 3", "--list is of the problems of two"),
    ("show one 0 --where wrong", "--where lists problems, and one is named"),
    ("show one --record a.svg", "--record keeps one problem: name it"),
    ("grade 5 5 --question q", "--question has no effect: task 'math' looks at answers alone"),
    ("grade 5 5 --choice A", "--choice has no effect: task 'math' looks at answers alone"),
    ("grade --file x.tsv 5 5", "--file has the pairs: leave out GOLD and PREDICTION"),
    ("plot blocks --json -o x.pdf", "--json prints the numbers and draws nothing: leave -o out"),
    ("plot --samples 3", "--samples is of a figure"),
    ("plot --prompts x", "--prompts is of a figure"),
    ("plot --schedules 8", "--schedules is of a figure"),
    ("import a.jsonl -t sums -o x --add --overwrite", "--add keeps what is at RUN and --overwrite replaces it"),
    ("runs list --format csv --json", "two ways to write the list: leave one out"),
    ("tasks --yaml", "--yaml is of a task of your own"),
    # What is measured.
    *(
        (f"bench --shape llada-8b {option}", f"{option.split()[0]} has no effect with --shape")
        for option in (
            "--task sums",
            "--data a.csv",
            "--model tiny",
            "--limit 3",
            "--samples 2",
            "--chunk 8",
            "--frontier",
        )
    ),
    *(
        (f"bench {option}", f"{option.split()[0]} belongs to --shape")
        for option in (
            "--random-weights",
            "--prompt-length 9",
            "--votes 2",
            "--steps-timed 2",
            "--commits 2",
            "--yes",
        )
    ),
    ("bench --engine ray", "--engine belongs to --workers"),
    ("bench --workers 1,2 --mode fast", "--mode has no effect with --workers"),
    ("bench --workers 1,2 --profile", "--profile has no effect with --workers"),
]

# Options that act wherever their command does, each for itself; a new option stands here or has a line above.
ALWAYS = {
    "decode": "--schedules --task --prompt --model --model-arg --trust-remote-code --temperature --remasking "
    "--cfg-scale --sampler --entropy-threshold --factor --suppress-tokens --logits-eos-inf --confidence-eos-eot-inf "
    "--early-ban-steps --full-canvas --confidence-dtype --batch-size --device --dtype --yes --json",
    "sweep": "--data --task --prompt --fewshot --shard --model-arg --trust-remote-code --batch-size --device "
    "--output --retry-failed --yes --dry-run --json",
    "vote": "--task --prompts --schedules --samples --answers --json",
    "score": "--task --prompts --schedules --samples --json",
    "compare": "--task --schedules --format",
    "show": "--task --schedules --samples --prompts --json",
    "grade": "--task --json",
    "plot": "--task --format",
    "report": "--output --task --prompts --schedules --samples --json",
    "import": "--map --format --data --model --fields --gen-length --steps --remasking --temperature --json",
    "reproduce": "--task --sample --seed --allow --batch-size --device --trust-remote-code --json",
    "bench": "--schedules --temperature --gen-length --batch-size --device --dtype --json",
    "models": "--json",
    "tasks": "--json",
    "aggregators": "--json",
    "recipes": "--copy --json",
    "runs list": "--task --model --sort --where",
    "runs show": "--json",
    "runs rename": "--json",
    "runs rm": "--dry-run --yes --json",
    "cache stats": "--by --json",
    "cache verify": "--json",
    "cache prune": "--dry-run --in-no-run --run --task --schedules --model --older-than --damaged --yes --json",
    "cache import": "--json",
}


@pytest.fixture(autouse=True)
def with_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("one", *table())
    Path("mine.py").write_text("def rule(probs, tokens, draws):\n    return probs\n")
    Path("a.csv").write_text("question,answer\n")
    Path("a.jsonl").write_text('{"question": "1+1?", "text": "2"}\n')


@pytest.mark.parametrize(("command", "says"), IDLE, ids=[command for command, _ in IDLE])
def test_an_option_without_effect_is_refused(command: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split(command)) == 2
    out, err = capsys.readouterr()
    assert says in err and err.count("\n") == 1 and not out, err


def options(command: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """The options of every command, each with the ways to write it."""
    for own, one in getattr(command, "commands", {}).items():
        yield from options(one, f"{name} {own}".strip())
    if not hasattr(command, "commands"):
        yield from ((name, one.opts) for one in command.params if one.opts[0].startswith("-"))


def test_every_option_is_known_to_act_always_or_refused_where_it_cannot() -> None:
    typed = [(command, {word.partition("=")[0] for word in shlex.split(command)}) for command, _ in IDLE]
    for name, written in options(typer.main.get_command(app)):
        refused = any(command.startswith(f"{name} ") and words & {*written} for command, words in typed)
        always = bool({*written} & {*ALWAYS.get(name, "").split()})
        assert refused or always, f"hex {name} {written[0]}: say in ALWAYS that it acts always, or refuse it in IDLE"
    there = {(name, option) for name, written in options(typer.main.get_command(app)) for option in written}
    assert {(name, option) for name, said in ALWAYS.items() for option in said.split()} <= there


def test_one_that_has_some_effect_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        "decode -n 1 --dry-run -s 8@64,16 --gen-length 32",
        "decode -n 1 --dry-run -s 8:T=0.9,16 --seed 5",
        "decode -n 1 --dry-run -s 8,16,",
        "decode -n 1 --dry-run --temperature 0.9 --samples 2 --seed 5",
        "compare one 8 -a first --list 2",
        "vote one -a 'majority first'",
        "sweep demo --set samples=1 --limit 1 --dry-run",
    ):
        assert run(shlex.split(command)) == 0, capsys.readouterr().err


def test_what_is_done_otherwise_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split("vote one --samples 9 -a majority")) == 0
    assert "--samples 9: 'runs/one' has 1 sample a schedule, and all are counted" in capsys.readouterr().err
    assert run(["plot", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) >= {"blocks", "votes"}


def test_a_live_display_without_a_terminal_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split("decode 'Tom has 3 apples.' -s 64 --steps 4 --task sums --live --json")) == 0
    err = capsys.readouterr().err
    assert "--live needs a terminal, and standard error is none" in err
    assert "asked in the words of task sums, its answer read as there" in err


def test_what_is_of_decoding_is_said_beside_a_prompt_that_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--limit", "1", "--show-prompt"]) == 0
    plain = capsys.readouterr()
    assert plain.err == ""
    assert run(["decode", "--limit", "1", "--show-prompt", "--batch-size", "4", "-s", "8", "--temperature", "0.9"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (plain.out, "of decoding, and no part of the prompt: schedules, temperature, batch-size\n")


def test_a_dry_run_says_where_nothing_could_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Path("other").mkdir()
    Path("other", "notes.txt").write_text("mine")
    assert run(["decode", "--limit", "1", "--dry-run", "-o", "other"]) == 2
    assert "'other' is not empty and has no run.json: choose another -o" in capsys.readouterr().err
    if Path("/proc/self").is_dir():
        assert run(["decode", "--limit", "1", "--dry-run", "-o", "/proc/x"]) == 0
        assert "warning: the run '/proc/x' could not be written here" in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_and_a_model_that_are_missing_are_both_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "hex-gsm8k", "--limit", "2", "--device", "cuda"]) == 1
    err = capsys.readouterr().err
    assert "LLaDA-8B-Instruct is not in the Hugging Face cache" in err and "; and no device 'cuda' here" in err
    assert err.count("\n") == 1


def test_a_task_in_the_place_of_a_recipe_is_told_by_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.yaml").write_text("name: mine\ndata: rows.jsonl\n")
    assert run(["sweep", "mine.yaml"]) == 2
    assert "mine.yaml is a task, not a recipe: decode it with hex decode --task mine.yaml" in capsys.readouterr().err
