"""Which module reads what: the parsers of its files in PARSERS or in test_parsers, or why nothing of a stranger's."""

from collections.abc import Mapping

# Names of functions that turn bytes of a file into something, ours and others'.
READS = {
    *("read_file", "read_text", "read_bytes", "read_json", "read_mapping", "open_file", "read_lines", "content_of"),
    *("parse_json", "parse_yaml", "parse_lines", "parse_jsonl", "loads", "safe_load", "DictReader", "GzipFile"),
    *("safe_open", "load_file", "read_table", "from_file", "from_pretrained", "file_digest", "mmap"),
}
RUN = ("run.json", "generations", "generations of an older version", "run.json of an older version")
JOINT = ("joint", "rows of a joint run")
EXPORT = ("cache export", "packed export")
DATA = ("data", "data as JSON", "data as CSV", "data as parquet", "packed data")
ROWS = ("plain rows", "packed rows", "d1", "lm-eval")

READERS: Mapping[str, tuple[str, ...] | str] = {
    "answers/judge/worker.py": "questions of the process that started it",
    "bench/machine.py": "/proc",
    "bench/shapes.py": ("shape",),
    "cli/grade.py": ("pairs",),
    "cli/recipes.py": "the recipes that come with hex",
    "cli/sweep.py": ("--set",),
    "engine/prompted.py": ("recipe", "task"),
    "files.py": "what all the others read with: tests/test_files.py",
    "importing/reading.py": ROWS,
    "importing/run.py": ROWS,
    "importing/sources.py": ("mapping",),
    "importing/taken.py": RUN,
    "importing/writing.py": "the lines of a run, compared with ours",
    "json_file.py": "what all the others read JSON with: tests/test_files.py",
    "models/checkpoint/checkpoint.py": ("config.json",),
    "models/checkpoint/content.py": "hashes of files: any other content is none",
    "models/families/editing.py": ("published code",),
    "models/loading/adapter.py": ("adapter config", "adapter weights"),
    "models/loading/memory.py": "/proc and /sys",
    "models/loading/remote.py": "code of a checkpoint, which is trusted by --trust-remote-code",
    "models/loading/weights.py": ("safetensors", "index"),
    "models/tokenizer/bounds.py": "/proc",
    "models/tokenizer/slow_tokenizer.py": "transformers reads it, and all that it raises is one line",
    "models/tokenizer/tokenizer.py": ("tokenizer.json", "tokenizer_config.json", "chat template"),
    "plugins/held.py": "Python files that the user names: tests/plugins",
    "plugins/registering.py": "Python files that the user names: tests/plugins",
    "plugins/sources.py": "Python files that the user names: tests/plugins",
    "python/written.py": "rows that it wrote itself: any other content is written anew",
    "recipe/file.py": ("recipe",),
    "recipe/shipped.py": "files of this package",
    "report/page/document.py": "files of this package",
    "report/target.py": "a mark at either end of a file that is there",
    "runs/data_files.py": "hashes of rows, and names in run.json: any other content is none",
    "runs/failed.py": ("failed",),
    "runs/finding.py": ("votes", *RUN),
    "runs/parts.py": JOINT,
    "runs/reading.py": ("run.json of a run that goes on", *RUN),
    "runs/rows.py": RUN,
    "runs/shelf.py": ("scores",),
    "runs/sources.py": JOINT,
    "runs/writing.py": "its own run.json, as it will be read back",
    "store/claims.py": ("claims",),
    "store/row.py": ("cache row",),
    "store/salvage.py": ("cache database",),
    "store/transfer.py": EXPORT,
    "tasks/custom.py": ("task",),
    "tasks/data/content.py": ("packed data", "packed rows"),
    "tasks/data/local.py": DATA,
    "tasks/data/rows.py": DATA,
    "tasks/prompts/file.py": ("wording",),
    "workers/process.py": "lines of the process that started it",
    "workers/processes.py": "lines of its own workers",
    "yaml_file.py": ("recipe", "task", "wording", "mapping", "--set"),
}
