"""Imports follow the table of wings in ARCHITECTURE.md; commands that need no GPU never import what computes."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "hexcli"
CORE = "core"
FACE = "hexcli"  # what `import hexcli` offers: above every wing
# Wings that know no file, no clock and no chance: votes and answers are recomputed years later.
PURE = (
    "voting",
    "answers",
    "schedule.py",
    "blocks.py",
    "shortcuts.py",
    "bounds.py",
    "alignment.py",
    "keys.py",
    "stats.py",
    "labels.py",
    "voter.py",
    "fields.py",
    "records.py",
    "runs/row.py",
    "task.py",
)
PURE_BUT = ("answers/judge/asking.py", "answers/judge/worker.py")  # the judge's own process
IMPURE = {"os", "pathlib", "time", "datetime", "random", "torch", "tempfile", "socket", "subprocess"}


def files() -> dict[str, Path]:
    """Module -> file, of the whole package."""
    parts = ((path.relative_to(ROOT).with_suffix("").parts, path) for path in sorted(PACKAGE.rglob("*.py")))
    return {".".join(parts).removesuffix(".__init__"): path for parts, path in parts}


FILES = files()


def wing(module: str) -> str:
    """The folder a module stands in, as the table names it."""
    folder = FILES[module].relative_to(PACKAGE).parent.as_posix()
    return CORE if folder == "." else folder


def imported(module: str) -> set[str]:
    """The hexcli modules a file imports, inside functions and by `importlib.import_module("...")` too."""
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in FILES else node.module for name in whole}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found.add(written(node.args[0]))
    return found & set(FILES)


def written(name: ast.expr) -> str:
    """What of a module's name stands in the code: all, or the folder before `{...}`."""
    text = name.values[0] if isinstance(name, ast.JoinedStr) else name
    return text.value.rstrip(".") if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""


IMPORTS = {module: imported(module) for module in FILES}


def table() -> dict[str, set[str]]:
    """Wing -> the wings it may import, from ARCHITECTURE.md; every wing may import the core."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    rows = re.findall(r"^\| `([\w/]+)/` \|([^|]*)\|", text, re.M)
    return {name: {*re.findall(r"[\w/]+", allowed), CORE} for name, allowed in rows}


TABLE = table()


def core_files() -> set[str]:
    """The files that may stand in hexcli/ itself, from the row of the core."""
    (row,) = re.findall(r"^\| core \|[^|]*\|(.*)\|$", (ROOT / "ARCHITECTURE.md").read_text(), re.M)
    return {f"{name}.py" for name in re.findall(r"`(\w+)`", row)}


def test_the_table_has_every_wing_and_no_other() -> None:
    wings = {wing(module) for module in FILES} - {CORE}
    assert set(TABLE) == wings


def test_the_hall_holds_only_the_core() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == core_files() | {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("module", FILES)
def test_imports_follow_the_table(module: str) -> None:
    if module == "hexcli.__main__":
        return
    own = wing(module)
    allowed = TABLE[own] | {own} if own != CORE else {CORE} if module != FACE else {CORE, "python"}
    for target in IMPORTS[module]:
        assert wing(target) in allowed or wing(target).startswith(own + "/"), f"{module} imports {target}"


def test_the_table_names_nothing_that_is_not_imported() -> None:
    for name, allowed in TABLE.items():
        used = {wing(target) for module in FILES if wing(module) == name for target in IMPORTS[module]}
        assert allowed <= used | {CORE}, name


def test_every_import_goes_to_a_lower_floor_of_the_picture() -> None:
    lines = re.findall(r"^    (\d) +(\w.*)$", (ROOT / "ARCHITECTURE.md").read_text(), re.M)
    floors = {name: int(floor) for floor, names in lines for name in re.findall(r"\w+", names)}
    assert set(floors) == {name.split("/")[0] for name in TABLE} | {CORE}
    for name, allowed in TABLE.items():
        own, others = name.split("/")[0], {other.split("/")[0] for other in allowed}
        assert [other for other in others - {own} if floors[other] >= floors[own]] == [], name


def test_nothing_imports_the_face_of_the_package() -> None:
    assert "hexcli.python" in IMPORTS[FACE]
    assert [module for module in FILES if FACE in IMPORTS[module]] == []


def test_the_table_runs_one_way() -> None:
    for name in TABLE:
        assert name not in reachable(name, {other: allowed - {CORE} for other, allowed in TABLE.items()}), name


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert [module for module in FILES if module in reachable(module, IMPORTS)] == []


def reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    open_ = list(graph[start])
    while open_:
        if (name := open_.pop()) not in seen:
            seen.add(name)
            open_.extend(graph[name])
    return seen


@pytest.mark.parametrize("module", FILES)
def test_an_init_is_one_sentence(module: str) -> None:
    if FILES[module].name == "__init__.py" and module != "hexcli":
        (only,) = ast.parse(FILES[module].read_text()).body
        assert isinstance(only, ast.Expr), "a folder's __init__.py says what lives there, and holds no code"


@pytest.mark.parametrize("module", FILES)
def test_the_pure_wings_have_no_io_clock_or_global_randomness(module: str) -> None:
    place = FILES[module].relative_to(PACKAGE).as_posix()
    if place.startswith(tuple(f"{name}/" for name in PURE if "." not in name)) or place in PURE:
        tree = ast.walk(ast.parse(FILES[module].read_text()))
        names = set()
        for node in tree:
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
        assert place in PURE_BUT or not names & IMPURE


@pytest.mark.parametrize(
    "command",
    [
        "import hexcli",
        "import hexcli.cli.main",
        "--help",
        "decode --help",
        "vote --help",
        "score --help",
        "models",
        "cache --help",
        "import --help",
    ],
)
def test_offline_commands_import_nothing_heavy(command: str) -> None:
    if command.startswith("import hexcli"):
        code = command
    else:
        code = f"import contextlib\nfrom hexcli.cli.main import run\nassert run({command.split()!r}) == 0"
    heavy = "{'torch', 'transformers', 'datasets', 'pyarrow', 'huggingface_hub', 'tokenizers', 'math_verify', 'sympy'}"
    check = f"\nimport sys\nloaded = {heavy} & set(sys.modules)\nassert not loaded, loaded"
    subprocess.run([sys.executable, "-c", code + check], check=True, capture_output=True)
