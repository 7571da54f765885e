"""The recipes and custom tasks that come with the package: in a checkout the folder `recipes/`, in a wheel a copy of it
inside the package (setup.py), so that there is one source."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from hexcli.errors import HexError, UsageError

CUSTOM = "custom"  # the folder of custom tasks in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """A file that comes with the package. `about` is the comment that it opens with, in one line.

    kind  recipe (for `hex sweep NAME`) or task (for `--task PATH`)
    """

    name: str
    kind: str
    path: Path
    about: str

    def to_dict(self) -> dict[str, str]:
        """The JSON object of `hex recipes --json`."""
        return {"name": self.name, "kind": self.kind, "path": str(self.path), "about": self.about}


def folder() -> Path:
    """Where the shipped recipes are. Raises HexError where the package was taken apart."""
    package = Path(__file__).parents[1]
    for found in (package / "recipes", package.parent / "recipes"):
        if (found / "demo.yaml").is_file():
            return found
    raise HexError(f"the recipes are not beside the package in {package}: install dllm-hex again")


def shipped() -> dict[str, Shipped]:
    """Everything that comes along, by name, recipes first. Raises HexError as `folder` does."""
    here = folder()
    kinds = [("recipe", here), ("task", here / CUSTOM)]
    files = [(kind, path) for kind, place in kinds for path in sorted(place.glob("*.yaml"))]
    return {path.stem: Shipped(name=path.stem, kind=kind, path=path, about=_opening(path)) for kind, path in files}


def find_recipe(named: Path) -> Path:
    """The recipe file that a user means: one of theirs, or a shipped one by its name."""
    name = str(named)
    if named.exists() or named.suffix or "/" in name:
        return named
    found = shipped().get(name)
    return found.path if found is not None and found.kind == "recipe" else named


def copy_to(target: Path) -> list[Path]:
    """Copy all that is shipped into a folder; the files that are there then.

    Raises UsageError, and copies nothing, where another file of one of the names is there already.
    """
    here = folder()
    if target.exists() and not target.is_dir():
        raise UsageError(f"'{target}' is a file: name a folder to copy to")
    sources = [here / "README.md", *(one.path for one in shipped().values()), *sorted((here / CUSTOM).glob("*.jsonl"))]
    places = {source: target / source.relative_to(here) for source in sources}
    for source, place in places.items():
        if place.exists() and (not place.is_file() or place.read_bytes() != source.read_bytes()):
            raise UsageError(f"{place} is there already, and is another: copy to another folder, or move it away")
    try:
        for source, place in places.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
    except OSError as error:
        raise HexError(f"cannot write to '{target}': {error.strerror or error}") from None
    return list(places.values())


def _opening(path: Path) -> str:
    """The comment at the top of a file."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").rstrip())
    return " ".join(lines)
