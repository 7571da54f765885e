"""What the commands' messages say with options, said with the arguments of Python."""

import re
from collections.abc import Callable

# What stands behind an option as its value, and is no word of the sentence.
_VALUE = (
    r"'[^']*'|\"[^\"]*\"|[A-Z][A-Z_]*(?![a-z\w])|\d[\w,@+/:]*(?:\.\d[\w,@+/:]*)*|[\w./*-]*[\w*][.=:/_][\w./:=*-]*[\w*]"
    r"|(?:auto|cpu|cuda|random|entropy|float\d+|bfloat16|gsm8k|math|dream|llada|d3llm|dual|prefix|open|likely)\b"
)
_OPTION = rf"(?<![\w-])(--[a-z][a-z-]+|-[Mo](?![\w-]))(?:[ =]({_VALUE}))?"
_GIVEN = ("gen_length", "block_length", "steps", "temperature")  # which import_ takes in one mapping
_FIELDS = r"--fields (\w+=\w+(?:,\w+=\w+)*)"
_CALLS = "decode|sweep|vote|score|report|compare|plot|import"
_CATALOG = r"(?<![\w-])hex (models|tasks|aggregators|recipes)(?= lists|[,.;:)]|$)"
_COMMAND = rf"(?<![\w-])hex ({_CALLS})(?![\w-])((?: (?:--[a-z-]+|-[a-zA-Z])(?: (?:{_VALUE}))?| (?:{_VALUE}))*)"

_COPIES = "hex recipes --copy"  # a command that no function is
_NAMES = {"prompt": "prompts", "o": "output", "decide-at": "certainty", "set": "settings", "M": "model_args"}
_FLAGS = {"add", "overwrite", "trust-remote-code", "record-steps", "copy", "fast", "together", "full-canvas"}
# Whole turns of phrase in which an option stands as a verb or a noun.
_TURNS = (
    (" ... -o NEW", " -o NEW"),
    ("; --dry-run also plans for", "; hexcli.plan also plans for"),
    ("--add to it, or --overwrite it", "add=True, or overwrite=True"),
    ("--overwrite makes it anew", "overwrite=True makes it anew"),
    ("hex runs list", "hexcli.runs()"),
    ("a --map that does", "their paths"),
    ("say --yes, or give a smaller grid", "give a smaller grid"),
    ("in YAML (--task mine.yaml)", "in YAML (task='mine.yaml')"),
    ("; --retry-failed tries again, perhaps with --dtype float32", ""),
    ("with 'hex decode'", "with hexcli.decode(...)"),
    ("with 'hexcli.runs()'", "with hexcli.runs()"),
)
# Where a task in a file is named: of a run where it is loaded, of a recipe among its settings.
_NAMED = (
    (r"(a task in a Python file, which runs only if you) say --task (.+)", r"\1 name it: hexcli.load(run, task='\2')"),
    (r"(is Python code, which runs only if you) say --task (.+)", r"\1 name it: settings={'task': '\2'}"),
)


def in_python(text: str) -> str:
    """A message with Python's arguments in the place of options: `--temperature 0.9` is `temperature=0.9`."""
    for turn, ours in _TURNS:
        text = text.replace(turn, ours)
    for pattern, ours in _NAMED:
        text = re.sub(pattern, ours, text)
    text = re.sub(_CATALOG, r"hexcli.\1()", text)
    text = re.sub(_OPTION, _argument, re.sub(_COMMAND, _call, re.sub(_FIELDS, _mapping, text.replace(_COPIES, "\0"))))
    return text.replace("\0", _COPIES)


def _mapping(found: re.Match[str]) -> str:
    pairs = (pair.split("=") for pair in found[1].split(","))
    return f"fields={{{', '.join(f'{ours!r}: {theirs!r}' for ours, theirs in pairs)}}}"


def _call(found: re.Match[str]) -> str:
    name = "import_" if found[1] == "import" else found[1]
    parts = []
    rest = found[2]
    while one := re.match(rf" ((?:--[a-z-]+|-[a-zA-Z])(?: (?:{_VALUE}))?|{_VALUE})", rest):
        rest = rest[one.end() :]
        parts.append(re.sub(_OPTION, _argument, one[1]) if one[1].startswith("-") else _value(one[1]))
    if name == "import_":
        given = [part for part in parts if part.partition("=")[0] in _GIVEN]
        pairs = ", ".join("{!r}: {}".format(*part.split("=", 1)) for part in given)
        parts = [part for part in parts if part not in given] + ([f"given={{{pairs}}}"] if given else [])
        return f"hexcli.import_(..., {', '.join(parts)})" if parts else "hexcli.import_(...)"
    return f"hexcli.{name}({', '.join(parts)})" if parts else f"hexcli.{name}(...)"


def _argument(found: re.Match[str]) -> str:
    option, value = found[1].lstrip("-"), found[2]
    name = _NAMES.get(option, option.replace("-", "_"))
    if option in ("M", "set") and value and "=" in value:
        key, _, said = value.partition("=")
        return f"{name}={{{key!r}: {_value(said)}}}"
    if option == "until-decided":
        return "certainty=1"
    if value is None:
        return f"{name}=True" if option in _FLAGS else name
    return f"{name}={_value(value)}"


def _value(text: str) -> str:
    """A number and a placeholder as they are, all else as Python writes a text."""
    plain = re.fullmatch(r"[A-Z][A-Z_]*|\d+(\.\d+)?", text)
    return text if plain or text.startswith(("'", '"')) else repr(text)


def worded(error: BaseException, in_ours: Callable[[str], str] = in_python) -> None:
    """Says an error's message with Python's arguments."""
    if error.args and isinstance(error.args[0], str):
        error.args = (in_ours(error.args[0]), *error.args[1:])
