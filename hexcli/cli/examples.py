"""Two examples for the `--help` of every command. The tests read each of them as the command line would."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "": (
        "hex decode --schedules 8,16,32     decode 50 problems of the embedded model",
        "hex score                          what the vote of the three schedules is worth",
    ),
    "decode": (
        "hex decode -s 8,16,32 --limit 20",
        'hex decode "Jack is 20 years old. Max is 3 times as old as Jack. How old will Max be in 4 years?" -s 8,16,32',
        "hex decode --model llada --task gsm8k -s 8,16,32,64,128 --temperature 0.9 --samples 5 --limit 50",
    ),
    "sweep": (
        "hex sweep demo",
        "hex sweep hex-gsm8k --limit 50 --dry-run",
    ),
    "vote": (
        "hex vote runs/",
        "hex vote runs/ -a majority,reliability --schedules 8,32",
        "hex vote runs/one runs/other --together -o runs/joint",
    ),
    "score": (
        "hex score",
        "hex score runs/ --task sums --json",
        "hex score runs/ --axes",
        "hex score --each problem > problems.csv",
    ),
    "compare": (
        "hex compare runs/sums-tiny-5e224466",
        "hex compare runs/sums-tiny-5e224466:8 32",
        "hex compare runs/llada runs/dream --task gsm8k --json",
    ),
    "show": (
        "hex show runs/sums-tiny-5e224466",
        "hex show runs/sums-tiny-5e224466 0 --diff 8 32",
    ),
    "grade": (
        r"hex grade --task math '\frac{1}{2}' 0.5",
        "hex grade --file pairs.tsv --json",
    ),
    "plot": (
        "hex plot blocks runs/ -o blocks.pdf",
        "hex plot cost runs/ --format csv > cost.csv",
    ),
    "report": (
        "hex report runs/sums-tiny-5e224466",
        "hex report runs/llada runs/dream --task gsm8k -o both.html",
    ),
    "import": (
        "hex import gsm8k_*_generations.json --task gsm8k -o runs/d1-gsm8k",
        "hex import b8.jsonl:block_length=8 b32.jsonl:block_length=32 --gen-length 256 -t gsm8k -o runs/lm",
    ),
    "reproduce": (
        "hex reproduce runs/sums-tiny-5e224466 --sample 5",
        "hex reproduce runs/llada --sample 20 --seed 1 --allow 1 --json",
    ),
    "runs": (
        "hex runs --where T=0.9",
        "hex runs rename runs/sums-tiny-5e224466 first",
    ),
    "runs list": (
        "hex runs list --where T=0.9 --sort accuracy",
        "hex runs list old/ --format csv",
    ),
    "runs show": (
        "hex runs show runs/sums-tiny-5e224466",
        "hex runs show runs/llada --json",
    ),
    "runs rename": (
        "hex runs rename runs/sums-tiny-5e224466 first",
        "hex runs rename runs/llada llada-gsm8k --json",
    ),
    "runs rm": (
        "hex runs rm runs/first",
        "hex runs rm runs/first runs/llada --yes",
    ),
    "bench": (
        "hex bench --limit 8 --mode published,lossless",
        "hex bench --shape llada-8b --random-weights --batch-size 25",
    ),
    "models": (
        "hex models",
        "hex models --json",
    ),
    "tasks": (
        "hex tasks",
        "hex tasks gsm8k",
    ),
    "aggregators": (
        "hex aggregators",
        "hex aggregators --json",
    ),
    "recipes": (
        "hex recipes",
        "hex recipes hex-gsm8k",
        "hex recipes --copy mine",
    ),
    "cache": (
        "hex cache stats",
        "hex cache prune --model tiny --older-than 30d",
    ),
    "cache stats": (
        "hex cache stats",
        "hex cache stats --by run",
    ),
    "cache verify": (
        "hex cache verify",
        "hex cache verify --json",
    ),
    "cache prune": (
        "hex cache prune --model tiny --older-than 30d",
        "hex cache prune --task sums --schedules 8 --dry-run",
    ),
    "cache export": (
        "hex cache export all.jsonl",
        "hex cache export | head",
    ),
    "cache import": (
        "hex cache import all.jsonl",
        "hex cache import gpu1.jsonl.gz gpu2.jsonl.gz --json",
    ),
}
