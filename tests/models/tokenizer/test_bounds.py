"""What a stranger's template may take of this process."""

import resource
import signal
import threading
from pathlib import Path

import pytest

from hexcli.errors import HexError
from hexcli.models.tokenizer import bounds
from hexcli.models.tokenizer.chat_template import render

HOSTILE = [
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{{ 'x' * 1000000000 }}",
    "{{ ('x' * 999999) * (messages | length * 99999) }}",
    "{{ 'x' | center(9999999999) }}",
    "{{ '%09999999999d' | format(1) }}",
    "{{ '{:>9999999999}'.format('x') }}",
    "{% set ns = namespace(t='x') %}{% for a in range(99999) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t }}",
    "{{ lipsum(n=99999999) }}",
    "{{ 9 ** (9 ** (9 ** 9)) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ range(99999999) }}",
    "{{ ''.__class__.__mro__ }}",
    "{% include '/etc/passwd' %}",
    "{% if %}",
    "(" * 50000,
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
]


# The limit may strike inside hypothesis' own callback of the garbage collector, where Python only reports it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("template", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_templates_end_in_one_line(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SECONDS", 0.3)
    before = signal.getsignal(signal.SIGVTALRM), resource.getrlimit(resource.RLIMIT_AS)
    try:
        said = render(template, messages=[{"role": "user", "content": "hi"}], add_generation_prompt=True)
    except HexError as error:
        assert str(error).startswith("the model's chat template ")
        assert "\n" not in str(error)
    else:
        assert said in (template, ""), "no more than the text it is"
    assert (signal.getsignal(signal.SIGVTALRM), resource.getrlimit(resource.RLIMIT_AS)) == before


def test_a_bound_holds_in_another_thread_for_memory() -> None:
    found: list[BaseException] = []

    def fill() -> None:
        try:
            with bounds.bounded(memory=1 << 26):
                bytearray(1 << 28)
        except bounds.TooMuchError as error:
            found.append(error)

    thread = threading.Thread(target=fill)
    thread.start()
    thread.join()
    assert [str(error) for error in found] == ["more than 64 MB"]


def test_a_template_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    from hexcli.models.tokenizer.tokenizer import _template

    (tmp_path / "chat_template.jinja").write_bytes(b"\xff\xfe")
    with pytest.raises(HexError, match=r"cannot read .*chat_template.jinja: it is not a text in UTF-8"):
        _template(tmp_path, {})
