"""`hex reproduce`: the same machine gives the same votes, and a recorded one that is not ours is told."""

import json
import re
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.cli.test_vote_and_score import out_of, table, write

RUN = "runs/one"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def cached_rows(capsys: pytest.CaptureFixture[str]) -> int:
    rows: int = json.loads(out_of(capsys, "cache", "stats", "--json")[0])["rows"]
    return rows


def test_nothing_moves_here_and_a_vote_that_moved_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    out_of(capsys, "decode", "-s", "16,32", "-n", "3", "--temperature", "0.9", "--samples", "1", "-o", RUN)
    before = Path(RUN, "generations.jsonl").read_bytes()
    assert cached_rows(capsys) == 6
    found = json.loads(
        out_of(capsys, "reproduce", RUN, "--sample", "2", "--seed", "1", "--batch-size", "1", "--json")[0]
    )
    counts = {name: found[name] for name in ("sample", "generations", "tokens", "of_tokens", "answers", "votes")}
    assert counts == {"sample": 2, "generations": 4, "tokens": 0, "of_tokens": 256, "answers": 0, "votes": 0}
    assert found["batch_sizes"] == [1] and found["recorded_batch_sizes"] != [1]
    assert found["hardware"] == found["recorded_hardware"]
    assert Path(RUN, "generations.jsonl").read_bytes() == before
    assert cached_rows(capsys) == 6

    rows = [json.loads(line) for line in before.splitlines()]
    for row in rows:
        if row["problem_id"] == rows[0]["problem_id"]:
            row["text"] = "the answer is \\boxed{123456}"
            row["token_ids"][0] += 1
    Path(RUN, "generations.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    out, err = out_of(capsys, "reproduce", RUN, code=1)
    assert re.search(r"tokens   2 of 384 moved\n  texts    2 of 6 moved\n  answers  2 of 6 moved", out)
    assert "votes    1 of 3 moved, 0 allowed" in out and "123456 recorded" in out
    assert err.endswith(f"hex: 1 vote of '{RUN}' moved, 0 allowed (--allow)\n")
    out_of(capsys, "reproduce", RUN, "--allow", "1")


def test_it_says_that_the_code_of_a_checkpoint_may_run(capsys: pytest.CaptureFixture[str]) -> None:
    write("other", *table(), model_identity="sha256:other")
    err = out_of(capsys, "reproduce", "runs/other", "--trust-remote-code", code=2)[1]
    assert (
        "hex: warning: --trust-remote-code: if hex does not know the architecture of tiny, its Python code runs" in err
    )


def test_what_cannot_be_decoded_again_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    write("other", *table(), model_identity="sha256:other")
    assert "is not the one that 'runs/other' is of" in out_of(capsys, "reproduce", "runs/other", code=2)[1]
    write("imported", *table(), recipe={"import": ["file.json"]})
    assert "was imported" in out_of(capsys, "reproduce", "runs/imported", code=2)[1]
    assert run(["reproduce", "runs/none"]) == 2
