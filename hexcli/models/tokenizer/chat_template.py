"""Chat templates: the Jinja text a tokenizer comes with, rendered as transformers renders it, in a sandbox.

What its environment offers (transformers/utils/chat_template_utils.py): `raise_exception`, `strftime_now`, a `tojson`
that escapes nothing, `{% generation %}` around what an assistant says, `{% break %}` and `{% continue %}`, and
`namespace` and `dict` that reach nothing of Python's. `tools` and `documents` are none.
"""

import json
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from hexcli.errors import HexError
from hexcli.models.tokenizer.bounds import TooMuchError, bounded

if TYPE_CHECKING:
    from jinja2 import Template


class _Dict:
    """`dict` without what else a class has."""

    def __call__(self, *arguments: Any, **fields: Any) -> dict[Any, Any]:
        return dict(*arguments, **fields)

    def fromkeys(self, *arguments: Any) -> dict[Any, Any]:
        """As of dict."""
        return dict.fromkeys(*arguments)


def render(template: str, **values: Any) -> str:
    """The prompt that `template` makes of `values`.

    Raises HexError where the template fails, refuses, or takes more time or memory than a template may (bounds.py).
    """
    from jinja2 import TemplateError

    try:
        with bounded():
            return _compiled(template).render(tools=None, documents=None, **values)
    except TooMuchError as error:
        raise HexError(f"the model's chat template takes {error}: -M chat_template=false goes without it") from None
    except (
        TemplateError,
        TypeError,
        ValueError,
        LookupError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        raise HexError(f"the model's chat template fails: {error}") from None


@lru_cache(maxsize=8)
def _compiled(template: str) -> "Template":
    from jinja2 import TemplateError, nodes
    from jinja2.exceptions import SecurityError
    from jinja2.ext import Extension
    from jinja2.parser import Parser
    from jinja2.runtime import Macro
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from jinja2.utils import Namespace

    class Generation(Extension):
        """`{% generation %}...{% endgeneration %}`: its content, in a scope of its own as a call block has one."""

        tags = {"generation"}  # noqa: RUF012 (Jinja's way)

        def parse(self, parser: Parser) -> nodes.Node:
            line = next(parser.stream).lineno
            body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
            return nodes.CallBlock(self.call_method("content"), [], [], body).set_lineno(line)

        def content(self, caller: Macro) -> str:
            return str(caller())

    class Guarded(Namespace):
        """A namespace whose names do not start with an underscore."""

        def __init__(*arguments: Any, **fields: Any) -> None:
            # As in Jinja's: `namespace(self=...)` is a field.
            self, *rest = arguments
            found = dict(*rest, **fields)
            for name in found:
                _check(name)
            Namespace.__init__(self, found)

        def __setitem__(self, name: str, value: Any) -> None:
            _check(name)
            Namespace.__setitem__(self, name, value)

    def _check(name: object) -> None:
        if isinstance(name, str) and name.startswith("_"):
            raise SecurityError(f"a namespace has no field '{name}'")

    def refuse(message: str) -> NoReturn:
        raise TemplateError(message)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _tojson
    environment.globals.update(raise_exception=refuse, strftime_now=_now, namespace=Guarded, dict=_Dict())
    return environment.from_string(template)


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """JSON without Jinja's escapes for HTML, which no model has seen."""
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def _now(format: str) -> str:
    """The local time. A prompt that holds a date is another prompt on another day."""
    return datetime.now().strftime(format)
