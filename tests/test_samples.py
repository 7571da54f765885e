"""Every sample of the README and of docs/ runs: commands as they are typed, Python, and the files they name.

What cannot run here is listed with its reason, and is read as the command line would read it all the same.
"""

import csv
import json
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import hexcli
from hexcli.cli import decode
from hexcli.cli.main import run
from hexcli.remasking import OFFERED
from hexcli.sampling import remasking
from hexcli.voting import aggregators
from hexcli.yaml_file import parse_yaml
from tests.cli.test_help import read
from tests.cli.test_vote_and_score import table, write
from tests.importing.files import d1_file

ROOT = Path(__file__).parent.parent
# commands.md is what --help prints, whose examples tests/cli/test_help.py reads.
PAGES = [ROOT / "README.md", *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "commands.md")]
RUN = "runs/sums-tiny-5e224466"  # which the pages look at

# Lines of shells that are not ours, by how they begin: an environment, a package index, a browser.
SHELL = ("make ", "source ", "pip ", "git ", "hf ", "python -m tests.", "torchrun ", "ray ", "export ", "ssh ", "#")
# Commands that cannot run here, by what stands in them: they are tried with --dry-run where they decode.
ELSEWHERE = {
    r"hex-gsm8k|llada-gsm8k|--model (llada|dream|sdar|dparallel|fast-dllm|d3llm)": "gigabytes of weights from the hub",
    r"--workers|--engine ray|--device cuda": "several processes; tests/workers has them",
    r"runs/embedded": "1,000 generations with their steps; tests/cli/test_leaderboard.py has smaller ones",
    r"shard\*of16|score runs/gsm8k$": "sixteen shards; tests/cli/test_shards.py joins two",
    r"-o small$|report large": "1,500 generations; the test of large reports makes its own",
}
FEW = "2"  # problems
USES = {"RUNS...": "runs/", "GOLD PREDICTION": "1/2 0.5", "[--task math]": "--task math", "[--json]": "--json"}
PIECES = re.compile(
    r"(?:^`(?P<name>[\w.-]+)`:\n\n)?^```(?P<kind>\w*)\n(?P<body>.*?)^```|^    (?P<line>\S[^\n]*)$", re.M | re.S
)


class Sample(NamedTuple):
    """A command, a piece of Python, or a file, in the order of the page. `name`: that of a file, if it has one."""

    kind: str
    text: str
    name: str = ""


def samples(page: Path) -> Iterator[Sample]:
    """What stands in fences, and the commands in indented lines."""
    text = page.read_text(encoding="utf-8")
    for match in PIECES.finditer(text):
        if match["line"] is not None:
            yield from _command(match["line"])
        elif match["kind"] in ("console", "sh"):
            for line in match["body"].splitlines():
                yield from _command(line)
        else:
            yield Sample(match["kind"], match["body"], match["name"] or "")


def _command(line: str) -> Iterator[Sample]:
    if re.match(r"(\$ )?hex(?= )", line) and not line.startswith("hex: "):
        yield Sample("command", line.removeprefix("$ "))
    elif line.startswith("$ ") and not line[2:].startswith(SHELL):
        yield Sample("unknown", line)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the run that the pages look at, scored, and a cache that all pages share."""
    top = tmp_path_factory.mktemp("samples")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(top)
        patch.setenv("HEX_CACHE_DIR", str(top / "cache"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        assert run(["decode", "-s", "8,16,32", "-n", "8", "-o", RUN]) == 0
        assert run(["score"]) == 0
    return top


@pytest.fixture(autouse=True)
def in_a_folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    shutil.copytree(made / "runs", tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEX_CACHE_DIR", str(made / "cache"))
    monkeypatch.setattr(decode, "FIRST_PROBLEMS", FEW)
    monkeypatch.setattr(remasking, "RULES", dict(remasking.RULES))
    kept, known = dict(OFFERED), dict(aggregators.AGGREGATORS)
    yield
    aggregators.AGGREGATORS.clear()  # a page's functions are no aggregators of the next
    aggregators.AGGREGATORS.update(known)
    OFFERED.clear()  # the workers of later tests would be told of a page's files
    OFFERED.update(kept)


def prepare(page: str) -> dict[str, Any]:
    """The files and names that a page takes for granted."""
    known: dict[str, Any] = {"hexcli": hexcli}
    if page == "README.md":
        write("gsm8k-llada", *table(), task="gsm8k", model="llada")
    elif page == "statistics.md":
        for name in ("one", "other"):
            write(name, *table(labels=("8", "32", "64")))
        for model in ("tiny", "llada", "dream"):
            write(model, *table(labels=("8", "32", "64")), task="gsm8k", model=model)
    elif page == "formats.md":
        shutil.copytree(RUN, "runs/mine")
    elif page == "joint.md":
        shutil.copytree(RUN, "runs/A")
        assert run(["decode", "-s", "4,64", "-n", "2", "-o", "runs/B"]) == 0
    elif page == "grading.md":
        Path("pairs.tsv").write_text("gold\tprediction\n1/2\t0.5\n")
    elif page == "importing.md":
        d1_file(Path("gsm8k_128_generations.json"))
    return known


@pytest.mark.filterwarnings("ignore::UserWarning")  # what `import hexcli` says of a run, as the command line would
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_samples_run(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = prepare(page.name)
    found = list(samples(page))
    for sample in found:
        if sample.name:
            Path(sample.name).write_text(sample.text, encoding="utf-8")
    for sample in found:
        if sample.kind == "command":
            line = sample.text
            for words, meant in USES.items():
                line = re.sub(rf"(?<!\S){re.escape(words)}(?!\S)", meant, line)
            line = line.replace("$SLURM_ARRAY_TASK_ID", "1")  # a shell's
            line = re.sub(r"(?<!\S)RUN(?!\S)", lambda _: str(_newest()), line)
            _run(shlex.split(line, comments=True)[1:], sample.text, capsys)
        elif sample.kind == "python":
            if named := re.match(r"# (\w+\.py)\n", sample.text):
                Path(named[1]).write_text(sample.text, encoding="utf-8")
            exec(compile(sample.text, page.name, "exec"), known)
        elif sample.kind == "json":
            assert [json.loads(one) for one in sample.text.splitlines()], sample.text
        elif sample.kind == "csv":
            assert len({len(row) for row in csv.reader(sample.text.splitlines())}) == 1, sample.text
        elif sample.kind in ("yaml", "toml"):
            assert parse_yaml(sample.text) if sample.kind == "yaml" else tomllib.loads(sample.text)
        else:
            pytest.fail(f"what is this in {page.name}? {sample.kind!r}: {sample.text}")


def test_the_readme_shows_the_scores_as_they_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Line by line, but for the numbers: those of the README are of 50 problems."""
    shown = re.search(rf"^    {Path(RUN).name}: .*?\n\n(?!     )", PAGES[0].read_text(encoding="utf-8"), re.M | re.S)
    assert shown is not None
    assert run(["score", RUN]) == 0
    printed = capsys.readouterr().out
    said, meant = ([_plain(line) for line in text.splitlines() if line.strip()] for text in (shown[0], printed))
    assert said == meant


def _plain(line: str) -> str:
    """Without numbers, and with one blank where several stand."""
    line = re.sub(r"over block \d+", "over block N", line.replace(", limit 8", ""))
    return " ".join(re.sub(r"[+-]?\d+(\.\d+)?(-\d+\.\d+)?", "N", re.sub("─+", "-", line)).split())


def _newest() -> Path:
    """The run that the page made last, or the one that it looks at."""
    return max((path for path in Path("runs").iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)


def _run(words: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    if ">" in words:
        words = words[: words.index(">")]
    words = [name for word in words for name in (sorted(map(str, Path().glob(word))) if "*" in word else [word])]
    if "--limit" in words:  # of the problems, the first ones are enough to see that a line runs
        words[words.index("--limit") + 1] = FEW
    if any(re.search(there, line) for there in ELSEWHERE):
        assert read(words), line
        if words[0] not in ("decode", "sweep") or {"--workers", "--device"} & set(words):
            return
        words = [*words, *(["--dry-run"] if "--dry-run" not in words else [])]
    assert run(words) == 0, f"{line}\n{capsys.readouterr().err}"


def test_there_are_samples_to_run() -> None:
    kinds = [sample.kind for page in PAGES for sample in samples(page)]
    assert kinds.count("command") >= 60 and kinds.count("python") >= 6


def test_every_exception_is_needed() -> None:
    lines = [sample.text for page in PAGES for sample in samples(page) if sample.kind == "command"]
    for there in ELSEWHERE:
        assert any(re.search(there, line) for line in lines) or "workers" in there, there
