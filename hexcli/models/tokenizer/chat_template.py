"""Chat templates: the Jinja text a tokenizer comes with, rendered as transformers renders it, in a sandbox."""

import json
from typing import Any, NoReturn

from hexcli.errors import HexError


def render(template: str, **values: Any) -> str:
    """The prompt that `template` makes of `values`. Raises HexError where the template fails or refuses."""
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(message: str) -> NoReturn:
        raise TemplateError(message)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals["raise_exception"] = refuse
    # Jinja's own escapes for HTML, which no model has seen.
    environment.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        return environment.from_string(template).render(**values)
    except (TemplateError, TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        raise HexError(f"the model's chat template fails: {error}") from None
