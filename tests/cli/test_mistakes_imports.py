"""Slips with files of one's own: `hex import`, `hex tasks`, `hex decode --data`, joint votes."""

import json
import shlex
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.cli.test_vote_and_score import write
from tests.scoring.runs import generation

GENERATIONS = [{"question": f"{n} + 4?", "answer": n + 4, "output": f"\\boxed{{{n + 4}}}"} for n in range(3)]
NESTED = {"input": {"question": "3 + 4?"}, "outputs": [{"index": 0, "text": "\\boxed{7}"}]}
LOG = {"doc_id": 0, "doc": {"foo": "3 + 4?"}, "resps": [["\\boxed{7}"]]}
RESULTS = {"results": {"gsm8k": {"exact_match": 0.5}}, "configs": {}}
BLOCKS = "of all files it is --block-length N, of one FILE:block_length=N, uneven ones FILE:48+16"
COLUMNS = "which column is what stands behind the file: --data FILE:question=Text,answer=Gold"

IMPORTS = [
    ("outs.json -s 8", BLOCKS),
    ("outs.json --schedules 8", BLOCKS),
    ("outs.json --block-size 8", BLOCKS),
    ("outs.json --block-length 8,16", "one whole number for all files; of one file, or uneven: FILE:8"),
    ("outs.json --block-length 48+16", "of one file, or uneven: FILE:48+16"),
    ("outs.json --seed 1", "samples are numbered as they stand; a seed of one file: FILE:seed=N"),
    ("outs.json --samples 2", "all samples of a file are taken; fewer of them vote by hex vote RUN --samples N"),
    ("outs.json --limit 2", "all rows are taken: leave lines out of the file"),
    ("outs.json --cfg-scale 1", "it stands behind a file: FILE:cfg_scale=1"),
    ("outs.json --response output", "what rows call theirs: --fields text=output"),
    ("outs.json --id-column id", "what rows call theirs: --fields problem_id=id"),
    ("--input outs.json", "files stand behind the command, without an option: hex import FILE..."),
    ("outs.json:block_length", "'block_length' is no schedule: write FILE:block_length=8,steps=128, or FILE:8@256"),
    ("outs.json:8 outs.json", "outs.json and outs.json are one and the same"),
    ("outs.json:model=llada", "model is said of all files: --model llada"),
    ("outs.json:id=uid", "--fields calls it problem_id: problem_id=uid"),
    ("outs.json --fields answer=answer", "the right answer is target, what the model wrote is text: target=answer"),
    ("outs.json --fields text=none", "a generation needs its text"),
    ("outs.json --fields text=question", "leaves nothing to be the question: say question=FIELD, too"),
    (
        "outs.json --fields text=ouput",
        "no file has a field 'ouput' (outs.json: it has: question, answer, output): did you",
    ),
    ("nested.jsonl --fields question=input,text=outputs.text", "e.g. --fields question=input.question"),
    ("nested.jsonl --fields question=input.question,text=outputs", "e.g. --fields text=outputs.text"),
    ("results.json", "it holds lm-eval's results and no generations: name samples_*.jsonl (--log_samples)"),
    ("log.jsonl:8@64 -t gsm8k -o runs/x", "no field 'question' (it has: foo); --task FILE names rows of your own"),
    ("quiz.csv", "rows that hold questions and no generations are decoded: hex decode --data FILE"),
    ("nowhere.bin", "No such file or directory: '.' has log.jsonl, nested.jsonl, odd.json, outs.json, ..."),
    ("odd.json:8@64 -t gsm8k -o runs/x", "row 2: no field 'output', which is the text of the rows before"),
    ("outs.json:8@64 -t gsm8k -o runs/a --add", "import the files into a run of their own, then hex vote runs/a THAT"),
    ("outs.json:8@64 -t gsm8k -o runs", "is not empty and has no run.json: choose another -o, e.g. runs/NAME"),
]
OTHERS = [
    ("tasks --data quiz.csv", "a task stands behind the command: hex tasks gsm8k, hex tasks mine.csv"),
    ("tasks mine.yaml", "unknown key 'template': here it is called prompt"),
    ("tasks gold.yaml", "the right answer is called answer, so answer: answer, not gold: answer"),
    ("tasks gold.yaml:question=x", "gold.yaml says its columns itself, under fields: leave :question=x out"),
    (
        "decode --task quiz.csv,gold.yaml",
        "are several tasks, and a run is of one: hex sweep takes task: [quiz.csv,gold",
    ),
    ("vote runs/a --task quiz.csv", "no run of task quiz.csv: the runs here are of sums"),
    ("tasks list", "'list' is no task: hex tasks alone lists them"),
    ("tasks quiz", "unknown task 'quiz': did you mean 'quiz.csv'?"),
    ("tasks runs/a", "it is a folder: hex runs show has the task of a run"),
    ("decode --data quiz.csv --fields question=q", COLUMNS),
    ("decode --data quiz.csv --answer gold", COLUMNS),
    ("decode --data quiz.csv:question", "behind the file stands KEY=COLUMN, e.g. quiz.csv:question=Text"),
    ("decode --data gsm8k", "it is a task: --task gsm8k, without --data"),
    ("decode --data runs", "it is a folder: name a file in it"),
    ("decode --data mine.yaml", "a task file is named by --task mine.yaml"),
    ("decode --data quiz.xlsx", "pandas.read_excel('quiz.xlsx').to_csv('quiz.csv', index=False)"),
    ("decode --task math --data quiz.csv", "rows of your own are a task themselves, --task quiz.csv in its place"),
    ("vote runs/a runs/b --joint", "hex vote A B --together makes one election"),
    ("vote runs/a,runs/b", "runs are parted by spaces: runs/a runs/b"),
    ("vote runs/a runs/b --together -a nope -o runs/j", "unknown aggregator 'nope'"),
    ("vote runs/ --together --task nope -o runs/j", "no run of task nope: the runs here are of sums"),
]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("outs.json").write_text(json.dumps(GENERATIONS))
    Path("odd.json").write_text(json.dumps([GENERATIONS[0], {"question": "?"}]))
    Path("results.json").write_text(json.dumps(RESULTS))
    for name, row in (("nested", NESTED), ("log", LOG)):
        Path(f"{name}.jsonl").write_text(json.dumps(row) + "\n")
    Path("quiz.xlsx").write_bytes(b"PK")
    Path("quiz.csv").write_text("id,question,answer\nq0,3 + 4?,7\n")
    Path("mine.yaml").write_text("data: quiz.csv\ntemplate: '{question}'\nextract: number\n")
    Path("gold.yaml").write_text("data: quiz.csv\nextract: number\nfields: {question: question, gold: answer}\n")
    for name, answer in (("a", "7"), ("b", "8")):
        write(name, generation(0, "8", answer))


@pytest.mark.parametrize(
    ("command", "says"), [*((f"import {words}", says) for words, says in IMPORTS), *OTHERS], ids=lambda one: one[:40]
)
def test_a_slip_is_one_line_that_says_what_to_type(command: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(shlex.split(command))
    out, err = capsys.readouterr()
    assert (code, out) == (2, ""), err
    assert says in err and err.startswith("hex: ") and err.count("\n") == 1, err
    assert not Path("runs/x").exists() and not Path("runs/j").exists()


def test_a_column_that_is_no_id_is_said_to_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    Path("twice.csv").write_text("id,question,answer\n1,3 + 4?,7\n1,1 + 1?,2\n")
    assert run(["tasks", "twice.csv"]) == 0
    assert 'column "id" left out: 1 stands twice' in capsys.readouterr().out


def test_a_joint_vote_of_a_folder_leaves_out_what_cannot_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("runs/broken").mkdir()
    Path("runs/broken/run.json").write_text("{")
    assert run(["vote", "runs/", "--together", "-o", "runs/j"]) == 0
    assert "left out: 'runs/broken/run.json' is not JSON" in capsys.readouterr().err
    assert run(["vote", "runs/a", "runs/broken", "--together"]) == 2
    assert "there are no generations beside it: remove the folder" in capsys.readouterr().err
