"""Typical mistakes of somebody new: each is one line that says what to type instead, and nothing is decoded."""

import json
import shlex
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.samples import manifest

MISTAKES = [
    # A word where a prompt stands.
    ("decode gsm8k", "'gsm8k' is a task, no prompt: hex decode --task gsm8k"),
    ("decode gsm8 --limit 3", "did you mean --task gsm8k?"),
    ("decode rows.jsonl", "hex decode --data rows.jsonl"),
    ("decode recipe.yaml", "'recipe.yaml' is a recipe, no prompt: hex sweep recipe.yaml"),
    ("decode task.yaml", "'task.yaml' is a task, no prompt: hex decode --task task.yaml"),
    ("decode nowhere.yaml", "a recipe is run by hex sweep nowhere.yaml, a task by --task"),
    ("decode runs/", "runs are counted by hex vote runs/ and hex score runs/"),
    ("decode runs/one", "runs are counted by hex vote runs/one and hex score runs/one"),
    ("decode runs/nowhere", "there is no 'runs/nowhere', and it is no prompt"),
    ("decode notes.md", 'to decode its text, hex decode "$(cat notes.md)"'),
    ("decode llada", "'llada' is a model, no prompt: hex decode --model llada"),
    ("decode GSAI-ML/LLaDA-8B-Instruct", "hex decode --model GSAI-ML/LLaDA-8B-Instruct"),
    ("decode majority", "'majority' is an aggregator, no prompt: hex vote -a majority"),
    ("decode demo", "'demo' is a recipe, no prompt: hex sweep demo"),
    ("decode -s 8 16", "a list has commas and no spaces: hex decode -s 8,16"),
    ("decode -s 8, 16, 32", "hex decode -s 8,16,32"),
    ("decode 8,16,32", "block lengths are --schedules: hex decode -s 8,16,32"),
    ("decode 50", "hex decode -s 50 (or --limit 50 for so many problems)"),
    ("decode What is two plus two", "a prompt of several words stands in quotes: hex decode 'What is two plus two'"),
    ("decode limit=3", "if it is an option, write --limit 3"),
    ("decode –limit 3", "begins with a long dash: options begin with plain hyphens, --limit"),
    # A plan's devices, a list of schedules, a flag with a value, a word said twice or in quotes.
    ("decode --device a10040 --dry-run", "no device 'a10040' here: did you mean a100?"),
    ("decode --device h100x4 --dry-run", "did you mean h100? (a kind of GPU, for --dry-run; several are --workers N"),
    ("decode --device 2x4090 --dry-run", "did you mean 4090?"),
    ("decode --device v100 --dry-run", "no device 'v100' here: one is named by its kind"),
    ("decode --schedule 8-64", "did you mean --schedules 8,16,32,64?"),
    ("decode --fast yes", "'yes' is no prompt: --fast, --json and their like take no value: leave it out"),
    ("decode decode", "'decode' is said twice: leave one out"),
    ("'decode --limit 1'", "it is one word in quotes; write hex decode --limit 1"),
    ("--limit 5 decode", "no option --limit: options stand behind a command, e.g. hex decode --limit"),
    ("plan", "did you mean 'hex decode --dry-run' or 'hex sweep --dry-run'?"),
    ("decode --samples 2.5", "hex: --samples: '2.5' is no whole number"),
    ("decode --batch-size 0", "hex: --batch-size must be auto or at least 1, not '0'"),
    ("sweep demo --set samples=5", "set temperature (0.9 in the paper), or remasking random"),
    ("sweep demo --set seed=5", "--set seed=5 has no effect"),
    ("sweep demo,hex-gsm8k", "hex sweep demo hex-gsm8k"),
    ("sweep ''", "an argument of hex sweep is empty"),
    ("sweep runs/absent", "hex recipes lists those that come with hex, hex runs your runs"),
    ("recipes recipe.yaml", "hex sweep recipe.yaml --dry-run plans it"),
    ("bench sums", "or hex bench --task sums"),
    ("bench -o x.csv", "it prints: hex bench --json > FILE"),
    ("models --download llada", "a model is fetched when it is first decoded"),
    ("decode --remasking nowhere.py:f", "cannot read 'nowhere.py': no such file"),
    # Options.
    ("decode -schedules 8", "-schedules has one dash: options of several letters have two, --schedules"),
    ("decode --gen_length 64", "no option --gen_length: did you mean --gen-length 64?"),
    ("decode --schedule 8", "did you mean --schedules 8?"),
    ("decode --block-length 8", "did you mean --schedules 8?"),
    ("decode --max-new-tokens 64", "did you mean --gen-length 64?"),
    ("decode --num-samples 5", "did you mean --samples 5?"),
    ("sweep demo --votes 25", "a problem has as many votes as there are schedules times --samples"),
    ("decode --temp 0.9", "did you mean --temperature 0.9?"),
    ("decode --dataset gsm8k", "did you mean --task or --data?"),
    ("decode --model-path x", "did you mean --model x?"),
    ("decode --wobble", "no option --wobble: hex decode --help lists all"),
    ("decode --temperature 0,9", "'0,9' is no number (decimals have a point: 0.9)"),
    ("decode --samples five", "'five' is no whole number"),
    ("decode --samples 5", "set --temperature (0.9 in the paper), or --remasking random"),
    ("decode --limit all", "limit must be a number of problems (50) or a range from 0 (100-149)"),
    ("decode --steps 100", "use a multiple of 8 steps, or longer blocks"),
    ("decode --gen-length 100", "use one of 1, 2, 4, 5, 10, 20, 25, 50, 100"),
    ("decode -s 8:temprature=0.9", "unknown field of a schedule 'temprature': did you mean 'temperature'?"),
    ("decode -s 8@", "gen_length must be a whole number"),
    ("decode -s eight", "a schedule is a block length (32) or lengths in order (198+58), not 'eight'"),
    ("decode --remasking top-k", "unknown remasking 'top-k': it is called low_confidence here"),
    ("decode --remasking margin", "it is called topk_margin here: --remasking topk_margin"),
    ("decode --dtype bfloat15", "did you mean 'bfloat16'?"),
    ("decode --batch-size max", "--batch-size must be auto or at least 1"),
    ("decode --device gpu", "GPUs are cuda (NVIDIA, AMD) or mps (Apple), else auto or cpu"),
    ("decode --decide-at 95", "--decide-at must be above 0.5 and at most 1"),
    ("decode --fast --refresh 8", "give the parts without --fast"),
    ("sweep demo --fast --set kv_cache=dual", "and the recipe says kv_cache: dual; leave one out"),
    ("decode -M adapter", "-M takes key=value, not 'adapter'"),
    ("decode -M atention=eager", "did you mean 'attn_implementation'?"),
    ("decode --steps 128 --gen-length 64 -s 8", "--steps 64 is a step for each, or give a longer --gen-length"),
    (
        "decode --device h100",
        "--device h100 names a kind of GPU, which only --dry-run plans for: to decode, say --device cuda",
    ),
    ("decode --device v100", "no device 'v100' here: one is named by its kind: auto, cpu, cuda, cuda:0, ... or mps"),
    ("decode --device mps", "a Mac with Apple silicon is needed"),
    ("decode --device 0", "GPUs are named with their kind: --device cuda:0"),
    ("decode --device cuda:0,1", "--device cuda:0,cuda:1"),
    ("decode --device 4090", "--device 4090 names a kind of GPU, which only --dry-run plans for: to decode, say --dev"),
    ("bench --device 4090", "--device 4090 names a kind of GPU, which only --dry-run plans for"),
    ("decode --device 4060 --dry-run", "hex knows no such kind of GPU; --dry-run plans for h100, h100-pcie, h200"),
    ("decode --device cuda:4060 --dry-run", "hex knows no such kind of GPU; --dry-run plans for h100, h100-pcie"),
    ("decode --device cuda:4090 --dry-run", "to plan for the kind, say --device 4090 --dry-run"),
    ("decode --gpu 4090 --dry-run", "did you mean --device 4090?"),
    ("decode --gpu 1", "did you mean --device cuda:1?"),
    ("decode --device cpu --gpus-per-worker 2", "and the device is cpu: leave one out"),
    ("decode -M pretrained=gpt2", "a model is --model gpt2"),
    ("decode -M load_in_8bit=true", "8-bit floats are --dtype float8"),
    ("decode -s 8:seed=3", "--seed says the first, --samples how many"),
    ("decode -s 8:wobble=3", "e.g. steps, temperature (T), remasking, samples"),
    # Options of lm-eval, Hugging Face and LLaDA's scripts.
    ("decode --tasks gsm8k", "did you mean --task or --data?"),
    ("decode --model_args pretrained=x", "did you mean --model-arg"),
    ("decode --num_fewshot 4", "did you mean --fewshot 4?"),
    ("decode --batch_size 4", "did you mean --batch-size 4?"),
    ("decode --apply_chat_template", "the model's own chat template is used"),
    ("decode --log_samples", "every generation is kept in the run"),
    ("decode --output_path out", "did you mean --output out?"),
    ("decode --use_cache", "every generation is cached and reused"),
    ("decode --system_instruction Hi", "--prompt FILE.yaml"),
    ("decode --seeds 0,1,2", "seeds are --seed S, the first, and --samples K"),
    ("decode --lora x", "did you mean --model-arg adapter=FOLDER?"),
    ("decode --num_beams 4", "a masked diffusion model is not decoded from left to right"),
    # Names.
    ("decode --task gsm-8k", "its dataset is that of --task gsm8k"),
    ("decode --task math500", "its dataset is that of --task math"),
    ("decode --task humaneval", "or the YAML file of a task of your own (hex recipes --copy mine has one to change)"),
    ("decode --task sums,gsm8k", "a run is of one: hex sweep takes task: [sums,gsm8k]"),
    ("decode --task recipe.yaml", "recipe.yaml is a recipe, not a task: run it with hex sweep recipe.yaml"),
    ("decode --data rows.jsonl:answr=a", "unknown key 'answr': did you mean 'answer'?"),
    ("decode --data rows.jsonl:answer=gold", "rows.jsonl: answer=gold is none of its columns: question, answer"),
    ("decode --data rows", "--data rows: its name must say what it is: .jsonl, .json, .csv, .tsv, .parquet"),
    ("decode --model llada-8b", "did you mean 'llada'?"),
    ("decode --model LLaDA_8B_Instruct", "did you mean 'llada'?"),
    ("decode --model gpt2", "hex models lists those that have a short name"),
    ("decode --model tiny,llada", "hex sweep takes model: [tiny,llada]"),
    ("decode --model ./nowhere", "no model folder ./nowhere: give one, a hub id (org/name), or a name of hex models"),
    ("decode -o rows.jsonl", "'rows.jsonl' is a file: choose another -o"),
    # Recipes.
    ("sweep", "Missing argument 'RECIPE...', e.g. hex sweep demo"),
    ("sweep demmo", "did you mean 'demo'?"),
    ("sweep recipes/demo.yaml", "hex sweep demo"),
    ("sweep recipe.yml", "did you mean recipe.yaml?"),
    ("sweep gsm8k", "'gsm8k' is a task, not a recipe: hex decode --task gsm8k"),
    ("sweep task.yaml", "task.yaml is a task, not a recipe: decode it with hex decode --task task.yaml"),
    ("sweep rows.jsonl", "hex decode --data rows.jsonl"),
    ("sweep recipe.yaml --schedules 8", "a key of the recipe is changed by --set schedules=8"),
    ("sweep recipe.yaml --set sampels=2", "did you mean 'samples'?"),
    ("recipes --copy rows.jsonl", "'rows.jsonl' is a file: name a folder to copy to"),
    # Runs.
    ("vote gsm8k", "no such folder 'gsm8k': a task is --task gsm8k"),
    ("vote runs/on", "did you mean 'runs/one'?"),
    ("score on", "did you mean 'runs/one'?"),
    ("vote runs majority", "an aggregator is -a majority"),
    ("vote runs 8,16", "schedules are --schedules 8,16"),
    ("vote runs/one/run.json", "is a file, not a run folder: give its folder, 'runs/one'"),
    ("score rows.jsonl", "'hex import rows.jsonl --task TASK -o runs/NAME' makes one"),
    ("score recipe.yaml", "a recipe is run by 'hex sweep recipe.yaml'"),
    ("vote -a majorty", "did you mean 'majority'?"),
    ("import rows.jsonl --task sums", "no field 'text' (it has: question, answer): say which is which, e.g. --fields"),
    ("import rows.jsonl --task sums -o runs/x --format lmeval", "did you mean 'lm-eval'?"),
    ("score -a oracle", "hex score has it in a row of its own"),
    ("score -a maj", "it is called majority here: -a majority"),
    ("score --output x.csv", "hex score --format csv > FILE"),
    ("score --model tiny", "runs are named, hex score RUN..."),
    ("vote --csv", "hex score --format csv has it"),
    ("show runs/one --problem 0", "hex show RUN 0"),
    ("show runs/one --wrong", "hex show RUN --where wrong lists those"),
    ("sweep recipe.yaml -s 8,16", "a key of the recipe is changed by --set schedules=8,16"),
    ("grade --question q 1 1", "--question has no effect: task 'math' looks at answers alone"),
    ("grade --choice A --choice B 1 1 -t gsm8k", "it is of arc, mmlu, truthfulqa"),
    ("sweep recipe.yaml --set block_length=8", "it is called schedules here"),
    ("sweep recipe.yaml --set wobble=8", "e.g. model, task, schedules"),
    # Commands.
    ("version", "hex --version has it"),
    ("decode help", "'help' is no prompt: hex decode --help"),
    ("decode vote", "'vote' is a command, no prompt: hex vote --help"),
    ("cache size", "did you mean 'hex cache stats'?"),
    ("lm_eval --tasks gsm8k", "did you mean 'hex decode'?"),
    ("recipes demos", "unknown recipe 'demos': did you mean 'demo'"),
    ("recipes demo --copy mine", "--copy copies all of them: hex recipes --copy mine"),
    ("models llada", "or hex decode --model llada"),
    ("aggregators majority", "or hex vote -a majority"),
    ("eval", "did you mean 'hex score'?"),
    ("run", "did you mean 'hex decode' or 'hex runs'?"),
    ("help", "add --help to a command, e.g. hex decode --help"),
    ("models list", "'list' is one word too many: write hex models (see hex models --help)"),
    ("tasks gsm9k", "did you mean 'gsm8k'?"),
    ("tasks gsm8k math", "'math' is one word too many: write hex tasks [TASK]"),
    ("compare a b c", "'c' is one word too many: write hex compare A [B]"),
    ("runs ls", "did you mean 'hex runs list'?"),
    ("runs show", "Missing argument 'RUN', e.g. hex runs show"),
    ("runs rm runs", "'runs' holds runs and is none: name those to remove, e.g. runs/*"),
    ("runs rm nowhere", "runs/ has one (hex runs list)"),
    ("runs rename runs/one a/b", "a run's new name is one word"),
    ("cache clear", "did you mean 'hex cache prune'?"),
    ("cache prune", "say what to prune: --run, --task, "),
    ("cache prune --older-than 3", "an age is a number and m, h, d or w (30d), not '3'"),
    ("bench --mode fastest", "did you mean 'fast'?"),
    ("bench --shape llada --random-weights", "did you mean 'llada-8b'?"),
    ("--versio", "did you mean --version?"),
    # Values.
    ("decode --model", "--model needs a value: --model NAME"),
    ("decode --task --limit 3", "--task needs a value: --task NAME|FILE; behind it stands --limit"),
    ("decode --kv-cache dual --kv-cache prefix", "--kv-cache is said twice: leave one out"),
    ("decode -n 3 --limit 4", "-n is said twice: leave one out"),
    ("decode -s 8:temp=0.5", "unknown field of a schedule 'temp': did you mean 'T'?"),
    ("decode -m tinny", "unknown model 'tinny': did you mean 'tiny'? hex models lists all"),
    ("score runs/one --by subject", "'subject' is not what it takes: 'category' alone"),
    ("show", "Missing argument 'RUN', e.g. hex show runs/one"),
    ("import task.yaml --task gsm8k -o runs/new", "what is imported is JSON or JSON lines, of format d1, lm-eval"),
    ("decode --task gsmk8", "did you mean 'gsm8k'? hex tasks lists all"),
    ("decode --limit 9999", "limit 9999 goes beyond the 2048 problems of sums: leave it out"),
    ("decode -n 2040-3000", "say 2040-2047"),
    ("decode --task task.yaml -n 2", "limit 2 goes beyond the 1 problem of task: leave it out"),
    ("decode -n 3000-3005", "takes no problem: sums has 2048, counted from 0"),
    ("decode -o runs", "'runs' holds runs: name a folder in it, e.g. -o runs/NAME"),
    ("decode -o /dev/null", "is a file: choose another -o"),
    ("decode -m runs/one", "holds no model: it is a run; see hex models"),
    ("decode --device cuda:x", "the index of a GPU is a number, use cuda:0 or --device auto"),
    ("decode --vote-order 8", "--vote-order has no effect without --until-decided"),
    ("decode --record clip.mp4", "--record writes .svg, .gif, .html, not 'clip.mp4'"),
    ("decode Hello --record drawing.svg", "'drawing.svg' is there and hex did not write it"),
    ("decode -M adapter=nowhere", "-M adapter takes a folder or a hub id"),
    ("sweep demo --limit 9999", "goes beyond the 2048 problems of sums"),
    ("sweep elsewhere/mine.yaml", "no recipe file elsewhere/mine.yaml; those that come with hex: demo, "),
    ("sweep nosuch", "unknown recipe 'nosuch': known: demo, "),
    ("sweep demo --model llada", "a key of the recipe is changed by --set model=llada"),
    ("sweep demo -o notes.md", "'notes.md' is a file: -o is the folder for the run folders"),
    ("sweep runs", "runs is a folder: name the recipe files in it"),
    ("vote -a ''", "the value of -a is empty: leave it out, or say one"),
    ("vote -a mine.py", "'mine.py' is a file: name the function in it, mine.py:NAME"),
    ("vote -a mine.py:other", "'mine.py' has no 'other': it has rule"),
    ("vote mine.py:rule", "an aggregator is -a mine.py:rule"),
    ("vote --samples 0", "0 is too small: at least 1"),
    ("score nowhere", "no such folder 'nowhere': runs/ has one (hex runs list)"),
    ("score --format xml", "'xml' is none of 'table', 'markdown', 'latex', 'csv', 'json'"),
    ("score --format csv --json", "leave one out"),
    ("score --by category --format latex", "leave out --format latex"),
    ("compare", "Missing argument 'A', e.g. hex compare"),
    ("compare runs/x runs/y", "no such folder 'runs/x': runs/ has one (hex runs list)"),
    ("compare runs/one runs/one", "name another schedule or aggregator"),
    ("show runs", "not a run folder, but it holds some: name one, e.g. runs/one"),
    ("show 0", "the run comes first, e.g. hex show runs/NAME 0"),
    ("show runs/one -1", "problems are counted from 0"),
    ("show runs/one 0 --diff 8", "--diff needs 2 values parted by spaces: --diff SCHEDULE SCHEDULE"),
    ("show runs/one --diff 8 32", "name it, e.g. hex show RUN 0 --diff 8 32"),
    ("show runs/one 0 --diff 8 32 --json", "--diff is a view for people: leave --json out, or --diff"),
    ("show runs/one --where ties", "did you mean 'tie'?"),
    ("report -o page.pdf", "a report is a page: -o page.html, not 'page.pdf'"),
    ("report -o page.html", "'page.html' is there and hex did not write it: choose another file"),
    ("plot blocs", "did you mean 'blocks'?"),
    ("plot runs/one", "the figure comes first: hex plot blocks runs/one"),
    ("plot blocks -o picture.gif", "a figure is written as .pdf, .svg, .png"),
    ("plot blocks -o drawing.svg", "'drawing.svg' is there and hex did not write it"),
    ("plot blocks --width wide", "--width is column (3.25 in), page (6.75) or 3 to 40 inches"),
    ("import rows.jsonl -o runs/x -t gsmk8", "did you mean 'gsm8k'?"),
    ("import nowhere.jsonl -o runs/x -t gsm8k", "cannot read nowhere.jsonl"),
    ("reproduce runs", "it holds some: name one, e.g. runs/one"),
    ("reproduce runs/one --sample x", "'x' is no whole number"),
    ("cache export notes.md", "'notes.md' is there and hex did not write it"),
    ("cache export nowhere/all.jsonl", "no folder 'nowhere' to write 'all.jsonl' into"),
    ("cache import nowhere.jsonl", "cannot read nowhere.jsonl"),
    ("grade 5", "hex grade GOLD PREDICTION"),
    ("grade '' 5", "GOLD is empty, and nothing equals it"),
    ("decode -", "'-' is no prompt: what comes by a pipe is put in quotes"),
    ("decode --temperature 1e9", "temperature 1e+09 draws tokens whatever the model says"),
    ("decode -s 8:T=500", "temperature 500 draws tokens whatever the model says"),
    ("sweep demo --set temperature=1000", "temperature 1000 draws tokens whatever the model says"),
    ("decode --until-decided --decide-at 0.9", "--until-decided is --decide-at 1, and --decide-at 0.9 is said too"),
    ("decode --gpus-per-worker 2 --dry-run", "--gpus-per-worker 2, and the device is cpu: leave it out"),
    ("decode --gen-length 1024 -s 8 -n 1", "do not fit the 512 tokens tiny was trained for: --gen-length at most 4"),
    ("decode --data openai/gsm8k", "it is the dataset of a task: --task gsm8k, without --data"),
    ("decode --task gsm8k --data openai/gsm8k", "it is the dataset of a task: --task gsm8k, without --data"),
    ("decode --data me/rows", "it takes a file (.jsonl, .json, .csv, .tsv, .parquet): save the rows, dataset.to_json("),
    ("decode --task gsm8k --data rows.jsonl:question=x", "task gsm8k says which columns are read: leave :question=x"),
    ("sweep demo --rule mine.py:rule", "--rule mine.py:rule is the remasking of no schedule here: leave it out"),
    (
        "vote -a median",
        "known: first, majority, majority-nll, lowest-nll, confidence, path-likelihood, ...; hex aggregators",
    ),
    ("bench --mode foo", "lossless, until-decided, fast, ...; hex bench --help lists all"),
    ("bench --shape foo", "unknown shape 'foo': known: llada-8b, dream-7b"),
    ("bench --workers two", "--workers takes numbers of workers, as 1,2,4, not 'two'"),
    (
        "decode -o runs/one -n 1 --dry-run",
        "holds another model, tiny with other weights than it has now: choose another -o",
    ),
    (
        "decode -o runs/one -n 1 -m tiny-prompts --dry-run",
        "holds another model (tiny, not tiny-prompts): choose another -o, or --model tiny",
    ),
    ("runs rename runs/one 'a b'", "a run's new name is one word, not 'a b': e.g. a-b"),
    ("grade --file notes.md", "pair 1 has no tab in it: gold, a tab, prediction"),
]


@pytest.fixture(autouse=True)
def in_a_folder_with_some_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rows.jsonl").write_text('{"question": "1+1?", "answer": 2}\n')
    Path("notes.md").write_text("What is 1+1?")
    Path("drawing.svg").write_text("<svg/>")
    Path("page.html").write_text("<p>mine</p>")
    Path("mine.py").write_text("def rule(election):\n    return None\n")
    Path("recipe.yaml").write_text("model: tiny\nschedules: [8]\nlimit: 2\n")
    Path("task.yaml").write_text("data: rows.jsonl\nfields: {question: question, answer: answer}\nextract: number\n")
    Path("runs/one").mkdir(parents=True)
    Path("runs/one/run.json").write_text(json.dumps(manifest(name="one", expected=1).to_dict()))


def files() -> set[Path]:
    return {path for path in Path().rglob("*") if path.parts[0] != "cache"}


@pytest.mark.parametrize(("command", "says"), MISTAKES, ids=[command for command, _ in MISTAKES])
def test_a_mistake_is_one_line_that_says_what_to_type(
    command: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files()
    code = run(shlex.split(command))
    out, err = capsys.readouterr()
    assert (code, out) == (2, ""), err
    assert says in err and err.startswith("hex: ") and err.count("\n") == 1, err
    assert files() == before


@pytest.mark.parametrize("prompt", ["Hello", "What is 8,16?", "2 + 2", "hello/world is a path", "gsm8k "])
def test_what_may_be_a_prompt_is_one(prompt: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", prompt, "-s", "16", "--steps", "4", "--dry-run"]) == 0
    assert "1 problem, 1 generation" in capsys.readouterr().out


def test_there_are_seventy_of_them_and_more() -> None:
    assert len(MISTAKES) >= 70


@pytest.mark.parametrize(
    "line",
    [
        "-s '8 16'",
        "-s '(8;16)'",
        "-s 'block 8, block 16'",
        "--task SUMS -s 8,16",
        "--dtype bf16 -s 8,16",
        "--dtype torch.float16 -s 8,16",
        "--remasking low-confidence -s 8,16",
        "--device CPU -s 8,16",
    ],
)
def test_a_spelling_that_can_mean_one_thing_is_taken(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split(f"decode {line} --limit 1 --dry-run --json")) == 0
    assert json.loads(capsys.readouterr().out)["generations"] == 2
