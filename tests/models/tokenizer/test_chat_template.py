"""Chat templates render as transformers renders them, and refuse in one line."""

from typing import Any

import pytest

from hexcli.errors import HexError
from hexcli.models.tokenizer.chat_template import render

CHAT: list[dict[str, Any]] = [
    {"role": "system", "content": "Be brief & <kind>."},
    {"role": "user", "content": "Zoë's 3½ > 2?\n"},
    {"role": "assistant", "content": " Yes. "},
    {"role": "user", "content": "Why?"},
]
TURNS = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{% endfor %}"
TEMPLATES = [
    TURNS,
    # a tag around what an assistant says, with white space that blocks eat
    """{%- for m in messages %}
  {%- if m.role == 'assistant' %}
    {% generation %}
{{ m.content }}|
    {%- endgeneration %}
  {% else %}
[{{ m.content | trim }}]
  {% endif %}
{% endfor %}
{% if add_generation_prompt %}<assistant>{% endif %}""",
    # what is set in the tag stays in it
    "{% set x = 1 %}{% generation %}{% set x = 2 %}{{ x }}{% endgeneration %}{{ x }}",
    "{%- generation -%}  a  {%- endgeneration -%}  b",
    "{{ strftime_now('%Y') }}{% if strftime_now is defined %} now{% endif %}",
    "{{ messages | tojson }}{{ messages[0] | tojson(indent=2) }}{{ messages | tojson(separators=(',', ':')) }}",
    "{{ {'b': 1, 'a': '<é>'} | tojson(sort_keys=true) }}{{ 'é' | tojson(ensure_ascii=true) }}",
    "{% for m in messages %}{% if loop.index == 2 %}{% continue %}{% endif %}{{ loop.index }}{% if loop.last %}"
    "{% break %}{% endif %}{% endfor %}",
    "{% set ns = namespace(count=0, self=1) %}{% for m in messages %}{% set ns.count = ns.count + 1 %}{% endfor %}"
    "{{ ns.count }}{{ dict(a=1)['a'] }}{{ dict([('b', 2)]) }}{{ dict.fromkeys('ab', 1) }}",
    "{{ tools is none }}{{ documents is none }}{{ tools is defined }}{{ nothing is defined }}{{ nothing }}",
    "{% if tools %}tools{% else %}none{% endif %}{{ bos_token }}{{ messages[-1]['content'] }}{{ eos_token }}",
    "{% macro turn(m) %}<{{ m.role }}>{% endmacro %}{% for m in messages %}{{ turn(m) }}{% endfor %}",
    "{{ messages[1:] | map(attribute='role') | join(',') }}{{ ' a ' | trim }}{{ 'x' * 3 }}",
    "{% for m in messages[::-1] %}{{ m['content'].split(' ')[0] }}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "  {% if true %}\n  kept\n  {% endif %}\n",
    "{#- a comment -#}\n{{- 'x' -}}\n",
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_as_transformers(template: str) -> None:
    from transformers.utils.chat_template_utils import render_jinja_template

    special = {"bos_token": "<s>", "eos_token": "</s>"}
    for prompting in (True, False):
        (theirs,), _ = render_jinja_template(
            conversations=[CHAT], chat_template=template, add_generation_prompt=prompting, **special
        )
        assert render(template, messages=CHAT, add_generation_prompt=prompting, **special) == theirs


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ raise_exception('roles must alternate') }}", "roles must alternate"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ messages.append(1) }}", "unsafe"),
        ("{{ namespace(__init__=1) }}", "no field '__init__'"),
        ("{% set ns = namespace() %}{% set ns._x = 1 %}", "no field '_x'"),
        ("{{ dict.__class__.mro() }}", "unsafe"),
        ("{{ 1 / 0 }}", "division"),
        ("{{ missing.name }}", "undefined"),
        ("{% generation %}", "endgeneration"),
        ("{% if %}", "Expected an expression"),
        ("{{ 'a' + 1 }}", "concatenate"),
    ],
)
def test_what_fails_is_one_line(template: str, says: str) -> None:
    with pytest.raises(HexError) as caught:
        render(template, messages=[])
    assert str(caught.value).startswith("the model's chat template fails: ") and says in str(caught.value)
