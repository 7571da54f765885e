"""`hex recipes`: what comes with the package, a line each, and one of them whole."""

import json

import pytest

from hexcli.cli.main import run


def test_the_list_says_what_each_recipe_decodes_and_what_it_costs_at_most(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipes"]) == 0
    cells = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert cells["demo"] == ["tiny", "sums", "8,16,32", "3", "96"]
    assert cells["hex-gsm8k"] == ["llada", "gsm8k", "8,16,32,64,128", "25", "3,200"]


def test_one_recipe_is_shown_with_its_claim_its_keys_and_how_it_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipes", "hex-gsm8k"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Claim: HEX with LLaDA-8B-Instruct, GSM8K 88.10 % with 25 votes")
    assert "\n    samples: 5\n" in said
    assert said.endswith("\nhex sweep hex-gsm8k\n")


def test_a_custom_task_is_shown_with_how_it_is_decoded(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipes", "market"]) == 0
    said = capsys.readouterr().out
    assert "    data: market.jsonl\n" in said
    assert "\nhex decode --task " in said


def test_data_have_all_of_them_or_the_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipes", "--json"]) == 0
    assert {"demo", "hex-gsm8k", "market"} < {one["name"] for one in json.loads(capsys.readouterr().out)}
    assert run(["recipes", "demo", "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == ["demo"]
