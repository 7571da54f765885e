"""What is published: the sdist makes the wheel, and the wheel works where there is no checkout, recipes included."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
SOURCES = ("hexcli", "recipes", "setup.py", "pyproject.toml", "README.md", "LICENSE")
BACKEND = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"


def built(sources: Path, what: str, into: Path) -> Path:
    """What setuptools makes of a folder of sources: build_sdist or build_wheel."""
    command = [sys.executable, "-c", BACKEND, what, str(into)]
    done = subprocess.run(command, cwd=sources, capture_output=True, text=True, check=True)
    return into / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        if (TOP / name).is_dir():
            shutil.copytree(TOP / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(TOP / name, copy)
    return built(copy, "build_sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    (sources,) = unpacked.iterdir()
    return built(sources, "build_wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that has the wheel, and of this one the packages that it needs."""
    place = tmp_path_factory.mktemp("clean")
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    # Its own folder comes first; what this environment installs by .pth files, as an editable hexcli, is not read.
    (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "bin" / "hex"


def run(command: Path, folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([command, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_recipes_weights_and_pages_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "hexcli/recipes/demo.yaml",
        "hexcli/models/tiny/model.safetensors",
        "hexcli/models/tiny-prompts/tokenizer.json",
        "hexcli/py.typed",
    ):
        assert name in names
    assert any(name.startswith("hexcli/report/page/vendor/") for name in names)
    here = {str(file.relative_to(TOP)) for file in (TOP / "hexcli").rglob("*.py")}
    assert here <= set(names), "every module"
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"hexcli", "dllm_hex"}


def test_a_clean_environment_runs_the_demo_outside_the_checkout(clean: Path, tmp_path: Path) -> None:
    asked = [clean.parent / "python", "-c", "import hexcli; print(hexcli.__file__)"]
    place = subprocess.run(asked, cwd=tmp_path, env={}, capture_output=True, text=True, check=True).stdout
    assert place.startswith(str(clean.parent.parent)), "the wheel's, not the checkout's"
    assert run(clean, tmp_path, "--version").startswith("hex")
    assert "hex-gsm8k" in run(clean, tmp_path, "recipes")
    run(clean, tmp_path, "sweep", "demo", "--limit", "2")
    (score,) = json.loads(run(clean, tmp_path, "score", "--json"))
    assert (score["problems"], score["complete"]) == (2, True)
    (folder,) = (tmp_path / "runs").iterdir()
    run(clean, tmp_path, "report", str(folder), "-o", "report.html")
    assert (tmp_path / "report.html").stat().st_size > 100_000
