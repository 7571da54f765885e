"""Variables of the environment: one that nobody reads is told of."""

import pytest

from hexcli.cli.main import run


@pytest.mark.parametrize("name", ["HEX_CACHE_DIRR", "HEX_CACHEDIR", "HEX_CACHE"])
def test_a_variable_that_is_misspelt_is_told_of_once(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "elsewhere")
    assert run(["aggregators"]) == 0
    assert name not in capsys.readouterr().err, "the right one is set"
    monkeypatch.delenv("HEX_CACHE_DIR")
    assert run(["aggregators"]) == 0
    assert capsys.readouterr().err == (
        f"hex: warning: {name} is set, and hex reads no such variable: did you mean HEX_CACHE_DIR?\n"
    )


def test_another_variable_is_nobodys_business(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEX_CACHE_DIR")
    monkeypatch.setenv("HEX_EDITOR", "vi")
    assert run(["aggregators"]) == 0
    assert capsys.readouterr().err == ""
