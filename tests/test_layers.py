"""Imports point only downward, and the commands that need no GPU never import what computes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "hexcli"

# Lower numbers know nothing of higher ones. A package takes the layer of its folder.
LAYERS = {
    "errors": 0,
    "schedule": 0,
    "alignment": 0,
    "keys": 0,
    "stats": 0,
    "labels": 0,
    "voting": 0,
    "grading": 0,
    "extraction": 0,
    "latex": 0,
    "equality": 0,
    "values": 0,
    "mathverify": 1,
    "mathverify_worker": 1,
    "files": 0,
    "yaml_file": 1,
    "records": 1,
    "noise": 1,
    "remasking": 1,
    "row": 1,
    "frontier": 1,
    "kv_cache": 1,
    "recording": 1,
    "decoded": 1,
    "states": 1,
    "packing": 1,
    "fusing": 1,
    "slot": 1,
    "batch": 1,
    "sampler": 1,
    "store": 2,
    "store_database": 2,
    "store_failures": 2,
    "store_row": 2,
    "store_upkeep": 2,
    "runs": 2,
    "run_writer": 2,
    "tasks": 2,
    "models": 2,
    "recipe": 3,
    "recipe_file": 3,
    "importing": 3,
    "confidence": 2,
    "ballots": 3,
    "scoring": 3,
    "engine": 3,
    "bench": 3,
    "report": 3,
    "cli": 4,
    "__main__": 5,
    "__init__": 0,
}
PURE = [name for name, layer in LAYERS.items() if layer == 0 and name != "files"]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def layer_name(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Top parts of the hexcli modules a file imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "hexcli":
            parts = node.module.split(".")
            if len(parts) > 1:
                names.add(parts[1])
            else:
                names.update(alias.name for alias in node.names if alias.name in LAYERS)
        elif isinstance(node, ast.Import):
            names.update(a.name.split(".")[1] for a in node.names if a.name.startswith("hexcli."))
    return names


def test_every_module_has_a_layer() -> None:
    assert {layer_name(path) for path in modules()} <= set(LAYERS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_only_downward(path: Path) -> None:
    own = LAYERS[layer_name(path)]
    above = {name for name in imported(path) if LAYERS[name] > own}
    assert not above, f"{path.relative_to(PACKAGE)} (layer {own}) imports {above}"


@pytest.mark.parametrize("name", PURE)
def test_the_pure_layer_has_no_io_clock_or_global_randomness(name: str) -> None:
    paths = [path for path in modules() if layer_name(path) == name]
    assert paths
    for path in paths:
        tree = ast.parse(path.read_text())
        names = {alias.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
        names |= {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
        assert not names & {"os", "pathlib", "time", "datetime", "random", "torch", "tempfile", "socket"}


@pytest.mark.parametrize(
    "command",
    [
        "import hexcli.cli",
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
        code = f"import contextlib\nfrom hexcli.cli import run\nassert run({command.split()!r}) == 0"
    heavy = "{'torch', 'transformers', 'datasets', 'pyarrow', 'huggingface_hub', 'tokenizers', 'math_verify', 'sympy'}"
    check = f"\nimport sys\nloaded = {heavy} & set(sys.modules)\nassert not loaded, loaded"
    subprocess.run([sys.executable, "-c", code + check], check=True, capture_output=True)
